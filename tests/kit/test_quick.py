"""Templates with the shorter ways say the same, to the letter, as Django's own."""

from __future__ import annotations

import hashlib
import inspect
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django
import pytest
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Engine, base, defaulttags, engines
from django.template.loaders import base as base_loader
from django.template.loaders import cached as cached_loader
from django.templatetags import i18n
from django.urls import reverse
from django.utils import html, translation
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from rawabit.config.screens import SCREENS
from rawabit.identity.models import User
from rawabit.kit.screens import quick
from rawabit.kit.screens.templatetags import kept
from rawabit.portal.urls import urlpatterns
from tests import makers
from tests.laws.world import MAKERS, client_of, make_side, page_text

PLAIN, QUICK = "django.template.loaders.cached.Loader", "rawabit.kit.screens.quick.Loader"
LANGUAGES = ("ar", "fa", "en")
HOSTILE = "<script>\"'&{{7*7}}"
SECRETS = re.compile(r"[A-Za-z0-9]{64}|[0-9a-f]{32}")  # CSRF tokens; nothing else on a page is so long


# Django's private parts


def digest(part: Any) -> str:
    return hashlib.sha256(inspect.getsource(part).encode()).hexdigest()[:12]


RELIED_ON = {
    base.Node: "3c9dc4b88222",
    base.NodeList: "de85112d2692",
    base.VariableNode: "4239fc321eaf",
    base.render_value_in_context: "823b719921b1",
    defaulttags.IfNode: "5fd55c234b35",
    html.conditional_escape: "3e5a479728d3",
    html.escape: "5d4441d1bf54",
    i18n.TranslateNode: "8edf1aff9a5e",
    base_loader.Loader: "bec3b0bf375d",
    cached_loader.Loader: "116f108bf9ee",
}


def test_django_is_as_it_was_when_the_shorter_ways_were_written():
    """It fails when an upgrade changes what they rely on: compare ``kit/screens/quick.py`` with the new source, then
    write the new digest here; for another minor version also the number in ``settings.SHORTCUTS``."""
    assert django.VERSION[:2] == (5, 2)
    assert settings.SHORTCUTS
    assert {part: digest(part) for part in RELIED_ON} == RELIED_ON


# The product's own templates and pages


def product_templates() -> list[str]:
    folders = [folder for app in Path(settings.SOURCE).glob("**/templates") for folder in [app]]
    return sorted({str(p.relative_to(f)) for f in folders for p in f.rglob("*") if p.is_file()})


def engine_with(loader: str, templates: dict[str, str] | None = None) -> Engine:
    """The product's engine with one of the two loaders; over ``templates`` alone when given."""
    options = dict(settings.TEMPLATES[0]["OPTIONS"])
    below: list[Any] = (
        settings._LOADERS if templates is None else [("django.template.loaders.locmem.Loader", templates)]
    )
    libraries = engines["django"].engine.libraries
    return Engine(
        **{**options, "loaders": [(loader, below)], "dirs": settings.TEMPLATES[0]["DIRS"], "libraries": libraries}
    )


@pytest.mark.parametrize("loader", [PLAIN, QUICK])
def test_every_template_compiles(loader):
    engine, names = engine_with(loader), product_templates()

    assert len(names) > 150
    for name in names:
        engine.get_template(name)


def use(loader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the whole program renders with this loader."""
    kept._remembered.cache_clear()
    monkeypatch.setattr(settings, "SHORTCUTS", loader == QUICK)
    own = engines["django"].engine
    monkeypatch.setattr(own, "template_loaders", own.get_template_loaders([(loader, settings._LOADERS)]))


def body_of(response: Any) -> tuple[int, str]:
    assert response.status_code < 500
    return response.status_code, SECRETS.sub("*", page_text(response))


@pytest.fixture
def still(monkeypatch):
    """One moment for both renderings."""
    monkeypatch.setattr("rawabit.config.middleware.timezone", SimpleNamespace(now=lambda: makers.NOW))


def difference(one: str, other: str) -> str:
    """The first place where two pages part."""
    place = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), -1)
    return f"{one[place - 60 : place + 60]!r} / {other[place - 60 : place + 60]!r}"


def both(client: Any, urls: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """Compare every address in three languages; how many pages there were."""
    count = 0
    for language in LANGUAGES:
        User.objects.filter(pk=client.session["_auth_user_id"]).update(language=language)
        use(PLAIN, monkeypatch)
        plain = [body_of(client.get(url)) for url in urls]
        use(QUICK, monkeypatch)
        for url, expected in zip(urls, plain, strict=True):
            found = body_of(client.get(url))
            assert found == expected, (language, url, difference(expected[1], found[1]))
            count += expected[0] == 200
    return count


@pytest.mark.django_db
def test_the_portals_pages_are_the_same(still, monkeypatch):
    side = make_side(f"CNRY {HOSTILE}")
    client = client_of(makers.make_customer_user(side.customer, "owner", HOSTILE).user)
    urls = [reverse(p.name) for p in urlpatterns if "<" not in str(p.pattern)]
    with_record = [p.name for p in urlpatterns if "uid" in str(p.pattern)]
    with_record = [name for name in with_record if name not in ("portal-file", "portal-paper")]
    urls += [reverse(name, args=[uid]) for name in with_record for uid in side.uids()]
    urls += [f"{reverse('portal-orders')}?q=%3Cscript%3E", f"{reverse('portal-orders')}?q=CNRY"]

    assert both(client, urls, monkeypatch) >= 3 * 20


@pytest.mark.django_db
@pytest.mark.parametrize("screens", SCREENS, ids=lambda s: s.slug)
def test_the_desks_pages_are_the_same(screens, still, monkeypatch):
    makers.make_customer(HOSTILE, considerations=HOSTILE, trade_name=HOSTILE)
    row, own = MAKERS[screens.slug](), screens()
    client = client_of(makers.make_user("administrator", HOSTILE))
    urls = [own.url("list"), own.url("detail", row.pk), f"{own.url('list')}?q=%3Cb%3E&sort=-pk", "/desk/", "/desk/x/"]
    if screens.form is not None:
        urls += [own.url("create"), own.url("update", row.pk)]
    urls += [own.url("do", row.pk, verb.name) for verb in screens.verbs]

    assert both(client, urls, monkeypatch) >= 3 * 3


# Any template


class Refused(Exception):
    silent_variable_failure = True


class Thing:
    """What a template may meet on its way through names."""

    kind = "thing"
    label = gettext_lazy("Search")

    def __init__(self, inner: Any = None) -> None:
        self.inner, self.name = inner, "<i>thing</i>"

    def called(self) -> str:
        return "<called>"

    def with_argument(self, _one: Any) -> str:
        return "never"

    def deletes(self) -> str:
        raise AssertionError("must not be called")

    deletes.alters_data = True  # type: ignore[attr-defined]

    def kept(self) -> str:
        raise AssertionError("must not be called")

    kept.do_not_call_in_templates = True  # type: ignore[attr-defined]

    @property
    def silent(self) -> str:
        raise Refused

    @property
    def gone(self) -> str:
        raise ObjectDoesNotExist

    @property
    def loud(self) -> str:
        raise RuntimeError("loud")

    @property
    def lacking(self) -> str:
        raise AttributeError("lacking")

    def __str__(self) -> str:
        return "a <thing> & more"


class Pairs:
    """Neither dictionary nor list, and read like both; it has attributes too."""

    next: Any = "<next of pairs>"

    def __getitem__(self, key: Any) -> Any:
        return {"name": "<paired>", "next": Thing(Thing("deep")), 0: "zeroth"}[key]


class Shown:
    def __html__(self) -> str:
        return "<u>html</u>"

    def __str__(self) -> str:
        return "<text>"


simple = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 2_000_000),
    st.sampled_from(["", "a", "name", "<b>\"'&{{7*7}}", "%(x)s %", "ي", "3"]),
    st.sampled_from([mark_safe("<b>safe</b>"), gettext_lazy("Search"), SimpleLazyObject(lambda: "<lazy>"), Shown()]),
    st.sampled_from([Decimal("1234.50"), Decimal(0), 2.5, date(2026, 3, 5), datetime(2026, 3, 5, 22, tzinfo=UTC)]),
)
value = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.dictionaries(st.sampled_from(["name", "inner", "items", "next", "0", "x"]), inner, max_size=3),
        st.builds(Thing, inner),
        st.builds(lambda found: lambda: found, inner),
        st.just(Pairs()),
        st.just(Thing),
    ),
    max_leaves=6,
)
NAMES = ("a", "b", "c", "many", "n", "request", "autoescape", "dicts", "template", "True", "flatten", "__class__")
contexts = st.dictionaries(st.sampled_from(NAMES[:5]), value, max_size=5)
bits = st.sampled_from(
    "name inner called with_argument deletes kept silent gone lacking loud label kind next items keys 0 1 1_0 x".split()
)
paths = st.builds(lambda first, rest: ".".join([first, *rest]), st.sampled_from(NAMES[:-1]), st.lists(bits, max_size=3))
literals = st.sampled_from(["1", "-2.5", '"<q>"', "'%'", '_("Search")', "None"])
filters = st.sampled_from(
    ["default:'<d>'", 'default:_("Search")', "default:b", "default_if_none:n.name", "escape", "force_escape", "safe",
     "date:'Y-m-d H:i'", "length", "upper", "add:1", "add:a", "join:', '", "first", "safeseq|join:b", "yesno:'<y>,n'",
     "linebreaks",
     "floatformat:2", "urlencode", "title", "dictsort:'name'", "cut:' '", "money", "num", "bdi", "ltr", "localize",
     "unlocalize", "localtime", "addslashes", "truncatechars:3", "stringformat:'s'", "slice:':1'"]
)  # fmt: skip
expressions = st.builds(lambda head, tail: "|".join([head, *tail]), paths | literals, st.lists(filters, max_size=2))
operators = st.sampled_from(["and", "or", "==", "!=", "<", ">=", "in", "not in", "is", "is not", "and not", "or not"])
conditions = st.recursive(
    expressions, lambda c: st.builds(lambda one, op, other: f"{one} {op} {other}", c, operators, c), max_leaves=3
) | st.builds("not {}".format, expressions)
words = st.sampled_from(
    ['"Search"', "'50%% <b>'", '"Orders" context "tab"', "a", "b.name|upper", '"Search" noop', '"Search" as n']
)
texts = st.sampled_from(["", "text ", "<p>&amp;", "%"])


def blocktranslate(given_names: list[str], about: str, asvar: str, counted: str) -> str:
    """``with``, ``context``, ``count`` and ``asvar`` in any mixture."""
    head = " ".join(
        part
        for part in (
            f"count n={counted}" if counted else "",
            "with " + " ".join(f"{n}={e}" for n, e in zip("xy", given_names)) if given_names else "",  # noqa: B905
            f'context "{about}"' if about else "",
            f"asvar {asvar}" if asvar else "",
        )
        if part
    )
    plural = "{% plural %}{{ n }} orders {{ y }}" if counted else ""
    return f"{{% blocktranslate {head} %}}{{{{ n }}}} 5% order {{{{ x }}}} {{{{ a }}}}{plural}{{% endblocktranslate %}}"


leaves = st.one_of(
    texts,
    expressions.map("{{{{ {} }}}}".format),
    words.map("{{% translate {} %}}".format),
    st.builds(
        blocktranslate, st.lists(expressions, max_size=2), st.sampled_from(["", "tab"]), st.sampled_from(["", "b"]),
        st.sampled_from(["", "1", "many|length", "x", "n", "2.5"]),
    ),
    st.sampled_from(
        ["{% url 'portal-home' %}", "{% url 'portal-statement-download' a %}", "{% url a as b %}", "{% icon 'bell' %}",
         "{% include 'part.html' %}", "{% include 'part.html' with a=b.name only %}",
         "{% include a.name|default:'part.html' %}",
         "{% firstof a b.name '<f>' %}", "{% cycle a 'x' as many %}", "{% widthratio n 4 100 %}",
         "{% filter upper %}{{ a }}{% endfilter %}"]
    ),
)  # fmt: skip
WRAPPED = (
    "{% autoescape off %}@{% endautoescape %}",
    "{% with a=b.name b=many.0 %}@{% endwith %}",
    "{% for a in many %}@{{ forloop.counter }}{{ forloop.parentloop.last }}{% empty %}none{% endfor %}",
    "{% for a, b in c.items reversed %}@{% endfor %}",
    "{% localize off %}@{% endlocalize %}",
    "{% timezone 'Asia/Tehran' %}@{% endtimezone %}",
    "{% language 'fa' %}@{% endlanguage %}",
    "{% spaceless %}@{% endspaceless %}",
    "{% ifchanged a %}@{% else %}same{% endifchanged %}",
)
IF = "{{% if {} %}}{}{{% elif {} %}}{}{{% else %}}{}{{% endif %}}"
bodies = st.recursive(
    leaves,
    lambda body: st.one_of(
        st.lists(body, min_size=1, max_size=4).map("".join),
        st.builds(lambda around, within: around.replace("@", within), st.sampled_from(WRAPPED), body),
        st.builds(IF.format, conditions, body, conditions, body, body),
    ),
    max_leaves=6,
)
LOAD = "{% load l10n tz i18n kit %}"
PART = LOAD + "<part>{{ a }}{{ b.name }}{% if forloop %}{{ forloop.counter }}{% endif %}</part>"
ROOT = LOAD + "{% block one %}[{{ a }}{% block two %}({{ block.name }}){% endblock %}]{% endblock %}{{ b }}"
MIDDLE = "{% extends 'base.html' %}{% load l10n tz i18n kit %}{% block one %}M{{ block.super }}{% endblock %}"


def outcome(engine: Engine, values: dict[str, Any], language: str, *, autoescape: bool) -> tuple[str, ...]:
    """What comes out, and what stands in the context afterwards; or the error."""
    context = Context(dict(values), autoescape=autoescape)
    with translation.override(language):
        try:
            page = engine.get_template("page.html").render(context)
        except Exception as error:
            return type(error).__name__, re.sub(r"0x[0-9a-f]+", "0x", str(error))
    return re.sub(r"0x[0-9a-f]+", "0x", page), type(page).__name__, str(len(context.dicts))


def assert_same(page: str, values: dict[str, Any], language: str = "en", *, autoescape: bool = True) -> tuple[str, ...]:
    templates = {"part.html": PART, "base.html": ROOT, "middle.html": MIDDLE, "page.html": page}
    plain, short = engine_with(PLAIN, templates), engine_with(QUICK, templates)
    expected = outcome(plain, values, language, autoescape=autoescape)
    for _ in range(2):  # the second time from what was remembered, and in the other way of escaping between
        assert outcome(short, values, language, autoescape=autoescape) == expected, page
        outcome(short, values, "fa", autoescape=not autoescape)
    return expected


@given(bodies, contexts, st.sampled_from(LANGUAGES), st.booleans())
@settings_of_hypothesis(max_examples=400)
def test_any_template_says_the_same(body, values, language, autoescape):
    assert_same(LOAD + body, values, language, autoescape=autoescape)


@given(bodies, bodies, contexts, st.sampled_from(["base.html", "middle.html"]))
def test_any_heir_says_the_same(one, two, values, parent):
    page = f"{{% extends '{parent}' %}}{LOAD}{{% block one %}}{one}{{{{ block.super }}}}{{% endblock %}}"
    assert_same(page + f"{{% block two %}}{two}{{% include 'part.html' %}}{{% endblock %}}", values)


DEEP = {"n": Thing(Thing("<in>"))}
CASES = [
    ("{{ n.gone }}{{ n.silent }}{{ n.inner.inner }}{{ n.deletes }}", "&lt;in&gt;"),
    ("{{ n.called }}{{ n.called|safe }}{{ n }}", "&lt;called&gt;<called>a &lt;thing&gt; &amp; more"),
    ("{% if missing == None %}1{% endif %}{% if not missing.x %}2{% endif %}", "12"),
    ("{% autoescape off %}{{ n.name }}{% translate '<b>' %}{% endautoescape %}", "<i>thing</i><b>"),
    ("{{ missing|default:_('Search') }}{% translate 'Search' as s %}{{ s }}", "SearchSearch"),
    ("{% for n in 'ab' %}{% translate '<b>%' %}{{ n.name|default:n }}{% endfor %}", "<b>%a<b>%b"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "expected"), CASES, ids=range(len(CASES)))
def test_what_comes_out_is_what_was_meant(page, expected):
    assert assert_same(LOAD + page, DEEP)[0] == expected


@pytest.mark.parametrize("name", ["loud", "lacking"])
def test_an_error_is_the_same_error(name):
    assert assert_same(f"{{{{ n.{name} }}}}", DEEP)[0] in ("RuntimeError", "AttributeError")


def test_the_comparison_notices_a_difference(monkeypatch):
    monkeypatch.setattr(quick, "escape", str)
    with pytest.raises(AssertionError):
        assert_same("{{ n.name }}", DEEP)


def test_switched_off_nothing_is_exchanged(monkeypatch):
    monkeypatch.setattr(settings, "SHORTCUTS", False)
    template = engine_with(QUICK, {"page.html": "{{ a }}"}).get_template("page.html")
    assert type(template.nodelist[0]) is base.VariableNode


def test_each_shorter_way_is_taken():
    """Without this all of the above could pass with Django's own nodes alone."""
    page = engine_with(QUICK, {"page.html": "{{ a }}{% translate 'x' %}{% translate a %}{% translate 'x'|upper %}"})
    kinds = [type(node) for node in page.get_template("page.html").nodelist]
    assert kinds == [quick.QuickVariable, quick.QuickTranslate, i18n.TranslateNode, i18n.TranslateNode]

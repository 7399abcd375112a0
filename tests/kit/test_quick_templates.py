"""Templates prepared by ``kit.screens.quick`` say to the letter what Django's own say."""

# A template is one text, however long.
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Engine
from django.utils import translation
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from rawabit.kit.money import Money
from rawabit.kit.screens import quick

LOCMEM = "django.template.loaders.locmem.Loader"
BUILTINS = [
    "django.templatetags.i18n",
    "rawabit.kit.screens.templatetags.kit",
    "rawabit.kit.screens.templatetags.ui",
]


@dataclass
class Thing:
    name: str = "<b>thing</b>"
    parts: list[str] = field(default_factory=lambda: ["a", "b"])

    @property
    def safe(self) -> str:
        return mark_safe("<i>safe</i>")

    def called(self) -> str:
        return "called & escaped"

    def asks(self, more: str) -> str:
        return more

    @property
    def broken(self) -> str:
        raise ValueError("inside")


class Refuses:
    do_not_call_in_templates = True

    def __call__(self) -> str:
        return "must not be called"

    def __str__(self) -> str:
        return "as it is"


def world() -> dict[str, Any]:
    return {
        "text": "a < b & 'c' \"d\"",
        "safe": mark_safe("<em>x</em>"),
        "none": None,
        "number": 1234567,
        "decimal": Decimal("1234.50"),
        "yes": True,
        "day": date(2026, 3, 5),
        "moment": datetime(2026, 3, 5, 21, 30, tzinfo=UTC),
        "money": Money(123456, "SAR"),
        "words": gettext_lazy("Search"),
        "lazy": lazystr("<lazy>"),
        "thing": Thing(),
        "refuses": Refuses(),
        "row": {
            "name": "<row>",
            "n": 3,
            "items": "an own key",
            "0": "zero",
            "deep": {"er": "below"},
            "call": lambda: "<made>",
        },
        "rows": [{"n": 1, "tag": "<a>"}, {"n": 2}, {"n": 3, "tag": ""}],
        "pairs": [("x", 1), ("y", 2)],
        "many": iter([]),
        "empty": [],
        "heads": ["one", "two"],
        "part": "part.html",
    }


PAGES = {
    "plain": "{{ text }} {{ safe }} {{ none }} {{ number }} {{ decimal }} {{ yes }} {{ day }} {{ moment }} {{ words }} {{ lazy }}",
    "absent": "[{{ nothing }}] [{{ row.nothing }}] [{{ thing.nothing }}] [{{ text.nothing }}] [{{ none.x }}] [{{ nothing.x.y }}]",
    "paths": "{{ row.name }} {{ row.deep.er }} {{ row.deep.no }} {{ row.items }} {{ row.0 }} {{ row.keys }} {{ row.call }} {{ heads.1 }}",
    "things": "{{ thing.name }} {{ thing.safe }} {{ thing.called }} {{ thing.asks }} {{ thing.parts.0 }} {{ thing.parts }} {{ refuses }}",
    "off": "{% autoescape off %}{{ text }}{{ lazy }}{{ row.name }}{{ words }}{% endautoescape %}",
    "filters": "{{ text|upper }} {{ safe|upper }} {{ text|default:'x' }} {{ nothing|default:text }} {{ heads|join:row.name }} "
    "{{ text|truncatechars:3 }} {{ none|default_if_none:'—' }} {{ rows|length }} {{ 'lit<'|lower }} {{ '<'|safe }} {{ 3|add:number }}",
    "own filters": "{{ money|money }} {{ number|num }} {{ day|date_l:'medium' }} {{ text|bdi }} {{ safe|bdi }} {{ none|money }} {{ nothing|num }}",
    "safe kept": "{{ safe|lower|upper }} {{ text|lower|escape }} {{ text|force_escape }} {{ safe|add:text }}",
    "if": "{% if nothing %}1{% elif row.n > 2 and not none %}2{% else %}3{% endif %}{% if text in row %}4{% else %}5{% endif %}"
    "{% if row.n == 3 %}6{% endif %}{% if none is None %}7{% endif %}{% if 'x' in none %}8{% else %}9{% endif %}"
    "{% if row.n > text %}a{% else %}b{% endif %}{% if not nothing.x %}c{% endif %}{% if text and row.n or none %}d{% endif %}"
    "{% if nothing != 1 %}e{% endif %}{% if thing.called %}f{% endif %}{% if rows|length > 2 %}g{% endif %}{% if row.n not in heads %}h{% endif %}",
    "for": "{% for row in rows %}{{ row.n }}:{{ row.tag }}{% if row.tag %}!{% endif %} {% empty %}none{% endfor %}|{{ row.n }}|"
    "{% for x in empty %}x{% empty %}none{% endfor %}{% for x in nothing %}x{% endfor %}{% for x in many %}x{% empty %}drained{% endfor %}",
    "for pairs": "{% for a, b in pairs %}{{ a }}={{ b }};{% endfor %}{% for row in rows reversed %}{{ row.n }}{% endfor %}",
    "for counted": "{% for row in rows %}{{ forloop.counter }}/{{ forloop.revcounter0 }}{% if forloop.last %}.{% endif %}"
    "{% for x in heads %}{{ forloop.parentloop.counter }}{{ x }}{% endfor %}{% endfor %}",
    "for in for": "{% for row in rows %}{% for x in heads %}{{ row.n }}{{ x }} {% endfor %}{% endfor %}",
    "for elif": "{% for row in rows %}{% if row.no %}a{% elif forloop.first %}b{% else %}c{% endif %}{% endfor %}",
    "for include": "{% for row in rows %}{% include 'count.html' %}{% endfor %}",
    "with": "{% with name=row.name other=text|upper %}{{ name }}{{ other }}{% endwith %}{{ name }}",
    "translate": "{% translate 'Search' %} {% translate 'Search' as found %}{{ found }} {% translate 'Order' context 'portal' %} "
    "{% translate 'never < heard' %} {% translate text %} {% translate 'Search'|upper %} {% translate '100%% sure' %} {% translate 'Search' noop %}",
    "blocktranslate": "{% blocktranslate %}Hello {{ text }}{% endblocktranslate %}"
    "{% blocktranslate with name=row.name|bdi %}Account: {{ name }}{% endblocktranslate %}"
    "{% blocktranslate trimmed with a=text b=nothing %} two\n lines {{ a }} {{ b }} 50% {% endblocktranslate %}"
    "{% blocktranslate count n=row.n %}{{ n }} row{% plural %}{{ n }} rows of {{ text }}{% endblocktranslate %}"
    "{% blocktranslate asvar kept %}kept {{ text }}{% endblocktranslate %}[{{ kept }}]"
    "{% blocktranslate with row=text %}{{ row }}{% endblocktranslate %}{{ row.n }}",
    "url": "{% url 'account_login' %} {% url 'nowhere' as where %}[{{ where }}] {% url 'account_login' as where %}{{ where }}",
    "include": "{% include 'part.html' %}{% include 'part.html' with text='given' %}{% include 'part.html' with text=row.name only %}{% include part %}",
    "child": "{% extends 'middle.html' %}{% block title %}<child> {{ block.super }}{% endblock %}{% block body %}{{ text }}{% translate 'Search' as t %}{% endblock %}",
    "grandchild": "{% extends 'child' %}{% block title %}grand {{ block.super }}{% endblock %}",
    "comment": "{# nothing #}{% comment %}{{ text }}{% endcomment %}{% verbatim %}{{ text }}{% endverbatim %}{% spaceless %}<p> <b>{{ text }}</b> </p>{% endspaceless %}",
}  # fmt: skip
PARTS = {
    "part.html": "[{{ text }}|{{ row.n }}]",
    "count.html": "{{ forloop.counter }}",
    "middle.html": "{% extends 'base.html' %}{% block title %}middle {{ text }}{% endblock %}{% block side %}{% if row.n %}{% block inner %}inner{% endblock %}{% endif %}{% endblock %}",
    "base.html": "{% plain_block 'title' %}|{% block title %}base{% endblock %}|{% block body %}{{ t }}{% endblock %}|{{ t }}|{% block side %}{% endblock %}|{% block foot %}{{ row.name }}{% endblock %}",
}


def engine(*, prepared: bool) -> Engine:
    pages = {**PAGES, **PARTS}
    loader = "rawabit.kit.screens.quick.Loader" if prepared else "django.template.loaders.cached.Loader"
    return Engine(loaders=[(loader, [(LOCMEM, pages)])], builtins=BUILTINS)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", PAGES)
def test_the_same_comes_out(name, language):
    ours, plain = engine(prepared=True), engine(prepared=False)
    with translation.override(language):
        expected = plain.get_template(name).render(Context(world()))
        template = ours.get_template(name)
        assert template.render(Context(world())) == expected
        # Once more, from what the nodes remember by now, and in the other language.
        assert template.render(Context(world())) == expected
        other = "ar" if language == "en" else "en"
        with translation.override(other):
            assert template.render(Context(world())) == plain.get_template(name).render(Context(world()))


def test_nodes_really_take_the_shorter_way():
    loaded = engine(prepared=True)
    kinds = {type(node) for name in PAGES for node in everything(loaded.get_template(name).nodelist)}
    assert {quick.QuickVariable, quick.QuickTranslate} <= kinds


def everything(nodes):
    for node in nodes:
        yield node
        for below in quick._below(node):
            yield from everything(below)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("{{ thing.broken }}", ValueError),
        ("{% for a, b in heads %}{{ a }}{% endfor %}", ValueError),
        ("{% url 'nowhere' %}", Exception),
        ("{% blocktranslate count n=text %}a{% plural %}b{% endblocktranslate %}", Exception),
    ],
)
def test_errors_are_the_same(source, error):
    failed = []
    for prepared in (False, True):
        loader = "rawabit.kit.screens.quick.Loader" if prepared else "django.template.loaders.cached.Loader"
        made = Engine(loaders=[(loader, [(LOCMEM, {"page": source})])], builtins=BUILTINS)
        with pytest.raises(error) as raised:
            made.get_template("page").render(Context(world()))
        failed.append((raised.type, str(raised.value)))
    assert failed[0] == failed[1]


def test_a_loop_that_ends_badly_leaves_the_context_as_it_was():
    made = Engine(
        loaders=[
            (
                "rawabit.kit.screens.quick.Loader",
                [(LOCMEM, {"page": "{% for x in rows %}{{ thing.broken }}{% endfor %}"})],
            )
        ]
    )
    context = Context(world())
    template = made.get_template("page")
    with context.bind_template(template):
        depth = len(context.dicts)
        with pytest.raises(ValueError, match="inside"):
            template.nodelist.render(context)
        assert len(context.dicts) == depth


def test_with_debug_on_nothing_is_changed():
    made = Engine(debug=True, loaders=[("rawabit.kit.screens.quick.Loader", [(LOCMEM, {"page": "{{ text }}"})])])
    assert [type(node).__name__ for node in made.get_template("page").nodelist] == ["VariableNode"]

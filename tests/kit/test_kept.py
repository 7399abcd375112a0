"""``{% kept %}``: parts rendered once, and never shown to somebody for whom they were not made."""

from __future__ import annotations

import pytest
from django.template import Context, TemplateSyntaxError, engines
from django.utils import translation
from django.utils.safestring import mark_safe

from rawabit.kit.screens.templatetags import kept

PARTS = {
    "part.html": "<b>{{ name }}</b>{% if person.is_staff %}staff{% endif %}{{ secret }}{% csrf_token %}"
    "<a href='{{ here }}'>{% translate 'Search' %}</a>",
}


@pytest.fixture
def render(monkeypatch):
    engine = engines["django"].engine
    monkeypatch.setattr(engine, "template_loaders", [*engine.template_loaders])
    from django.template.loaders.locmem import Loader

    engine.template_loaders.insert(0, Loader(engine, PARTS))
    kept._remembered.cache_clear()

    def rendered(source: str, **values: object) -> str:
        return engine.from_string("{% load kept %}" + source).render(Context(values))

    yield rendered
    kept._remembered.cache_clear()


def test_it_sees_only_what_is_named(render):
    html = render("{% kept 'part.html' name %}", name="Amina", secret="unseen words", here="/x")
    assert "<b>Amina</b>" in html
    assert "unseen words" not in html and "/x" not in html


def test_it_is_rendered_once_for_the_same_values(render):
    for name in ("Amina", "Babak", "Amina"):
        assert f"<b>{name}</b>" in render("{% kept 'part.html' name %}", name=name)
    assert kept._remembered.cache_info().misses == 2


def test_a_safe_and_an_unsafe_text_are_not_confused(render):
    assert "<b><i>x</i></b>" in render("{% kept 'part.html' name %}", name=mark_safe("<i>x</i>"))
    assert "<b>&lt;i&gt;x&lt;/i&gt;</b>" in render("{% kept 'part.html' name %}", name="<i>x</i>")


def test_one_and_true_are_not_confused(render):
    assert "<b>1</b>" in render("{% kept 'part.html' name %}", name=1)
    assert "<b>True</b>" in render("{% kept 'part.html' name %}", name=True)


def test_each_language_has_its_own(render):
    with translation.override("en"):
        english = render("{% kept 'part.html' name %}", name="x")
    with translation.override("ar"):
        arabic = render("{% kept 'part.html' name %}", name="x")
    assert ">Search<" in english and ">Search<" not in arabic


def test_what_comes_late_is_written_in_anew_and_escaped(render):
    source = "{% kept 'part.html' name late here %}"
    first = render(source, name="x", here="/a?b=1&c='", csrf_token="token-one")
    second = render(source, name="x", here="/other", csrf_token="token-two")
    assert "href='/a?b=1&amp;c=&#x27;'" in first and 'value="token-one"' in first
    assert "href='/other'" in second and 'value="token-two"' in second and "token-one" not in second
    assert kept._remembered.cache_info().misses == 1


def test_dotted_names_are_seen_under_their_names(render):
    class Person:
        is_staff = True

    assert "staff" in render("{% kept 'part.html' name person.is_staff %}", name="x", person=Person())


def test_a_value_that_could_change_is_refused(render):
    with pytest.raises(TypeError, match="dict"):
        render("{% kept 'part.html' name %}", name={"a": 1})


def test_the_name_is_a_quoted_text(render):
    with pytest.raises(TemplateSyntaxError):
        render("{% kept part name %}")


# Every {% kept %} of the product names all that its part shows


def kept_tags():
    from rawabit.config.settings import SOURCE

    engine = engines["django"].engine
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        name = path.as_posix().partition("/templates/")[2]
        template = engine.get_template(name)
        for node in below(template.nodelist):
            if isinstance(node, kept.Kept):
                yield name, node


def below(nodes):
    from django.template.base import NodeList
    from django.template.defaulttags import IfNode

    for node in nodes:
        yield node
        if isinstance(node, IfNode):
            lists = [part for _condition, part in node.conditions_nodelists]
        else:
            lists = [part for name in node.child_nodelists if isinstance(part := getattr(node, name, None), NodeList)]
        for part in lists:
            yield from below(part)


def of_condition(token) -> set[str]:
    """The variables of an ``{% if %}``, as they are written."""
    if token is None:
        return set()
    if hasattr(token, "text"):
        return {token.text}
    return of_condition(token.first) | of_condition(token.second)


def shown_in(name: str) -> set[str]:
    """Names that a part asks its context for, those of its includes too, without what it makes itself."""
    from django.template.defaulttags import ForNode, IfNode, WithNode
    from django.template.loader_tags import IncludeNode

    asked, own = set(), {"forloop", "True", "False", "None"}
    for node in below(engines["django"].engine.get_template(name).nodelist):
        own |= set(getattr(node, "loopvars", ()) if isinstance(node, ForNode) else ())
        own |= {getattr(node, "asvar", None), getattr(node, "target_var", None), getattr(node, "variable", None)} - {
            None
        }
        own |= set(getattr(node, "extra_context", {}))
        if isinstance(node, IfNode):
            asked |= {words for one, _nodes in node.conditions_nodelists for words in of_condition(one)}
        expressions = [getattr(node, "filter_expression", None), getattr(node, "sequence", None)]
        expressions += [*getattr(node, "extra_context", {}).values(), *(getattr(node, "args", None) or ())]
        asked |= {e.token for e in expressions if e is not None and e.is_var and e.var.lookups}
        if isinstance(node, IncludeNode) and not node.template.is_var:
            asked |= {path for path in shown_in(node.template.var) if path.partition(".")[0] not in node.extra_context}
        assert not isinstance(node, WithNode) or node.extra_context
    paths = {token.partition("|")[0] for token in asked}
    return {path for path in paths if path[:1] not in "\"'0123456789" and path.partition(".")[0] not in own}


def test_every_part_is_given_what_it_shows():
    found = list(kept_tags())
    assert len(found) >= 8
    for name, node in found:
        named = {word for word, _find in node.values} | set(node.late_names) | {kept.CSRF}
        missing = {path for path in shown_in(node.name) if path not in named and path.partition(".")[0] not in named}
        assert not missing, f"{name} keeps {node.name}, which shows {sorted(missing)}"

"""``{% kept %}``: a part of the page rendered once and kept, for as long as what it shows stays the same."""

from __future__ import annotations

from functools import lru_cache
from secrets import token_hex
from typing import Any

from django import template
from django.conf import settings
from django.core.files import File
from django.template import Context, TemplateSyntaxError, engines
from django.template.base import FilterExpression, Node, Parser, Token
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from rawabit.kit.display import Display, active
from rawabit.kit.links.prefix import outside

register = template.Library()

MOST_KEPT = 2048
CSRF = "csrf_token"
Values = tuple[tuple[str, type, Any], ...]


class Kept(Node):
    """A part that sees nothing but the values named in its tag, and is kept by them: whoever shows one thing more must
    name it, so that nobody is ever shown what was made for somebody else."""

    def __init__(self, name: str, values: dict[str, FilterExpression], late: dict[str, FilterExpression]) -> None:
        self.name, self.late_names = name, tuple(late)
        self.values = list(values.items())
        self.late = [(place_of(word), value) for word, value in late.items()]

    def render(self, context: Context) -> SafeString:
        given = []
        for name, expression in self.values:
            value = expression.resolve(context, ignore_failures=True)
            kind = type(value)
            if kind not in _KEPT_AS_THEY_ARE:
                value = _plain(value)
                kind = type(value)
            given.append((name, kind, value))
        html = _made(self.name, active(), get_language(), tuple(given), self.late_names)
        for place, expression in self.late:
            html = html.replace(place, conditional_escape(expression.resolve(context)))
        if CSRF_PLACE in html:
            html = html.replace(CSRF_PLACE, str(context.get(CSRF, "")))
        return SafeString(html)


_KEPT_AS_THEY_ARE = frozenset({str, SafeString, int, bool, tuple, type(None)})


def _plain(value: Any) -> Any:
    """A value as it may be kept: nothing that could change later or holds on to a request."""
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, File):
        return value.name or ""
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, int):
        return int(value)
    if value is None or isinstance(value, str | tuple):
        return value
    raise TypeError(f"a part cannot be kept by a {type(value).__name__}; name a text, a number or a tuple of them")


_SECRET = token_hex(12)  # nobody can write a place into his name or an address, and be given the value there


def place_of(name: str) -> str:
    """What stands in a kept part where a value comes late."""
    return f"kept-{_SECRET}-{name.replace('.', '-')}-kept"


CSRF_PLACE = place_of(CSRF)


def _made(name: str, display: Display, language: str | None, given: Values, late: tuple[str, ...]) -> str:
    if settings.DEBUG:
        return _render(name, display, language, given, late)
    return _remembered(name, display, language, given, late)


def _render(name: str, display: Display, language: str | None, given: Values, late: tuple[str, ...]) -> str:
    """``display`` and ``language`` are in force while this runs; they are arguments to be part of the key."""
    del display, language
    seen: dict[str, Any] = {}
    for path, _type, value in given:
        _put(seen, path, value)
    for path in (*late, CSRF):
        _put(seen, path, place_of(path))
    with outside():  # what is kept is shown to everybody: the address of one link must not be in it
        made: str = engines["django"].engine.get_template(name).render(Context(seen))  # type: ignore[attr-defined]
    return made


def _put(seen: dict[str, Any], path: str, value: Any) -> None:
    *folders, last = path.split(".")
    for folder in folders:
        seen = seen.setdefault(folder, {})
    seen[last] = value


_remembered = lru_cache(maxsize=MOST_KEPT)(_render)


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """``{% kept "kit/parts/top.html" brand_name request.theme late request.get_full_path %}``: the part sees variables
    of these names and the CSRF token; those after ``late`` (and the token) are written in anew with every page."""
    _tag, name, *words = token.split_contents()
    if name[0] not in "\"'":
        raise TemplateSyntaxError("the first word of {% kept %} is the quoted name of a template")
    split = words.index("late") if "late" in words else len(words)
    values, late = (
        {word: parser.compile_filter(word) for word in part} for part in (words[:split], words[split + 1 :])
    )
    return Kept(name[1:-1], values, late)

"""Template tags of the design system: icons and the plain text of a block."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

from rawabit.kit.text import avatar_letter, clean_user_text

register = template.Library()

#: Icons that point along the reading direction and are therefore mirrored in right-to-left pages.
DIRECTIONAL = frozenset(
    "back chevron arrow reply undo return send login logout door sidebar truck external list cart".split()
)
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


@cache
def _sprite() -> str:
    return static("kit/icons.svg")


@cache
def _icon(name: str, extra: str, sprite: str) -> SafeString:
    classes = " ".join(filter(None, ["ic", "ic-dir" if name in DIRECTIONAL else "", extra]))
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, sprite, name)


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """``{% icon "bell" %}``: one picture of the sprite, decorative; mirrored where rule B3 asks for it."""
    return _icon(name, extra, _sprite())


@register.simple_tag
def icon_href(name: str) -> str:
    """Address of one symbol, for scripts that draw an icon themselves."""
    return f"{_sprite()}#{name}"


class PlainBlock(template.Node):
    """Renders another block once more as text without markup."""

    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, context: Context) -> SafeString:
        blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
        block = blocks.get_block(self.name) if blocks else None
        if block is None:
            return mark_safe("")
        html = block.nodelist.render(context)
        isolated = html.replace("</bdi>", POP_ISOLATE).replace("<bdi", FIRST_STRONG_ISOLATE + "<bdi")
        return mark_safe(" ".join(strip_tags(isolated).split()))


@register.tag
def plain_block(parser: Parser, token: Token) -> PlainBlock:
    """``{% plain_block "title" %}``: the heading as the document's title, ``<bdi>`` turned into FSI … PDI."""
    del parser
    return PlainBlock(token.split_contents()[1].strip("\"'"))


def _get(item: object, key: str) -> Any:
    return item.get(key) if isinstance(item, dict) else getattr(item, key, None)


@register.simple_tag
def phone_items(groups: Sequence[object] | None, count: int = 4) -> list[object]:
    """The entries of the desk's phone bar: those marked ``phone``, else the first ``count`` of the menu."""
    flat = [item for group in groups or () for item in _get(group, "items") or ()]
    marked = [item for item in flat if _get(item, "phone")]
    return (marked or flat)[:count]


@register.filter
def initial(name: object) -> str:
    """One letter for an avatar (see `kit.text.avatar_letter`); a dot for a missing name."""
    return avatar_letter(str(name or "")) or "•"


@register.filter
def tone(name: object) -> int:
    """A stable tint number 1-4 for an avatar."""
    return sum(map(ord, str(name or ""))) % 4 + 1


@register.filter
def requirement(field: BoundField) -> str:
    """What to write beside a label: only the rarer of "required" and "optional" is marked in a form."""
    form = field.form
    rare = getattr(form, "_kit_rare_requirement", None)
    if rare is None:
        shown = [bound.field.required for bound in form if not bound.is_hidden]
        required = sum(shown)
        rare = "" if required in (0, len(shown)) else "required" if required * 2 <= len(shown) else "optional"
        form._kit_rare_requirement = rare  # type: ignore[attr-defined]  # remembered for the next field
    return rare if rare == ("required" if field.field.required else "optional") else ""


@register.simple_tag
def field_width(field: BoundField) -> SafeString:
    """``data-w`` of a field in a ``.form`` grid: a form says ``widths = {"city": 6}`` in twelfths."""
    width = getattr(field.form, "widths", {}).get(field.name)
    return format_html(' data-w="{}"', width) if width else mark_safe("")


@register.filter
def filename(value: object) -> SafeString:
    """A file's name that reads the same everywhere: the ending stays at the end («.pdf» never jumps to the front)."""
    name = clean_user_text(str(value).rpartition("/")[2])
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return format_html("<bdi>{}</bdi>", name)
    return format_html('<bdi dir="ltr"><bdi>{}</bdi>.{}</bdi>', stem, ending)

"""HTML of strangers made harmless: a few elements of text, no pictures, nothing that acts or loads. Pure."""

from __future__ import annotations

import html
import re

import nh3

TAGS = {
    "a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd",
    "del", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "li", "ol", "p", "pre",  # noqa: E501
    "q", "s", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "tt", "u", "ul",
}  # fmt: skip
# These go with all that is in them.
WHOLE = {
    "script", "style", "title", "noscript", "template", "svg", "math", "iframe", "object", "embed", "applet", "select",
    "textarea", "button", "form", "xmp", "noembed", "noframes", "plaintext", "head", "audio", "video", "canvas",
}  # fmt: skip
STYLES = {
    "color", "background-color", "font-weight", "font-style", "text-align", "text-decoration", "direction",
    "unicode-bidi",
}  # fmt: skip
_GENERAL = {"dir", "lang", "style"}
ATTRIBUTES = {
    "*": _GENERAL, "a": {"href"}, "td": {"colspan", "rowspan", "align", "valign"}, "font": {"color"},
    "th": {"colspan", "rowspan", "align", "valign"}, "ol": {"start", "type"}, "table": {"align", "border"},
}  # fmt: skip
SCHEMES = {"http", "https", "mailto", "tel"}
_LINE_ENDS = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6]|/blockquote)\b[^<>]{0,200}>", re.IGNORECASE)
DEEPEST = 400
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_ALONE = {"br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base", "p", "li", "td", "tr", "th"}
_CELL = re.compile(r"</t[dh]>", re.IGNORECASE)


def harmless(source: str) -> str:
    """The HTML without anything that acts, loads, or reaches out of its frame."""
    return nh3.clean(
        source, tags=TAGS, clean_content_tags=WHOLE, attributes=ATTRIBUTES, url_schemes=SCHEMES,
        filter_style_properties=STYLES, link_rel="noopener noreferrer nofollow", strip_comments=True,
    )  # fmt: skip


def too_deep(source: str) -> bool:
    """Whether elements are nested as no person nests them: to go through that costs time that grows by its square."""
    depth = 0
    for tag in _TAG.finditer(source):
        if tag.group(2).lower() not in _ALONE:
            depth = max(0, depth - 1) if tag.group(1) else depth + 1
            if depth > DEEPEST:
                return True
    return False


def without_tags(source: str) -> str:
    """The words of HTML that is too deep to be read as such."""
    return " ".join(html.unescape(re.sub(r"<[^<>]{0,2000}>", " ", source)).split())


def as_text(source: str) -> str:
    """The words of the HTML, with its lines."""
    marked = _CELL.sub(" \\g<0>", _LINE_ENDS.sub("\n\\g<0>", " ".join(harmless(source).split())))
    bare = html.unescape(nh3.clean(marked, tags=set()))
    lines = [" ".join(line.split()) for line in bare.replace("\xa0", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

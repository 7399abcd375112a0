"""What the owner's own CSS may hold. It is served in the brand layer, from our origin: it must not fetch, not reach out
of its layer, and not hide what it does behind escapes. Pure."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 20_000
# Everything that loads something: url(), image sets and the older src(), imports and fonts.
_FETCHING: Final = re.compile(r"(?:url|src|image|image-set|-webkit-image-set|cross-fade|element)\s*\(", re.IGNORECASE)
_AT_RULE: Final = re.compile(r"@\s*([a-z-]+)", re.IGNORECASE)
_ALLOWED_AT: Final = frozenset({"media", "container", "supports"})
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_STRING: Final = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")


def owner_css_problem(text: str) -> str:
    """ "" for a harmless stylesheet, else long | escape | markup | fetch | rule | brackets | string."""
    if len(text) > LONGEST:
        return "long"
    if "\\" in text:
        return "escape"
    if "<" in text:
        return "markup"
    plain = _COMMENT.sub(" ", text)
    if "/*" in plain or "*/" in plain:
        return "brackets"
    bare = _STRING.sub("''", plain)
    if '"' in bare or "'" in bare.replace("''", ""):
        return "string"
    if _FETCHING.search(bare):
        return "fetch"
    if any(name.lower() not in _ALLOWED_AT for name in _AT_RULE.findall(bare)):
        return "rule"
    return "" if _balanced(bare) else "brackets"


def _balanced(text: str) -> bool:
    """Every bracket closed in its place: an extra one would end the layer that holds the text."""
    closing, open_now = {"}": "{", ")": "(", "]": "["}, []
    for sign in text:
        if sign in "{([":
            open_now.append(sign)
        elif sign in closing and (not open_now or open_now.pop() != closing[sign]):
            return False
    return not open_now

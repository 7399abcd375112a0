"""Texts with flat placeholders ``{number}``: nothing in them is ever evaluated. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from rawabit.kit.text import fsi

_NAME = re.compile(r"\{([^{}\n]*)\}")


def unknown_in(text: str, known: Collection[str]) -> list[str]:
    """What stands in braces and is no placeholder, as it was written; a lone brace counts too."""
    found = [match[0] for match in _NAME.finditer(text) if match[1] not in known]
    rest = _NAME.sub("", text)
    return [*found, *(brace for brace in "{}" if brace in rest)]


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its values, each isolated from the direction of the sentence. A line all of whose placeholders are
    empty is left out: an order without a day promises none."""
    lines = []
    for line in text.replace("\r\n", "\n").split("\n"):
        names = [match[1] for match in _NAME.finditer(line)]
        if names and not any(facts.get(name) for name in names):
            continue
        lines.append(_NAME.sub(lambda match: fsi(facts.get(match[1], "")) if facts.get(match[1]) else "", line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def paragraphs(text: str) -> list[list[str]]:
    """Paragraphs, each a list of lines."""
    return [part.split("\n") for part in re.split(r"\n{2,}", text.strip()) if part.strip()]

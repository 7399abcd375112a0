"""What a card of the morning page looks like."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ROWS = 4


@dataclass
class Card:
    """A figure with words, a few rows behind it and the way to all of them."""

    title: Any
    figure: Any
    words: Any
    url: str = ""
    rows: list[tuple[Any, Any, Any, str]] = field(default_factory=list)  # what, whose, how much or when, address

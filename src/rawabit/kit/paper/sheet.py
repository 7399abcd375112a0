"""What stands on a sheet of paper, as data: the template draws it and decides nothing but the looks.

A label is a list of one or two texts (the second small, for readers of the other language); other texts are plain
strings, isolated where they are mixed by :mod:`rawabit.kit.paper.writing`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

Label = Sequence[str]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known about the document; ``value`` may have a second text as a label has."""

    label: Label
    value: Sequence[str]


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of a party or a box; without a label the text alone."""

    text: str
    label: Label = ()
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A party, or a box beside the totals."""

    label: Label
    rows: Sequence[Pair]


@dataclass(frozen=True, slots=True)
class Column:
    """``kind``: text, number (always flush right) or middle. ``share`` of the free width; 0 is as wide as needed."""

    label: Label
    kind: str = "text"
    share: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """``below`` stands small under the text, ``tag`` says something about the whole row, ``rtl`` is for numbers with
    a unit in words."""

    text: str = ""
    below: Sequence[str] = ()
    tag: Label = ()
    strong: bool = False
    dim: bool = False
    rtl: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """``kind``: line or section (one cell over the whole width). A ``long`` row may go on on the next page."""

    cells: Sequence[Cell]
    kind: str = "line"
    long: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """``kind``: plain, grand or due."""

    label: Label
    value: str
    kind: str = "plain"
    below: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph in its own direction."""

    text: str
    dir: str


@dataclass(frozen=True, slots=True)
class Block:
    """Terms, notes: a heading and paragraphs."""

    label: Label
    paras: Sequence[Para]


@dataclass(frozen=True, slots=True)
class Sign:
    """A place for a name: written, drawn (SVG made by :func:`rawabit.kit.paper.pictures.strokes_svg`), or left free for
    the pen. ``below`` stands small under the line."""

    label: Label
    text: str = ""
    below: Sequence[str] = ()
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on the paper. ``logo``, ``stamp`` and ``qr`` are SVG of :mod:`rawabit.kit.paper.pictures`."""

    lang: str
    dir: str
    digits: str
    title: str
    author: str
    day: dt.date
    heading: Label
    number: str
    sender: Sequence[str]
    pages: Sequence[str]
    lang2: str = "en"
    dir2: str = "ltr"
    brand: str = "#0e5a6b"
    mark: Label = ()
    logo: str = ""
    stamp: str = ""
    stamp_alt: str = ""
    qr: str = ""
    qr_alt: str = ""
    facts: Sequence[Fact] = ()
    parties: Sequence[Group] = ()
    lead: Sequence[Para] = ()
    columns: Sequence[Column] = ()
    rows: Sequence[Row] = ()
    totals: Sequence[Total] = ()
    words_label: Label = ()
    words: Sequence[str] = ()
    boxes: Sequence[Group] = ()
    blocks: Sequence[Block] = ()
    signs: Sequence[Sign] = ()
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished document: a name for the file, the PDF, and where the cache keeps it."""

    name: str
    content: bytes = field(repr=False)
    kept: str = ""

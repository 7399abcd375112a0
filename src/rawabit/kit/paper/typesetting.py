"""From a sheet to PDF/A-3, by typst, in this process. The template has no way to files or to the network."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import structlog
import typst

from rawabit.kit.paper.glyphs import FONTS, drawn, missing
from rawabit.kit.paper.sheet import Sheet

TEMPLATE: Final = Path(__file__).parent / "template" / "sheet.typ"
STANDARD: Final = "a-3b"
# What is not text for readers.
_LETTERS: Final = frozenset({"logo", "stamp", "qr", "picture", "brand", "lang", "dir", "lang2", "dir2", "digits"})
_own = threading.local()
log = structlog.get_logger()


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """Read once in a process; threads share them."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _compiler() -> typst.Compiler:
    """One per thread: it keeps what it laid out, and a second thread would find it locked."""
    if not hasattr(_own, "compiler"):
        _own.compiler = typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=fonts())
    compiler: typst.Compiler = _own.compiler
    return compiler


def inputs_of(sheet: Sheet) -> str:
    """The sheet as the template reads it: every text has glyphs for all its characters."""
    facts = asdict(sheet)
    facts["day"] = [sheet.day.year, sheet.day.month, sheet.day.day]
    clean = {key: value if key in _LETTERS else _each(value, drawn) for key, value in facts.items()}
    return json.dumps(clean, ensure_ascii=False, separators=(",", ":"))


def _each(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: one if key in _LETTERS else _each(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_each(one, change) for one in value]
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(one) if key not in _LETTERS else ()
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def typeset(inputs: str, sheet: Sheet) -> bytes:
    """The PDF of a sheet. A picture that cannot be read after all is left out rather than the paper."""
    if "?" in inputs and (gone := missing(" ".join(_texts(asdict(sheet))))):
        log.warning("characters without a glyph on paper", title=sheet.title, characters="".join(sorted(gone)))
    try:
        return _compile(inputs, sheet)
    except typst.TypstError as error:
        if not (sheet.logo or sheet.stamp):
            raise
        log.warning("a picture does not come onto paper", reason=error.message)
        bare = replace(sheet, logo="", stamp="")
        return _compile(inputs_of(bare), bare)


def _compile(inputs: str, sheet: Sheet) -> bytes:
    made = datetime.combine(sheet.day, time(), tzinfo=UTC)
    result = _compiler().compile(
        format="pdf", sys_inputs={"sheet": inputs}, pdf_standards=STANDARD, timestamp=int(made.timestamp())
    )
    assert isinstance(result, bytes)
    return result

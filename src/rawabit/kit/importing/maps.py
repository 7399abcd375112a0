"""What a map says, after it was checked: which columns become which fields of what. Pure.

The kit knows no business noun: the entities that can be imported are handed in as :class:`EntitySpec`.
``mapreader.load_map`` makes these objects out of TOML.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fnmatch import fnmatch

from rawabit.kit.importing.problems import MapError, ValueProblem
from rawabit.kit.importing.tables import Table
from rawabit.kit.importing.values import Cell, as_text, read_decimal, unguarded

Value = str | int | Decimal | date | datetime | bool
Values = dict[str, Value | None]
KINDS = ("text", "decimal", "integer", "date", "datetime", "bool", "choice")
KEY_JOINT = "\x1f"  # no file writes it, so joined keys cannot collide


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field that an entity can take. ``agree``: all rows of one document must say the same."""

    name: str
    kind: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    limit: int | None = None  # characters
    places: int = 6  # decimals that are kept; more are refused, not rounded
    agree: bool = False


@dataclass(frozen=True, slots=True)
class EntitySpec:
    """Something that can be imported. ``line_fields`` make it a document of several rows."""

    name: str
    fields: tuple[FieldSpec, ...]
    line_fields: tuple[FieldSpec, ...] = ()
    key: tuple[str, ...] = ("external_id",)

    def field(self, name: str) -> FieldSpec | None:
        return next((spec for spec in self.fields if spec.name == name), None)

    def line_field(self, name: str) -> FieldSpec | None:
        return next((spec for spec in self.line_fields if spec.name == name), None)


@dataclass(frozen=True, slots=True)
class Template:
    """Text with ``{Column}`` places. Only columns can be named: no expressions, no attributes."""

    parts: tuple[tuple[str, str | None], ...]  # literal text, then the column after it (None at the end)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column for _text, column in self.parts if column is not None)

    def fill(self, cells: Mapping[str, Cell]) -> str:
        """The text, or "" when every column it names is blank."""
        values = {column: as_text(cells.get(column)).strip() for column in self.columns}
        if values and not any(values.values()):
            return ""
        return "".join(text + (values[column] if column is not None else "") for text, column in self.parts)


@dataclass(frozen=True, slots=True)
class Pick:
    """Where one field comes from and how its cell is read."""

    spec: FieldSpec
    read_cell: Callable[[Cell, str], Value]
    column: str | None = None
    text: Template | None = None
    constant: Value | None = None
    default: Value | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)  # case-folded cell → what it stands for

    @property
    def columns(self) -> tuple[str, ...]:
        if self.text is not None:
            return self.text.columns
        return (self.column,) if self.column is not None else ()

    @property
    def label(self) -> str:
        return self.column or self.spec.name

    def read(self, cells: Mapping[str, Cell]) -> Value | None:
        """The value of this field in a row; raises ValueProblem."""
        if self.constant is not None:
            return self.constant
        raw = self.text.fill(cells) if self.text is not None else cells.get(self.column or "")
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return self._blank()
        raw = unguarded(raw)
        if self.aliases:
            raw = self.aliases.get(as_text(raw).strip().casefold(), raw)
        return self.read_cell(raw, self.label)

    def corrected(self, cells: Mapping[str, Cell]) -> tuple[str, str, str] | None:
        """(column, as written, as read) when an alias gives the cell another word; None when it is read as it is."""
        written = as_text(unguarded(cells.get(self.column or ""))).strip()
        meant = self.aliases.get(written.casefold())
        return None if meant is None or meant == written else (self.label, written, meant)

    def _blank(self) -> Value | None:
        if self.default is None and self.spec.required:
            raise ValueProblem("value.missing", self.label, "")
        return self.default


@dataclass(frozen=True, slots=True)
class Condition:
    """A test on one cell; a target takes the rows that pass all of its conditions."""

    column: str
    test: str
    operand: str | bool | tuple[str, ...] | Decimal

    def holds(self, cells: Mapping[str, Cell]) -> bool:
        return _TESTS[self.test](as_text(unguarded(cells.get(self.column))).strip(), self.operand)


def _number(text: str) -> Decimal | None:
    try:
        return read_decimal(text, "")
    except ValueProblem:
        return None


def _below(text: str, operand: object) -> bool:
    number = _number(text)
    return number is not None and isinstance(operand, Decimal) and number < operand


def _above(text: str, operand: object) -> bool:
    number = _number(text)
    return number is not None and isinstance(operand, Decimal) and number > operand


_TESTS: dict[str, Callable[[str, object], bool]] = {
    "starts_with": lambda text, operand: text.startswith(str(operand)),
    "not_starts_with": lambda text, operand: not text.startswith(str(operand)),
    "equals": lambda text, operand: text == operand,
    "not_equals": lambda text, operand: text != operand,
    "one_of": lambda text, operand: isinstance(operand, tuple) and text in operand,
    "none_of": lambda text, operand: isinstance(operand, tuple) and text not in operand,
    "blank": lambda text, operand: (text == "") is operand,
    "below": _below,
    "above": _above,
}
TESTS = tuple(_TESTS)


@dataclass(frozen=True, slots=True)
class Target:
    """What rows become: one entity with its fields, taken from the rows that pass ``when``."""

    place: str  # "target 2", for errors
    entity: EntitySpec
    key: tuple[str, ...]
    picks: tuple[Pick, ...]
    lines: tuple[Pick, ...] = ()
    group_by: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    file: str | None = None
    sheet: str | None = None

    def takes(self, cells: Mapping[str, Cell]) -> bool:
        return all(condition.holds(cells) for condition in self.when)

    def takes_file(self, name: str) -> bool:
        return self.file is None or fnmatch(name.casefold(), self.file.casefold())

    def read(self, cells: Mapping[str, Cell]) -> Values:
        """The fields of a row; raises the first ValueProblem."""
        return {pick.spec.name: pick.read(cells) for pick in self.picks}

    def read_line(self, cells: Mapping[str, Cell]) -> Values:
        """The line fields of a row; raises the first ValueProblem."""
        return {pick.spec.name: pick.read(cells) for pick in self.lines}

    @property
    def worded(self) -> tuple[Pick, ...]:
        """Fields of free text whose cells may stand for other words: what was read otherwise is told."""
        return tuple(p for p in (*self.picks, *self.lines) if p.aliases and p.column and p.spec.kind == "text")

    def external_key(self, values: Values) -> str:
        """What the record is called in the source; "" when every part of it is blank."""
        parts = [as_key(values.get(name)) for name in self.key]
        return KEY_JOINT.join(parts) if any(parts) else ""

    def group_key(self, cells: Mapping[str, Cell]) -> str:
        """What rows of one document share."""
        return KEY_JOINT.join(as_text(cells.get(column)).strip() for column in self.group_by)

    def check_columns(self, table: Table) -> None:
        """Raise MapError for the first column that the table does not have."""
        named = [(f"columns.{p.spec.name}", c) for p in self.picks for c in p.columns]
        named += [(f"lines.{p.spec.name}", c) for p in self.lines for c in p.columns]
        named += [("when", condition.column) for condition in self.when]
        named += [("group_by", column) for column in self.group_by]
        for where, column in named:
            if column not in table.columns:
                raise MapError(
                    "map.missing_column",
                    place=f"{self.place}, {where}",
                    column=column,
                    table=table.path.name,
                    columns=", ".join(table.columns[:40]),
                )


def as_key(value: Value | None) -> str:
    """One part of an external key as text."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool | int):
        return str(value)
    return as_text(value)


@dataclass(frozen=True, slots=True)
class Source:
    """How the files are read."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int = 1
    timezone: str = "UTC"
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportMap:
    """A whole map. ``name`` and a record's external key together say what was imported before."""

    name: str
    source: Source
    targets: tuple[Target, ...]
    defaults: Values
    digest: str  # sha256 of the map's text

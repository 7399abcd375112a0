"""The page of columns: what each column seems to mean, what was chosen, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from rawabit.connect.actions.files import header_mark
from rawabit.connect.desk import words
from rawabit.connect.logic.guessing import LINES, Writing, fields_of, guess_columns, guess_kind, guess_writing
from rawabit.connect.logic.plans import COMPOSED, Plan, doubled, spec_of, write_map
from rawabit.connect.models import ImportFile
from rawabit.connect.places import path_of
from rawabit.connect.policies import IMPORTS
from rawabit.connect.queries import choices_of_like
from rawabit.connect.targets import ENTITIES
from rawabit.kit.importing import EntitySpec, ImportMap, MapError, Row, Table, TableError, open_table, parse_map
from rawabit.kit.importing.problems import ValueProblem
from rawabit.kit.importing.values import shown
from rawabit.kit.importing.workbooks import sheet_names
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.text import clean_user_text

MOST_COLUMNS = 150
LOOKED_AT, SHOWN = 40, 3
USUAL_SOURCE = "files"


@dataclass(slots=True)
class Opened:
    """A stored table with its first rows."""

    table: Table
    rows: list[Row]
    sheets: list[str] = field(default_factory=list)

    @property
    def columns(self) -> tuple[str, ...]:
        return self.table.columns

    def cells(self, column: str) -> list[Any]:
        return [row.cells.get(column) for row in self.rows if row.cells.get(column) not in (None, "")]


def open_stored(file: ImportFile) -> Opened:
    """The table of an uploaded file, read as its owner says. Raises TableError."""
    path, reading = path_of(file), dict(file.reading)
    table = open_table(
        path,
        encoding=reading.get("encoding"),
        delimiter=reading.get("delimiter"),
        sheet=reading.get("sheet"),
        header_row=int(reading.get("header_row", 1)),
    )
    if len(table.columns) > MOST_COLUMNS:
        raise TableError("table.too_many_columns", columns=len(table.columns), limit=MOST_COLUMNS)
    return Opened(table, list(islice(table, LOOKED_AT)), sheet_names(path) if table.kind == "xlsx" else [])


def kinds_for(request: Request) -> list[str]:
    """Kinds of records that the person may import."""
    return [kind for kind in words.CONSTANTS if request.actor.may(IMPORTS[kind])]


def first_plan(file: ImportFile, opened: Opened, request: Request, kind: str = "") -> Plan:
    """The choices to begin with: those of this file, of the last file like it, or guesses."""
    allowed = kinds_for(request)
    known = file.choices or choices_of_like(header_mark(opened.columns))
    if known and known.get("kind") in allowed and kind in ("", known["kind"]):
        plan = Plan.of(known)
        if set(plan.columns) | set(plan.key) <= set(opened.columns):
            plan.timezone = request.company.timezone
            return plan
    name = kind if kind in allowed else guess_kind(opened.columns, [ENTITIES[k] for k in allowed])
    return guessed_plan(ENTITIES[name], opened, request)


def guessed_plan(entity: EntitySpec, opened: Opened, request: Request) -> Plan:
    """Guesses from the headers, and from the cells below them."""
    chosen = guess_columns(opened.columns, entity)
    writing = _writing(entity, chosen, opened)
    key = [] if COMPOSED in chosen.values() else _key_columns(entity, chosen)
    quantities = [column for column, name in chosen.items() if name == LINES + "quantity"]
    negative = [cell for column in quantities for cell in opened.cells(column) if str(cell).strip().startswith("-")]
    return Plan(
        kind=entity.name, name=USUAL_SOURCE, columns=chosen, constants=_usual(entity, chosen, request), key=key,
        calendar=writing.calendar, date_format=writing.date_format, decimal=writing.decimal,
        negate=entity.name == "credit_note" and bool(negative), timezone=request.company.timezone,
    )  # fmt: skip


def _writing(entity: EntitySpec, chosen: Mapping[str, str], opened: Opened) -> Writing:
    def cells(*kinds: str) -> list[Any]:
        columns = [c for c, n in chosen.items() if (spec := spec_of(entity, n)) is not None and spec.kind in kinds]
        return [cell for column in columns for cell in opened.cells(column)]

    return guess_writing(cells("date", "datetime"), cells("decimal"))


def _key_columns(entity: EntitySpec, chosen: Mapping[str, str]) -> list[str]:
    """Where nothing is a number: the name, and the phone of people, whose names are not theirs alone."""
    by_field = {name: column for column, name in chosen.items()}
    wanted = {"customer": ("name",), "contact": ("full_name", "mobile", "phone", "email"), "item": ("name",),
              "lead": ("email", "phone", "name", "company_name"), "opportunity": ("title", "customer")}  # fmt: skip
    found = [by_field[name] for name in wanted.get(entity.name, ()) if name in by_field]
    return found[:2]


def _usual(entity: EntitySpec, chosen: Mapping[str, str], request: Request) -> dict[str, str]:
    company = request.company
    usual = {"currency": company.currency, "country": company.country, "language": company.language}
    names = words.CONSTANTS[entity.name]
    return {name: usual[name] for name in names if name in usual and name not in chosen.values()}


def posted_plan(entity: EntitySpec, opened: Opened, request: Request) -> Plan:
    """The choices as sent; words that the page does not offer count as none."""
    post = request.POST
    offered = set(fields_of(entity))
    columns = {c: n for i, c in enumerate(opened.columns) if (n := post.get(f"col-{i}", "")) in offered}
    key = [opened.columns[int(i)] for name in ("key-0", "key-1") if _is_place(i := post.get(name, ""), opened)]
    constants = {n: v for n in words.CONSTANTS[entity.name] if (v := _typed(post.get(f"const-{n}", ""), 200))}
    calendar = post.get("calendar", "")
    return Plan(
        kind=entity.name,
        name=_typed(post.get("source", ""), 60) or USUAL_SOURCE,
        columns=columns,
        constants=constants,
        key=list(dict.fromkeys(key)),
        calendar=calendar if calendar in dict(words.CALENDARS) else "gregorian",
        date_format=_typed(post.get("date_format", ""), 40),
        decimal="," if post.get("decimal") == "," else ".",
        negate=post.get("negate") == "1",
        when=_posted_when(opened, request),
        timezone=request.company.timezone,
    )


def _posted_when(opened: Opened, request: Request) -> dict[str, str]:
    place, test = request.POST.get("when-column", ""), request.POST.get("when-test", "")
    if not _is_place(place, opened) or test not in dict(words.TESTS):
        return {}
    return {
        "column": opened.columns[int(place)],
        "test": test,
        "value": _typed(request.POST.get("when-value", ""), 200),
    }


def _is_place(text: str, opened: Opened) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6 and int(text) < len(opened.columns)


def _typed(text: str, limit: int) -> str:
    return " ".join(clean_user_text(text).split())[:limit]


@dataclass(slots=True)
class Judged:
    """A plan that was written as a map and tried on the first rows."""

    plan: Plan
    text: str = ""
    map: ImportMap | None = None
    columns: dict[str, str] = field(default_factory=dict)  # column → what is wrong with it
    fields: dict[str, str] = field(default_factory=dict)  # field said for all rows → what is wrong with it
    general: list[str] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)  # column → its first cell as it will be understood

    @property
    def sound(self) -> bool:
        return self.map is not None and not (self.fields or self.general or self.columns)


def judge(plan: Plan, opened: Opened, file: ImportFile) -> Judged:
    """What is wrong with the choices, each mistake where it was made, and how the first cells read."""
    entity = ENTITIES[plan.kind]
    found = Judged(plan)
    for column, other in doubled(plan).items():
        found.columns[column] = str(_("“%(column)s” gives this field already.")) % {"column": other}
    found.text = write_map(plan, entity, file.reading)
    try:
        found.map = parse_map(found.text, ENTITIES)
        for target in found.map.targets:
            target.check_columns(opened.table)
    except MapError as error:
        _place_error(error, entity, found)
        return found
    _read_samples(found, opened)
    return found


def _place_error(error: MapError, entity: EntitySpec, found: Judged) -> None:
    place = str(error.facts.get("place", ""))
    if error.code in ("map.required_field", "map.missing_key", "map.key_not_mapped"):
        name = str(error.facts.get("field") or error.facts.get("key"))
        _needed(LINES + name if place.endswith("lines") else name, entity, found)
        return
    inner = place.rpartition(", ")[2]
    group, _dot, rest = inner.partition(".")
    name = (LINES if group == "lines" else "") + rest.split(".")[0]
    column = next((c for c, n in found.plan.columns.items() if n == name), None)
    reason = str(error.facts.get("reason") or error)
    if column is not None and name not in found.plan.constants:
        found.columns[column] = reason
    elif name in words.CONSTANTS[entity.name]:
        found.fields[name] = reason.rpartition(": ")[2] if "target" in reason else reason
    else:
        found.general.append(str(error))


def _needed(name: str, entity: EntitySpec, found: Judged) -> None:
    if name == COMPOSED:
        found.fields[COMPOSED] = str(_("Choose the column that tells one record from the next."))
    elif name in words.CONSTANTS[entity.name]:
        found.fields[name] = str(_("This is needed: choose its column above, or say it here for all rows."))
    else:
        text = str(_("“%(field)s” is needed: choose its column."))
        found.general.append(text % {"field": words.label_of(entity, name)})


def _read_samples(found: Judged, opened: Opened) -> None:
    """The first filled cell of each column as it will be understood; a cell that cannot be read says why."""
    assert found.map is not None
    for target in found.map.targets:
        for pick in (*target.picks, *target.lines):
            row = next((r for r in opened.rows if pick.column and r.cells.get(pick.column) not in (None, "")), None)
            if row is None or not pick.column:
                continue
            try:
                value = pick.read(row.cells)
            except ValueProblem as problem:
                found.read[pick.column] = f"⚠ {problem}"
            else:
                found.read[pick.column] = _told(value, pick.spec.kind)


def _told(value: Any, kind: str) -> str:
    if value is None or isinstance(value, bool):
        return str(_("Yes") if value else _("No")) if value is not None else ""
    if kind == "datetime":
        return str(value.strftime("%Y-%m-%d %H:%M"))
    return words.choice_words(str(value)) if kind == "choice" else shown(value if kind != "integer" else str(value))


def page_context(judged: Judged, opened: Opened, file: ImportFile, request: Request) -> dict[str, Any]:
    """Everything that the page of columns shows."""
    plan, entity = judged.plan, ENTITIES[judged.plan.kind]
    keyed = entity.field(COMPOSED) is not None and COMPOSED not in plan.columns.values()
    return {
        "file": file,
        "plan": plan,
        "kinds": [(kind, words.KINDS[kind], kind == plan.kind) for kind in kinds_for(request)],
        "rows": [_column_row(i, column, judged, opened) for i, column in enumerate(opened.columns)],
        "options": _options(entity),
        "constants": [_constant(entity, name, judged) for name in words.CONSTANTS[entity.name]],
        "keyed": keyed,
        "key_error": judged.fields.get(COMPOSED, ""),
        "keys": [_key_choice(n, plan, opened) for n in (0, 1)],
        "general": judged.general,
        "calendars": words.CALENDARS,
        "formats": _formats(plan),
        "decimals": words.DECIMALS,
        "tests": words.TESTS,
        "when_columns": list(enumerate(opened.columns)),
        "has_dates": any(spec.kind in ("date", "datetime") for spec in entity.fields),
        "has_numbers": any(spec.kind == "decimal" for spec in (*entity.fields, *entity.line_fields)),
        "may_negate": plan.kind == "credit_note",
        "notes": opened.table.notes,
        **reading_context(file, opened),
    }


def reading_context(file: ImportFile, opened: Opened | None) -> dict[str, Any]:
    """The small form that says how the file is read."""
    return {
        "encodings": words.ENCODINGS if opened is None or opened.table.kind == "csv" else (),
        "delimiters": words.DELIMITERS if opened is None or opened.table.kind == "csv" else (),
        "sheets": opened.sheets if opened is not None else [],
        "sheet_now": opened.table.sheet if opened is not None else "",
        "reading": file.reading,
        "header_row": file.reading.get("header_row", 1),
    }


def _column_row(place: int, column: str, judged: Judged, opened: Opened) -> dict[str, Any]:
    cells = list(dict.fromkeys(shown(cell) for cell in opened.cells(column)))[:SHOWN]
    return {
        "place": place, "column": column, "cells": cells, "chosen": judged.plan.columns.get(column, ""),
        "error": judged.columns.get(column, ""), "read": judged.read.get(column, ""),
    }  # fmt: skip


def _options(entity: EntitySpec) -> list[tuple[Any, list[tuple[str, str, bool]]]]:
    """Fields to choose from, those of lines in a group of their own; the third part: it is needed."""
    heads = [(spec.name, words.label_of(entity, spec.name), spec.required) for spec in entity.fields]
    lines = [(LINES + s.name, words.label_of(entity, LINES + s.name), s.required) for s in entity.line_fields]
    groups: list[tuple[Any, list[tuple[str, str, bool]]]] = [(words.KINDS[entity.name], heads)]
    return [*groups, (_("Lines"), lines)] if lines else groups


def _constant(entity: EntitySpec, name: str, judged: Judged) -> dict[str, Any]:
    spec = spec_of(entity, name)
    choices: Sequence[str] = spec.choices if spec is not None else ()
    return {
        "name": name, "label": words.label_of(entity, name), "value": judged.plan.constants.get(name, ""),
        "choices": [(code, words.choice_words(code)) for code in choices], "error": judged.fields.get(name, ""),
        "ltr": name in ("currency", "country", "owner", "lines.tax_rate", "valid_from", "unit", "tax"),
        "mapped": name in judged.plan.columns.values(),
    }  # fmt: skip


def _key_choice(n: int, plan: Plan, opened: Opened) -> dict[str, Any]:
    chosen = plan.key[n] if n < len(plan.key) else ""
    return {"n": n, "options": [(i, column, column == chosen) for i, column in enumerate(opened.columns)]}


def _formats(plan: Plan) -> list[tuple[str, Any]]:
    known = list(words.FORMATS)
    return known if plan.date_format in dict(known) else [*known, (plan.date_format, plan.date_format)]

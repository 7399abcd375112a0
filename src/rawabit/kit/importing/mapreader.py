"""A map's TOML, read and checked to the last key, with one sentence that names the place of a mistake."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rawabit.kit.calendar_math import CALENDARS
from rawabit.kit.importing.dates import BadPattern, compile_pattern
from rawabit.kit.importing.maps import (
    KINDS,
    TESTS,
    Condition,
    EntitySpec,
    FieldSpec,
    ImportMap,
    Pick,
    Source,
    Target,
    Template,
    Value,
    Values,
)
from rawabit.kit.importing.problems import MapError, ValueProblem
from rawabit.kit.importing.transforms import NUMBER_TRANSFORMS, TEXT_TRANSFORMS
from rawabit.kit.importing.values import (
    Cell,
    read_bool,
    read_choice,
    read_date,
    read_datetime,
    read_decimal,
    read_exact,
    read_integer,
    read_text,
)

LONGEST_NAME = 60
_TOP: dict[str, type] = {"name": str, "source": dict, "defaults": dict, "aliases": dict, "target": list}
_SOURCE: dict[str, type] = {
    "encoding": str, "delimiter": str, "sheet": str, "header_row": int, "timezone": str, "files": list,
}  # fmt: skip
_TARGET: dict[str, type] = {
    "entity": str, "key": list, "columns": dict, "lines": dict, "group_by": list, "when": list, "file": str,
    "sheet": str,
}  # fmt: skip
_PICK: dict[str, type | tuple[type, ...]] = {
    "column": str, "constant": (str, int, bool), "text": str, "type": str, "format": str, "calendar": str,
    "decimal": str, "default": (str, int, bool), "aliases": (dict, str), "transform": (str, list),
}  # fmt: skip
_WORDS = {str: "text", dict: "a table", list: "a list", int: "a number", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class _Context:
    """What the picks of a target share."""

    zone: ZoneInfo
    defaults: Mapping[str, Any]
    aliases: Mapping[str, Any]


def load_map(path: Path, entities: Mapping[str, EntitySpec]) -> ImportMap:
    """Read a map file. Raises MapError (unreadable, not TOML, anything unknown or missing)."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise MapError("map.unreadable", place=str(path), reason=error.strerror or "") from error
    except UnicodeDecodeError as error:
        raise MapError("map.syntax", place=path.name, reason="not UTF-8") from error
    return parse_map(text, entities, place=path.name)


def parse_map(text: str, entities: Mapping[str, EntitySpec], *, place: str = "map") -> ImportMap:
    """A map from its text; see :func:`load_map`."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise MapError("map.syntax", place=place, reason=str(error)) from error
    _check(data, _TOP, place)
    source = _source(data.get("source", {}))
    tables = data.get("target", [])
    if not tables:
        raise MapError("map.no_targets", place=place)
    context = _Context(_zone(source.timezone), data.get("defaults", {}), data.get("aliases", {}))
    targets = tuple(_target(table, entities, f"target {n}", context) for n, table in enumerate(tables, start=1))
    _known_defaults(context.defaults, targets)
    name = data.get("name", "").strip()
    if not name:
        raise MapError("map.missing_key", place=place, key="name")
    if len(name) > LONGEST_NAME:
        raise MapError("map.wrong_type", place=place, key="name", expected=f"≤ {LONGEST_NAME}")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return ImportMap(name, source, targets, _default_values(context, targets), digest)


def _check(table: object, known: Mapping[str, Any], place: str) -> None:
    if not isinstance(table, dict):
        raise MapError("map.wrong_type", place=place, key=place, expected=_WORDS[dict])
    for key, value in table.items():
        if key not in known:
            raise MapError("map.unknown_key", place=place, key=key, known=", ".join(known))
        kinds = known[key] if isinstance(known[key], tuple) else (known[key],)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            expected = " / ".join(_WORDS[kind] for kind in kinds)
            raise MapError("map.wrong_type", place=place, key=key, expected=expected)
        if isinstance(value, list) and list in kinds and key not in ("target", "when"):
            _check_texts(value, key, place)


def _check_texts(values: list[object], key: str, place: str) -> None:
    if not values or not all(isinstance(value, str) for value in values):
        raise MapError("map.wrong_type", place=place, key=key, expected="a list of texts")


def _source(table: dict[str, Any]) -> Source:
    _check(table, _SOURCE, "source")
    if table.get("header_row", 1) < 1:
        raise MapError("map.wrong_type", place="source", key="header_row", expected="1 or more")
    values = {**table, "files": tuple(table.get("files", ()))}
    return Source(**values)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise MapError("map.bad_timezone", place="source", timezone=name) from error


def _target(table: object, entities: Mapping[str, EntitySpec], place: str, context: _Context) -> Target:
    _check(table, _TARGET, place)
    assert isinstance(table, dict)
    for needed in ("entity", "columns"):
        if needed not in table:
            raise MapError("map.missing_key", place=place, key=needed)
    entity = entities.get(table["entity"])
    if entity is None:
        known = ", ".join(sorted(entities))
        raise MapError("map.unknown_entity", place=place, entity=table["entity"], known=known)
    picks = _picks(table["columns"], entity, entity.fields, f"{place}, columns", context)
    lines = _lines(table.get("lines"), entity, place, context)
    key = _key(table.get("key"), entity, picks, place)
    return Target(
        place=place,
        entity=entity,
        key=key,
        picks=picks,
        lines=lines,
        group_by=_group_by(table.get("group_by"), key, picks, place) if lines else (),
        when=tuple(_condition(item, f"{place}, when {n}") for n, item in enumerate(table.get("when", ()), start=1)),
        file=table.get("file"),
        sheet=table.get("sheet"),
    )


def _key(named: list[str] | None, entity: EntitySpec, picks: tuple[Pick, ...], place: str) -> tuple[str, ...]:
    """The fields that identify a record in the source: as named, else the entity's usual ones that are mapped."""
    mapped = {pick.spec.name for pick in picks}
    key = tuple(named) if named else tuple(name for name in entity.key if name in mapped) or entity.key
    for name in key:
        if name not in mapped:
            raise MapError("map.key_not_mapped", place=place, field=name)
    return key


def _lines(table: dict[str, Any] | None, entity: EntitySpec, place: str, context: _Context) -> tuple[Pick, ...]:
    if table is None:
        if entity.line_fields:
            raise MapError("map.missing_key", place=place, key="lines")
        return ()
    if not entity.line_fields:
        raise MapError("map.no_lines", place=place, entity=entity.name)
    return _picks(table, entity, entity.line_fields, f"{place}, lines", context)


def _group_by(named: list[str] | None, key: tuple[str, ...], picks: Iterable[Pick], place: str) -> tuple[str, ...]:
    """The columns named, or those that the key comes from."""
    by_name = {pick.spec.name: pick for pick in picks}
    columns = tuple(named) if named else tuple(column for name in key for column in by_name[name].columns)
    if not columns:
        raise MapError("map.lines_without_group", place=place)
    return columns


def _picks(
    table: dict[str, Any], entity: EntitySpec, specs: tuple[FieldSpec, ...], place: str, context: _Context
) -> tuple[Pick, ...]:
    by_name = {spec.name: spec for spec in specs}
    picks = []
    for name, rule in table.items():
        if name not in by_name:
            known = ", ".join(by_name)
            raise MapError("map.unknown_field", place=place, entity=entity.name, field=name, known=known)
        picks.append(_pick(by_name[name], rule, f"{place}.{name}", context))
    for spec in specs:
        if spec.name not in table and spec.name in context.defaults:
            rule = {"constant": context.defaults[spec.name]}
            picks.append(_pick(spec, rule, f"defaults.{spec.name}", context))
        elif spec.name not in table and spec.required:
            raise MapError("map.required_field", place=place, field=spec.name, entity=entity.name)
    return tuple(picks)


def _pick(spec: FieldSpec, rule: object, place: str, context: _Context) -> Pick:
    table = {"column": rule} if isinstance(rule, str) else rule
    _check(table, _PICK, place)
    assert isinstance(table, dict)
    if sum(key in table for key in ("column", "constant", "text")) != 1:
        raise MapError("map.not_one_source", place=place)
    if table.get("type", spec.kind) != spec.kind:
        raise MapError("map.wrong_type", place=place, key="type", expected=spec.kind)
    read_cell = _reader(spec, table, place, context)
    aliases = _aliases(table.get("aliases", {}), place, context)
    for shown, meaning in aliases.items():
        _prepared(meaning, read_cell, f"{place}.aliases.{shown}")
    return Pick(
        spec=spec,
        read_cell=read_cell,
        column=table.get("column"),
        text=_template(table["text"], place) if "text" in table else None,
        constant=_prepared(table["constant"], read_cell, place) if "constant" in table else None,
        default=_default(spec, table, read_cell, place, context),
        aliases={shown.strip().casefold(): str(meaning) for shown, meaning in aliases.items()},
    )


def _aliases(named: dict[str, Any] | str, place: str, context: _Context) -> dict[str, Any]:
    """The table itself, or the one of that name under [aliases]."""
    aliases = context.aliases.get(named) if isinstance(named, str) else named
    if not isinstance(aliases, dict):
        known = ", ".join(context.aliases) or "—"
        raise MapError("map.unknown_key", place=f"{place}.aliases", key=named, known=known)
    return aliases


def _default(
    spec: FieldSpec, table: dict[str, Any], read_cell: Callable[[Cell, str], Value], place: str, context: _Context
) -> Value | None:
    if "default" in table:
        return _prepared(table["default"], read_cell, place)
    if spec.name in context.defaults:
        return _prepared(context.defaults[spec.name], read_cell, f"defaults.{spec.name}")
    return None


def _prepared(value: object, read_cell: Callable[[Cell, str], Value], place: str) -> Value:
    """A value written in the map, read as its field would read a cell: mistakes show before the first row."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if not isinstance(value, str | int | bool):
        raise MapError("map.wrong_type", place=place, key=place.rsplit(".", 1)[-1], expected=_WORDS[str])
    try:
        return read_cell(text, place)
    except ValueProblem as problem:
        raise MapError("map.bad_value", place=place, value=text, reason=str(problem)) from problem


def _reader(spec: FieldSpec, table: dict[str, Any], place: str, context: _Context) -> Callable[[Cell, str], Value]:
    _only_for(table, place, "calendar", "format", spec.kind in ("date", "datetime"))
    _only_for(table, place, "decimal", None, spec.kind == "decimal")
    read = _read_kind(spec, table, place, context)
    names = table.get("transform", [])
    names = [names] if isinstance(names, str) else names
    known = TEXT_TRANSFORMS if spec.kind in ("text", "choice") else NUMBER_TRANSFORMS
    for name in names:
        if name not in known or spec.kind not in ("text", "choice", "decimal", "integer"):
            raise MapError("map.bad_transform", place=place, transform=name, known=", ".join(known))
    if not names:
        return read
    return partial(_transformed, read=read, steps=[known[name] for name in names], before=known is TEXT_TRANSFORMS)


def _transformed(
    cell: Cell, column: str, *, read: Callable[[Cell, str], Any], steps: list[Callable[[Any], Any]], before: bool
) -> Value:
    """Text changes before it is checked (a choice may need its letter case), a number after it was read."""
    value: Any = read_text(cell, column) if before else read(cell, column)
    for step in steps:
        value = step(value)
    return read(value, column) if before else value  # type: ignore[no-any-return]


def _only_for(table: dict[str, Any], place: str, one: str, other: str | None, fits: bool) -> None:
    for key in (one, other):
        if key is not None and key in table and not fits:
            raise MapError("map.unknown_key", place=place, key=key, known="column, constant, text, default, aliases")


def _read_kind(spec: FieldSpec, table: dict[str, Any], place: str, context: _Context) -> Callable[[Cell, str], Value]:
    match spec.kind:
        case "text":
            return partial(read_text, limit=spec.limit)
        case "decimal":
            return partial(read_exact, decimal=_decimal_mark(table, place), places=spec.places)
        case "integer":
            return read_integer
        case "bool":
            return read_bool
        case "choice":
            return partial(read_choice, choices=spec.choices)
        case "date":
            return partial(read_date, pattern=_pattern(table, place))
        case "datetime":
            return partial(read_datetime, pattern=_pattern(table, place), zone=context.zone)
        case other:
            raise ValueError(f"field {spec.name} has kind {other}, not one of {KINDS}")


def _decimal_mark(table: dict[str, Any], place: str) -> str:
    mark = table.get("decimal", ".")
    if mark not in (".", ","):
        raise MapError("map.wrong_type", place=place, key="decimal", expected='"." / ","')
    return str(mark)


def _pattern(table: dict[str, Any], place: str) -> Any:
    calendar = table.get("calendar", "gregorian")
    if calendar not in CALENDARS:
        raise MapError("map.bad_calendar", place=place, calendar=calendar)
    try:
        return compile_pattern(table.get("format"), calendar)
    except BadPattern as error:
        raise MapError("map.bad_format", place=place, format=table["format"]) from error


def _template(text: str, place: str) -> Template:
    pieces = re.split(r"\{([^{}]*)\}", text)
    literals, columns = pieces[0::2], pieces[1::2]
    if any("{" in piece or "}" in piece for piece in literals) or not columns or not all(c.strip() for c in columns):
        raise MapError("map.bad_placeholder", place=place, text=text)
    return Template(tuple(zip(literals, [*columns, None], strict=True)))


def _condition(table: object, place: str) -> Condition:
    known = {"column": str, **dict.fromkeys(TESTS, (str, int, bool, list))}
    _check(table, known, place)
    assert isinstance(table, dict)
    tests = [key for key in table if key != "column"]
    if "column" not in table or len(tests) != 1:
        raise MapError("map.bad_condition", place=place, known=", ".join(TESTS))
    return Condition(table["column"], tests[0], _operand(tests[0], table[tests[0]], place))


def _operand(test: str, value: Any, place: str) -> str | bool | tuple[str, ...] | Decimal:
    texts = (list, "a list of texts")
    expected = {"blank": (bool, _WORDS[bool]), "one_of": texts, "none_of": texts}
    kind, words = expected.get(test, ((str, int), _WORDS[str]))
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise MapError("map.wrong_type", place=place, key=test, expected=words)
    if test in ("below", "above"):
        return _bound(value, test, place)
    if isinstance(value, list):
        return tuple(value)
    return value if isinstance(value, bool) else str(value)


def _bound(value: object, test: str, place: str) -> Decimal:
    try:
        return read_decimal(str(value), test)
    except ValueProblem as problem:
        raise MapError("map.wrong_type", place=place, key=test, expected=_WORDS[int]) from problem


def _known_defaults(defaults: Mapping[str, Any], targets: tuple[Target, ...]) -> None:
    known = sorted({s.name for target in targets for s in (*target.entity.fields, *target.entity.line_fields)})
    for name in defaults:
        if name not in known:
            raise MapError("map.unknown_key", place="defaults", key=name, known=", ".join(known))


def _default_values(context: _Context, targets: tuple[Target, ...]) -> Values:
    picks = [pick for target in targets for pick in (*target.picks, *target.lines)]
    return {p.spec.name: p.constant if p.constant is not None else p.default for p in picks
            if p.spec.name in context.defaults}  # fmt: skip

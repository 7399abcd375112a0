"""What a person chose on the page of columns, written as a map: the same TOML that the command line reads. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rawabit.connect.logic.guessing import LINES
from rawabit.kit.importing import EntitySpec, FieldSpec

COMPOSED = "external_id"
# Words of cells for fields with a closed list, in three languages.
MEANINGS: dict[str, dict[str, str]] = {
    "customer.kind": {
        "شركة": "company", "منشأة": "company", "مؤسسة": "company", "فرد": "individual", "جهة حكومية": "government",
        "حكومي": "government", "شریک": "partner", "شريك": "partner", "شرکت": "company", "حقوقی": "company",
        "حقیقی": "individual", "شخص": "individual", "دولتی": "government", "business": "company",
        "person": "individual", "b2b": "company", "b2c": "individual",
    },
    "item.kind": {
        "سلعة": "goods", "منتج": "goods", "صنف": "goods", "خدمة": "service", "کالا": "goods", "خدمت": "service",
        "خدمات": "service", "product": "goods", "good": "goods", "services": "service",
    },
    "language": {
        "العربية": "ar", "عربي": "ar", "عربی": "ar", "arabic": "ar", "فارسي": "fa", "فارسی": "fa", "persian": "fa",
        "farsi": "fa", "الإنجليزية": "en", "إنجليزي": "en", "انگلیسی": "en", "english": "en",
    },
    "opportunity.state": {
        "مفتوحة": "open", "جارية": "open", "باز": "open", "جاری": "open", "in progress": "open", "new": "open",
        "مكسوبة": "won", "فازت": "won", "تم الفوز": "won", "برنده": "won", "موفق": "won", "closed won": "won",
        "خاسرة": "lost", "مفقودة": "lost", "از دست رفته": "lost", "ناموفق": "lost", "closed lost": "lost",
    },
    "lead.priority": {
        "عالية": "high", "مرتفعة": "high", "زیاد": "high", "بالا": "high", "hot": "high", "عادية": "normal",
        "متوسطة": "normal", "متوسط": "normal", "عادی": "normal", "warm": "normal", "منخفضة": "low", "کم": "low",
        "پایین": "low", "cold": "low",
    },
    "payment.method": {
        "حوالة": "transfer", "حوالة بنكية": "transfer", "تحويل": "transfer", "واریز": "transfer",
        "واریز بانکی": "transfer", "bank transfer": "transfer", "bank": "transfer", "نقد": "cash", "نقدا": "cash",
        "نقدي": "cash", "نقدی": "cash", "بطاقة": "card", "کارت": "card", "credit card": "card", "مدى": "mada",
        "شيك": "cheque", "چک": "cheque", "check": "cheque", "کارت به کارت": "card_to_card", "أونلاين": "online",
        "آنلاین": "online",
    },
    "payment.direction": {
        "وارد": "in", "قبض": "in", "دریافت": "in", "receipt": "in", "صادر": "out", "صرف": "out", "پرداخت": "out",
        "refund": "out",
    },
    "country": {
        "السعودية": "SA", "المملكة العربية السعودية": "SA", "عربستان": "SA", "saudi arabia": "SA", "ksa": "SA",
        "إيران": "IR", "ایران": "IR", "iran": "IR", "الإمارات": "AE", "امارات": "AE", "uae": "AE",
        "united arab emirates": "AE", "الكويت": "KW", "کویت": "KW", "kuwait": "KW", "قطر": "QA", "qatar": "QA",
        "البحرين": "BH", "بحرین": "BH", "bahrain": "BH", "عمان": "OM", "عُمان": "OM", "oman": "OM", "مصر": "EG",
        "egypt": "EG", "الأردن": "JO", "اردن": "JO", "jordan": "JO", "العراق": "IQ", "عراق": "IQ", "iraq": "IQ",
        "united kingdom": "GB", "uk": "GB", "france": "FR", "germany": "DE", "turkey": "TR", "تركيا": "TR",
    },
    "currency": {
        "ريال": "SAR", "ريال سعودي": "SAR", "ر.س": "SAR", "sr": "SAR", "ریال": "IRR", "درهم": "AED", "دولار": "USD",
        "دلار": "USD", "$": "USD", "يورو": "EUR", "یورو": "EUR", "€": "EUR",
    },
}  # fmt: skip


@dataclass(slots=True)
class Plan:
    """The choices of the page. ``columns``: column → field (lines with ``lines.`` before them)."""

    kind: str
    name: str
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    key: list[str] = field(default_factory=list)  # columns that make a key where none is one
    calendar: str = "gregorian"
    date_format: str = ""
    decimal: str = "."
    negate: bool = False
    when: dict[str, str] = field(default_factory=dict)  # column, test, value
    timezone: str = "UTC"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Plan:
        return cls(**stored)


def spec_of(entity: EntitySpec, name: str) -> FieldSpec | None:
    """A field by its name on the page."""
    return entity.line_field(name.removeprefix(LINES)) if name.startswith(LINES) else entity.field(name)


def doubled(plan: Plan) -> dict[str, str]:
    """Columns that feed a field which an earlier column feeds already: column → the earlier column."""
    first: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for column, name in plan.columns.items():
        if name and name in first:
            wrong[column] = first[name]
        elif name:
            first[name] = column
    return wrong


def write_map(plan: Plan, entity: EntitySpec, reading: Mapping[str, Any]) -> str:
    """The map of these choices. ``reading``: what the ``[source]`` of a map says (encoding, delimiter, sheet, row)."""
    lines = [f"name = {quoted(plan.name)}", "", "[source]", f"timezone = {quoted(plan.timezone)}"]
    lines += [f"{key} = {_literal(value)}" for key, value in sorted(reading.items()) if value not in ("", None)]
    lines += ["", "[[target]]", f"entity = {quoted(entity.name)}", *_conditions(plan)]
    head, body = _rules(plan, entity, in_lines=False), _rules(plan, entity, in_lines=True)
    lines += ["", "[target.columns]", *head]
    if entity.line_fields:
        lines += ["", "[target.lines]", *body]
    return "\n".join([*lines, ""])


def _conditions(plan: Plan) -> list[str]:
    if not plan.when.get("column"):
        return []
    test, value = plan.when.get("test", "equals"), plan.when.get("value", "")
    if test in ("blank", "filled"):
        return [f"when = [{{ column = {quoted(plan.when['column'])}, blank = {_literal(test == 'blank')} }}]"]
    return [f"when = [{{ column = {quoted(plan.when['column'])}, {test} = {quoted(value)} }}]"]


def _rules(plan: Plan, entity: EntitySpec, *, in_lines: bool) -> list[str]:
    rules: list[str] = []
    done: set[str] = set()
    for column, name in plan.columns.items():
        spec = spec_of(entity, name) if name and name.startswith(LINES) == in_lines else None
        if spec is not None and spec.name not in done:
            done.add(spec.name)
            rules.append(f"{spec.name} = {_rule(plan, entity, spec, column, name)}")
    for name, value in plan.constants.items():
        spec = spec_of(entity, name) if name.startswith(LINES) == in_lines else None
        if spec is not None and spec.name not in done and value:
            done.add(spec.name)
            rules.append(f"{spec.name} = {{ constant = {quoted(value)} }}")
    if not in_lines and entity.field(COMPOSED) and COMPOSED not in done and plan.key:
        rules.insert(0, f"{COMPOSED} = {_composed(plan.key)}")
    return rules


def _composed(columns: Sequence[str]) -> str:
    if len(columns) == 1 or any(set(column) & set("{}") for column in columns):
        return quoted(columns[0])
    return "{ text = " + quoted(" ".join(f"{{{column}}}" for column in columns)) + " }"


def _rule(plan: Plan, entity: EntitySpec, spec: FieldSpec, column: str, name: str) -> str:
    more: dict[str, str] = {}
    if spec.kind in ("date", "datetime"):
        if plan.calendar != "gregorian":
            more["calendar"] = quoted(plan.calendar)
        if plan.date_format:
            more["format"] = quoted(plan.date_format)
    if spec.kind == "decimal" and plan.decimal != ".":
        more["decimal"] = quoted(plan.decimal)
    if name == LINES + "quantity" and plan.negate:
        more["transform"] = quoted("negate")
    meanings = MEANINGS.get(f"{entity.name}.{spec.name}") or MEANINGS.get(spec.name)
    if meanings:
        inside = ", ".join(f"{quoted(word)} = {quoted(code)}" for word, code in meanings.items())
        more["aliases"] = f"{{ {inside} }}"
    elif spec.name in ("vat_number", "unified_number", "commercial_registration", "barcode"):
        more["transform"] = quoted("latin_digits")
    if plan.constants.get(name):
        more["default"] = quoted(plan.constants[name])
    if not more:
        return quoted(column)
    inside = ", ".join(f"{key} = {value}" for key, value in more.items())
    return f"{{ column = {quoted(column)}, {inside} }}"


def quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else quoted(str(value))

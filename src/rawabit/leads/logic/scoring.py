"""How promising a lead is: plain rules, with the points of each one visible. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.text import fold

# What a criterion may look at; the only field names that a user can choose.
FIELDS: Mapping[str, Any] = {
    "name": _("Full name"),
    "company_name": _("Company"),
    "job_title": _("Job title"),
    "email": _("E-mail"),
    "phone": _("Mobile"),
    "website": _("Website"),
    "official_number": _("Official number"),
    "country": _("Country"),
    "city": _("City"),
    "language": _("Language"),
    "source": pgettext_lazy("of a lead", "Source"),
    "source_detail": _("Campaign or fair"),
    "interest": _("Interested in"),
}
HIGHEST, LOWEST = 1000, -1000


@dataclass(frozen=True, slots=True)
class Rule:
    """``label`` is what people read; see ``leads.models.Criterion``."""

    label: str
    field: str
    test: str
    value: str
    points: int


@dataclass(frozen=True, slots=True)
class Points:
    label: str
    points: int


def holds(rule: Rule, facts: Mapping[str, str]) -> bool:
    """Whether the fact is so. Letters are compared as search compares them; an unknown field or test never holds."""
    if rule.field not in FIELDS:
        return False
    have, want = fold(facts.get(rule.field, "")).strip(), fold(rule.value).strip()
    return {
        "filled": bool(have),
        "empty": not have,
        "is": have == want and bool(want),
        "is_not": have != want and bool(want),
        "contains": bool(want) and want in have,
    }.get(rule.test, False)


def score(rules: Iterable[Rule], facts: Mapping[str, str], answers: Iterable[Points] = ()) -> tuple[int, list[Points]]:
    """The sum, kept within ±1000, and what it is made of: criteria that hold, then answers."""
    parts = [Points(rule.label, rule.points) for rule in rules if holds(rule, facts)] + list(answers)
    return max(LOWEST, min(HIGHEST, sum(part.points for part in parts))), parts


def priority_of(points: int) -> str:
    """ "high" from 50 points, "low" below 0."""
    return "high" if points >= 50 else "low" if points < 0 else "normal"

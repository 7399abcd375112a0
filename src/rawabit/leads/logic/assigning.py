"""To whom a new lead goes. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rawabit.kit.text import fold


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules look at. ``territories`` are the lead's territory and everything it is part of."""

    source: int | None = None
    country: str = ""
    city: str = ""
    territories: frozenset[int] = frozenset()
    score: int = 0


@dataclass(frozen=True, slots=True)
class Conditions:
    """None and "" fit everything."""

    source: int | None = None
    country: str = ""
    city: str = ""
    territory: int | None = None
    min_score: int | None = None


def fits(conditions: Conditions, facts: Facts) -> bool:
    """All conditions hold; cities are compared as search compares words."""
    return (
        conditions.source in (None, facts.source)
        and conditions.country in ("", facts.country)
        and fold(conditions.city).strip() in ("", fold(facts.city).strip())
        and (conditions.territory is None or conditions.territory in facts.territories)
        and (conditions.min_score is None or facts.score >= conditions.min_score)
    )


def next_in_turn(people: Sequence[int], last: int | None) -> int | None:
    """The one after the last who was given one; people are in a fixed order. None where there is nobody."""
    if not people:
        return None
    later = [person for person in people if last is not None and person > last]
    return min(later) if later else min(people)


def least_loaded(people: Sequence[int], loads: Mapping[int, int]) -> int | None:
    """Who has the fewest open leads; of several the first."""
    return min(people, key=lambda person: (loads.get(person, 0), person)) if people else None

"""How much two customers look like one. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from rawabit.kit.text import fold, fold_token

# Words that many companies' names share and that therefore tell nothing.
_COMMON = frozenset(
    fold_token(fold(word))
    for word in (
        "شركة مؤسسة مجموعة المحدودة للتجارة التجارية والتجارة بازرگانی شرکت صنایع بازرگاني سهامی خاص co company ltd llc"
        " inc est trading group corp limited the and of"
    ).split()
)
_STRIP = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Traits:
    """What identifies a customer: names, E.164 phones, e-mails, official numbers (compact)."""

    names: Collection[str] = ()
    phones: Collection[str] = field(default_factory=frozenset)
    emails: Collection[str] = field(default_factory=frozenset)
    identifiers: Collection[str] = field(default_factory=frozenset)


def name_key(name: str) -> str:
    """A name without what companies' names share: «شركة الأفق للتجارة» and «الأفق» are the same."""
    words = [fold_token(word) for word in _STRIP.sub(" ", fold(name)).split()]
    telling = [word for word in words if word not in _COMMON]
    return " ".join(telling or words)


def likeness(one: Traits, other: Traits) -> int:
    """0 … 100: an official number in common 100, a phone 60, an e-mail 60, the same telling name 50; added up."""
    score = 0
    if set(one.identifiers) & set(other.identifiers):
        score += 100
    if set(one.phones) & set(other.phones):
        score += 60
    if {mail.lower() for mail in one.emails} & {mail.lower() for mail in other.emails}:
        score += 60
    if {name_key(name) for name in one.names if name} & {name_key(name) for name in other.names if name}:
        score += 50
    return min(score, 100)

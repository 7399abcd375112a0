"""Who hangs together with whom around a customer or a person: two steps far, as far as the actor sees.

The number of queries is the same for a lonely contact and for the head office of a thousand branches.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from rawabit.crm.logic.circle import Tie
from rawabit.crm.models import Affiliation, Contact, ContactRelation, Customer, CustomerRelation
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor

AT_ONCE = 120  # of each kind of tie in one step
PERSON, COMPANY, COLLEAGUE = "p", "c", "u"


@dataclass(frozen=True, slots=True)
class Fact:
    """One relation in words: ``one`` … ``words`` … ``other``."""

    one: str
    other: str
    words: Any
    note: str = ""
    rank: int = 5
    decides: bool = False

    @property
    def tie(self) -> Tie:
        return Tie(self.one, self.other, self.rank)


@dataclass
class Circle:
    """Everything found around the middle: people, companies and colleagues by their keys, and what ties them."""

    middle: str
    records: dict[str, Any] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)


def key_of(record: Any) -> str:
    """``p7`` for a person, ``c7`` for a customer."""
    return f"{PERSON if isinstance(record, Contact) else COMPANY}{record.pk}"


def circle_around(record: Customer | Contact, actor: Actor, steps: int = 2) -> Circle:
    """The people and companies at most ``steps`` away from a record."""
    circle = Circle(key_of(record), {key_of(record): record})
    people, companies = ({record.pk}, set()) if isinstance(record, Contact) else (set(), {record.pk})
    facts: dict[tuple[str, str, str], Fact] = {}
    asked = {circle.middle}
    for _step in range(steps):
        for fact in [*_roles(people, companies, actor), *_acquaintances(people, actor), *_ties(companies, actor),
                     *_branches(companies, actor)]:  # fmt: skip
            facts.setdefault((fact.one, fact.other, str(fact.words)), fact)
        found = {key for fact in facts.values() for key in (fact.one, fact.other)} - asked
        asked |= found
        seen = _records(found, actor)
        circle.records.update(seen)
        people, companies = _numbers(seen, PERSON), _numbers(seen, COMPANY)
    circle.facts = [fact for fact in facts.values() if fact.one in circle.records and fact.other in circle.records]
    _our_own(record, circle)
    return circle


def _numbers(keys: Iterable[str], kind: str) -> set[int]:
    return {int(key[1:]) for key in keys if key[0] == kind}


def _roles(people: set[int], companies: set[int], actor: Actor) -> list[Fact]:
    rows = Affiliation.objects.visible_to(actor).filter(Q(contact__in=people) | Q(customer__in=companies))
    facts = []
    for row in rows.order_by("-is_primary", "pk")[:AT_ONCE]:
        decides = row.role in ("decision_maker", "owner")
        rank = 1 if decides else 2 if row.is_primary else 4
        facts.append(
            Fact(f"{PERSON}{row.contact_id}", f"{COMPANY}{row.customer_id}", row.get_role_display(), row.job_title,
                 rank, decides)
        )  # fmt: skip
    return facts


def _acquaintances(people: set[int], actor: Actor) -> list[Fact]:
    if not actor.may("crm.view_contact"):
        return []
    rows = ContactRelation.objects.visible_to(actor).filter(Q(from_contact__in=people) | Q(to_contact__in=people))
    return [
        Fact(f"{PERSON}{row.from_contact_id}", f"{PERSON}{row.to_contact_id}", row.get_kind_display(), row.note, 3)
        for row in rows.order_by("pk")[:AT_ONCE]
    ]


def _ties(companies: set[int], actor: Actor) -> list[Fact]:
    rows = CustomerRelation.objects.visible_to(actor).filter(
        Q(from_customer__in=companies) | Q(to_customer__in=companies)
    )
    return [
        Fact(f"{COMPANY}{row.from_customer_id}", f"{COMPANY}{row.to_customer_id}", row.get_kind_display(), row.note, 3)
        for row in rows.order_by("pk")[:AT_ONCE]
    ]


def _branches(companies: set[int], actor: Actor) -> list[Fact]:
    rows = Customer.objects.visible_to(actor).filter(Q(parent__in=companies) | Q(pk__in=companies))
    pairs = rows.exclude(parent=None).order_by("pk").values_list("pk", "parent_id")[:AT_ONCE]
    return [Fact(f"{COMPANY}{pk}", f"{COMPANY}{parent}", _("branch of"), rank=4) for pk, parent in pairs]


def _records(keys: Iterable[str], actor: Actor) -> dict[str, Any]:
    """What the actor sees of these, by key; nobody who is no longer active."""
    wanted = list(keys)
    people = Contact.objects.visible_to(actor).filter(pk__in=_numbers(wanted, PERSON), is_active=True)
    companies = Customer.objects.visible_to(actor).filter(pk__in=_numbers(wanted, COMPANY), is_active=True)
    return {key_of(row): row for row in (*people, *companies)}


def _our_own(record: Customer | Contact, circle: Circle) -> None:
    """Who of us looks after the one in the middle."""
    if record.owner is not None:
        key = f"{COLLEAGUE}{record.owner_id}"
        circle.records[key] = record.owner
        circle.facts.append(Fact(key, circle.middle, _("looks after"), rank=0))

"""Merging, read: what differs, what would move, what was merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import QuerySet

from rawabit.crm.logic.merging import BOTH, FIELDS, JOINED, UNDO_FOR, WINNER, first_choice
from rawabit.crm.models import Affiliation, Contact, Customer, Merge
from rawabit.crm.queries import duplicates_of
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.fields import AmountField
from rawabit.kit.screens.templatetags.kit import money


@dataclass(frozen=True, slots=True)
class Differing:
    """One field on which the two differ. ``choice`` is the one ticked; ``locked`` when it may not be chosen."""

    name: str
    label: Any
    mine: Any
    other: Any
    choice: str
    joined: bool
    locked: bool


def differing(winner: Any, loser: Any, may_choose: Any, typed: Mapping[str, str]) -> list[Differing]:
    """The fields on which two records differ, in the order of the sheet."""
    kind = winner._meta.model_name
    rows = []
    for name in FIELDS[kind]:
        field = winner._meta.get_field(name)
        mine, other = getattr(winner, field.attname), getattr(loser, field.attname)
        if mine == other:
            continue
        locked = not may_choose(name)
        choice = WINNER if locked else typed.get(name) or first_choice(mine, other)
        if name in JOINED and mine and other and name not in typed:
            choice = BOTH
        rows.append(Differing(name, field.verbose_name, _shown(winner, field), _shown(loser, field), choice,
                              name in JOINED and bool(mine and other), locked))  # fmt: skip
    return rows


def _shown(record: Any, field: Any) -> Any:
    if isinstance(field, AmountField):
        amount = getattr(record, field.attname)
        return None if amount is None else money(Money(amount, record.currency))
    if field.choices:
        return getattr(record, f"get_{field.name}_display")()
    return getattr(record, field.name)


# Kinds of record that have no page of their own, as people call them.
PARTS: Mapping[str, Any] = {
    "crm.Affiliation": _("People and roles"), "crm.Identifier": _("Official numbers"),
    "crm.CustomerRelation": _("Relations"), "crm.ContactRelation": _("Relations"),
    "crm.HeldInvitation": _("Invitations"), "kit_records.Comment": _("Comments"),
    "kit_records.Attachment": _("Attachments"), "kit_records.Assignment": _("Assignments"),
    "kit_links.Link": _("Links"),
    "sales.Acceptance": _("Signatures"), "pipeline.OpportunityContact": _("People of deals"),
    "pipeline.OpportunityPartner": _("Partners of deals"), "leads.AssignmentRule": _("Assignment rules"),
    "leads.Arrival": _("Answers of web forms"), "talks.Attendee": _("Meetings"),
}  # fmt: skip


def words_for(model: type[models.Model]) -> Any:
    """Many of a kind of record, in words."""
    return PARTS.get(model._meta.label) or model._meta.verbose_name_plural or model.__name__


def named(counts: Mapping[str, int]) -> list[tuple[Any, int]]:
    """``{place: how many}`` as (words for the kind of record, how many), places of one model added up."""
    found: dict[type[models.Model], int] = {}
    for label, count in counts.items():
        model = apps.get_model(label.rpartition(".")[0])
        found[model] = found.get(model, 0) + count
    return [(words_for(model), count) for model, count in found.items()]


def merges_of(record: Any, actor: Actor) -> QuerySet[Merge]:
    """What was merged into a record and not taken back, the latest first."""
    rows = Merge.objects.visible_to(actor).filter(kind=record._meta.model_name, winner_key=record.pk, undone_at=None)
    return rows.order_by("-pk")


def merge_seen(key: int, actor: Actor) -> QuerySet[Merge]:
    return Merge.objects.visible_to(actor).filter(pk=key)


def where_it_went(model: type[Any], key: int) -> int | None:
    """The key of the record into which this one was merged, however often that one was merged itself."""
    seen: set[int] = set()
    into: int | None = key
    while into is not None and into not in seen:
        seen.add(into)
        above = model.objects.filter(pk=into).values_list("merged_into_id", flat=True).first()
        if above is None:
            return into if into != key else None
        into = above
    return None


def same_people(contact: Contact, actor: Actor) -> list[tuple[Contact, int]]:
    """Who may be the same person: phone or e-mail in common, or the very same name."""
    rows = Contact.objects.visible_to(actor).exclude(pk=contact.pk)
    phones = {contact.phone, contact.mobile} - {""}
    found: dict[int, tuple[Contact, int]] = {}
    for points, narrow in (
        (100, models.Q(phone__in=phones) | models.Q(mobile__in=phones) if phones else None),
        (100, models.Q(email__iexact=contact.email) if contact.email else None),
        (50, models.Q(full_name__iexact=contact.full_name)),
    ):
        for row in rows.filter(narrow).order_by("pk")[:20] if narrow is not None else ():
            found.setdefault(row.pk, (row, points))
    return sorted(found.values(), key=lambda pair: (-pair[1], pair[0].pk))[:10]


def same_customers(customer: Customer, actor: Actor) -> list[tuple[Customer, int]]:
    """Who may be the same customer, of those the person sees."""
    numbers = list(customer.identifiers.values_list("value", flat=True))
    found = duplicates_of(
        customer.name, phone=customer.phone, email=customer.email, identifiers=numbers, besides=customer.pk
    )[:10]
    keys = [row.pk for row, _likeness in found]
    in_sight = set(Customer.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True))
    return [(row, likeness) for row, likeness in found if row.pk in in_sight]


def companies_of(contacts: Iterable[Contact], actor: Actor) -> dict[int, str]:
    """``{contact: names of customers}``, to tell namesakes apart."""
    rows = Affiliation.objects.visible_to(actor).filter(contact__in=contacts).select_related("customer")
    names: dict[int, list[str]] = {}
    for row in rows.order_by("customer__name"):
        names.setdefault(row.contact_id, []).append(str(row.customer))
    return {key: "، ".join(dict.fromkeys(found)) for key, found in names.items()}


def may_still_undo(merge: Merge, at: datetime) -> bool:
    """Whether a merge is young enough to be taken back."""
    return at - merge.at <= UNDO_FOR

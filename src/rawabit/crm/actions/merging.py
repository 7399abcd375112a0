"""Two records are one: the winner stays, the loser points to it, and for thirty days it can be taken back.

What the law or the books hold fast is never turned: a customer with posted papers, entries, confirmed orders or
signatures is not merged away (docs/decisions/0003-merging.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from rawabit.crm.actions.contacts import refresh_contact_key, require_contact
from rawabit.crm.actions.customers import refresh_key, require_no_circle
from rawabit.crm.actions.moving import Moved, binding, move, move_back, no_more_open, place
from rawabit.crm.actions.reach import refresh_reach
from rawabit.crm.logic.merging import FIELDS, GUARDED, JOINED, LOSER, UNDO_FOR, WINNER, chosen_value, first_choice
from rawabit.crm.models import Contact, Customer, Merge, PortalAccess
from rawabit.crm.policies import require_on
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, set_fields, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import facts_of
from rawabit.kit.states import Refused

MODELS: Mapping[str, type[Customer] | type[Contact]] = {Merge.CUSTOMER: Customer, Merge.CONTACT: Contact}
Pair = tuple[Any, Any]


@transaction.atomic
def merge_customers(
    winner: Customer, loser: Customer, choices: Mapping[str, str], *, actor: Actor, at: datetime
) -> Merge:
    """Make two customers one. ``choices`` says per field whose value stays: winner, loser, or both for texts."""
    winner, loser = _lock_pair(winner, loser)
    for customer in (winner, loser):
        require_on(actor, "crm.merge_customer", customer)
    _require_free(loser)
    kept = _put_merge(Merge.CUSTOMER, winner, loser, choices, actor, at)
    require_no_circle(Customer.objects.get(pk=winner.pk))
    refresh_key(winner)
    _spread(winner, loser, kept.moved)
    _tell(winner, loser, kept, actor, at)
    return kept


@transaction.atomic
def merge_contacts(winner: Contact, loser: Contact, choices: Mapping[str, str], *, actor: Actor, at: datetime) -> Merge:
    """Make two people one."""
    winner, loser = _lock_pair(winner, loser)
    for contact in (winner, loser):
        require_contact(contact, actor, "crm.merge_contact")
    kept = _put_merge(Merge.CONTACT, winner, loser, choices, actor, at)
    refresh_contact_key(winner)
    _tell(winner, loser, kept, actor, at)
    return kept


def _lock_pair(winner: Any, loser: Any) -> Pair:
    """Both rows, always the older first, so that two merges at once wait for each other instead of for ever."""
    if winner.pk == loser.pk:
        raise Refused(_("Choose two different records."))
    held = {row.pk: lock(row) for row in sorted((winner, loser), key=lambda row: row.pk)}
    winner, loser = held[winner.pk], held[loser.pk]
    if winner.merged_into_id or loser.merged_into_id:
        raise Refused(_("One of the two has been merged already. Open the list again."))
    return winner, loser


def _require_free(loser: Customer) -> None:
    if loser.is_walk_in:
        raise Refused(_("The walk-in customer cannot be merged."))
    if binding(loser, Merge.CUSTOMER):
        raise Refused(
            _(
                "%(customer)s has posted papers, confirmed orders or entries in the books, which stay under the name"
                " they were written for. Keep this customer and merge the other one into it, or make it a branch."
            )
            % {"customer": f"\u2068{loser}\u2069"}
        )


def _put_merge(kind: str, winner: Any, loser: Any, choices: Mapping[str, str], actor: Actor, at: datetime) -> Merge:
    values = chosen(kind, winner, loser, choices, actor)
    demoted = _step_back(winner, loser) if kind == Merge.CUSTOMER else {}
    moved = move(loser, winner, kind)
    changes = {name: pair for name, pair in values.items() if pair[0] != pair[1]}
    kept = Merge(
        kind=kind, winner_key=winner.pk, loser_key=loser.pk, loser_name=str(loser)[:200], moved=moved, demoted=demoted,
        loser_was_active=loser.is_active, by_id=actor.user_id, by_name=actor.name, at=at,
        values={name: [_kept(before), _kept(after)] for name, (before, after) in changes.items()},
    )  # fmt: skip
    for name, (_before, after) in changes.items():
        setattr(winner, _column(winner, name), after)
    touch(winner, at)
    winner.save(update_fields=[*changes, "version", "updated_at"])
    _put_away(loser, winner, at)
    kept.save()
    return kept


def _put_away(loser: Any, winner: Any, at: datetime) -> None:
    loser.merged_into, loser.is_active = winner, False
    touch(loser, at)
    loser.save(update_fields=["merged_into", "is_active", "version", "updated_at"])


def chosen(kind: str, winner: Any, loser: Any, choices: Mapping[str, str], actor: Actor) -> dict[str, list[Any]]:
    """``{field: [the winner's, what stays]}`` of every field on which the two differ. Related records by key."""
    values: dict[str, list[Any]] = {}
    for name in FIELDS[kind]:
        mine, other = getattr(winner, _column(winner, name)), getattr(loser, _column(loser, name))
        if mine == other:
            continue
        choice = choices.get(name) or first_choice(mine, other)
        if not may_choose(kind, name, actor):
            choice = WINNER
        if choice != WINNER and choice != LOSER and name not in JOINED:
            raise Refused(_("Choose one of the two values."))
        values[name] = [mine, _no_circle(name, chosen_value(choice, mine, other), winner, loser)]
    return values


def may_choose(kind: str, name: str, actor: Actor) -> bool:
    """Account manager and credit belong to those who may set them."""
    return kind != Merge.CUSTOMER or name not in GUARDED or actor.may(GUARDED[name])


def _no_circle(name: str, value: Any, winner: Any, loser: Any) -> Any:
    """A branch that is merged with its head office is nobody's branch of itself."""
    if name == "parent" and value == loser.pk:
        return None if loser.parent_id == winner.pk else loser.parent_id
    if name == "parent" and value == winner.pk:
        return None if winner.parent_id == loser.pk else winner.parent_id
    return value


def _column(record: Any, name: str) -> str:
    return str(record._meta.get_field(name).attname)


def _kept(value: Any) -> Any:
    return facts_of(value)


def _step_back(winner: Customer, loser: Customer) -> dict[str, list[int]]:
    """There is one first person to ask, and one first address of a purpose: the winner's, where he has one."""
    demoted: dict[str, list[int]] = {}
    if winner.affiliations.filter(is_primary=True).exists():
        demoted["crm.Affiliation.is_primary"] = _without(loser.affiliations.filter(is_primary=True), "is_primary")
    purposes = list(winner.addresses.filter(is_default=True).values_list("purpose", flat=True))
    rows = loser.addresses.filter(is_default=True, purpose__in=purposes)
    demoted["crm.Address.is_default"] = _without(rows, "is_default")
    return {label: keys for label, keys in demoted.items() if keys}


def _without(rows: QuerySet[Any], flag: str) -> list[int]:
    keys = list(rows.values_list("pk", flat=True))
    rows.model._base_manager.filter(pk__in=keys).update(**{flag: False})
    return keys


def _step_forward(demoted: Mapping[str, list[int]]) -> None:
    for label, keys in demoted.items():
        model, flag = place(label)
        model._base_manager.filter(pk__in=keys).update(**{flag: True})


def _spread(winner: Customer, loser: Customer, moved: Moved) -> None:
    """What people reach follows at once."""
    users = set(PortalAccess.objects.filter(customer__in=(winner, loser)).values_list("user_id", flat=True))
    refresh_reach(sorted(users))
    for contact in Contact.objects.filter(affiliations__in=moved.get("crm.Affiliation.customer", [])).distinct():
        refresh_contact_key(contact)


def _tell(winner: Any, loser: Any, kept: Merge, actor: Actor, at: datetime) -> None:
    """Both histories say so."""
    facts = {"merge": kept.pk, "loser": loser.pk, "winner": winner.pk, "name": str(loser)}
    rows = sum(map(len, kept.moved.values()))
    if kept.kind == Merge.CUSTOMER:
        emit("customer.merged", winner, actor=actor, at=at, rows=rows, **facts)
        emit("customer.merged", loser, actor=actor, at=at, into=str(winner), **facts)
    else:
        emit("contact.merged", winner, actor=actor, at=at, rows=rows, **facts)
        emit("contact.merged", loser, actor=actor, at=at, into=str(winner), **facts)


def _tell_back(winner: Any, loser: Any, merge: Merge, actor: Actor, at: datetime) -> None:
    for record, other in ((winner, loser), (loser, winner)):
        if merge.kind == Merge.CUSTOMER:
            emit("customer.unmerged", record, actor=actor, at=at, merge=merge.pk, name=str(other), other=other.pk)
        else:
            emit("contact.unmerged", record, actor=actor, at=at, merge=merge.pk, name=str(other), other=other.pk)


@transaction.atomic
def make_branch(branch: Customer, head: Customer, *, actor: Actor, at: datetime) -> Customer:
    """Where papers forbid merging: the one becomes a branch of the other."""
    branch, head = _lock_pair(branch, head)
    for customer in (branch, head):
        require_on(actor, "crm.change_customer", customer)
    branch.parent = head
    require_no_circle(branch)
    branch.parent_id = Customer.objects.values_list("parent_id", flat=True).get(pk=branch.pk)
    return set_fields(branch, {"parent": head}, actor=actor, at=at)


# Taking it back


def winner_of(merge: Merge) -> Any:
    return MODELS[merge.kind]._base_manager.filter(pk=merge.winner_key).first()


def loser_of(merge: Merge) -> Any:
    return MODELS[merge.kind]._base_manager.filter(pk=merge.loser_key).first()


@transaction.atomic
def undo_merge(merge: Merge, *, actor: Actor, at: datetime) -> Merge:
    """Take a merge back: rows that were moved go back, fields that nobody changed since get their old value."""
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    winner, loser = winner_of(merge), loser_of(merge)
    if winner is None or loser is None:
        raise Refused(_("One of the two records is gone."))
    held = {row.pk: lock(row) for row in sorted((winner, loser), key=lambda row: row.pk)}
    winner, loser = held[winner.pk], held[loser.pk]
    _require_undo(merge, winner, loser, actor, at)
    _restore(merge, winner, at)
    loser.merged_into, loser.is_active = None, merge.loser_was_active
    touch(loser, at)
    loser.save(update_fields=["merged_into", "is_active", "version", "updated_at"])
    _rows_back(merge, winner, loser)
    _step_forward(merge.demoted)
    if merge.kind == Merge.CUSTOMER:
        refresh_key(winner)
        refresh_key(loser)
        _spread(winner, loser, merge.moved)
    else:
        refresh_contact_key(winner)
        refresh_contact_key(loser)
    merge.undone_at = at
    merge.save(update_fields=["undone_at"])
    _tell_back(winner, loser, merge, actor, at)
    return merge


def _require_undo(merge: Merge, winner: Any, loser: Any, actor: Actor, at: datetime) -> None:
    if merge.kind == Merge.CUSTOMER:
        require_on(actor, "crm.merge_customer", winner)
    else:
        require_contact(winner, actor, "crm.merge_contact")
    if merge.undone_at is not None or loser.merged_into_id != winner.pk:
        raise Refused(_("This merge has been taken back already."))
    if winner.merged_into_id is not None:
        raise Refused(_("The record that stayed was merged itself since. Take that merge back first."))
    if at - merge.at > UNDO_FOR:
        raise Refused(_("A merge can be taken back for thirty days."))


def _restore(merge: Merge, winner: Any, at: datetime) -> None:
    """Fields as they were, where nobody wrote another value since."""
    restored = []
    for name, (before, after) in merge.values.items():
        column = _column(winner, name)
        if _kept(getattr(winner, column)) == after:
            setattr(winner, column, winner._meta.get_field(name).to_python(before))
            restored.append(name)
    touch(winner, at)
    winner.save(update_fields=[*restored, "version", "updated_at"])


def _rows_back(merge: Merge, winner: Any, loser: Any) -> None:
    """A draft that was posted under the winner's name since stays there for good, and so does the merge."""
    if taken := no_more_open(merge.moved, merge.kind):
        raise Refused(
            _("Papers of the merged record were posted or confirmed since: it cannot be taken back. (%(count)s)")
            % {"count": taken}
        )
    move_back(merge.moved, winner, loser)

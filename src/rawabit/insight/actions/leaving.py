"""A colleague leaves: everything he looks after goes to others, in one step that can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from rawabit.crm.actions import refresh_reach
from rawabit.crm.actions.moving import place, turn
from rawabit.crm.models import Handover
from rawabit.identity.actions import deactivate_user, refresh_rights
from rawabit.identity.models import STAFF, User
from rawabit.identity.queries import actor_of
from rawabit.insight.leaving_queries import held
from rawabit.insight.logic.leaving import AT_ONCE, PIECE, SHARES, UNDO_DAYS
from rawabit.kit.jobs.queue import enqueue
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, notify, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused

JOB = "insight.handover"
PERMISSION = "identity.deactivate_user"


@transaction.atomic
def hand_over_all(
    person: User, to: User, territories: Mapping[int, User], *, deactivate: bool, actor: Actor, at: datetime
) -> Handover:
    """Give all that a colleague looks after to ``to``, or, where the territory has somebody of its own, to him. Many
    records are handed over behind the page."""
    actor.require(PERMISSION)
    person = lock(person)
    _require_successors(person, [to, *territories.values()])
    if Handover.objects.filter(person=person, state=Handover.WAITING).exists():
        raise Refused(_("The records of this person are being handed over already."))
    plan = {"to": to.pk, "territories": {str(key): user.pk for key, user in territories.items()},
            "deactivate": deactivate}  # fmt: skip
    kept = Handover.objects.create(person=person, plan=plan, by_id=actor.user_id, at=at)
    if sum(held(label, person).count() for label in SHARES) > AT_ONCE:
        enqueue(JOB, key=f"{JOB}:{kept.pk}", args={"handover": kept.pk}, at=at)
        return kept
    return carry_out(kept, actor=actor, at=at)


def _require_successors(person: User, successors: Iterable[User]) -> None:
    for user in successors:
        if user.pk == person.pk or user.kind != STAFF or not user.is_active:
            raise Refused(_("Choose a colleague."))


def hand_over_later(args: Mapping[str, Any], at: datetime) -> None:
    """A job: what was put aside because it is much. Done once, whoever does it twice."""
    kept = Handover.objects.filter(pk=args["handover"], state=Handover.WAITING).select_related("by").first()
    if kept is not None and kept.by is not None:
        carry_out(kept, actor=actor_of(kept.by), at=at)
        facts = {"who": kept.by.full_name, "what": str(kept.person)}
        notify(kept.by_id or 0, kind="handover", facts=facts, url=f"/desk/users/{kept.person_id}/", event=None, at=at)


@transaction.atomic
def carry_out(kept: Handover, *, actor: Actor, at: datetime) -> Handover:
    """Turn every record to its successor, and remember which."""
    actor.require(PERMISSION)
    kept = lock(kept)
    if kept.state != Handover.WAITING:
        return kept
    person, moved = lock(kept.person), {}
    successors = User.objects.in_bulk({kept.plan["to"], *kept.plan["territories"].values()})
    _require_successors(person, successors.values())
    for label in SHARES:
        found = dict(_dealt(label, person, kept.plan))
        went = {str(user): _turned(label, keys, user) for user, keys in found.items()}
        moved[label] = {user: keys for user, keys in went.items() if keys}
        if SHARES[label].told:
            _tell_each(label, moved[label], person, successors, actor, at)
    kept.moved = {label: rows for label, rows in moved.items() if rows}
    kept.state, kept.done_at = Handover.DONE, at
    touch(kept, at)
    kept.save()
    _refresh([person.pk, *successors])
    emit("user.handed_over", person, actor=actor, at=at, handover=kept.pk, records=_count(kept.moved),
         to=[user.full_name for user in successors.values()])  # fmt: skip
    if kept.plan["deactivate"] and person.is_active:
        deactivate_user(person, actor=actor, at=at)
    return kept


def _dealt(label: str, person: User, plan: Mapping[str, Any]) -> Iterator[tuple[int, list[int]]]:
    """(successor, keys of his rows)."""
    path, hands = SHARES[label].territory, {int(key): user for key, user in plan["territories"].items()}
    rows: dict[int, list[int]] = {}
    if path and hands:
        pairs = held(label, person).values_list("pk", f"{path}_id" if "__" not in path else path)
        for key, territory in pairs:
            rows.setdefault(hands.get(territory, plan["to"]), []).append(key)
    else:
        rows[plan["to"]] = list(held(label, person).values_list("pk", flat=True))
    yield from rows.items()


def _turned(label: str, keys: list[int], user: int) -> list[int]:
    went: list[int] = []
    for start in range(0, len(keys), PIECE):
        went += turn(label, keys[start : start + PIECE], user)
    return went


def _tell_each(
    label: str, moved: Mapping[str, list[int]], person: User, successors: Mapping[int, User], actor: Actor, at: datetime
) -> None:
    """The history of a record says who looks after it now. One name for all kinds, so that nobody's bell rings a
    thousand times."""
    model, _column = place(label)
    for user, keys in moved.items():
        owner = successors[int(user)]
        for record in model._base_manager.filter(pk__in=keys):
            emit("record.handed_over", record, actor=actor, at=at, before=person.full_name, owner=owner.full_name,
                 owner_id=owner.pk)  # fmt: skip


def _refresh(users: Iterable[int]) -> None:
    """Teams and territories changed hands: what people see follows at once, their mates' included."""
    people = set(users)
    for user in User.objects.filter(pk__in=people):
        people |= set(user.team_user_ids)
    refresh_rights(sorted(people))
    refresh_reach(sorted(people))


def _count(moved: Mapping[str, Mapping[str, list[int]]]) -> int:
    return sum(len(keys) for rows in moved.values() for keys in rows.values())


@transaction.atomic
def undo_handover(kept: Handover, *, actor: Actor, at: datetime) -> Handover:
    """Give back what still lies with the successors. A person who was let go is not let in again by it."""
    actor.require(PERMISSION)
    kept = lock(kept)
    person = lock(kept.person)
    if kept.state != Handover.DONE or kept.done_at is None:
        raise Refused(_("This was taken back already, or has not been done yet."))
    if at - kept.done_at > timedelta(days=UNDO_DAYS):
        raise Refused(_("It can be taken back for thirty days."))
    successors = set()
    for label, rows in kept.moved.items():
        model, column = place(label)
        for user, keys in rows.items():
            successors.add(int(user))
            still = model._base_manager.filter(pk__in=keys, **{column: int(user)}).values_list("pk", flat=True)
            _turned(label, list(still), person.pk)
    kept.state, kept.undone_at = Handover.UNDONE, at
    touch(kept, at)
    kept.save(update_fields=["state", "undone_at", "version", "updated_at"])
    _refresh([person.pk, *successors])
    emit("user.handover_undone", person, actor=actor, at=at, handover=kept.pk, records=_count(kept.moved))
    return kept

"""Everything that was said and done with somebody, from every channel, newest first.

Each source gives at most one page of rows older than the cursor; the page is the newest of them all. So a timeline of
ten years costs as much as one of a week, and the number of queries depends on the sources alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q, QuerySet

from rawabit.crm.models import Contact, Customer
from rawabit.kit.outbox.models import Message
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.event_words import words_of
from rawabit.kit.records.models import Attachment, Comment, Event
from rawabit.talks.models import CALL, DOCUMENT, MAIL, MEETING, NOTE, TASK, VISIT, WHATSAPP, Activity, LastLook
from rawabit.talks.queries.sources import events_of, sources

SIZE = 20
PINNED, AHEAD = 10, 5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What a chip of the filter shows of the activities.
CHIPS: dict[str, tuple[str, ...]] = {
    "call": (CALL,), "meeting": (MEETING, VISIT), "note": (NOTE,), "task": (TASK,), "mail": (MAIL,),
    "whatsapp": (WHATSAPP,), "file": (DOCUMENT,), "event": (),
}  # fmt: skip


class Cursor(NamedTuple):
    """A place in the timeline: rows are in falling order of it."""

    at: datetime
    rank: int
    key: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.rank}-{self.key}"


def cursor_of(text: str) -> Cursor | None:
    """The place of an address; None for what is none."""
    parts = text.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        return None
    moment, rank, key = map(int, parts)
    try:
        return Cursor(_EPOCH + timedelta(microseconds=moment), rank, key)
    except OverflowError:
        return None


@dataclass(slots=True)
class Row:
    """One entry: ``kind`` chooses picture and words; ``row`` is the activity, message, comment, file or event."""

    place: Cursor
    kind: str
    row: Any
    who: str = ""
    title: Any = ""
    url: tuple[int, int] | None = None  # content type and key of the record it hangs on
    since: bool = False  # the first one that was seen before
    detail: str = ""  # which one: a document's number, a name

    @property
    def at(self) -> datetime:
        return self.place.at


@dataclass(slots=True)
class Timeline:
    """A page of it. ``older`` is the address part of the next page, "" at the end."""

    rows: Sequence[Row]
    older: str = ""
    pinned: Sequence[Activity] = ()
    ahead: Sequence[Activity] = ()
    looked_at: datetime | None = None
    news: int = 0


@dataclass(frozen=True, slots=True)
class _Scope:
    """About whom: the record, and, for a customer, everything of his."""

    subject: models.Model
    actor: Actor

    @property
    def customer(self) -> Customer | None:
        return self.subject if isinstance(self.subject, Customer) else None

    def activities(self) -> QuerySet[Activity]:
        rows = Activity.objects.visible_to(self.actor)
        about = Q(subject_type=ContentType.objects.get_for_model(self.subject), subject_id=self.subject.pk)
        if self.customer is not None:
            return rows.filter(Q(customer=self.subject.pk) | about)
        return (
            rows.filter(Q(contact=self.subject.pk) | about) if isinstance(self.subject, Contact) else rows.filter(about)
        )

    def subjects(self) -> list[tuple[ContentType, Any, frozenset[str]]]:
        """(kind, keys, events told): the record itself, or all of a customer's records that the actor sees."""
        kind = ContentType.objects.get_for_model(self.subject)
        if self.customer is None:
            return [(kind, [self.subject.pk], events_of(type(self.subject)))]
        found = []
        for source in sources():
            keys = source.rows(self.customer, self.actor).order_by().values("pk")
            found.append((ContentType.objects.get_for_model(source.model), keys, source.events))
        return found

    def messages(self) -> QuerySet[Message]:
        rows: Any = Message.objects.visible_to(self.actor)
        rows = rows.filter(channel="email", state__in=("sent", "waiting", "sending", "failed", "held"))
        rows = rows.exclude(kind__startswith="mailroom.")  # letters of colleagues are activities
        if self.customer is not None:
            return rows.filter(owner_key=self.subject.pk)
        if isinstance(self.subject, Contact):
            address = self.subject.email
            return rows.filter(address__iexact=address) if address else rows.none()
        kind = ContentType.objects.get_for_model(self.subject)
        return rows.filter(subject_type=kind, subject_id=self.subject.pk)


def timeline(
    subject: models.Model, actor: Actor, *, kinds: Collection[str] = (), after: str = "", size: int = SIZE
) -> Timeline:
    """A page of what happened with a record that the actor sees (the caller has proved that), newest first.

    ``kinds`` are keys of :data:`CHIPS`, none means all; ``after`` is the ``older`` of the page before."""
    scope, place = _Scope(subject, actor), cursor_of(after)
    wanted = [chip for chip in CHIPS if chip in kinds] or list(CHIPS)
    rows: list[Row] = []
    for rank, read in enumerate(_READERS):
        rows += read(scope, wanted, rank, place, size + 1)
    rows.sort(key=lambda row: row.place, reverse=True)
    page = Timeline(rows[:size], str(rows[size - 1].place) if len(rows) > size else "")
    if place is None:
        activities = scope.activities().select_related("owner", "assignee", "contact")
        page.pinned = list(activities.filter(pinned_at__isnull=False).order_by("-pinned_at", "-pk")[:PINNED])
        ahead = activities.filter(done_at=None, cancelled_at=None, kind__in=(TASK, MEETING))
        page.ahead = list(ahead.order_by("at", "pk")[:AHEAD])
        page.looked_at = last_look(subject, actor)
        _divide(page, actor)
    return page


def last_look(subject: models.Model, actor: Actor) -> datetime | None:
    """When the person last saw the timeline of this record; None: never."""
    kind = ContentType.objects.get_for_model(subject)
    rows = LastLook.objects.filter(user=actor.user_id or 0, subject_type=kind, subject_id=subject.pk)
    return rows.values_list("at", flat=True).first()


def _divide(page: Timeline, actor: Actor) -> None:
    """Mark the first row that was there at the last look, when something is above it."""
    if page.looked_at is None:
        return
    for number, row in enumerate(page.rows):
        if _known_since(row) <= page.looked_at:
            row.since, page.news = number > 0, number
            return
    page.news = len(page.rows)


def _known_since(row: Row) -> datetime:
    """What was logged late is news although it happened before."""
    return row.row.created_at if isinstance(row.row, Activity) else row.at


def _older(rows: QuerySet[Any], moment: str, rank: int, place: Cursor | None) -> QuerySet[Any]:
    """The rows of a source of this rank that stand below the cursor, in order."""
    if place is not None:
        same = Q(**{moment: place.at})
        below = Q(**{f"{moment}__lt": place.at})
        if rank < place.rank:
            below |= same
        elif rank == place.rank:
            below |= same & Q(pk__lt=place.key)
        rows = rows.filter(below)
    return rows.order_by(f"-{moment}", "-pk")


def _activities(scope: _Scope, chips: Sequence[str], rank: int, place: Cursor | None, most: int) -> list[Row]:
    kinds = [kind for chip in chips for kind in CHIPS[chip]]
    if not kinds:
        return []
    over = Q(done_at__isnull=False) | Q(cancelled_at__isnull=False)
    rows = scope.activities().filter(over, kind__in=kinds, pinned_at=None)
    rows = rows.select_related("owner", "contact", "customer", "subject_type").prefetch_related("attendees")
    found = _older(rows, "at", rank, place)[:most]
    return [
        Row(Cursor(one.at, rank, one.pk), one.kind, one, str(one.owner or ""), one.title,
            (one.subject_type_id, one.subject_id) if one.subject_id else None)
        for one in found
    ]  # fmt: skip


def _messages(scope: _Scope, chips: Sequence[str], rank: int, place: Cursor | None, most: int) -> list[Row]:
    if "mail" not in chips:
        return []
    rows = scope.messages().defer("text", "html", "facts", "reader")
    found = _older(rows, "created_at", rank, place)[:most]
    return [
        Row(Cursor(one.created_at, rank, one.pk), "message", one, one.name or one.address, one.headline,
            (ContentType.objects.get_for_model(Message).pk, one.pk))
        for one in found
    ]  # fmt: skip


def _hanging(
    model: type[Any], scope: _Scope, rank: int, place: Cursor | None, most: int, *, named: bool = False
) -> list[Any]:
    """Rows that hang on the scope's records. One branch per kind of record, each with its own bound, in one query:
    the database then reads the few newest of each kind and nothing else."""
    branches = []
    for kind, keys, events in scope.subjects():
        if named and not events:
            continue
        rows = model.objects.filter(subject_type=kind, subject_id__in=keys)
        rows = rows.filter(name__in=sorted(events)) if named else rows
        newest = _older(rows, "at", rank, place).values("pk")[:most]
        branches.append(model.objects.filter(pk__in=newest).values_list("pk", "at"))
    if not branches:
        return []
    together = branches[0].union(*branches[1:], all=True) if len(branches) > 1 else branches[0]
    keys = [pk for pk, _at in sorted(together, key=lambda pair: (pair[1], pair[0]), reverse=True)[:most]]
    return list(model.objects.filter(pk__in=keys))


def _comments(scope: _Scope, chips: Sequence[str], rank: int, place: Cursor | None, most: int) -> list[Row]:
    if "note" not in chips:
        return []
    found = _hanging(Comment, scope, rank, place, most)
    models.prefetch_related_objects(found, "author")
    return [
        Row(Cursor(one.at, rank, one.pk), "comment", one, str(one.author), "", (one.subject_type_id, one.subject_id))
        for one in found
    ]


def _files(scope: _Scope, chips: Sequence[str], rank: int, place: Cursor | None, most: int) -> list[Row]:
    if "file" not in chips:
        return []
    found = _hanging(Attachment, scope, rank, place, most)
    models.prefetch_related_objects(found, "by")
    return [
        Row(
            Cursor(one.at, rank, one.pk),
            "file",
            one,
            str(one.by or ""),
            one.name,
            (one.subject_type_id, one.subject_id),
        )
        for one in found
    ]


def _events(scope: _Scope, chips: Sequence[str], rank: int, place: Cursor | None, most: int) -> list[Row]:
    if "event" not in chips:
        return []
    found = _hanging(Event, scope, rank, place, most, named=True)
    rows = []
    for one in found:
        where = (one.subject_type_id, one.subject_id)
        row = Row(Cursor(one.at, rank, one.pk), "event", one, one.actor_name, words_of(one), where)
        row.detail = str(one.facts.get("number") or one.facts.get("name") or one.facts.get("stage") or "")
        row.detail = row.detail or _kind_of(one, scope)
        rows.append(row)
    return rows


def _kind_of(event: Event, scope: _Scope) -> str:
    """What kind of record it happened to, where nothing else names it; nothing for the record itself."""
    kind = ContentType.objects.get_for_id(event.subject_type_id)
    model = kind.model_class()
    if model is None or (model is type(scope.subject) and event.subject_id == scope.subject.pk):
        return ""
    return str(model._meta.verbose_name)


Reader = Callable[[_Scope, Sequence[str], int, "Cursor | None", int], list[Row]]
_READERS: tuple[Reader, ...] = (_events, _files, _comments, _messages, _activities)

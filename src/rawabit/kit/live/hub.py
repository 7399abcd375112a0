"""One per process: hears that something was committed, by whichever process, and wakes the streams it concerns.

SQLite counts commits of others (``PRAGMA data_version``), PostgreSQL says ``NOTIFY`` from a trigger on the table of
events. In both cases that is only the wake-up; what happened is read from the rows of events, so nothing is told that
was not committed and nothing that was is missed.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import DatabaseError, connection, connections

from rawabit.kit.live.watching import Watch, customer_of
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Event, Notice

CHANNEL = "rawabit_events"
# Keys are given before the commit, so a lower one may appear after a higher one; so far back we look again.
OVERLAP = 200
LOOK = 0.2  # seconds between two looks at SQLite's counter of commits
log = structlog.get_logger()
Who = Callable[[Watch], Actor | None]


@dataclass(eq=False)
class Stream:
    """One open page. ``waiting`` holds what it is to be told: "changed" or "bell"."""

    watch: Watch
    loop: asyncio.AbstractEventLoop
    waiting: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(20))

    def tell(self, word: str) -> None:
        self.loop.call_soon_threadsafe(self._put, word)

    def _put(self, word: str) -> None:
        if not self.waiting.full():  # a page that does not read is told once more when it does
            self.waiting.put_nowait(word)


class Hub:
    """The streams of this process and the thread that wakes them. ``who`` answers on whose behalf a watch looks, or
    None when it may look no more."""

    def __init__(self, who: Who) -> None:
        self.who = who
        self.streams: set[Stream] = set()
        self.guard = threading.Lock()
        self.thread: threading.Thread | None = None
        self.ready = threading.Event()
        self.stopping = threading.Event()
        self.last_event = self.last_notice = 0
        self.seen: set[int] = set()

    def join(self, stream: Stream) -> None:
        with self.guard:
            self.streams.add(stream)
            if self.thread is None or not self.thread.is_alive():
                self.ready.clear()
                self.thread = threading.Thread(target=self.run, name="live", daemon=True)
                self.thread.start()

    def leave(self, stream: Stream) -> None:
        with self.guard:
            self.streams.discard(stream)

    # The thread

    def run(self) -> None:
        """Until nobody listens any more. A database that is away is waited for."""
        while self.streams and not self.stopping.is_set():
            try:
                self.begin()
                self.ready.set()
                (self.follow_postgresql if connection.vendor == "postgresql" else self.follow_sqlite)()
            except DatabaseError:
                log.exception("the database does not answer the live pages")
                connections.close_all()
                self.stopping.wait(2)
        self.ready.set()
        connections.close_all()

    def begin(self) -> None:
        self.last_event = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
        self.last_notice = Notice.objects.order_by("-id").values_list("id", flat=True).first() or 0
        self.seen = set(Event.objects.filter(id__gt=self.last_event - OVERLAP).values_list("id", flat=True))

    def follow_sqlite(self) -> None:
        with connection.cursor() as cursor:
            before = None
            while self.streams and not self.stopping.is_set():
                cursor.execute("PRAGMA data_version")
                now = cursor.fetchone()[0]
                if before is not None and now != before:
                    self.look()
                before = now
                self.stopping.wait(LOOK)

    def follow_postgresql(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        raw: Any = connection.connection
        while self.streams and not self.stopping.is_set():
            heard = list(raw.notifies(timeout=1, stop_after=1))
            if heard:
                self.look()

    # What happened

    def look(self) -> None:
        """Tell every stream what is new for it."""
        with self.guard:
            streams = list(self.streams)
        for event in self.new_events():
            self.tell_of(event, streams)
        users = self.new_notices()
        for stream in streams:
            if stream.watch.user in users:
                stream.tell("bell")

    def new_events(self) -> list[Event]:
        rows = [
            event
            for event in Event.objects.filter(id__gt=self.last_event - OVERLAP).order_by("id")
            if event.pk not in self.seen
        ]
        for event in rows:
            self.seen.add(event.pk)
            self.last_event = max(self.last_event, event.pk)
        self.seen = {key for key in self.seen if key > self.last_event - 2 * OVERLAP}
        return rows

    def new_notices(self) -> set[int]:
        rows = list(Notice.objects.filter(id__gt=self.last_notice).order_by("id").values_list("id", "user_id"))
        self.last_notice = max([self.last_notice, *(key for key, _user in rows)])
        return {user for _key, user in rows}

    def tell_of(self, event: Event, streams: list[Stream]) -> None:
        subject = event.subject
        of = (event.subject_type_id, event.subject_id, customer_of(subject))
        for stream in streams:
            if stream.watch.concerns(*of) and self.sees(stream.watch, subject):
                stream.tell("changed")

    def sees(self, watch: Watch, subject: Any) -> bool:
        """The row rule decides at the moment of telling, not when the page was opened."""
        if subject is None:  # deleted: whoever watches its kind may know that a row less is there
            return self.who(watch) is not None
        actor = self.who(watch)
        rows: Any = type(subject)._default_manager
        if actor is None or not hasattr(rows, "visible_to"):
            return False
        return bool(rows.visible_to(actor).filter(pk=subject.pk).exists())

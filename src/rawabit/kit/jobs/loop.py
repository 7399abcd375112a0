"""The worker: tells events, does jobs, keeps the clock, shows that it is alive."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django.utils.module_loading import import_string

from rawabit.kit.jobs.models import Heartbeat
from rawabit.kit.jobs.queue import Work, run_one
from rawabit.kit.jobs.schedule import Task, run_due
from rawabit.kit.jobs.telling import Subscriptions, tell_pending

IDLE_SECONDS = 0.3
BEAT = timedelta(seconds=10)
COMPOSITION = "rawabit.config.spine"  # names SUBSCRIPTIONS, WORKS and SCHEDULE; the kit stands below it
log = structlog.get_logger()


def run(stop: threading.Event) -> None:
    """Work until ``stop`` is set. A database that is away is waited for."""
    subscriptions, works, schedule = (
        import_string(f"{COMPOSITION}.{name}") for name in ("SUBSCRIPTIONS", "WORKS", "SCHEDULE")
    )
    last_beat: datetime | None = None
    while not stop.is_set():
        try:
            at = timezone.now()
            if last_beat is None or at - last_beat > BEAT:
                beat(at)
                last_beat = at
            busy = step(subscriptions, works, schedule, at)
        except DatabaseError:
            log.exception("the database does not answer the worker")
            close_old_connections()
            busy = False
            stop.wait(2)
        if not busy:
            stop.wait(IDLE_SECONDS)
    connection.close()


def step(subscriptions: Subscriptions, works: Mapping[str, Work], schedule: Sequence[Task], at: datetime) -> bool:
    """One round; True when there may be more to do at once."""
    told: Any = tell_pending(subscriptions, at)
    did = run_one(works, at)
    run_due(schedule, at)
    return bool(did or told)


def beat(at: datetime) -> None:
    Heartbeat.objects.update_or_create(worker=f"{socket.gethostname()}:{os.getpid()}", defaults={"at": at})
    Heartbeat.objects.filter(at__lt=at - timedelta(days=1)).delete()

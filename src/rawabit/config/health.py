"""Two questions of whoever watches the program: does the process live, and can it do its work?

The answers name a state per check, never a number, a path or a message, because anybody may ask.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import JsonResponse
from django.utils import timezone

from rawabit.kit.access import access
from rawabit.kit.jobs.models import Heartbeat, Job
from rawabit.kit.request import Request

DISK_FREE_BYTES = 100 * 1024 * 1024
SILENCE = timedelta(seconds=60)
BACKLOG = timedelta(minutes=10)
FAILURES = (DatabaseError, InterfaceError, OSError)
OK = "ok"
# Once all migrations were seen applied this process need not read them again.
_current: set[str] = set()


@access("public")
def healthz(request: Request) -> JsonResponse:
    """The process answers."""
    return _uncached(JsonResponse({"status": OK}))


@access("public")
def readyz(request: Request) -> JsonResponse:
    """200 when database, migrations, background work and disk are as they must be, else 503."""
    found = readiness(timezone.now())
    ready = set(found.values()) == {OK}
    return _uncached(
        JsonResponse({"status": OK if ready else "not ready", "checks": found}, status=200 if ready else 503)
    )


def readiness(now: datetime) -> dict[str, str]:
    """State by name of check. A check that needs the database is not asked when that does not answer."""
    found = {"database": _state(database), "disk": _state(disk)}
    if found["database"] != OK:
        return {**found, "migrations": "unknown", "jobs": "unknown"}
    return {**found, "migrations": _state(migrations), "jobs": _state(lambda: jobs(now))}


def _state(check: Callable[[], str]) -> str:
    try:
        return check()
    except FAILURES:
        return "failing"


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return OK if cursor.fetchone() == (1,) else "failing"


def migrations() -> str:
    from rawabit.config.commands.environment import unapplied_migrations

    if connection.alias not in _current:
        if unapplied_migrations():
            return "behind"
        _current.add(connection.alias)
    return OK


def jobs(now: datetime) -> str:
    """``silent``: no worker gave a sign of life; ``late``: work that was due ten minutes ago still waits."""
    if not Heartbeat.objects.filter(at__gte=now - SILENCE).exists():
        return "silent"
    late = Job.objects.filter(state="waiting", run_at__lt=now - BACKLOG).exists()
    return "late" if late else OK


def disk() -> str:
    return OK if shutil.disk_usage(settings.DATA).free >= DISK_FREE_BYTES else "full"


def _uncached(response: JsonResponse) -> JsonResponse:
    response["Cache-Control"] = "no-store"
    return response

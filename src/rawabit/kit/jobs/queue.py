"""Putting work aside, and doing it: rows claimed by conditional update, leased, retried, never lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q

from rawabit.kit.jobs.models import Job

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 5
BACKOFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
Work = Callable[[Mapping[str, Any], datetime], None]
log = structlog.get_logger()


def enqueue(name: str, *, key: str | None, args: Mapping[str, Any], at: datetime) -> Job:
    """Put work aside, in the caller's transaction. The same key twice is one job."""
    if key is None:
        return Job.objects.create(name=name, args=dict(args), run_at=at)
    job, _fresh = Job.objects.get_or_create(key=key, defaults={"name": name, "args": dict(args), "run_at": at})
    return job


def claim(at: datetime) -> Job | None:
    """Lease the next job that is due; of two workers exactly one gets it. A dead worker's job comes back."""
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    for job in Job.objects.filter(free, state="waiting", run_at__lte=at).order_by("run_at", "id")[:10]:
        mine = Job.objects.filter(free, pk=job.pk, state="waiting").update(
            lease_until=at + LEASE, attempts=F("attempts") + 1
        )
        if mine:
            job.refresh_from_db()
            return job
    return None


def run_one(works: Mapping[str, Work], at: datetime) -> bool:
    """Do one job that is due. Its effect and its "done" are one transaction; but for work that says
    ``own_transactions``, as what waits for a stranger's server must hold no lock. False when there is none."""
    job = claim(at)
    if job is None:
        return False
    try:
        work = works[job.name]
        if getattr(work, "own_transactions", False):
            work(job.args, at)
            work = _nothing
        with transaction.atomic():
            work(job.args, at)
            Job.objects.filter(pk=job.pk).update(state="done", done_at=at, lease_until=None)
    except Exception as error:
        log.exception("job failed", job=job.name, id=job.pk)
        failed(job, repr(error), at)
    return True


def _nothing(args: Mapping[str, Any], at: datetime) -> None:
    """What is left to do of work that has committed itself."""


def failed(job: Job, error: str, at: datetime) -> None:
    """Try again later, with growing pauses; after the last attempt the row stays as failed, for people to see."""
    if job.attempts >= MOST_ATTEMPTS:
        Job.objects.filter(pk=job.pk).update(state="failed", error=error[:4000], lease_until=None)
        return
    pause = BACKOFF[min(job.attempts, len(BACKOFF)) - 1]
    Job.objects.filter(pk=job.pk).update(run_at=at + pause, error=error[:4000], lease_until=None)

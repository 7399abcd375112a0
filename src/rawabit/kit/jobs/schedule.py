"""The clock: what is to be done every so often. Two workers do it once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from rawabit.kit.jobs.models import Tick

log = structlog.get_logger()


@dataclass(frozen=True)
class Task:
    """``work(at)`` every ``every``."""

    name: str
    every: timedelta
    work: Callable[[datetime], object]


def run_due(tasks: Sequence[Task], at: datetime) -> int:
    """Run what is due; answers how many."""
    ran = 0
    for task in tasks:
        if _claim(task, at):
            ran += 1
            try:
                task.work(at)
            except Exception:
                log.exception("scheduled task failed", task=task.name)
    return ran


def _claim(task: Task, at: datetime) -> bool:
    _tick, fresh = Tick.objects.get_or_create(name=task.name, defaults={"last_run": at})
    if fresh:
        return True
    return bool(Tick.objects.filter(name=task.name, last_run__lte=at - task.every).update(last_run=at))

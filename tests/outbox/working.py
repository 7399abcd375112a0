"""The worker, as long as there is something to do."""

from __future__ import annotations

from datetime import datetime

from rawabit.config.spine import SUBSCRIPTIONS, WORKS
from rawabit.kit.jobs.loop import step
from tests.makers import NOW


def work(at: datetime = NOW, rounds: int = 200) -> None:
    for _ in range(rounds):
        if not step(SUBSCRIPTIONS, WORKS, (), at):
            return
    raise AssertionError("the worker never comes to rest")

"""Several writers at one moment, on PostgreSQL, with the locks on and (for the control runs) off.

A gate stands between a check and its write. With the lock on, the first writer waits there alone while the others wait
for the row: the gate gives up after a moment and all goes on one by one. With the lock off, all writers have checked
before the first one writes, so that the race, if there is one, shows every time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import QuerySet

WRITERS = 8
PATIENCE = 0.4  # seconds for which the gate waits for writers that a lock keeps away


@dataclass
class Outcome:
    """What came of the writers: answers of those who succeeded, and what was raised to the others."""

    answers: list[Any] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)

    def raised(self, kind: type[BaseException]) -> int:
        return sum(isinstance(error, kind) for error in self.errors)


class Gate:
    """Holds writers until all of them are there, or until it is clear that they cannot come."""

    def __init__(self, writers: int = WRITERS) -> None:
        self._barrier = threading.Barrier(writers)

    def wait(self) -> None:
        try:
            self._barrier.wait(PATIENCE)
        except threading.BrokenBarrierError:
            pass


def race(write: Callable[[int], Any], writers: int = WRITERS) -> Outcome:
    """Call ``write(number)`` from so many threads, each with its own connection, all let go at once."""
    start, outcome, guard = threading.Barrier(writers), Outcome(), threading.Lock()

    def one(number: int) -> None:
        try:
            start.wait(10)
            answer = write(number)
            with guard:
                outcome.answers.append(answer)
        except Exception as error:
            with guard:
                outcome.errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "a writer hangs"
    return outcome


def gated(monkeypatch: pytest.MonkeyPatch, target: str, gate: Gate, *, after: bool = False) -> None:
    """Make the function at ``target`` (dotted path) wait at the gate before it does its work, or after."""
    from importlib import import_module

    path, _dot, name = target.rpartition(".")
    owner: Any
    try:
        owner = import_module(path)
    except ModuleNotFoundError:
        module, _dot, cls = path.rpartition(".")
        owner = getattr(import_module(module), cls)
    real = getattr(owner, name)

    def held(*args: Any, **kwargs: Any) -> Any:
        if not after:
            gate.wait()
        answer = real(*args, **kwargs)
        if after:
            gate.wait()
        return answer

    monkeypatch.setattr(owner, name, held)


def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every ``select_for_update`` of the program becomes a plain read."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self._chain())


def require_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("one writer at a time on SQLite; test_on_postgresql.py runs this on PostgreSQL")

"""/healthz and /readyz: each state that a watcher must be able to tell apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from rawabit.config import health
from rawabit.kit.jobs.models import Heartbeat, Job

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def alive(db: None) -> None:
    Heartbeat.objects.create(worker="w1", at=NOW - timedelta(seconds=5))


@pytest.mark.usefixtures("alive")
def test_everything_ready():
    assert health.readiness(NOW) == {"database": "ok", "disk": "ok", "migrations": "ok", "jobs": "ok"}


@pytest.mark.usefixtures("alive")
def test_a_worker_that_fell_silent():
    assert health.readiness(NOW + timedelta(minutes=2))["jobs"] == "silent"


@pytest.mark.usefixtures("alive")
@pytest.mark.parametrize(
    ("waits", "state", "expected"),
    [(9, "waiting", "ok"), (11, "waiting", "late"), (11, "done", "ok"), (11, "failed", "ok")],
)
def test_work_that_waits_too_long(waits: int, state: str, expected: str):
    Job.objects.create(name="mail", run_at=NOW - timedelta(minutes=waits), state=state)
    assert health.readiness(NOW)["jobs"] == expected


@pytest.mark.usefixtures("alive")
def test_a_full_disk(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health, "DISK_FREE_BYTES", 2**62)
    assert health.readiness(NOW)["disk"] == "full"


@pytest.mark.usefixtures("alive")
def test_migrations_that_are_missing(monkeypatch: pytest.MonkeyPatch):
    from rawabit.config.commands import environment

    monkeypatch.setattr(environment, "unapplied_migrations", lambda: ["crm.0002_more"])
    monkeypatch.setattr(health, "_current", set())
    assert health.readiness(NOW)["migrations"] == "behind"


def broken() -> str:
    raise OperationalError("password for user secret")


@pytest.mark.django_db
def test_a_database_that_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health, "database", broken)
    response = client.get("/readyz")
    assert (response.status_code, response["Cache-Control"]) == (503, "no-store")
    assert response.json() == {
        "status": "not ready",
        "checks": {"database": "failing", "disk": "ok", "migrations": "unknown", "jobs": "unknown"},
    }
    assert b"secret" not in response.content
    assert client.get("/healthz").json() == {"status": "ok"}


def test_healthz_asks_nobody(client: Client, django_db_blocker):
    with django_db_blocker.block():
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})

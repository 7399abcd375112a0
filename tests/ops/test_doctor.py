"""doctor: a good installation is told as good, and each thing that is wrong is found and named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.ops.conftest import rawabit
from tests.services import require_redis

NAMES = {
    *("python", "settings", "database", "migrations", "clock", "redis", "disk", "secret key", "static files", "mail"),
    *("background work", "leak guard"),
}


def answers(*arguments: object, **variables: str) -> tuple[int, dict[str, dict[str, Any]]]:
    done = rawabit("doctor", "--json", *arguments, **variables)
    found = json.loads(done.stdout)
    assert found["ok"] == (done.returncode == 0)
    return done.returncode, {answer["name"]: answer for answer in found["checks"]}


def bad(found: dict[str, dict[str, Any]]) -> list[str]:
    return [name for name, answer in found.items() if not answer["good"]]


def test_a_good_installation(data: Path):
    done = rawabit("doctor", "--data", data)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert {line[2:].partition(":")[0] for line in lines} == NAMES
    assert {line[0] for line in lines} == {"✓"}


def test_a_key_that_others_may_read(data: Path):
    (data / "secret.key").chmod(0o644)
    code, found = answers("--data", data)
    assert (code, bad(found)) == (1, ["secret key"])
    assert "0644" in found["secret key"]["said"]


def test_a_database_that_is_not_prepared(tmp_path: Path):
    code, found = answers("--data", tmp_path)
    assert (code, bad(found)) == (1, ["migrations", "background work", "leak guard"])


def test_a_damaged_database(data: Path):
    (data / "rawabit.sqlite3").write_bytes(b"no database at all " * 300)
    code, found = answers("--data", data)
    assert code == 1
    assert "damaged" in found["database"]["said"]


def test_a_data_folder_that_cannot_be_written(tmp_path: Path):
    (tmp_path / "data").write_text("a file")
    code, found = answers("--data", tmp_path / "data")
    assert (code, bad(found)) == (1, ["settings"])


def test_servers_that_do_not_answer(data: Path):
    dead = {"REDIS_URL": "redis://127.0.0.1:9/0", "RAWABIT_SMTP_HOST": "127.0.0.1", "RAWABIT_SMTP_PORT": "9"}
    code, found = answers("--data", data, **dead)
    assert (code, bad(found)) == (1, ["redis", "mail"])


def test_a_redis_that_answers(data: Path):
    code, found = answers("--data", data, REDIS_URL=require_redis())
    assert (code, found["redis"]["said"]) == (0, "answers")

"""The same commands on PostgreSQL: migrate, doctor, backup, restore."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from rawabit.config.commands import postgresql
from rawabit.config.commands.refusals import Stop
from tests.ops.conftest import rawabit
from tests.services import require_postgres

pytestmark = pytest.mark.postgres
COLUMNS = "(name, key, args, state, run_at, attempts, error)"


@pytest.fixture
def url() -> Iterator[str]:
    """An empty database of the test's own, dropped afterwards."""
    server, name = require_postgres(), f"rawabit_ops_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def statement(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(sql)  # type: ignore[call-overload]
        return cursor.fetchall() if cursor.description else []


def test_migrate_backup_and_restore(url: str, tmp_path: Path):
    data, file = tmp_path / "data", tmp_path / "kept.tar.gz"
    assert rawabit("migrate", "--data", data, DATABASE_URL=url).returncode == 0
    done = rawabit("doctor", "--json", "--data", data, DATABASE_URL=url)
    found = {answer["name"]: answer for answer in json.loads(done.stdout)["checks"]}
    assert found["database"]["said"].startswith("PostgreSQL")
    assert "encoding UTF8" in found["database"]["said"]

    row = f"INSERT INTO kit_jobs_job {COLUMNS} VALUES ('{{0}}', '{{0}}', '{{{{}}}}', 'done', now(), 0, '')"
    statement(url, row.format("before"))
    (data / "media").mkdir()
    (data / "media" / "paper.pdf").write_bytes(b"%PDF")
    done = rawabit("backup", file, "--data", data, DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    statement(url, row.format("after"))

    done = rawabit("restore", file, "--data", tmp_path / "other", DATABASE_URL=url)
    assert (done.returncode, "not empty" in done.stderr) == (1, True)
    done = rawabit("restore", file, "--data", tmp_path / "other", "--force", DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert statement(url, "SELECT name FROM kit_jobs_job") == [("before",)]
    assert (tmp_path / "other" / "media" / "paper.pdf").read_bytes() == b"%PDF"


def test_a_missing_pg_dump_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Stop, match="install the PostgreSQL client programs"):
        postgresql.dump(tmp_path / "database.dump")


def test_a_sqlite_backup_is_not_put_into_postgresql(url: str, data: Path, tmp_path: Path):
    file = tmp_path / "kept.tar.gz"
    assert rawabit("backup", file, "--data", data).returncode == 0
    done = rawabit("restore", file, "--data", tmp_path / "other", DATABASE_URL=url)
    assert (done.returncode, "is of a sqlite database" in done.stderr) == (1, True)

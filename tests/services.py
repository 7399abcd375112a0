"""The servers that tests may use when they answer, and must use when CI says so."""

from __future__ import annotations

import functools
import os
import socket
from urllib.parse import urlsplit

import pytest

POSTGRES_CANDIDATES = (
    "postgres://postgres@127.0.0.1:5432/postgres",
    "postgres://postgres:postgres@127.0.0.1:5432/postgres",
)
REDIS_CANDIDATE = "redis://127.0.0.1:6379/15"


@functools.cache
def postgres_url() -> str | None:
    """Address of a PostgreSQL server on which databases may be made, or None. RAWABIT_TEST_POSTGRES names one."""
    import psycopg

    named = os.environ.get("RAWABIT_TEST_POSTGRES")
    for url in [named] if named else POSTGRES_CANDIDATES:
        try:
            psycopg.connect(url, connect_timeout=3).close()
        except psycopg.OperationalError:
            continue
        return url
    return None


@functools.cache
def redis_url() -> str | None:
    """Address of a Redis server whose database 15 may be used, or None. RAWABIT_TEST_REDIS names one."""
    url = os.environ.get("RAWABIT_TEST_REDIS", REDIS_CANDIDATE)
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 6379), timeout=3).close()
    except OSError:
        return None
    return url


def require_postgres() -> str:
    """The server's address; without one the test is skipped, or fails where RAWABIT_REQUIRE_POSTGRES=1."""
    return _require(postgres_url(), "PostgreSQL", "RAWABIT_REQUIRE_POSTGRES")


def require_redis() -> str:
    """The server's address; without one the test is skipped, or fails where RAWABIT_REQUIRE_REDIS=1."""
    return _require(redis_url(), "Redis", "RAWABIT_REQUIRE_REDIS")


def _require(url: str | None, name: str, demanded: str) -> str:
    if url is None and os.environ.get(demanded) == "1":
        pytest.fail(f"no {name} server answers, and {demanded}=1 demands one", pytrace=False)
    if url is None:
        pytest.skip(f"no {name} server answers")
    return url


def without(*names: str) -> dict[str, str]:
    """The environment of a program under test, without these variables and without pytest's own."""
    return {key: value for key, value in os.environ.items() if key not in names and not key.startswith("PYTEST_")}

"""Sentences in English, whatever the usual language of the installation; installations for other processes."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def installation(transactional_db: None) -> Callable[[Path], None]:
    """Makes a data folder with an empty database and its guards: a copy of the tests' own, which is migrated already
    (the processes migrate for themselves where the tests run on another database)."""

    def make(data: Path) -> None:
        data.mkdir()
        if connection.vendor == "sqlite":
            with contextlib.closing(sqlite3.connect(data / "rawabit.sqlite3")) as target:
                connection.connection.backup(target)

    return make

"""Emptying sixty tables with TRUNCATE takes seconds on a busy disk; deleting their few rows takes none."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.fixture(scope="session", autouse=True)
def quick_flush():
    if connection.vendor != "postgresql":
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "sql_flush", delete_rows)
        yield


def delete_rows(self, style, tables, *, reset_sequences=False, allow_cascade=False) -> list[str]:
    """Without foreign keys and guards for the moment, which takes a superuser, as tests have."""
    if not tables:
        return []
    deletes = [f"DELETE FROM {self.quote_name(table)}" for table in tables]
    return ["SET session_replication_role = replica", *deletes, "SET session_replication_role = DEFAULT"]

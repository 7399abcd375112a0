"""Emptying sixty tables with TRUNCATE takes seconds on a busy disk; deleting their few rows takes none."""

from __future__ import annotations

from functools import partialmethod

import pytest
from django.db import connection


@pytest.fixture(scope="session", autouse=True)
def quick_flush():
    if connection.vendor != "postgresql":
        yield
        return
    operations = type(connection.ops)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", partialmethod(delete_rows, operations.sql_flush))
        yield


def delete_rows(self, usual, style, tables, **options) -> list[str]:
    """Without foreign keys and guards for the moment, which only a superuser may order; others wait for TRUNCATE."""
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        (superuser,) = cursor.fetchone()
    if not superuser or not tables:
        return usual(self, style, tables, **options)
    deletes = [f"DELETE FROM {self.quote_name(table)}" for table in tables]
    return ["SET session_replication_role = replica", *deletes, "SET session_replication_role = DEFAULT"]

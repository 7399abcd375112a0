"""What a database needs once a day."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

# Rows of each index that are looked at: enough for the planner, and a second for a million invoices.
LOOKED_AT = 400


def keep_statistics(at: datetime) -> None:
    """Tell SQLite how its indexes look, or it guesses, and guesses wrong for customers with many papers. PostgreSQL
    does this by itself."""
    del at
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={LOOKED_AT}")
        cursor.execute("ANALYZE")

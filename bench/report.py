"""The figures for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

HEADS = ("page", "CPU ms", "× bare", "queries", "bytes", "p50 ms", "p95 ms", "p50 at 8", "p95 at 8")
KEYS = ("name", "cpu_ms", "ratio", "queries", "bytes", "p50_ms", "p95_ms", "p50_ms_8", "p95_ms_8")


def table(result: Mapping[str, Any]) -> str:
    """Two tables: the customer whose pages are compared, and the one with many papers."""
    own, busy = result["own_invoices"], result["busy_customer"]
    size = f"{result['customers']:,} customers, {result['invoices']:,} invoices on {result['database']}"
    return "\n\n".join(
        [
            f"{size}: {result['database_mb']:,.0f} MB, built in {result['built_in_s']:.0f} s.",
            f"Memory of the server: {result['rss_mb']:.0f} MB (on SQLite with the mapped part of the database).",
            f"A customer with {own} invoices of his own:\n" + rows([result["calibrator"], *result["pages"]]),
            f"A customer with {busy['invoices']:,} invoices of his own:\n" + rows(busy["pages"]),
        ]
    )


def rows(pages: Sequence[Mapping[str, Any]]) -> str:
    cells = [HEADS, *(tuple(_shown(page, key) for key in KEYS) for page in pages)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(HEADS))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    )


def _shown(page: Mapping[str, Any], key: str) -> str:
    value = page[key]
    if key == "name":
        return f"{page['door']} {value}" if page["door"] == "desk" else str(value)
    if isinstance(value, float):
        return f"{value:.2f}"
    return f"{value:,}"

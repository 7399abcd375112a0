"""The statement of account as rows of a table, for CSV and Excel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext, pgettext

from rawabit.kit.screens.exports import csv_lines, xlsx_bytes
from rawabit.ledger.logic.statement import Statement
from rawabit.ledger.models import Entry

KINDS = dict(Entry.KINDS)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def statement_csv(found: Statement) -> bytes:
    """In the language that is active."""
    return "".join(csv_lines(_heads(), file_rows(found))).encode()


def statement_xlsx(found: Statement) -> bytes:
    """The same as a workbook, read from right to left where the language is."""
    return xlsx_bytes(gettext("Statement of account"), _heads(), file_rows(found))


def _heads() -> list[str]:
    return [
        gettext("Date"), gettext("Document"), gettext("Number"), gettext("Due date"),
        pgettext("statement", "Debit"), pgettext("statement", "Credit"), gettext("Balance"), gettext("Currency"),
    ]  # fmt: skip


def file_rows(found: Statement) -> Iterator[list[Any]]:
    """Opening balance, movements, closing balance."""
    code = found.opening.currency
    yield [found.start, gettext("Opening balance"), "", "", "", "", found.opening.amount, code]
    for row in found.rows:
        sides = [row.debit.amount if row.debit else "", row.credit.amount if row.credit else ""]
        kind = str(KINDS.get(row.kind, row.kind))
        yield [row.date, kind, row.number, row.due_date or "", *sides, row.balance.amount, code]
    yield [
        found.end, gettext("Closing balance"), "", "", found.debit.amount, found.credit.amount, found.closing.amount,
        code,
    ]  # fmt: skip

"""Lists as CSV and XLSX: the same rows, columns and words as on the screen."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils import translation

from rawabit.kit.access import access
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Column

if TYPE_CHECKING:
    from rawabit.kit.screens.base import ScreensBase as _Base
else:
    _Base = object

MOST_ROWS = 100_000
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula; numbers and dates stay what they are."""
    if isinstance(value, str) and value.startswith(RISKY):
        return f"'{value}"
    return value


class _Echo:
    def write(self, line: str) -> str:
        return line


def csv_lines(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """CSV with a byte-order mark, so that spreadsheets read Arabic."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow([harmless(head) for head in heads])
    for row in rows:
        yield writer.writerow([harmless(_plain(value)) for value in row])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def xlsx_bytes(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet, right to left in Arabic and Persian, never a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(title[:31].translate(str.maketrans("[]:*?/\\", "       ")))
        if translation.get_language_bidi():
            sheet.right_to_left()
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, heads, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                _write(sheet, number, place, value, day)
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, Decimal | int) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value))


class ExportPages(_Base):
    """The list as a file."""

    @access("staff")
    def export(self, request: Request, kind: str) -> HttpResponse | StreamingHttpResponse:
        actor = self.allow(request, "export")
        if kind not in ("csv", "xlsx"):
            raise Http404(kind)
        rows = self.narrow(self.rows(actor), request).order_by(*self.ordering(request))[:MOST_ROWS]  # type: ignore[attr-defined]
        columns: Sequence[Column] = self.chosen_columns(request)  # type: ignore[attr-defined]
        heads = [column.title(self.model) for column in columns]
        batches = self.exported(rows, columns, request)
        if kind == "xlsx":
            mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            response = HttpResponse(xlsx_bytes(self.title, heads, batches), content_type=mime)
        else:
            response = HttpResponse("".join(csv_lines(heads, batches)), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{self.slug}.{kind}"'
        return response

    def exported(self, rows: Any, columns: Sequence[Column], request: Request) -> Iterator[list[Any]]:
        """Rows as lists of values, prepared in batches so that memory stays flat."""
        batch: list[Any] = []
        for row in rows.iterator(chunk_size=1000):
            batch.append(row)
            if len(batch) == 1000:
                yield from self._values(batch, columns, request)
                batch = []
        yield from self._values(batch, columns, request)

    def _values(self, batch: list[Any], columns: Sequence[Column], request: Request) -> Iterator[list[Any]]:
        self.prepare(batch, request)  # type: ignore[attr-defined]
        for row in batch:
            yield [column.export(row) for column in columns]

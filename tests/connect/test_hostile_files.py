"""Files that were made to harm, or by accident: each is refused in one sentence, quickly, and nothing stays of it."""

from __future__ import annotations

import io
import time
import zipfile
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings

from rawabit.connect.actions import files as acts
from rawabit.connect.models import ImportFile
from rawabit.connect.places import folder_of
from rawabit.crm.models import Customer
from tests import makers
from tests.connect.desk import AtDesk, csv_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> AtDesk:
    return AtDesk(makers.make_user("manager", "هند", language="en"))


def book(rows: list[list[Any]], sheets: tuple[str, ...] = ("Sheet1",), formula: str = "") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as made:
        for name in sheets:
            sheet = made.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
            if formula:
                sheet.write_formula(1, 1, formula, None, "Cached")
    return out.getvalue()


def zip_of(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def locked() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


BOMB = zip_of(**{"xl__worksheets__sheet1.xml": b"0" * (200 << 20)})
ENTITIES = zip_of(**{"[Content_Types].xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'})
CASES = {
    "empty": (b"", "t.csv", "empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 90, "t.png", "XLSX, CSV or TSV"),
    "a pdf as csv": (b"%PDF-1.7\n%...", "t.csv", "is not a table"),
    "old excel": (locked(), "t.xlsx", "old or password-protected"),
    "a bomb": (BOMB, "t.xlsx", "decompression bomb"),
    "entities": (ENTITIES, "t.xlsx", "document type"),
    "half a workbook": (book([["Name"], ["x"]])[:900], "t.xlsx", "damaged"),
    "no extension": (b"a,b\n1,2\n", "table", "XLSX, CSV or TSV"),
    "an endless line": (b'a,b\n"' + b"x" * (5 << 20), "t.csv", "longer than any table row"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_in_words_and_not_kept(desk: AtDesk, case: str, django_capture_on_commit_callbacks: Any) -> None:
    content, name, words = CASES[case]
    started = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        response = desk.upload(content, name)
    if case == "an endless line" and response.status_code == 302:
        _later(desk, words)
        return
    assert (response.status_code, words in response.content.decode()) == (422, True), response.content.decode()
    assert time.monotonic() - started < 3
    for file in ImportFile.objects.all():
        assert file.removed_at is not None
        assert not folder_of(file).exists()


def _later(desk: AtDesk, words: str) -> None:
    """The header can be read; the row that never ends is told when the columns are shown."""
    page = desk.page("import-map", ImportFile.objects.get())
    assert words in page.content.decode()


def test_the_bomb_is_refused_before_it_is_unpacked() -> None:
    from pathlib import Path

    from rawabit.kit.importing import TableError
    from rawabit.kit.importing.workbooks import check_workbook

    path = Path(settings.DATA) / "bomb.xlsx"
    path.write_bytes(BOMB)
    started = time.monotonic()
    with pytest.raises(TableError, match="bomb"):
        check_workbook(path)
    assert time.monotonic() - started < 0.05


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_very_many_columns(desk: AtDesk, kind: str) -> None:
    heads = [f"c{n}" for n in range(100_000 if kind == "csv" else 3_000)]
    content = csv_of([heads, heads]) if kind == "csv" else book([heads])
    page = desk.page("import-map", desk.bring(content, f"t.{kind}"))
    assert (page.status_code, len(page.content) < 60_000) == (200, True)
    assert "columns; at most" in page.content.decode()


def test_more_columns_than_a_page_can_show(desk: AtDesk) -> None:
    page = desk.page("import-map", desk.bring(csv_of([[f"c{n}" for n in range(151)]])))
    assert "151 columns; at most 150" in page.content.decode()


def test_a_cell_of_a_megabyte_is_reported_with_its_row(desk: AtDesk) -> None:
    rows = [["Customer No", "Name"], ["C1", "x" * (1 << 20)], ["C2", "Good"]]
    file = desk.run(desk.check(desk.bring(csv_of(rows))))
    assert (file.facts["created"], file.facts["reasons"]) == ({"customer": 1}, {"value.too_long": 1})
    assert len(desk.page("import", file).content) < 60_000
    assert len(desk.page("import-map", desk.bring(csv_of(rows))).content) < 90_000


def test_formula_cells_are_text_or_their_last_value(desk: AtDesk) -> None:
    rows = [["Customer No", "Name"], ["C1", ""], ["C2", '=HYPERLINK("http://evil.example")'], ["C3", "@SUM(A1)"]]
    file = desk.run(desk.check(desk.bring(book(rows, formula='=CMD("calc")'), "t.xlsx")))
    assert file.facts["created"] == {"customer": 3}
    names = set(Customer.objects.values_list("code", "name"))
    assert names == {("C1", "Cached"), ("C2", '=HYPERLINK("http://evil.example")'), ("C3", "@SUM(A1)")}


def test_failed_rows_are_no_formulas(desk: AtDesk) -> None:
    rows = [["Customer No", "Name", "Credit limit"], ["C1", "=1+1", "much"]]
    file = desk.run(desk.check(desk.bring(csv_of(rows))))
    assert "'=1+1" in desk.failed_rows(file).decode("utf-8-sig")


@pytest.mark.parametrize(("content", "words"), [
    (b"Name,Name\r\na,b\r\n", "stand twice"), (b"Name,,City\r\na,b,c\r\n", "has no name"),
    (b"\r\n\r\nx\r\n", "no column names"), (bytes(range(256)) * 40, "zero bytes"),
])  # fmt: skip
def test_what_can_be_read_another_way_stays_and_says_what_is_wrong(desk: AtDesk, content: bytes, words: str) -> None:
    file = desk.bring(content)
    page = desk.page("import-map", file)
    assert (page.status_code, words in page.content.decode()) == (200, True), page.content.decode()[-3000:]
    assert "Row of the column names" in page.content.decode()


def test_the_row_of_the_column_names_is_chosen(desk: AtDesk) -> None:
    file = desk.bring(csv_of([["Our customers", ""], ["Customer No", "Name"], ["C1", "One"]]))
    assert "has no name" in desk.page("import-map", file).content.decode()
    assert desk.send("import-reading", file, header_row="٢").status_code == 302
    file = desk.run(desk.check(ImportFile.objects.get(pk=file.pk)))
    assert file.facts["created"] == {"customer": 1}


def test_a_table_with_a_header_only(desk: AtDesk) -> None:
    file = desk.check(desk.bring(csv_of([["Customer No", "Name"]])))
    assert (file.state, file.checked["rows_read"]) == ("checked", 0)
    page = desk.page("import", file).content.decode()
    assert "Import now" not in page


def test_one_of_several_sheets(desk: AtDesk) -> None:
    file = desk.bring(book([["Customer No", "Name"], ["C1", "One"]], ("Old", "عملاء")), "t.xlsx")
    assert "عملاء" in desk.page("import-map", file).content.decode()
    desk.send("import-reading", file, sheet="عملاء")
    file = desk.run(desk.check(ImportFile.objects.get(pk=file.pk)))
    assert file.facts["created"] == {"customer": 1}
    assert 'sheet = "عملاء"' in file.map_text
    other = desk.bring(book([["Customer No", "Name"]]), "t.xlsx")
    desk.send("import-reading", other, sheet="no such sheet")
    assert "has no sheet" in desk.page("import-map", other).content.decode()


@pytest.mark.parametrize("name", [
    "../../../etc/passwd.csv", "..\\..\\x.csv", "/abs/olute.csv", "%2e%2e%2fx.csv", "CON.csv", "a" * 300 + ".csv",
    "x\u202evsc.csv", "ﬁle\u0301.csv", " .csv",
])  # fmt: skip
def test_names_lead_nowhere(desk: AtDesk, name: str) -> None:
    response = desk.upload(csv_of([["Customer No", "Name"], ["C1", "x"]]), name)
    for file in ImportFile.objects.all():
        assert folder_of(file).parent.name == "imports"
        assert [path.name for path in folder_of(file).iterdir()] == ["table.csv"]
    assert response.status_code in (302, 422)


def test_a_file_above_the_limit(desk: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "MAX_BYTES", 1 << 20)
    response = desk.upload(b"a,b\n" + b"x,y\n" * 300_000)
    assert (response.status_code, "too large: 1 MB" in response.content.decode()) == (422, True)
    assert ImportFile.objects.count() == 0


def test_one_persons_files_have_a_limit(desk: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "MOST_KEPT", 2)
    for _n in range(2):
        desk.bring(csv_of([["Customer No", "Name"]]))
    response = desk.upload(csv_of([["Customer No", "Name"]]))
    assert "Remove one of them first" in response.content.decode()
    assert AtDesk(makers.make_user("manager", "سارة")).upload(csv_of([["Customer No", "Name"]])).status_code == 302

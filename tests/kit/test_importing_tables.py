"""Tables from files: encodings, delimiters, ragged and cut off rows, workbooks and what is refused."""

from __future__ import annotations

import csv
import io
import os
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rawabit.kit.importing import Table, TableError, open_table


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


ARABIC = (
    "الرمز,الاسم,المدينة\n1,شركة النخيل للتجارة والمقاولات,الرياض\n2,مؤسسة الأفق الأزرق,جدة\n"
    "3,مجموعة الخليج العربي للتوريدات الطبية,الدمام\n4,مطعم بيت الشام,مكة المكرمة\n"
)
PERSIAN = "کد,نام,شهر\n1,شرکت پارس گستر خاورمیانه,تهران\n2,بازرگانی چهارباغ,اصفهان\n3,فروشگاه ژاله و پگاه,شیراز\n"
FRENCH = (
    "code,nom,ville\n1,Société générale des équipements,Besançon\n2,Café de la Gare,Orléans\n3,Forêt à côté,Mâcon\n"
)
GERMAN = "code,name,stadt\n1,Müller Möbel Größen GmbH,Düsseldorf\n2,Bäckerei Weiß,Köln\n3,Schröder Öle,Übersee\n"
SPANISH = "codigo,nombre,ciudad\n1,Compañía Española del Niño,Cádiz\n2,Muñoz e Ibáñez Construcción,León\n"


def write(folder: Path, text: str | bytes, encoding: str = "utf-8", name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def rows_of(table: Table) -> list[list[object]]:
    return [[*row.cells.values(), *row.extra] for row in table]


def text_rows(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


@pytest.mark.parametrize("text", [ARABIC, PERSIAN, FRENCH, GERMAN])
@pytest.mark.parametrize(
    ("encoding", "mark", "found"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
    ],
)
def test_unicode_is_recognised(tmp_path: Path, text: str, encoding: str, mark: bytes, found: str) -> None:
    table = open_table(write(tmp_path, mark + text.encode(encoding)))
    assert table.encoding == found
    assert [list(table.columns), *rows_of(table)] == text_rows(text)


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (ARABIC, "windows-1256", "windows-1256"),
        (PERSIAN.replace("ی", "ي"), "windows-1256", "windows-1256"),
        (ARABIC, "iso-8859-6", "iso-8859-6"),
        (FRENCH, "latin-1", "latin-1"),
        (GERMAN, "latin-1", "latin-1"),
        (SPANISH, "latin-1", "latin-1"),
        (FRENCH + "4,L’œuvre – 5 €,Nîmes\n", "windows-1252", "windows-1252"),
    ],
)
def test_single_byte_encodings_are_told_apart_by_their_letters(
    tmp_path: Path, text: str, encoding: str, found: str
) -> None:
    table = open_table(write(tmp_path, text, encoding))
    # Windows-1256 holds the letters of French too, so that text is the same in both and there is nothing to doubt.
    assert (table.encoding, table.notes[0].confidence) == (found, "certain" if text.startswith(FRENCH) else "high")
    assert [list(table.columns), *rows_of(table)] == text_rows(text)


def test_a_short_text_is_decided_with_low_confidence_and_says_so(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, b"a,b\n1,\xc7\n"))
    assert table.notes[0].confidence == "low"
    assert "name the encoding" in str(table.notes[0])


def test_letters_that_are_the_same_in_both_encodings_leave_no_doubt(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, "a,b\n1,Gift Voucher £40.00\n", "latin-1"))
    assert (table.encoding, table.notes[0].code) == ("latin-1", "encoding.same_either_way")
    assert rows_of(table) == [["1", "Gift Voucher £40.00"]]


def test_a_named_encoding_wins(tmp_path: Path) -> None:
    path = write(tmp_path, FRENCH, "latin-1")
    table = open_table(path, encoding="windows-1256")
    assert (table.encoding, table.notes[0].code) == ("windows-1256", "encoding.given")
    assert rows_of(table)[0][2] == "Besançon"
    with pytest.raises(TableError) as refused:
        open_table(path, encoding="klingon")
    assert refused.value.code == "table.encoding_unknown"
    assert "windows-1256" in str(refused.value)
    with pytest.raises(TableError):
        open_table(path, encoding="base64")  # a codec of Python, but no encoding of text


def test_damaged_bytes_in_utf8_make_a_problem_of_their_row_only(tmp_path: Path) -> None:
    lines = [f"{n},شركة رقم {n}".encode() for n in range(30)]
    lines[7] += b"\xff"
    table = open_table(write(tmp_path, b"id,name\n" + b"\n".join(lines) + b"\n"))
    assert (table.encoding, table.notes[0].code) == ("utf-8", "encoding.utf8_damaged")
    assert [(row.number, row.problem) for row in table if row.problem] == [(9, "row.bad_bytes")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(tmp_path: Path, delimiter: str) -> None:
    text = 'a;b;c\n1;"x;y, z";2,5\n2;"|";3,5\n'.replace(";", delimiter)
    table = open_table(write(tmp_path, text))
    assert table.delimiter == delimiter
    assert [list(table.columns), *rows_of(table)] == text_rows(text, delimiter)


def test_decimal_commas_do_not_hide_semicolons(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, "code;price;tax\n1;2,50;0,15\n2;3,50;0,15\n"))
    assert table.delimiter == ";"


def test_an_ambiguous_delimiter_is_told(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, "a;b,c;d\n1;2,3;4\n"))
    assert (table.notes[1].code, table.notes[1].confidence) == ("delimiter.unsure", "low")


def test_a_named_delimiter_and_excels_own_hint(tmp_path: Path) -> None:
    assert open_table(write(tmp_path, "a,b;c\n1,2;3\n"), delimiter=";").columns == ("a,b", "c")
    assert open_table(write(tmp_path, "a\tb\n1\t2\n"), delimiter="tab").columns == ("a", "b")
    hinted = open_table(write(tmp_path, "sep=;\r\na,b;c\r\n1,2;3\r\n"))
    assert hinted.columns == ("a,b", "c")
    assert [(row.number, list(row.cells.values())) for row in hinted] == [(3, ["1,2", "3"])]
    with pytest.raises(TableError) as refused:
        open_table(write(tmp_path, "a,b\n"), delimiter="x")
    assert refused.value.code == "table.delimiter_unknown"


def test_one_column_is_a_table(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, "sku\nA\nB\n"))
    assert (table.columns, rows_of(table)) == (("sku",), [["A"], ["B"]])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_quoted_newlines(tmp_path: Path, end: str) -> None:
    table = open_table(write(tmp_path, end.join(['id,"na""me"', f'1,"two{end}lines"', "2,one", ""])))
    assert table.columns == ("id", 'na"me')
    assert [(row.number, row.cells["id"], row.cells['na"me']) for row in table] == [
        (2, "1", f"two{end}lines"),
        (4, "2", "one"),
    ]


def test_ragged_rows_are_kept_with_their_problem(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, "a,b,c\n1,2,3\n1,2\n1,2,3,4,5\n\n,,\n1,2,3\n"))
    rows = list(table)
    assert [(row.number, row.problem) for row in rows] == [(2, None), (3, "row.short"), (4, "row.long"), (7, None)]
    assert rows[1].cells == {"a": "1", "b": "2", "c": None}
    assert rows[2].extra == ("4", "5")
    assert table.blank_rows == 2


@pytest.mark.parametrize(
    ("tail", "problem"),
    [
        ("539650,84347,R", "row.cut_off"),
        ('539650,"84347', "row.cut_off"),
        ("539650,84347\n", "row.short"),
        ("539650,84347,ROTATING,1", None),
    ],
)
def test_a_last_line_cut_off_in_the_middle_is_reported(tmp_path: Path, tail: str, problem: str | None) -> None:
    table = open_table(write(tmp_path, "no,code,text,qty\n1,2,3,4\n" + tail))
    assert [row.problem for row in table] == [None, problem]
    assert [row.cells["no"] for row in table] == ["1", "539650"]


def test_a_file_cut_in_the_middle_of_a_letter(tmp_path: Path) -> None:
    path = write(tmp_path, ("id,name\n1,شركة\n2,مؤسسة").encode()[:-1])
    assert [(row.number, row.problem) for row in open_table(path)] == [(2, None), (3, "row.bad_bytes")]


def test_a_quote_that_nobody_closes_costs_one_row_only(tmp_path: Path) -> None:
    text = 'a,b\n1,"open\n' + "".join(f"{n},x\n" for n in range(2, 40))
    table = open_table(write(tmp_path, text))
    rows = list(table)
    assert [row.problem for row in rows] == ["row.open_quote", *[None] * 38]
    assert [row.number for row in rows] == list(range(2, 41))
    assert rows[0].cells == {"a": "1", "b": '"open'}


def test_a_quote_that_nobody_closes_in_a_long_file(tmp_path: Path) -> None:
    text = 'a,b\n1,"open\n' + "".join(f"{n},x\n" for n in range(2, 12_000))
    numbers = [(row.number, row.problem) for row in open_table(write(tmp_path, text))]
    assert numbers == [(2, "row.open_quote"), *((n + 1, None) for n in range(2, 12_000))]


def test_a_cell_of_one_megabyte(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, f"a,b\n1,{'x' * (1 << 20)}\n"))
    assert [len(str(row.cells["b"])) for row in table] == [1 << 20]


def test_five_hundred_columns_and_no_more_than_allowed(tmp_path: Path) -> None:
    names = [f"c{n}" for n in range(500)]
    assert open_table(write(tmp_path, ",".join(names) + "\n" + ",".join(names) + "\n")).columns == tuple(names)
    with pytest.raises(TableError) as refused:
        open_table(write(tmp_path, ",".join(f"c{n}" for n in range(5_000)) + "\n"))
    assert refused.value.code == "table.too_many_columns"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table.empty"),
        (b"\n\n", "table.no_header"),
        (b"a,,c\n1,2,3\n", "table.header_blank"),
        (b"a,b, a\n1,2,3\n", "table.header_double"),
        (b"a,b\n1,\x002\n", "table.nul"),
        (b"%PDF-1.7\n", "table.not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "table.old_excel"),
        (b"PK\x03\x04 broken", "table.workbook_broken"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 500, "table.nul"),
        ("a,b\n1,\x002\n".encode("utf-16"), "table.nul"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(TableError) as refused:
        list(open_table(write(tmp_path, content)))
    assert refused.value.code == code
    assert str(refused.value).count(".") >= 1
    assert "%(" not in str(refused.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(TableError) as refused:
        open_table(tmp_path / "nothing.csv")
    assert refused.value.code == "table.unreadable"


def test_the_line_of_a_zero_byte_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError) as refused:
        open_table(write(tmp_path, b"a,b\n1,2\n3,\x00\n"))
    assert refused.value.facts["line"] == 3


def test_a_header_below_a_title(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, "Price list 2024,\n,\nsku,price\nA,1\n"), header_row=3)
    assert table.columns == ("sku", "price")
    assert [(row.number, row.cells["price"]) for row in table] == [(4, "1")]


CELLS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\r\ufeff\ufffd"), max_size=12)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, st.integers(0, 10**6).map(str)), min_size=1, max_size=8),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_csv_writer_writes_is_read_back(
    tmp_path: Path, rows: list[tuple[str, str, str]], delimiter: str, end: str, encoding: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(["name", "note", "id"])
    writer.writerows(rows)
    table = open_table(write(tmp_path, out.getvalue(), encoding), delimiter=delimiter)
    assert rows_of(table) == [list(row) for row in rows]
    assert [row.problem for row in table] == [None] * len(rows)
    assert table.encoding == ("utf-16-le" if encoding == "utf-16" else "utf-8")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(min_size=1, max_size=300))
def test_no_bytes_break_the_reader(tmp_path: Path, content: bytes) -> None:
    try:
        table = open_table(write(tmp_path, b"a,b\n" + content))
    except TableError:
        return
    for row in table:
        assert set(row.cells) == set(table.columns)


def test_memory_stays_flat(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("w") as file:
        file.write("id,name,amount\n")
        for n in range(150_000):
            file.write(f"{n},Customer number {n},{n}.50\n")
    assert path.stat().st_size > 5_000_000
    table = open_table(path)
    tracemalloc.start()
    assert sum(1 for _row in table) == 150_000
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


# Workbooks


def workbook(path: Path, sheets: dict[str, list[list[object]]], **options: object) -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd", "remove_timezone": True, **options})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is not None:
                    sheet.write(r, c, value)
    book.close()
    return path


@pytest.mark.parametrize("d1904", [False, True])
def test_a_workbook_keeps_numbers_exact_and_dates_as_dates(tmp_path: Path, d1904: bool) -> None:
    rows: list[list[object]] = [
        ["sku", "price", "day", "ok", "note"],
        ["A-1", 0.1 + 0.2, date(2024, 2, 29), True, "سطر\nثانٍ"],
        [1001, 12.5, datetime(2024, 3, 1, 8, 30), False, None],
    ]
    table = open_table(workbook(tmp_path / "a.xlsx", {"Items": rows}, date_1904=d1904))
    assert (table.kind, table.sheet, table.columns) == ("xlsx", "Items", ("sku", "price", "day", "ok", "note"))
    assert rows_of(table) == [
        ["A-1", Decimal("0.3"), date(2024, 2, 29), "TRUE", "سطر\nثانٍ"],
        [Decimal(1001), Decimal("12.5"), datetime(2024, 3, 1, 8, 30), "FALSE", None],
    ]
    assert [row.number for row in table] == [2, 3]


def test_a_sheet_by_name_blank_rows_and_cells_beyond_the_header(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        {"Intro": [["x"]], "Data": [[], ["a", "b"], [1, 2], [None, None], [3, 4, "more"]]},
    )
    table = open_table(path, sheet="Data", header_row=2)
    assert [(row.number, row.problem, row.extra) for row in table] == [(3, None, ()), (5, "row.long", ("more",))]
    assert table.blank_rows == 1
    with pytest.raises(TableError) as refused:
        open_table(path, sheet="Other")
    assert refused.value.code == "table.no_sheet"
    assert "Intro, Data" in str(refused.value)


def test_a_renamed_workbook_is_still_a_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [["a"], [1]]})
    assert open_table(path.rename(tmp_path / "a.csv")).kind == "xlsx"


def repacked(path: Path, target: Path, replace: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, replace.get(entry.filename, old.read(entry)))
    return target


def test_a_workbook_packed_like_a_bomb_is_refused_before_parsing(tmp_path: Path) -> None:
    good = workbook(tmp_path / "a.xlsx", {"S": [["a"], [1]]})
    sheet = b"<worksheet><sheetData>" + b"<row/>" * 3_000_000 + b"</sheetData></worksheet>"
    bomb = repacked(good, tmp_path / "bomb.xlsx", {"xl/worksheets/sheet1.xml": sheet})
    assert bomb.stat().st_size < 100_000
    with pytest.raises(TableError) as refused:
        open_table(bomb)
    assert refused.value.code == "table.workbook_bomb"


def test_a_directory_that_lies_about_sizes_is_refused(tmp_path: Path) -> None:
    good = workbook(tmp_path / "a.xlsx", {"S": [["a"], [1]]})
    sheet = b"<worksheet><sheetData>" + b"<row/>" * 300_000 + b"</sheetData></worksheet>"
    path = repacked(good, tmp_path / "lie.xlsx", {"xl/worksheets/sheet1.xml": sheet})
    small = (200).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(len(sheet).to_bytes(4, "little"), small))
    with pytest.raises(TableError) as refused:
        open_table(path)
    assert refused.value.code == "table.workbook_broken"


def test_too_many_entries_and_document_types_are_refused(tmp_path: Path) -> None:
    many = tmp_path / "many.xlsx"
    with zipfile.ZipFile(many, "w") as archive:
        for n in range(10_001):
            archive.writestr(f"e{n}", b"")
    with pytest.raises(TableError) as refused:
        open_table(many)
    assert refused.value.code == "table.workbook_too_big"
    good = workbook(tmp_path / "a.xlsx", {"S": [["a"], [1]]})
    xxe = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst>&e;</sst>'
    with pytest.raises(TableError) as refused:
        open_table(repacked(good, tmp_path / "xxe.xlsx", {"xl/sharedStrings.xml": xxe}))
    assert refused.value.code == "table.workbook_doctype"


def test_macros_are_left_alone(tmp_path: Path) -> None:
    good = workbook(tmp_path / "a.xlsx", {"S": [["a"], [1]]})
    with zipfile.ZipFile(good, "a") as archive:
        archive.writestr("xl/vbaProject.bin", os.urandom(2048))
    assert rows_of(open_table(good)) == [[Decimal(1)]]

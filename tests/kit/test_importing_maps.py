"""Maps: what they say, and that every mistake is named with its place in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from rawabit.kit.importing import (
    EntitySpec,
    FieldSpec,
    MapError,
    TableError,
    ValueProblem,
    load_map,
    open_table,
    parse_map,
)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


PERSON = EntitySpec(
    "person",
    (
        FieldSpec("external_id", required=True, limit=20),
        FieldSpec("name", required=True),
        FieldSpec("kind", "choice", choices=("company", "individual")),
        FieldSpec("country"),
        FieldSpec("since", "date"),
        FieldSpec("limit", "decimal"),
        FieldSpec("active", "bool"),
    ),
)
PAPER = EntitySpec(
    "paper",
    (
        FieldSpec("number", required=True),
        FieldSpec("person", agree=True),
        FieldSpec("issued_at", "datetime"),
        FieldSpec("currency"),
    ),
    (
        FieldSpec("item", required=True),
        FieldSpec("quantity", "decimal", required=True),
        FieldSpec("price", "decimal", required=True),
        FieldSpec("tax_rate", "decimal"),
    ),
    key=("number",),
)
ENTITIES = {spec.name: spec for spec in (PERSON, PAPER)}

GOOD = """
name = "old-shop"
[source]
timezone = "Europe/London"
[defaults]
currency = "GBP"
tax_rate = 0
country = "GB"

[[target]]
entity = "person"
when = [{column = "Customer", blank = false}]
[target.columns]
external_id = "Customer"
name = {text = "Customer {Customer}"}
country = {column = "Country", aliases = {"United Kingdom" = "GB", EIRE = "IE"}, transform = "upper"}
kind = {constant = "company"}

[[target]]
entity = "paper"
when = [{column = "No", starts_with = "C"}]
[target.columns]
number = "No"
person = "Customer"
issued_at = {column = "At", format = "%d/%m/%Y %H:%M"}
[target.lines]
item = "Code"
quantity = {column = "Qty", transform = "negate"}
price = "Price"
"""


def test_a_map_reads_rows() -> None:
    read = parse_map(GOOD, ENTITIES)
    people, papers = read.targets
    cells = {
        "No": "C1",
        "Customer": "17 ",
        "Country": "eire",
        "Code": "X",
        "Qty": "-6",
        "Price": "0",
        "At": "1/7/2010 08:26",
    }
    assert read.name == "old-shop"
    assert people.takes(cells) and papers.takes(cells)
    assert not people.takes({**cells, "Customer": " "})
    assert not papers.takes({**cells, "No": "1"})
    assert people.read(cells) == {"external_id": "17", "name": "Customer 17", "country": "IE", "kind": "company"}
    assert people.external_key(people.read(cells)) == "17"
    assert papers.group_by == ("No",)
    assert papers.group_key(cells) == "C1"
    assert papers.read(cells) == {
        "number": "C1", "person": "17", "currency": "GBP", "issued_at": datetime(2010, 7, 1, 7, 26, tzinfo=UTC),
    }  # fmt: skip
    assert papers.read_line(cells) == {
        "item": "X", "quantity": Decimal(6), "price": Decimal(0), "tax_rate": Decimal(0),
    }  # fmt: skip
    assert read.defaults == {"country": "GB", "currency": "GBP", "tax_rate": Decimal(0)}


def test_a_blank_cell_takes_the_default_or_is_missed() -> None:
    people, papers = parse_map(GOOD, ENTITIES).targets
    assert people.read({"Customer": "1", "Country": ""})["country"] == "GB"
    with pytest.raises(ValueProblem) as problem:
        papers.read_line({"Code": "X", "Qty": None, "Price": "1"})
    assert (problem.value.code, problem.value.column) == ("value.missing", "Qty")
    assert people.external_key({"external_id": ""}) == ""


def one(rule: str, field: str = "since") -> str:
    columns = f'external_id = "Id"\nname = "Name"\n{field} = {rule}\n'
    return f'name = "x"\n[[target]]\nentity = "person"\n[target.columns]\n{columns}'


def test_formats_calendars_and_defaults_of_a_field() -> None:
    target = parse_map(
        one('{column = "Since", type = "date", calendar = "jalali", default = "1400/01/01"}'), ENTITIES
    ).targets[0]
    cells = {"Id": "1", "Name": "x", "Since": "۱۴۰۳/۱۲/۳۰"}
    assert target.read(cells)["since"] == date(2025, 3, 20)
    assert target.read({**cells, "Since": ""})["since"] == date(2021, 3, 21)


def test_conditions() -> None:
    def takes(condition: str, value: str) -> bool:
        text = one('"Since"').replace("[target.columns]", f'when = [{{column = "Q", {condition}}}]\n[target.columns]')
        return parse_map(text, ENTITIES).targets[0].takes({"Q": value})

    assert takes('equals = "A"', " A ") and not takes('equals = "A"', "a")
    assert (
        takes('not_equals = "A"', "B")
        and takes('not_starts_with = "C"', "5")
        and not takes('not_starts_with = "C"', "C5")
    )
    assert takes('one_of = ["A", "B"]', "B") and not takes('one_of = ["A", "B"]', "C")
    assert takes('none_of = ["A"]', "B") and not takes('none_of = ["A"]', "A")
    assert takes("below = 0", "-1") and not takes("below = 0", "0") and not takes("below = 0", "x")
    assert takes('above = "1.5"', "٢") and not takes('above = "1.5"', "1.5")
    assert takes("blank = true", " ") and not takes("blank = true", "x")


def test_keys_of_several_columns_do_not_collide() -> None:
    text = one('"Since"').replace("[target.columns]", 'key = ["external_id", "name"]\n[target.columns]')
    target = parse_map(text, ENTITIES).targets[0]
    keys = {target.external_key({"external_id": a, "name": b}) for a, b in [("1", "23"), ("12", "3"), ("123", "")]}
    assert len(keys) == 3


def test_tables_of_words_are_used_by_name() -> None:
    text = one('{column = "C", aliases = "places"}', "country") + '[aliases.places]\nEIRE = "IE"\n'
    assert parse_map(text, ENTITIES).targets[0].read({"Id": "1", "Name": "x", "C": "Eire "})["country"] == "IE"


MISTAKES = [
    (one('{column = "C", aliases = "places"}', "country"), "map.unknown_key", "target 1, columns.country.aliases"),
    (GOOD.replace("old-shop", "x" * 61), "map.wrong_type", "map"),
    ("name = ", "map.syntax", "map"),
    ('name = "x"', "map.no_targets", "map"),
    (GOOD.replace('name = "old-shop"', ""), "map.missing_key", "map"),
    (GOOD.replace("[source]", "[sources]"), "map.unknown_key", "map"),
    (GOOD.replace("timezone", "time_zone"), "map.unknown_key", "source"),
    (GOOD.replace("Europe/London", "Europe/Londn"), "map.bad_timezone", "source"),
    (GOOD.replace('timezone = "Europe/London"', "header_row = 0"), "map.wrong_type", "source"),
    (GOOD.replace('timezone = "Europe/London"', "header_row = true"), "map.wrong_type", "source"),
    (GOOD.replace('country = "GB"', 'colour = "red"'), "map.unknown_key", "defaults"),
    (GOOD.replace('entity = "person"', 'entity = "robot"'), "map.unknown_entity", "target 1"),
    (GOOD.replace('entity = "person"', ""), "map.missing_key", "target 1"),
    (GOOD.replace("external_id =", "extern_id ="), "map.unknown_field", "target 1, columns"),
    (GOOD.replace('external_id = "Customer"', ""), "map.required_field", "target 1, columns"),
    (GOOD.replace("[target.lines]", "[target.line]"), "map.unknown_key", "target 2"),
    (GOOD.split("[target.lines]")[0], "map.missing_key", "target 2"),
    (GOOD.replace('"Customer"\nname', '"Customer"\n"  " = "x"\nname'), "map.unknown_field", "target 1, columns"),
    (GOOD.replace("blank = false", 'blank = "no"'), "map.wrong_type", "target 1, when 1"),
    (GOOD.replace("blank = false", "matches = '.*'"), "map.unknown_key", "target 1, when 1"),
    (GOOD.replace(', starts_with = "C"', ""), "map.bad_condition", "target 2, when 1"),
    (GOOD.replace('"negate"', '"reverse"'), "map.bad_transform", "target 2, lines.quantity"),
    (GOOD.replace('"negate"', '"upper"'), "map.bad_transform", "target 2, lines.quantity"),
    (GOOD.replace("%d/%m/%Y", "%d/%m/%Q"), "map.bad_format", "target 2, columns.issued_at"),
    (GOOD.replace('{constant = "company"}', '{constant = "robot"}'), "map.bad_value", "target 1, columns.kind"),
    (GOOD.replace("tax_rate = 0", 'tax_rate = "much"'), "map.bad_value", "defaults.tax_rate"),
    (GOOD.replace("tax_rate = 0", "tax_rate = 0.15"), "map.wrong_type", "defaults.tax_rate"),
    (GOOD.replace("{Customer}", "{Customer"), "map.bad_placeholder", "target 1, columns.name"),
    (GOOD.replace("{Customer}", ""), "map.bad_placeholder", "target 1, columns.name"),
    (
        GOOD.replace('{constant = "company"}', '{constant = "company", column = "K"}'),
        "map.not_one_source",
        "target 1, columns.kind",
    ),
    (GOOD.replace('{constant = "company"}', '{default = "company"}'), "map.not_one_source", "target 1, columns.kind"),
    (GOOD.replace('{constant = "company"}', "5"), "map.wrong_type", "target 1, columns.kind"),
    (
        GOOD.replace('{constant = "company"}', '{column = "K", format = "%d"}'),
        "map.unknown_key",
        "target 1, columns.kind",
    ),
    (
        GOOD.replace('when = [{column = "No"', 'key = ["date"]\nwhen = [{column = "No"'),
        "map.key_not_mapped",
        "target 2",
    ),
    (one('{column = "S", calendar = "mayan"}'), "map.bad_calendar", "target 1, columns.since"),
    (one('{column = "S", type = "text"}'), "map.wrong_type", "target 1, columns.since"),
    (one('{column = "S", decimal = ";"}', "limit"), "map.wrong_type", "target 1, columns.limit"),
    (one('"S"').replace("[target.columns]", "lines = {}\n[target.columns]"), "map.no_lines", "target 1"),
    (one('{column = "K", aliases = {a = "robot"}}', "kind"), "map.bad_value", "target 1, columns.kind.aliases.a"),
]


@pytest.mark.parametrize(("text", "code", "place"), MISTAKES)
def test_every_mistake_is_named_with_its_place(text: str, code: str, place: str) -> None:
    with pytest.raises(MapError) as mistake:
        parse_map(text, ENTITIES)
    assert (mistake.value.code, mistake.value.facts["place"]) == (code, place)
    sentence = str(mistake.value)
    assert "\n" not in sentence.strip() and "%(" not in sentence


def test_columns_that_the_table_does_not_have(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("No,Customer,Code,Qty,Price\n1,2,3,4,5\n")
    people, papers = parse_map(GOOD, ENTITIES).targets
    for target, column, where in ((people, "Country", "columns.country"), (papers, "At", "columns.issued_at")):
        with pytest.raises(MapError) as mistake:
            target.check_columns(open_table(path))
        assert mistake.value.code == "map.missing_column"
        assert mistake.value.facts["place"] == f"{target.place}, {where}"
        assert f"“{column}”" in str(mistake.value)


def test_a_map_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(MapError) as mistake:
        load_map(tmp_path / "none.toml", ENTITIES)
    assert mistake.value.code == "map.unreadable"
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(MapError) as mistake:
        load_map(tmp_path / "bad.toml", ENTITIES)
    assert mistake.value.code == "map.syntax"


def test_the_public_data_set_when_it_is_there() -> None:
    path = Path(__file__).parents[3] / "shared/data/real-input/online_retail_2010-12.csv"
    if not path.exists():
        pytest.skip("../shared/data is not beside this repository")
    table = open_table(path)
    rows = list(table)
    good = [row for row in rows if row.problem is None]
    assert (table.encoding, table.notes[0].code, table.delimiter) == ("latin-1", "encoding.same_either_way", ",")
    assert (len(rows), len(good), table.blank_rows) == (39_530, 39_529, 0)
    assert [(row.number, row.problem, row.cells["StockCode"]) for row in rows if row.problem] == [
        (39_531, "row.cut_off", "84347")
    ]
    assert sum("£" in str(row.cells["Description"]) for row in good) == 1
    numbers = {str(row.cells["InvoiceNo"]) for row in good}
    assert sum(not number.startswith("C") for number in numbers) == 1_594
    assert sum(number.startswith("C") for number in numbers) == 299
    assert len({row.cells["CustomerID"] for row in good if row.cells["CustomerID"]}) == 922
    assert len({row.cells["StockCode"] for row in good}) == 2_783


def test_a_table_error_is_not_a_map_error(tmp_path: Path) -> None:
    assert not issubclass(TableError, MapError)

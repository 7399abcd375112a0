"""Rows and units, without a database: every row has one fate."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rawabit.connect.logic.reasons import WORDS, Reason
from rawabit.connect.logic.units import CREATED, Assembler, RowFate, Unit, last_rows
from rawabit.kit.importing import EntitySpec, FieldSpec, Row, parse_map

PERSON = EntitySpec("person", (FieldSpec("external_id", required=True), FieldSpec("size", "integer")))
PAPER = EntitySpec(
    "paper",
    (FieldSpec("number", required=True), FieldSpec("person", agree=True)),
    (FieldSpec("quantity", "integer", required=True),),
    key=("number",),
)
PLAN = """
name = "x"
[[target]]
entity = "person"
when = [{column="P", blank=false}]
columns = {external_id="P", size="S"}
[[target]]
entity = "paper"
when = [{column="N", not_equals="skip"}]
columns = {number="N", person="P"}
lines = {quantity="Q"}
"""
TARGETS = parse_map(PLAN, {"person": PERSON, "paper": PAPER}).targets
CELLS = st.tuples(
    st.sampled_from(["", "1", "2", "3", "skip"]),
    st.sampled_from(["", "a", "b"]),
    st.sampled_from(["", "1", "x"]),
    st.sampled_from(["", "5", "many"]),
    st.sampled_from([None, None, None, "row.short", "row.cut_off"]),
)


def run(rows: list[Row], fails: set[str]) -> tuple[list[RowFate], list[Unit]]:
    """All rows through the assembler; units whose key is in ``fails`` are refused."""
    assembler = Assembler(TARGETS, last_rows(rows, TARGETS))
    settled: list[RowFate] = []
    units: list[Unit] = []
    for row in rows:
        fate, complete = assembler.feed(row)
        if fate.waiting == 0:
            settled.append(fate)
        for unit in complete:
            units.append(unit)
            if unit.reason is None and unit.key in fails:
                unit.fail(Reason("record.refused", {"reason": "x"}))
            elif unit.reason is None:
                unit.outcome = CREATED
            settled.extend(unit.release())
    assert assembler.rest() == []
    return settled, units


@given(st.lists(CELLS, max_size=25), st.sets(st.sampled_from(["1", "2", "a"])))
def test_every_row_is_settled_once(cells: list[tuple[str, str, str, str, str | None]], fails: set[str]) -> None:
    rows = [
        Row(n, {"N": number, "P": person, "S": size, "Q": quantity}, problem)
        for n, (number, person, size, quantity, problem) in enumerate(cells, start=2)
    ]
    settled, units = run(rows, fails)
    assert sorted(fate.row.number for fate in settled) == [row.number for row in rows]
    taken = {id(unit) for unit in units if unit.outcome == CREATED}
    for fate in settled:
        number, person, size, quantity = (str(fate.row.cells[c]) for c in "NPSQ")
        wrong = (
            fate.row.problem is not None
            or (number == "skip" and not person)
            or number == ""
            or (number != "skip" and quantity in ("", "many"))
            or (bool(person) and size == "x")
            or (person in fails)
            or (number in fails and number != "skip")
        )
        if wrong:
            assert fate.reasons
    assert len(taken) == sum(1 for unit in units if unit.outcome == CREATED)
    papers = [unit for unit in units if unit.target.entity is PAPER and unit.outcome == CREATED]
    assert len({unit.key for unit in papers}) == len(papers)


def test_a_document_comes_with_its_last_row() -> None:
    rows = [Row(n, {"N": number, "P": "", "S": "", "Q": "1"}) for n, number in enumerate("12131", start=2)]
    assembler = Assembler(TARGETS, last_rows(rows, TARGETS))
    complete = [[unit.name for unit in assembler.feed(row)[1]] for row in rows]
    assert complete == [[], ["2"], [], ["3"], ["1"]]


def test_a_cut_off_row_names_the_document_that_may_lack_lines() -> None:
    rows = [
        Row(2, {"N": "1", "P": "", "S": "", "Q": "1"}),
        Row(3, {"N": "1", "P": "", "S": None, "Q": None}, "row.cut_off"),
    ]
    settled, _units = run(rows, set())
    assert [(fate.row.number, [str(reason) for reason in fate.reasons]) for fate in settled] == [
        (2, []),
        (3, ["The file ends in the middle of this row; 1 may lack lines."]),
    ]


def test_every_reason_can_be_put_into_words() -> None:
    class Anything(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return f"<{key}>"

    for code in WORDS:
        assert str(Reason(code, Anything())), code

"""The command line: one sentence when something is wrong, one JSON object at the end, progress on standard error."""

from __future__ import annotations

import argparse
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from rawabit.catalog.models import Item, Price
from rawabit.connect import cli
from rawabit.connect.exports import EXPORTS, write_export
from rawabit.connect.models import ImportRun
from rawabit.crm.models import Customer
from rawabit.kit.records.actor import Actor, system
from tests.connect.makers import do, everything, table
from tests.connect.test_documents import LINES, PLAN, ROWS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def call(**given: Any) -> int:
    usual = {"file": None, "map": None, "dry_run": False, "as_of": None, "json": False, "undo": None}
    return cli.run_import(argparse.Namespace(**{**usual, **given}))


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def test_json_is_one_object_at_the_end(tmp_path: Path, plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path, [*ROWS, ["x"]])
    assert call(file=path, map=plan, json=True) == 0
    out, err = capsys.readouterr()
    facts = json.loads(out)
    assert out.count("\n") == 1
    assert (facts["rows_read"], facts["imported"], facts["reported"]) == (6, 5, 1)
    assert facts["totals"] == {"invoice": {"SAR": "40.27"}, "credit_note": {"SAR": "-11.50"}}
    assert (facts["source"], facts["dry_run"], facts["run"]) == ("shop", False, ImportRun.objects.get().pk)
    assert facts["report_files"] == [str(tmp_path / "t.reported.csv")]
    assert facts["seconds"] >= 0 and facts["rows_per_second"] > 0 and facts["peak_memory_mb"] > 10
    assert "6 of 6 rows" in err and "Cells are separated by" in err
    run = ImportRun.objects.get()
    assert {key: facts[key] for key in run.facts} == run.facts


def test_people_get_a_summary_and_the_way_back(tmp_path: Path, plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path, ROWS)
    assert call(file=path, map=plan) == 0
    out = capsys.readouterr().out
    run = ImportRun.objects.get()
    assert "5 rows read = 5 imported + 0 reported." in out
    assert f"rawabit import --undo {run.pk}" in out
    assert call(file=path, map=plan) == 0
    assert "Nothing new" in capsys.readouterr().out
    assert call(undo=str(run.pk)) == 0
    assert "invoice: 2 removed, 0 kept" in capsys.readouterr().out
    assert call(undo=str(run.pk)) == 1
    assert "taken back already" in capsys.readouterr().err
    assert Customer.objects.count() == 0


def test_a_rehearsal_says_so(tmp_path: Path, plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything()
    assert call(file=table(tmp_path, ROWS), map=plan, dry_run=True) == 0
    assert "nothing was written" in capsys.readouterr().out
    assert everything() == before


def test_the_day_of_the_import_can_be_said(tmp_path: Path) -> None:
    do(table(tmp_path, [["کد کالا", "نام کالا", "بارکد", "واحد"], ["A", "x", "", ""]]), "items")
    text = 'name="x"\n[[target]]\nentity="price"\ncolumns={price_list={constant="L"},item="sku",unit_price="p"}\n'
    (tmp_path / "p.toml").write_text(text)
    path = table(tmp_path, [["sku", "p"], ["A", "5"]], "p.csv")
    assert call(file=path, map=tmp_path / "p.toml", as_of="٢٠٢٤-٠٢-٢٩") == 0
    assert Price.objects.get().valid_from == ImportRun.objects.get(source="x").as_of == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"as_of": "soon"}, "YYYY-MM-DD"),
        ({"undo": "77"}, "no import number 77"),
        ({"undo": "x"}, "no import number x"),
        ({"map": "missing.toml"}, "cannot be read"),
        ({"file": "missing.csv"}, "cannot be opened"),
        ({"file": "empty.csv"}, "is empty"),
        ({"file": "other.csv"}, "has no column “Customer”"),
        ({"map": "other.csv"}, "not valid TOML"),
    ],
)
def test_every_mistake_is_one_sentence(
    tmp_path: Path, plan: Path, change: dict[str, str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.csv").touch()
    table(tmp_path, [["No", "Code"], ["1", "2"]], "other.csv")
    given: dict[str, Any] = {"file": table(tmp_path, ROWS), "map": plan}
    given |= {key: tmp_path / value if key in ("file", "map") else value for key, value in change.items()}
    assert call(**given) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("rawabit: ") and words in err
    assert Customer.objects.count() == 0


def test_the_terminals_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for value, language in [("fa_IR.UTF-8", "fa"), ("ar_SA", "ar"), ("de_DE", "en"), ("C", "en")]:
        monkeypatch.setenv("LC_ALL", value)
        assert cli.terminal_language() == language


# Exports


def export(entity: str, form: str, actor: Actor | None = None) -> bytes:
    out = io.BytesIO()
    write_export(entity, form, out, actor=actor or system())
    return out.getvalue()


def test_an_export_comes_back_by_a_map(tmp_path: Path, plan: Path) -> None:
    do(table(tmp_path, [*ROWS, ["8", "=1+1", "سطر\nثان", "1", "2024-03-01", "1234.5678", "K9", "SA"]]), plan)
    path = tmp_path / "items.csv"
    path.write_bytes(export("items", "csv"))
    before = sorted(Item.objects.values_list("sku", "name"))
    text = 'name="back"\n[[target]]\nentity="item"\ncolumns={external_id="sku",name="name",unit="unit_code"}\n'
    back = do(path, text)
    assert back.result.rows_read == 3
    assert (back.report.said, back.facts["matched"]) == ([], {"item": 3})
    assert sorted(Item.objects.values_list("sku", "name")) == before
    assert b"'=1+1" in path.read_bytes()


@pytest.mark.parametrize("entity", sorted(EXPORTS))
def test_every_entity_in_every_form(tmp_path: Path, plan: Path, entity: str) -> None:
    do(table(tmp_path, ROWS), plan)
    rows = json.loads(export(entity, "json"))
    lines = export(entity, "csv").decode("utf-8-sig").splitlines()
    assert len(lines) == len(rows) + 1
    (tmp_path / "x.xlsx").write_bytes(export(entity, "xlsx"))
    assert len(CalamineWorkbook.from_path(tmp_path / "x.xlsx").get_sheet_by_index(0).to_python()) == len(lines)
    if rows:
        assert list(rows[0]) == lines[0].split(",")


def test_amounts_are_exact_and_rows_are_those_that_the_actor_sees(tmp_path: Path, plan: Path) -> None:
    do(table(tmp_path, ROWS), plan)
    rows = {row["number"]: row for row in json.loads(export("invoices", "json"))}
    assert (rows["1"]["total"], rows["1"]["currency"], rows["C3"]["kind"]) == ("40.27", "SAR", "credit_note")
    nobody = Actor(7, "x", grants={})
    for entity in EXPORTS:
        assert json.loads(export(entity, "json", nobody)) == [], entity


def test_the_export_command(tmp_path: Path, plan: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    do(table(tmp_path, [LINES]), plan)
    assert cli.run_export(argparse.Namespace(entity="robots", format="csv", output=None)) == 1
    assert cli.run_export(argparse.Namespace(entity="items", format="xlsx", output=None)) == 1
    assert b"--output" in capfdbinary.readouterr().err
    assert cli.run_export(argparse.Namespace(entity="items", format="csv", output=tmp_path / "i.csv")) == 0
    assert (tmp_path / "i.csv").read_bytes().startswith(b"\xef\xbb\xbfsku,name")

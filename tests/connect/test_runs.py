"""Runs: rehearsed, repeated, continued, taken back."""

import csv
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rawabit.billing.models import Invoice
from rawabit.catalog.models import Item
from rawabit.connect.actions import Kept, commit, undo
from rawabit.connect.actions import running as running_actions
from rawabit.connect.models import ImportedRef, ImportRun
from rawabit.connect.report import ReportFiles
from rawabit.connect.session import Order, run_import
from rawabit.connect.targets import ENTITIES
from rawabit.crm.models import Customer
from rawabit.kit.importing import MapError, open_table, parse_map
from rawabit.kit.records.actions import comment
from rawabit.kit.records.actor import Actor, system
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from rawabit.ledger.models import Balance, Entry
from rawabit.ledger.queries import verify_ledger
from tests.connect.makers import NOW, do, everything, table
from tests.connect.test_documents import INVOICE_HEADS, LINES, PLAN, RECEIPTS, ROWS

pytestmark = pytest.mark.django_db


def many(rows: int) -> list[list[object]]:
    """Lines of documents whose rows lie apart, over several batches."""
    made: list[list[object]] = [LINES]
    for n in range(rows):
        number = f"C{n % 7}" if n % 5 == 0 else str(n % 97)
        quantity = "-2" if n % 5 == 0 else "2"
        customer = "" if n % 97 in (3, 4) and n % 5 else f"K{n % 97 if n % 5 else n % 7}"
        made.append([number, f"S{n % 31}", f"Thing {n % 31}", quantity, "2024-03-01", f"{n % 13}.5", customer, "SA"])
    return made


def test_a_rehearsal_checks_everything_and_keeps_nothing(tmp_path: Path) -> None:
    path = table(tmp_path, many(1_500))
    before = everything()
    rehearsed = do(path, PLAN, rehearse=True)
    assert everything() == before
    assert rehearsed.facts == do(path, PLAN).facts
    assert rehearsed.facts["created"]["item"] == 31


def test_twice_the_same_import_changes_nothing(tmp_path: Path) -> None:
    path = table(tmp_path, many(1_500))
    first = do(path, PLAN)
    before = everything()
    again = do(path, PLAN)
    assert everything() == before
    assert (again.facts["created"], again.facts["totals"]) == ({}, first.facts["totals"])
    assert (again.result.imported, again.result.run) == (1_500, None)
    assert verify_ledger() == []


def test_a_file_that_has_grown_brings_only_what_is_new(tmp_path: Path) -> None:
    do(table(tmp_path, ROWS), PLAN)
    done = do(table(tmp_path, [*ROWS, ["7", "A", "Lamp", "1", "2024-03-09", "1", "K1", "SA"]]), PLAN)
    assert (done.facts["created"], done.reported) == ({"invoice": 1}, [])


def test_an_undone_import_leaves_nothing_and_can_be_done_again(tmp_path: Path) -> None:
    path = table(tmp_path, many(900))
    done = do(path, PLAN)
    assert done.result.run is not None
    kept = undo(done.result.run, actor=system(), at=NOW)
    assert {count.entity: count.kept for count in kept} == dict.fromkeys(
        ["credit_note", "invoice", "item", "walk_in", "customer"], 0
    )
    for model in (Customer, Item, Invoice, Entry, Balance, ImportedRef):
        assert model.objects.count() == 0, model
    done.result.run.refresh_from_db()
    assert done.result.run.state == ImportRun.UNDONE
    told = Event.objects.get(name="import.undone")
    assert told.facts["records"]["invoice"]["kept"] == 0
    with pytest.raises(Refused):
        undo(done.result.run, actor=system(), at=NOW)
    assert do(path, PLAN).facts == done.facts


def test_what_somebody_has_worked_on_stays(tmp_path: Path, django_user_model: type) -> None:
    run = do(table(tmp_path, ROWS), PLAN).result.run
    assert run is not None
    person = django_user_model.objects.create_user("a@x.example", full_name="نورة", kind="staff")
    lamp = Item.objects.get(sku="A")
    Item.objects.filter(pk=lamp.pk).update(version=2, name="Better lamp")
    note = Invoice.objects.get(number="C3")
    comment(note, "لماذا؟", mentions=[], actor=Actor(person.pk, "نورة"), at=NOW)
    kept = undo(run, actor=system(), at=NOW)
    assert Kept("credit_note", 0, 1) in kept and Kept("item", 1, 1) in kept and Kept("customer", 0, 1) in kept
    assert [invoice.number for invoice in Invoice.objects.all()] == ["C3"]
    assert [item.sku for item in Item.objects.all()] == ["A"]
    assert verify_ledger() == []
    assert do(table(tmp_path, ROWS), PLAN).facts["created"] == {"invoice": 2, "item": 1}


def test_payments_go_before_the_invoices_they_settle(tmp_path: Path) -> None:
    Customer.objects.create(code="C-1", name="x")
    line = ["F-1", "C-1", "28/02/2024", "", "", "", "", "x", "1", "100", "", "0"]
    invoices = do(table(tmp_path, [INVOICE_HEADS, line]), "invoices").result.run
    receipts = [RECEIPTS, ["R-1", "C-1", "1445/09/01", "60", "", "", "F-1"]]
    payments = do(table(tmp_path, receipts, "p.csv"), "payments").result.run
    assert invoices is not None and payments is not None
    assert undo(invoices, actor=system(), at=NOW) == [Kept("invoice", 0, 1)]
    assert undo(payments, actor=system(), at=NOW) == [Kept("payment", 1, 0)]
    invoice = Invoice.objects.get()
    assert (invoice.open_amount, Entry.objects.get().open, Balance.objects.get().amount) == (10_000, 10_000, 10_000)
    assert verify_ledger() == []


def test_an_unfinished_run_is_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = table(tmp_path, many(1_500))
    calls = []

    def power_cut(*args: object, **options: object) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        commit(*args, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("rawabit.connect.session.commit", power_cut)
        do(path, PLAN)
    run = ImportRun.objects.get()
    assert (run.state, run.cursor) == (ImportRun.RUNNING, 401)
    assert ImportedRef.objects.filter(run=run).exists()
    done = do(path, PLAN)
    assert done.result.run == run
    assert (done.result.imported, ImportRun.objects.get().state) == (1_500, ImportRun.DONE)
    undo(run, actor=system(), at=NOW)
    assert (Customer.objects.count(), Invoice.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_a_run_that_another_process_works_on_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = table(tmp_path, ROWS)
    run = do(path, PLAN).result.run
    ImportRun.objects.update(state=ImportRun.RUNNING, worker=running_actions.here().rpartition(":")[0] + ":1")
    assert run is not None
    with pytest.raises(Refused):
        do(path, PLAN)
    with pytest.raises(Refused):
        undo(run, actor=system(), at=NOW)
    ImportRun.objects.update(worker=running_actions.here().rpartition(":")[0] + ":999999999")
    assert do(path, PLAN).result.run == run


def test_only_who_may_import_imports(tmp_path: Path) -> None:
    from django.core.exceptions import PermissionDenied

    class Silent:
        def add(self, *args: object) -> None: ...

    plan = parse_map(PLAN, ENTITIES)
    clerk = Actor(7, "x", grants={"crm.import_customer": "all", "catalog.import_item": "all"})
    with pytest.raises(PermissionDenied):
        run_import(Order(table(tmp_path, ROWS), plan, clerk, NOW, NOW.date(), Silent()))
    assert Invoice.objects.count() == 0


def test_a_record_that_the_database_refuses_hides_no_other(tmp_path: Path) -> None:
    plan = (
        'name = "x"\n[[target]]\nentity = "customer"\ncolumns = {external_id="id", name="name", credit_limit="limit"}\n'
    )
    rows = [["id", "name", "limit"], ["1", "a", "5"], ["2", "b", "-5"], ["3", "c", ""]]
    done = do(table(tmp_path, rows), plan)
    assert done.reported == [(3, ["record.refused"])]
    assert "credit_limit_not_negative" in done.report.said[0]
    assert list(Customer.objects.order_by("pk").values_list("code", flat=True)) == ["1", "3"]


def test_amounts_beyond_all_measure_are_refused(tmp_path: Path) -> None:
    big = "9" * 12
    rows = [
        LINES,
        ["1", "A", "x", big, "2024-03-01", big, "K1", "SA"],
        ["2", "A", "x", "1", "2024-03-01", "1", "K1", "SA"],
    ]
    assert do(table(tmp_path, rows), PLAN).reported == [(2, ["document.too_large"])]


def test_a_folder_and_several_sheets(tmp_path: Path) -> None:
    import xlsxwriter

    folder = tmp_path / "files"
    folder.mkdir()
    with xlsxwriter.Workbook(str(folder / "b.xlsx")) as book:
        for name, rows in {"People": [["id", "name"], [1, "شركة"]], "Things": [["sku", "name"], ["A", "x"]]}.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    table(folder, [["id", "name"], ["2", "ثانية"]], "a.csv")
    plan = """
        name = "x"
        [source]
        files = ["b.xlsx", "a.csv"]
        [[target]]
        entity = "customer"
        file = "*.xlsx"
        sheet = "People"
        columns = {external_id="id", name="name"}
        [[target]]
        entity = "item"
        file = "*.xlsx"
        sheet = "Things"
        columns = {external_id="sku", name="name"}
        [[target]]
        entity = "customer"
        file = "a.csv"
        columns = {external_id="id", name="name"}
    """
    done = do(folder, plan)
    assert (done.facts["created"], done.facts["rows_read"]) == ({"customer": 2, "item": 1}, 3)
    assert list(Customer.objects.order_by("pk").values_list("code", flat=True)) == ["1", "2"]
    with pytest.raises(MapError) as missing:
        do(folder, plan.replace('"a.csv"]', '"z.csv"]'))
    assert "z.csv" in str(missing.value)


def test_reported_rows_can_be_corrected_and_imported(tmp_path: Path) -> None:
    plan = parse_map(PLAN.replace("[source]", '[source]\nencoding = "windows-1256"\ndelimiter = ";"'), ENTITIES)
    text = [LINES, *ROWS[1:3], ["5", "=A+1", "Lamp", "-1", "2024-99-01", "2", "K1", "SA"]]
    path = table(tmp_path, text, delimiter=";")
    with ReportFiles(tmp_path / "elsewhere") as report:
        run_import(Order(path, plan, system(), NOW, NOW.date(), report))
    assert report.paths == [tmp_path / "t.reported.csv"]
    content = report.paths[0].read_text(encoding="utf-8-sig")
    rows = list(csv.reader(content.splitlines(), delimiter=";"))
    assert rows[1][:8] == ["5", "'=A+1", "Lamp", "'-1", "2024-99-01", "2", "K1", "SA"]
    assert rows[1][8] == "4" and "2024-99-01" in rows[1][9]
    report.paths[0].write_text(
        content.replace("2024-99-01;", "2024-09-01;").replace("'-1;", "1;"), encoding="utf-8-sig"
    )
    with ReportFiles(tmp_path) as second:
        result = run_import(Order(report.paths[0], plan, system(), NOW, NOW.date(), second))
    assert (result.imported, result.reported, second.paths) == (1, 0, [])
    assert Invoice.objects.get(number="5").lines.get().sku == "=A+1"
    assert open_table(report.paths[0]).columns[:-2] == tuple(LINES)


def test_the_report_goes_elsewhere_when_the_folder_is_read_only(tmp_path: Path) -> None:
    folder = tmp_path / "ro"
    folder.mkdir()
    path = table(folder, [LINES, ["1"]])
    folder.chmod(0o555)
    with ReportFiles(tmp_path / "data" / "imports") as report:
        run_import(Order(path, parse_map(PLAN, ENTITIES), system(), NOW, NOW.date(), report))
    folder.chmod(0o755)
    assert report.paths == [tmp_path / "data" / "imports" / "t.reported.csv"]
    assert sorted(path.name for path in folder.iterdir()) == ["t.csv"]


def test_queries_do_not_grow_with_the_rows_of_a_batch(tmp_path: Path) -> None:
    def queries(rows: int, prefix: str) -> int:
        lines = [[f"{prefix}{n % 3}", f"S{n % 3}", "x", "1", "2024-03-01", "1", "K1", "SA"] for n in range(rows)]
        with CaptureQueriesContext(
            connection,
        ) as caught:
            do(table(tmp_path, [LINES, *lines], f"{prefix}.csv"), PLAN)
        return len(caught)

    queries(3, "warm")
    assert queries(6, "a") == queries(30, "b")

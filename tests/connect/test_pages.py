"""The pages of the import, from the upload to the undo, as a person with a plain browser walks them."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rawabit.billing.models import Invoice
from rawabit.catalog.models import Item
from rawabit.config.spine import WORKS
from rawabit.connect.actions import background
from rawabit.connect.actions import files as acts
from rawabit.connect.models import ImportedRef, ImportFile, ImportRun
from rawabit.connect.places import folder_of, path_of
from rawabit.crm.models import Contact, Customer
from rawabit.kit.jobs.models import Job
from rawabit.kit.records.models import Event, Notice
from rawabit.ledger.queries import verify_ledger
from tests import makers
from tests.connect.desk import AtDesk, csv_of, work
from tests.connect.makers import everything, table

pytestmark = pytest.mark.django_db
CUSTOMERS = [
    ["رقم العميل", "اسم العميل", "الجوال", "المدينة", "حد الائتمان"],
    ["C1", "شركة النور", "0501234567", "الرياض", "1000"],
    ["C2", "مؤسسة الأفق", "0501234568", "جدة", "٢٠٠٠"],
    ["C3", "شركة الريان", "0501234569", "الدمام", "كثير"],
]
INVOICES = [
    ["Invoice No", "Date", "Customer", "Product", "Qty", "Price", "VAT %", "Total"],
    ["F1", "05/03/2024", "C1", "Lamp", "2", "10.50", "15", "24.15"],
    ["F2", "06/03/2024", "C2", "Chair", "1", "100", "15", "115.00"],
    ["F2", "06/03/2024", "C2", "Table", "1", "200", "15", "230.00"],
]


@pytest.fixture
def desk() -> AtDesk:
    return AtDesk(makers.make_user("manager", "هند", language="en"))


def test_from_the_upload_to_the_undo(desk: AtDesk) -> None:
    before = everything()
    file = desk.bring(csv_of(CUSTOMERS), "عملاء.csv")
    form = desk.proposed(file)
    assert (form["kind"], [form[f"col-{n}"] for n in range(5)]) == (
        "customer", ["external_id", "name", "phone", "city", "credit_limit"],
    )  # fmt: skip
    file = desk.check(file)
    assert (file.state, file.error) == ("checked", "")
    assert (file.checked["created"], file.checked["imported"], file.checked["reported"]) == ({"customer": 2}, 2, 1)
    assert file.checked["errors"][0]["row"] == 4
    page = desk.page("import", file).content.decode()
    assert "كثير" in page
    assert "شركة النور" in page
    assert "Nothing has been written yet." in page
    assert Customer.objects.count() == 0
    file = desk.run(file)
    assert (file.state, file.facts["created"], file.facts["reported"]) == ("done", {"customer": 2}, 1)
    assert set(Customer.objects.values_list("code", "name")) == {("C1", "شركة النور"), ("C2", "مؤسسة الأفق")}
    assert Customer.objects.get(code="C2").credit_limit == 200_000
    records = desk.page("import-records", file, "customer").content.decode()
    assert reverse("customers-detail", args=[Customer.objects.get(code="C1").pk]) in records
    file = desk.undo(file)
    assert file.state == "undone"
    assert file.facts["records"]["customer"] == {"removed": 2, "kept": 0}
    assert Customer.objects.count() == 0
    assert {k: v for k, v in everything().items() if k.startswith(("crm.", "ledger."))} == {
        k: v for k, v in before.items() if k.startswith(("crm.", "ledger."))
    }


def test_the_failed_rows_come_back_repaired(desk: AtDesk) -> None:
    file = desk.run(desk.check(desk.bring(csv_of(CUSTOMERS))))
    failed = desk.failed_rows(file)
    assert failed.decode("utf-8-sig").splitlines()[1].startswith("C3,شركة الريان,0501234569,الدمام,كثير,4,")
    again = desk.bring(failed.replace("كثير".encode(), b"3000"), "repaired.csv")
    form = desk.proposed(again)
    assert [form[f"col-{n}"] for n in range(7)] == [
        "external_id", "name", "phone", "city", "credit_limit", "", "",
    ]  # fmt: skip
    again = desk.run(desk.check(again))
    assert (again.facts["created"], again.facts["reported"]) == ({"customer": 1}, 0)
    assert Customer.objects.get(code="C3").credit_limit == 300_000


def test_a_second_import_changes_nothing(desk: AtDesk) -> None:
    desk.run(desk.check(desk.bring(csv_of(CUSTOMERS))))
    before = {k: v for k, v in everything().items() if not k.startswith("kit_records")}
    file = desk.check(desk.bring(csv_of(CUSTOMERS)))
    assert (file.checked["created"], file.checked["unchanged"]) == ({}, {"customer": 2})
    file = desk.run(file)
    assert (file.facts["created"], file.run) == ({}, None)
    assert "Nothing was new" in desk.page("import", file).content.decode()
    after = {k: v for k, v in everything().items() if not k.startswith("kit_records")}
    assert {k: v for k, v in after.items() if k != "connect.ImportFile"} == {
        k: v for k, v in before.items() if k != "connect.ImportFile"
    }


def test_invoices_with_their_lines_and_totals(desk: AtDesk) -> None:
    desk.run(desk.check(desk.bring(csv_of(CUSTOMERS))))
    file = desk.bring(csv_of(INVOICES), "old invoices.csv")
    form = desk.proposed(file)
    assert (form["kind"], form["col-4"], form["col-6"], form["const-currency"]) == (
        "invoice", "lines.quantity", "lines.tax_rate", "SAR",
    )  # fmt: skip
    file = desk.check(file)
    assert file.checked["reasons"] == {"document.total_differs": 2}
    assert file.checked["totals"] == {"invoice": {"SAR": "24.15"}}
    lines = [*INVOICES[:2], [*INVOICES[2][:7], "345.00"], [*INVOICES[3][:7], "345.00"]]
    file = desk.run(desk.check(desk.bring(csv_of(lines), "repaired.csv")))
    assert (file.facts["totals"], file.facts["reported"]) == ({"invoice": {"SAR": "369.15"}}, 0)
    assert set(Invoice.objects.values_list("number", "total")) == {("F1", 2415), ("F2", 34500)}
    assert verify_ledger() == []
    assert str(Invoice.objects.get(number="F1").date) == "2024-03-05"
    assert "369.15" in desk.page("import", file).content.decode()
    desk.undo(file)
    assert Invoice.objects.count() == 0
    assert verify_ledger() == []


@pytest.mark.parametrize(("encoding", "calendar", "dates", "days"), [
    ("windows-1256", "hijri", ["25/08/1445", "26/08/1445"], ["2024-03-06", "2024-03-07"]),
    ("utf-16", "jalali", ["1402/12/15", "1402/12/16"], ["2024-03-05", "2024-03-06"]),
    ("utf-8-sig", "gregorian", ["06/03/2024", "05/04/2024"], ["2024-03-06", "2024-04-05"]),
])  # fmt: skip
def test_three_calendars_in_three_encodings(
    desk: AtDesk, encoding: str, calendar: str, dates: list[str], days: list[str]
) -> None:
    makers.make_customer("شركة النور", code="C1")
    rows = [["رقم الفاتورة", "تاريخ الفاتورة", "رقم العميل", "الصنف", "الكمية", "السعر"],
            ["F1", dates[0], "C1", "طاولة خشب كبيرة", "1", "5"],
            ["F2", dates[1], "C1", "كرسي من الجلد", "1", "5"]]  # fmt: skip
    file = desk.bring(csv_of(rows, encoding))
    assert desk.proposed(file)["calendar"] == calendar
    file = desk.run(desk.check(file))
    assert (file.facts["created"], file.facts["reported"]) == ({"invoice": 2}, 0)
    found = [str(day) for day in Invoice.objects.order_by("number").values_list("date", flat=True)]
    assert found == days
    assert Invoice.objects.get(number="F1").lines.get().title == "طاولة خشب كبيرة"


def test_contacts_without_a_number_are_known_by_name_and_phone(desk: AtDesk) -> None:
    rows = [["Full name", "Mobile", "Job title"], ["سارة أحمد", "0501112223", "Buyer"],
            ["سارة أحمد", "0501112224", "CEO"], ["سارة أحمد", "0501112223", "Buyer"]]  # fmt: skip
    file = desk.bring(csv_of(rows))
    form = desk.proposed(file)
    assert (form["kind"], form["key-0"], form["key-1"]) == ("contact", "0", "1")
    file = desk.check(file)
    assert (file.checked["created"], file.checked["imported"]) == ({"contact": 2}, 3)
    desk.run(file)
    assert Contact.objects.count() == 2
    again = desk.run(desk.check(desk.bring(csv_of(rows[:2]))))
    assert (again.facts["created"], Contact.objects.count()) == ({}, 2)


def test_items_prices_payments_and_credit_notes(desk: AtDesk) -> None:
    makers.make_customer("شركة النور", code="C1")
    items = [["SKU", "Item name", "Barcode", "Unit"], ["S1", "Lamp", "628100", ""], ["S2", "Chair", "", ""]]
    assert desk.run(desk.check(desk.bring(csv_of(items)))).facts["created"] == {"item": 2}
    prices = [["Price list", "SKU", "Price"], ["Retail", "S1", "12.5"], ["Retail", "S2", "80"]]
    file = desk.run(desk.check(desk.bring(csv_of(prices))))
    assert file.facts["created"] == {"price": 2, "price_list": 1}
    notes = [["Credit note no", "Date", "Customer", "Reason", "Product", "Qty", "Price"],
             ["N1", "2024-05-01", "C1", "Broken", "Lamp", "-1", "10"]]  # fmt: skip
    file = desk.bring(csv_of(notes))
    assert (desk.proposed(file)["kind"], desk.proposed(file)["negate"]) == ("credit_note", "1")
    assert desk.run(desk.check(file)).facts["totals"] == {"credit_note": {"SAR": "-10.00"}}
    receipts = [["Receipt No", "Customer", "Date", "Amount", "Method"], ["R1", "C1", "2024-06-01", "10", "حوالة بنكية"]]
    file = desk.run(desk.check(desk.bring(csv_of(receipts))))
    assert (file.facts["created"], file.facts["reported"]) == ({"payment": 1}, 0)
    assert verify_ledger() == []


def test_the_map_that_was_chosen_serves_the_command_line_and_comes_back(desk: AtDesk) -> None:
    file = desk.check(desk.bring(csv_of(CUSTOMERS)))
    response = desk.page("import-map-text", file)
    text = b"".join(response.streaming_content).decode()
    assert tomllib.loads(text)["target"][0]["columns"]["external_id"] == "رقم العميل"
    other = desk.check_by(desk.bring(csv_of(CUSTOMERS[:2])), text)
    assert (other.state, other.checked["created"]) == ("checked", {"customer": 1})


def test_a_column_is_remembered_for_the_next_file_of_its_kind(desk: AtDesk) -> None:
    rows = [["Nr", "Wer", "Ort"], ["1", "Maria", "Bonn"]]
    chosen = {"col-0": "external_id", "col-1": "name", "col-2": "city", "source": "old"}
    desk.check(desk.bring(csv_of(rows)), "customer", **chosen)
    form = desk.proposed(desk.bring(csv_of([["Wer", "Ort", "Nr"], ["Hans", "Köln", "2"]])))
    assert [form["kind"], form["col-0"], form["col-1"], form["col-2"], form["source"]] == [
        "customer", "name", "city", "external_id", "old",
    ]  # fmt: skip


def test_what_does_not_fit_is_told_beside_its_field(desk: AtDesk) -> None:
    file = desk.bring(csv_of(CUSTOMERS))
    form = desk.proposed(file)
    wrong = {**form, "col-2": "name", "const-language": "xx", "const-country": "Saudi", "go": "check"}
    response = desk.send("import-map", file, **wrong)
    body = response.content.decode()
    assert response.status_code == 422
    assert 'id="col-2_error"' in body
    assert "gives this field already" in body
    missing = desk.send("import-map", file, **{**form, "col-1": "", "go": "check"})
    assert missing.status_code == 422
    assert "“Name” is needed: choose its column." in missing.content.decode()
    no_key = desk.send("import-map", file, **{**form, "col-0": "", "key-0": "", "go": "check"})
    assert "Choose the column that tells one record from the next." in no_key.content.decode()
    assert ImportFile.objects.get(pk=file.pk).state == "mapping"
    assert Job.objects.count() == 0


def test_only_some_rows_and_another_decimal_sign(desk: AtDesk) -> None:
    rows = [["Number", "Name", "Credit limit"], ["A1", "One", "1.234,50"], ["B1", "Two", "5,00"]]
    file = desk.bring(csv_of(rows, delimiter=";"))
    assert desk.proposed(file, "customer")["decimal"] == ","
    some = {"when-column": "0", "when-test": "starts_with", "when-value": "A"}
    file = desk.run(desk.check(file, "customer", **some))
    assert (file.facts["created"], file.facts["reasons"]) == ({"customer": 1}, {"row.not_taken": 1})
    assert Customer.objects.get().credit_limit == 123_450


def test_the_public_map_through_the_pages(desk: AtDesk) -> None:
    response = desk.send(
        "import-own-map", desk.bring(csv_of(CUSTOMERS)), map=SimpleUploadedFile("m.toml", b"name = 'x'\n[[target]]")
    )
    assert response.status_code == 302
    page = desk.http.get(response.headers["Location"]).content.decode()
    assert "“entity” is missing" in page


# Who may do what


def test_another_users_run_does_not_exist(desk: AtDesk) -> None:
    file = desk.run(desk.check(desk.bring(csv_of(CUSTOMERS))))
    stranger = AtDesk(makers.make_user("accountant", "ليلى"))
    for name in ("import", "import-map", "import-map-text"):
        assert stranger.page(name, file).status_code == 404, name
    assert stranger.page("import-failed-rows", file, 0).status_code == 404
    assert stranger.page("import-records", file, "customer").status_code == 404
    for name in ("import-run", "import-stop", "import-undo", "import-discard", "import-reading", "import-own-map"):
        assert stranger.send(name, file).status_code == 404, name
    assert file.name not in stranger.http.get(reverse("imports")).content.decode()


def test_an_administrator_looks_at_all_and_touches_none(desk: AtDesk) -> None:
    file = desk.check(desk.bring(csv_of(CUSTOMERS)))
    chief = AtDesk(makers.make_user("administrator", "خالد"))
    assert chief.page("import", file).status_code == 200
    assert file.name in chief.http.get(reverse("imports")).content.decode()
    chief.send("import-run", file)
    assert ImportFile.objects.get(pk=file.pk).state == "checked"


def test_without_the_permission_there_is_no_page_and_no_kind(desk: AtDesk) -> None:
    seller = AtDesk(makers.make_user("sales", "فهد"))
    assert seller.http.get(reverse("imports")).status_code == 403
    assert seller.upload(csv_of(CUSTOMERS)).status_code == 403
    clerk = AtDesk(makers.make_user("accountant", "ليلى", language="en"))
    file = clerk.bring(csv_of(CUSTOMERS))
    assert clerk.proposed(file)["kind"] in ("invoice", "credit_note", "payment")
    form = {**clerk.proposed(file), "kind": "customer", "go": "check"}
    assert clerk.send("import-map", file, **form).status_code == 403
    by_map = (
        'name = "x"\n[[target]]\nentity = "customer"\ncolumns = { external_id = "رقم العميل", name = "اسم العميل" }'
    )
    clerk.send("import-own-map", file, map=SimpleUploadedFile("m.toml", by_map.encode()))
    assert ImportFile.objects.get(pk=file.pk).state == "mapping"


def test_rights_that_were_taken_away_end_the_run(desk: AtDesk) -> None:
    file = desk.check(desk.bring(csv_of(CUSTOMERS)))
    desk.send("import-run", file)
    type(desk.user).objects.filter(pk=desk.user.pk).update(rights={})
    file = work(file)
    assert (file.state, Customer.objects.count()) == ("failed", 0)
    assert "may not import" in file.error


# What runs behind the pages


def test_the_same_file_runs_once_at_a_time(desk: AtDesk) -> None:
    first, second = desk.check(desk.bring(csv_of(CUSTOMERS))), desk.check(desk.bring(csv_of(CUSTOMERS)))
    assert desk.send("import-run", first).status_code == 302
    desk.send("import-run", first)  # a second click
    desk.send("import-run", second)
    assert [f.state for f in ImportFile.objects.order_by("pk")] == ["running", "checked"]
    assert Job.objects.filter(args__file=first.pk, args__turn=2).count() == 1
    work(first)
    assert desk.run(second).facts["created"] == {}


def many(count: int) -> bytes:
    return csv_of([["Customer No", "Name"], *([f"K{n}", f"Customer {n}"] for n in range(count))])


def test_a_run_can_be_stopped_continued_and_taken_back(desk: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    file = desk.check(desk.bring(many(1_300)))
    assert desk.send("import-run", file).status_code == 302
    monkeypatch.setattr(background, "PULSE", 0)
    seen: list[int] = []
    plain = background.Pulse.__call__

    def pressed(pulse: Any, done: int, total: int) -> None:
        seen.append(done)
        if done == 800:
            desk.send("import-stop", file)
        plain(pulse, done, total)

    monkeypatch.setattr(background.Pulse, "__call__", pressed)
    file = work(file)
    assert (file.state, Customer.objects.count(), seen[-1]) == ("stopped", 800, 800)
    assert file.run is not None
    assert file.run.state == ImportRun.STOPPED
    assert file.facts["created"] == {"customer": 800}
    assert "can be continued or taken back" in desk.page("import", file).content.decode()
    monkeypatch.setattr(background.Pulse, "__call__", plain)
    file = desk.run(file)
    assert (file.state, Customer.objects.count()) == ("done", 1_300)
    assert file.facts["created"] == {"customer": 1_300}
    assert ImportRun.objects.count() == 1
    desk.undo(file)
    assert (Customer.objects.count(), ImportedRef.objects.count()) == (0, 0)


def test_a_stopped_run_is_taken_back_as_it_is(desk: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    file = desk.check(desk.bring(many(1_000)))
    desk.send("import-run", file)
    desk.send("import-stop", file)
    monkeypatch.setattr(background, "PULSE", 0)
    file = work(file)
    assert (file.state, Customer.objects.count()) == ("stopped", 400)
    desk.undo(file)
    assert Customer.objects.count() == 0


def test_a_check_that_is_cancelled_returns_to_the_columns(desk: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    file = desk.bring(many(1_000))
    desk.send("import-map", file, **{**desk.proposed(file), "go": "check"})
    desk.send("import-stop", file)
    monkeypatch.setattr(background, "PULSE", 0)
    assert work(file).state == "mapping"
    assert desk.page("import", file).status_code == 302


def test_a_dead_workers_file_is_taken_up(desk: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    monkeypatch.setattr(background, "_start", started.append)
    file = desk.check(desk.bring(csv_of(CUSTOMERS)))
    desk.send("import-run", file)
    args = Job.objects.filter(args__file=file.pk).latest("pk").args
    now = timezone.now()
    look = WORKS[acts.WORK]

    def looks(worker: str, lease: timedelta) -> bool:
        ImportFile.objects.filter(pk=file.pk).update(worker=worker, lease_until=now + lease)
        before = ImportFile.objects.get(pk=file.pk).tries
        look(args, now)
        return ImportFile.objects.get(pk=file.pk).tries > before

    assert looks("", timedelta(0))  # nobody yet
    assert looks(background.here(), timedelta(seconds=60))  # this process, but no thread: it was another life
    assert not looks("elsewhere:1", timedelta(seconds=60))  # alive on another machine
    assert looks("elsewhere:1", timedelta(seconds=-1))  # its lease is over
    host = background.here().rpartition(":")[0]
    assert looks(f"{host}:4194303", timedelta(seconds=60))  # killed on this machine: no need to wait
    assert not looks("elsewhere:1", timedelta(seconds=60))
    assert looks("", timedelta(0))
    ImportFile.objects.filter(pk=file.pk).update(worker="", lease_until=None)
    look(args, now)
    file = ImportFile.objects.get(pk=file.pk)
    assert (file.state, bool(file.error)) == ("failed", True)
    look(args, now)  # the turn is over
    assert ImportFile.objects.get(pk=file.pk).state == "failed"


def test_the_bell_tells_the_owner_once(desk: AtDesk) -> None:
    from rawabit.config.spine import SUBSCRIPTIONS
    from rawabit.kit.jobs.telling import tell_pending

    file = desk.run(desk.check(desk.bring(csv_of(CUSTOMERS))))
    tell_pending(SUBSCRIPTIONS, timezone.now())
    Event.objects.update(told_at=None)
    tell_pending(SUBSCRIPTIONS, timezone.now())
    notices = Notice.objects.filter(kind__startswith="import_")
    assert [(n.user_id, n.kind, n.url) for n in notices] == [
        (desk.user.pk, "import_done", reverse("import", args=[file.uid]))
    ]


def test_an_undo_is_offered_for_a_day(desk: AtDesk) -> None:
    file = desk.run(desk.check(desk.bring(csv_of(CUSTOMERS))))
    assert "/undo/" in desk.page("import", file).content.decode()
    ImportFile.objects.update(finished_at=timezone.now() - timedelta(hours=25))
    assert "/undo/" not in desk.page("import", file).content.decode()
    desk.send("import-undo", file)
    assert ImportFile.objects.get(pk=file.pk).state == "done"
    assert Customer.objects.count() == 2


def test_files_are_private_and_go_after_thirty_days(desk: AtDesk) -> None:
    file = desk.bring(csv_of(CUSTOMERS), "../../etc/passwd\u202e.csv")
    assert "/" not in file.name
    assert path_of(file).name == "table.csv"
    assert folder_of(file).stat().st_mode & 0o077 == 0
    assert acts.forget_old_files(file.created_at + timedelta(days=29)) == 0
    assert acts.forget_old_files(file.created_at + timedelta(days=31)) == 1
    assert not folder_of(file).exists()
    file.refresh_from_db()
    assert file.removed_at is not None
    assert desk.page("import", file).status_code == 200


def test_a_file_can_be_removed_at_once(desk: AtDesk, django_capture_on_commit_callbacks: Any) -> None:
    file = desk.bring(csv_of(CUSTOMERS))
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.send("import-discard", file).status_code == 302
    assert not folder_of(file).exists()
    assert file.name in desk.http.get(reverse("imports")).content.decode()


def test_the_log_costs_the_same_with_many_lines(desk: AtDesk) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert desk.http.get(reverse("imports")).status_code == 200
        return len(seen)

    desk.run(desk.check(desk.bring(csv_of(CUSTOMERS))))
    first = queries()
    for _n in range(3):
        desk.check(desk.bring(csv_of(CUSTOMERS)))
    assert queries() == first


def test_the_page_of_a_file_asks_little(desk: AtDesk) -> None:
    def queries(count: int) -> int:
        file = desk.run(desk.check(desk.bring(many(count))))
        with CaptureQueriesContext(connection) as seen:
            assert desk.page("import", file).status_code == 200
            assert desk.page("import-records", file, "customer").status_code == 200
        return len(seen)

    assert queries(3) == queries(60)


def test_looking_at_the_pages_writes_nothing(desk: AtDesk) -> None:
    file = desk.check(desk.bring(csv_of(CUSTOMERS)))
    before = everything()
    for name in ("import", "import-map", "import-map-text"):
        assert desk.page(name, file).status_code == 200
    desk.http.get(reverse("imports"))
    assert everything() == before


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_hostile_text_is_shown_and_never_run(language: str) -> None:
    desk = AtDesk(makers.make_user("manager", "هند", language=language))
    bad = "<script>alert(1)</script>"
    rows = [["Customer No", "Name", bad, "😀" * 30, "\u202egpj"], ["C1", bad, bad, "=1+1", "x"], ["", bad, "", "", ""]]
    file = desk.bring(csv_of(rows), "<img src=x onerror=alert(1)>.csv")
    file = desk.check(file)
    for page in (desk.page("import-map", file), desk.page("import", file), desk.http.get(reverse("imports"))):
        body = page.content.decode()
        assert bad not in body
        assert "<img src=x" not in body
        assert "alert(1)" in body


def test_a_table_of_a_person_is_not_in_the_way_of_the_command_line(desk: AtDesk, tmp_path: Any) -> None:
    """One engine: the same file by the same map from the command line finds everything here."""
    from rawabit.connect.session import Order, run_import
    from rawabit.connect.targets import ENTITIES
    from rawabit.kit.importing import parse_map
    from tests.connect.makers import NOW, Heard

    file = desk.run(desk.check(desk.bring(csv_of(CUSTOMERS))))
    path = table(tmp_path, CUSTOMERS)
    plan = parse_map(file.map_text, ENTITIES)
    result = run_import(Order(path, plan, desk_actor(desk), NOW, NOW.date(), Heard()))
    assert (result.run, dict(result.created), Item.objects.count()) == (None, {}, 0)


def desk_actor(desk: AtDesk) -> Any:
    return makers.actor(desk.user)

"""The public data set, whole: the control figures, to the penny and to the row."""

from pathlib import Path

import pytest
from django.db.models import Sum

from rawabit.billing.models import Invoice, InvoiceLine
from rawabit.catalog.models import Item
from rawabit.connect.actions import undo
from rawabit.crm.models import Customer
from rawabit.kit.records.actor import system
from rawabit.ledger.models import Entry
from rawabit.ledger.queries import verify_ledger
from tests.connect.makers import NOW, do, everything

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "real-input" / "online_retail_2010-12.csv"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.exists(), reason="../shared/data is not beside this repository"),
]
COUNTRIES = (
    ("United Kingdom", "GB", 37_427), ("Germany", "DE", 488), ("France", "FR", 430), ("EIRE", "IE", 358),
    ("Norway", "NO", 147), ("Portugal", "PT", 120), ("Cyprus", "CY", 83), ("Spain", "ES", 75),
    ("Japan", "JP", 65), ("Switzerland", "CH", 49), ("Belgium", "BE", 42), ("Australia", "AU", 35),
    ("Lithuania", "LT", 35), ("Iceland", "IS", 31), ("Sweden", "SE", 27), ("Italy", "IT", 25),
    ("Denmark", "DK", 20), ("Netherlands", "NL", 18), ("Channel Islands", "GG", 17), ("Finland", "FI", 17),
    ("Austria", "AT", 9), ("Poland", "PL", 8), ("Israel", "IL", 2), ("Bahrain", "BH", 1),
)  # fmt: skip
ALIASES = [{"column": "Country", "written": name, "read_as": code, "rows": n} for name, code, n in COUNTRIES]
FIGURES = {
    "rows_read": 39_530,
    "imported": 39_529,
    "reported": 1,
    "blank_rows": 0,
    "created": {"credit_note": 299, "customer": 922, "invoice": 1_594, "item": 2_783},
    "matched": {},
    "documents": {"invoice": {"GBP": 1_594}, "credit_note": {"GBP": 299}},
    "totals": {"invoice": {"GBP": "755717.18"}, "credit_note": {"GBP": "-74188.57"}},
    "states": {},
    "stages": {},
    "without": {},
    "besides": {"walk_in": 3},
    "aliases": ALIASES,
    "reasons": {"row.cut_off_document": 1},
}


def test_the_public_data_set_becomes_customers_items_and_posted_documents() -> None:
    done = do(DATA, "online_retail")
    assert done.facts == FIGURES
    assert done.reported == [(39_531, ["row.cut_off_document"])]
    assert "539650" in done.report.said[0]
    _database_says_the_same()
    before = everything()
    again = do(DATA, "online_retail")
    assert again.facts == {**FIGURES, "created": {}, "besides": {}}
    assert everything() == before
    assert done.result.run is not None
    kept = undo(done.result.run, actor=system(), at=NOW)
    assert sum(count.kept for count in kept) == 0
    assert (Invoice.objects.count(), Item.objects.count(), Customer.objects.count(), Entry.objects.count()) == (
        0,
        0,
        0,
        0,
    )


def _database_says_the_same() -> None:
    invoices = Invoice.objects.filter(kind="invoice", state="posted", origin="imported", source="online-retail")
    notes = Invoice.objects.filter(kind="credit_note", state="posted")
    assert invoices.aggregate(total=Sum("total"))["total"] == 75_571_718
    assert notes.aggregate(total=Sum("total"))["total"] == 7_418_857
    assert (invoices.count(), notes.count(), InvoiceLine.objects.count()) == (1_594, 299, 39_529)
    assert InvoiceLine.objects.filter(document__in=invoices).aggregate(net=Sum("net"))["net"] == 75_571_718
    assert InvoiceLine.objects.filter(unit_price=0).count() == 202
    assert InvoiceLine.objects.filter(document__in=invoices, quantity__lt=0).count() == 69
    assert set(Customer.objects.filter(is_walk_in=True).values_list("code", flat=True)) == {
        "WALK-IN-GB", "WALK-IN-IE", "WALK-IN-BH",
    }  # fmt: skip
    assert Item.objects.filter(sku__in=["85123A", "85123a"]).count() == 2
    assert InvoiceLine.objects.filter(title__contains="£40.00").count() == 1
    balance = Entry.objects.aggregate(debit=Sum("debit"), credit=Sum("credit"))
    assert balance == {"debit": 75_571_718, "credit": 7_418_857}
    assert verify_ledger() == []


@pytest.mark.bench
def test_a_rehearsal_gives_the_same_figures_and_keeps_nothing() -> None:
    assert do(DATA, "online_retail", rehearse=True).facts == FIGURES
    assert Invoice.objects.count() == Customer.objects.count() == Item.objects.count() == 0

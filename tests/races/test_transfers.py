"""Two accountants accept the same transfer at one moment; a customer reports the same transfer on two devices."""

from __future__ import annotations

import pytest

from rawabit.billing.actions import accept_transfer, refuse_transfer
from rawabit.billing.models import Payment, TransferReport
from rawabit.billing.queries import verify_books
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from tests.makers import NOW, SYSTEM, make_company, make_customer, make_transfer, posted_invoice, sar
from tests.races.harness import WRITERS, Gate, gated, race, require_postgresql, without_locks

pytestmark = [pytest.mark.race, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
both = pytest.mark.parametrize("locked", [True, False], ids=["locks on", "control: locks off"])


@pytest.fixture(autouse=True)
def on_postgresql(db, transactional_db):
    require_postgresql()
    make_company()


@both
def test_accepting_a_transfer(monkeypatch, locked):
    if not locked:
        without_locks(monkeypatch)
    customer = make_customer()
    invoice = posted_invoice(customer)
    report = make_transfer(customer, "230", invoices=[invoice])
    gated(monkeypatch, "rawabit.billing.actions.transfers.enter_payment", Gate())

    done = race(lambda _number: accept_transfer(report, shares={invoice.pk: sar(230)}, actor=SYSTEM, at=NOW))

    assert Payment.objects.count() == 1  # its key is unique, whatever happens
    told = Event.objects.filter(name="transfer.accepted").count()
    if locked:
        assert (len(done.answers), done.errors, told) == (WRITERS, [], 1)
        assert verify_books() == []
    else:
        assert told > 1, "without the lock the same transfer must be accepted several times"


def test_accepting_and_refusing(monkeypatch):
    report = make_transfer()
    gated(monkeypatch, "rawabit.billing.actions.transfers._decided", Gate())

    def decide(number: int) -> None:
        if number % 2:
            accept_transfer(report, shares={}, actor=SYSTEM, at=NOW)
        else:
            refuse_transfer(report, reason="x", actor=SYSTEM, at=NOW)

    done = race(decide)

    report.refresh_from_db()
    assert report.state in ("accepted", "refused")
    assert Payment.objects.count() == (1 if report.state == "accepted" else 0)
    assert all(isinstance(error, Refused) for error in done.errors)
    assert verify_books() == []


def test_reporting_on_several_devices():
    customer = make_customer()

    done = race(lambda _number: make_transfer(customer, reference="FT-1"))

    assert (len(done.answers), done.raised(Refused)) == (1, WRITERS - 1)
    assert TransferReport.objects.count() == 1
    assert Event.objects.filter(name="transfer.reported").count() == 1

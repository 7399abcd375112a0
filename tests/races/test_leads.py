"""Two colleagues make a customer of the same lead at one moment; the same page is sent from several windows."""

from __future__ import annotations

import pytest

from rawabit.crm.models import Customer
from rawabit.kit.states import Refused
from rawabit.leads.actions import Become, Inbound, arrive, convert_lead
from rawabit.leads.models import Arrival, Lead
from tests.makers import NOW, SYSTEM, make_lead, make_web_form
from tests.races.harness import WRITERS, Gate, gated, race, require_postgresql, without_locks

pytestmark = [pytest.mark.race, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
both = pytest.mark.parametrize("locked", [True, False], ids=["locks on", "control: locks off"])
PLACE = "rawabit.leads.actions"


@pytest.fixture(autouse=True)
def on_postgresql(db, transactional_db):
    require_postgresql()


@both
def test_converting(monkeypatch, locked):
    lead = make_lead("Noura", company_name="Acme")
    if not locked:
        monkeypatch.setattr(f"{PLACE}.converting.lock", lambda record: type(record).objects.get(pk=record.pk))
    gated(monkeypatch, f"{PLACE}.converting._customer", Gate())

    done = race(lambda _number: convert_lead(lead, Become(), actor=SYSTEM, at=NOW))

    if locked:
        assert (len(done.answers), done.raised(Refused), Customer.objects.count()) == (1, WRITERS - 1, 1)
    else:
        assert Customer.objects.count() > 1, "without the lock the same lead must become several customers"


@both
def test_the_same_person_writes_in_several_windows(monkeypatch, locked):
    form = make_web_form()
    if not locked:
        without_locks(monkeypatch)
    gated(monkeypatch, f"{PLACE}.arriving.create_lead", Gate())

    def write(number: int) -> Arrival:
        return arrive(Inbound(form, f"sheet {number}", {"name": "A", "email": "a@x.example"}), at=NOW)

    done = race(write)

    assert len(done.answers) + len(done.errors) == WRITERS
    if locked:
        assert (done.errors, Lead.objects.count(), Arrival.objects.count()) == ([], 1, WRITERS)
    else:
        assert Lead.objects.count() + len(done.errors) > 1


def test_one_sheet_sent_at_once():
    form = make_web_form()

    done = race(lambda _n: arrive(Inbound(form, "sheet", {"name": "A", "email": "a@x.example"}), at=NOW))

    assert (done.errors, Lead.objects.count(), Arrival.objects.count()) == ([], 1, 1)

"""ZIPs of papers: whole, once, one's own, and gone after a week."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rawabit.billing import jobs
from rawabit.config.spine import WORKS
from rawabit.crm.actions import revoke_portal_access
from rawabit.crm.models import PortalAccess
from rawabit.kit.jobs.models import Job
from rawabit.kit.jobs.queue import LEASE, claim, run_one
from rawabit.kit.paper import bundles
from rawabit.kit.paper.models import Bundle
from rawabit.kit.states import Refused
from tests.makers import NOW, SYSTEM, make_customer_user, make_payment, posted_invoice, sent_quotation
from tests.paper.test_doors import signed_in

pytestmark = pytest.mark.django_db


def work(at=None) -> int:
    """Do all that is due; answers how many jobs it took."""
    count = 0
    while run_one(WORKS, at or timezone.now()):
        count += 1
    return count


def asked(client, *kinds, span="all"):
    return client.post(reverse("portal-downloads-start"), {"kinds": kinds, "span": span})


def zip_of(answer) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_from_the_form_to_the_file(amina):
    invoices = [posted_invoice(amina.customer) for _ in range(6)]
    make_payment(amina.customer)
    quotation = sent_quotation(amina.customer)
    client = signed_in(amina)
    assert client.get(reverse("portal-downloads")).status_code == 200
    assert asked(client, "invoice", "payment", "quotation").status_code == 302
    page = client.get(reverse("portal-downloads")).content.decode()
    assert 'http-equiv="refresh"' in page and "<progress" in page
    assert reverse("portal-downloads-start") not in page  # one at a time
    assert run_one(WORKS, timezone.now())
    bundle = Bundle.objects.get()
    assert (bundle.done, bundle.total, bundle.state) == (4, 8, "running")
    assert work() == 2
    bundle.refresh_from_db()
    assert (bundle.done, bundle.state, bundle.missing) == (8, "ready", 0)
    page = client.get(reverse("portal-downloads")).content.decode()
    url = reverse("portal-download-file", args=[bundle.uid])
    assert url in page and 'http-equiv="refresh"' not in page
    answer = client.get(url)
    assert answer["Content-Type"] == "application/zip" and answer["Cache-Control"] == "private, no-store"
    archive = zip_of(answer)
    assert archive.testzip() is None and len(archive.namelist()) == 8
    for record in (*invoices, quotation):
        assert any(record.number in name for name in archive.namelist())
    assert all(archive.read(name).startswith(b"%PDF-") for name in archive.namelist())


def test_only_ones_own_kinds_and_rows(amina, babak):
    posted_invoice(babak.customer)
    quotation = sent_quotation(amina.customer)
    posted_invoice(amina.customer)
    buyer = make_customer_user(amina.customer, "buyer")
    client = signed_in(buyer)
    assert asked(client, "invoice").status_code == 422  # not offered to buyers
    assert asked(client, "quotation", "order").status_code == 302
    work()
    bundle = Bundle.objects.get()
    assert bundle.parts == [["sales.quotation", quotation.pk]] and bundle.state == "ready"


def test_nobody_else_fetches_it(amina, babak, manager):
    posted_invoice(amina.customer)
    client = signed_in(amina)
    asked(client, "invoice")
    bundle = Bundle.objects.get()
    url = reverse("portal-download-file", args=[bundle.uid])
    assert client.get(url).status_code == 404  # not ready yet
    work()
    assert client.get(url).status_code == 200
    colleague = signed_in(make_customer_user(amina.customer, "owner"))
    assert colleague.get(url).status_code == 404
    assert signed_in(babak).get(url).status_code == 404
    assert signed_in(manager).get(reverse("desk-download-file", args=[bundle.uid])).status_code == 404
    assert Client().get(url).status_code == 302


def test_rights_are_asked_again_when_it_is_made(amina):
    posted_invoice(amina.customer)
    asked(signed_in(amina), "invoice")
    revoke_portal_access(PortalAccess.objects.get(user=amina.user), actor=SYSTEM, at=NOW)
    work()
    bundle = Bundle.objects.get()
    assert (bundle.state, bundle.missing, bundle.file.name) == ("failed", 1, "")


def test_asking_twice_makes_one(amina):
    posted_invoice(amina.customer)
    client = signed_in(amina)
    asked(client, "invoice")
    asked(client, "invoice")
    assert Bundle.objects.count() == 1 and Job.objects.filter(name=bundles.JOB).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Bundle.objects.create(user=amina.user, door="portal", name="x", at=NOW, touched_at=NOW, expires_at=NOW)
    work()
    asked(client, "invoice")
    assert Bundle.objects.count() == 2


def test_nothing_and_too_much_are_refused_in_words(amina):
    with pytest.raises(Refused):
        bundles.start([], name="x", actor=amina.actor, at=NOW)
    with pytest.raises(Refused):
        bundles.start([("billing.invoice", n) for n in range(bundles.MOST + 1)], name="x", actor=amina.actor, at=NOW)
    assert asked(signed_in(amina), "invoice").status_code == 302  # there is none: told on the page
    assert not Bundle.objects.exists()


def test_a_killed_worker_loses_nothing(amina):
    """It took a job and died: the lease ends, the next does the same slice, each paper is in the ZIP once."""
    for _ in range(5):
        posted_invoice(amina.customer)
    asked(signed_in(amina), "invoice")
    now = timezone.now()
    assert claim(now) is not None  # and then kill -9
    assert run_one(WORKS, now) is False
    later = now + LEASE + timedelta(seconds=1)
    work(later)
    bundle = Bundle.objects.get()
    assert bundle.state == "ready" and len({name for name, _kept in bundle.made}) == len(bundle.made) == 5


def test_killed_after_the_effect_was_undone_with_it(amina, monkeypatch):
    """Slice and "done" are one transaction: an exception at the end of the slice undoes its progress."""
    for _ in range(5):
        posted_invoice(amina.customer)
    asked(signed_in(amina), "invoice")
    monkeypatch.setattr(bundles, "_next", lambda *_: 1 / 0)
    run_one(WORKS, timezone.now())
    assert Bundle.objects.get().done == 0
    monkeypatch.undo()
    work(timezone.now() + timedelta(minutes=1))
    assert Bundle.objects.get().state == "ready"


def test_the_same_job_again_changes_nothing(amina):
    posted_invoice(amina.customer)
    asked(signed_in(amina), "invoice")
    work()
    before = Bundle.objects.values().get()
    for job in Job.objects.filter(name=bundles.JOB):
        jobs.build_bundle(job.args, timezone.now())
    assert Bundle.objects.values().get() == before


def test_one_paper_that_fails_does_not_hold_up_the_rest(amina, monkeypatch):
    bad, good = posted_invoice(amina.customer), posted_invoice(amina.customer)
    asked(signed_in(amina), "invoice")
    real = jobs.paper_of
    monkeypatch.setattr(jobs, "paper_of", lambda record, at: 1 / 0 if record.pk == bad.pk else real(record, at=at))
    work()
    bundle = Bundle.objects.get()
    assert (bundle.state, bundle.missing) == ("ready", 1) and good.number in bundle.made[0][0]


def test_after_a_week_it_is_gone(amina):
    posted_invoice(amina.customer)
    client = signed_in(amina)
    asked(client, "invoice")
    work()
    bundle = Bundle.objects.get()
    jobs.clean_papers(timezone.now() + timedelta(days=6))
    assert default_storage.exists(bundle.file.name)
    assert bundles.bundle_for(amina.actor, bundle.uid, timezone.now() + timedelta(days=7, minutes=1)) is None
    jobs.clean_papers(timezone.now() + timedelta(days=7, minutes=1))
    assert not Bundle.objects.exists() and not default_storage.exists(bundle.file.name)


def test_what_got_stuck_makes_room(amina):
    posted_invoice(amina.customer)
    client = signed_in(amina)
    asked(client, "invoice")
    bundles.sweep(timezone.now() + timedelta(hours=4))
    assert Bundle.objects.get().state == "failed"
    asked(client, "invoice")
    assert Bundle.objects.filter(state="waiting").count() == 1


def test_the_bulk_action_of_the_desk(manager, amina, seller):
    invoices = [posted_invoice(amina.customer) for _ in range(2)]
    client = signed_in(manager)
    assert reverse("invoices-bulk", args=["zip"]) in client.get(reverse("invoices-list")).content.decode()
    answer = client.post(reverse("invoices-bulk", args=["zip"]), {"row": [one.pk for one in invoices]})
    assert answer.status_code == 302 and answer["Location"] == reverse("desk-downloads")
    work()
    bundle = Bundle.objects.get()
    page = client.get(reverse("desk-downloads")).content.decode()
    url = reverse("desk-download-file", args=[bundle.uid])
    assert url in page
    assert len(zip_of(client.get(url)).namelist()) == 2
    assert signed_in(seller).get(url).status_code == 404
    assert client.post(reverse("invoices-bulk", args=["zip"])).status_code == 409  # nothing selected


def test_opening_the_page_changes_nothing(amina):
    posted_invoice(amina.customer)
    client = signed_in(amina)
    client.get(reverse("portal-downloads"))
    assert client.get(reverse("portal-downloads-start")).status_code == 405
    assert not Bundle.objects.exists()

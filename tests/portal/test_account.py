"""The person's own page, the switch, files, the bell."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rawabit.crm.actions import grant_portal_access
from rawabit.identity.models import User
from rawabit.kit.records.actions import attach, notify
from rawabit.kit.records.models import Attachment, Notice
from tests.makers import NOW, SYSTEM, confirmed_order, make_customer, make_order, posted_invoice
from tests.portal.conftest import reader


def test_own_details_and_the_customers(noura, as_role):
    as_role("finance")

    assert "Noura" in noura.read("account")
    assert "Account owner" in noura.read("account")
    assert noura.customer.code in noura.read("company")
    assert "The finance" in noura.read("colleagues")


def test_others_do_not_see_their_colleagues(noura, as_role):
    finance = as_role("finance")

    assert finance.open("colleagues").status_code == 403
    for page in ("account", "company", "security", "activity"):
        assert noura.person.user.email not in finance.read(page)


def test_ways_of_reading_are_changed_here_and_nowhere_else(noura):
    noura.client.post(
        "/preferences/", {"language": "fa", "calendar": "jalali", "digits": "arabext", "next": "/portal/account/"}
    )

    body = noura.open("account").content.decode()

    assert '<html lang="fa" dir="rtl"' in body
    assert "۱۴ اسفند ۱۴۰۴" in body
    user = User.objects.get(pk=noura.person.user.pk)
    assert (user.language, user.calendar, user.digits) == ("fa", "jalali", "arabext")


def test_switching_between_customers(noura):
    second = make_customer("Second Trading")
    grant_portal_access(second, noura.person.user.email, "Noura", "finance", actor=SYSTEM, at=NOW)
    ours, theirs = posted_invoice(noura.customer), posted_invoice(second)
    both = reader(noura.person)
    assert ours.number in both.read("invoices")
    assert theirs.number not in both.read("invoices")

    assert both.send("switch", customer=second.pk).status_code == 302

    assert theirs.number in both.read("invoices")
    assert ours.number not in both.read("invoices")
    assert "Second Trading" in both.read("home")
    assert both.open("orders").status_code == 403  # finance there, owner at the first


@pytest.mark.parametrize("asked", ["", "x", "-1", "999999", "١"])
def test_nobody_switches_to_a_strangers_customer(noura, asked):
    stranger = make_customer("Stranger Trading")

    assert noura.send("switch", customer=asked).status_code == 404
    assert noura.send("switch", customer=stranger.pk).status_code == 404
    assert "Stranger Trading" not in noura.read("home")


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("offer.pdf", b"%PDF-1.7\nwords")


def test_only_files_meant_for_the_customer(noura):
    order = confirmed_order(noura.customer)
    shown = attach(order, upload(), for_customer=True, actor=SYSTEM, at=NOW)
    hidden = attach(order, upload(), for_customer=False, actor=SYSTEM, at=NOW)

    page = noura.open("order", order.uid).content.decode()
    answer = noura.open("file", shown.uid)

    assert f"/portal/files/{shown.uid}/" in page
    assert str(hidden.uid) not in page
    assert b"".join(answer.streaming_content) == b"%PDF-1.7\nwords"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert noura.open("file", hidden.uid).status_code == 404
    assert noura.open("file", uuid.uuid4()).status_code == 404


def test_files_of_drafts_and_strangers_and_other_roles(noura, as_role):
    kept = [
        attach(record, upload(), for_customer=True, actor=SYSTEM, at=NOW)
        for record in (make_order(noura.customer), confirmed_order(make_customer()))
    ]
    order_file = attach(confirmed_order(noura.customer), upload(), for_customer=True, actor=SYSTEM, at=NOW)

    assert [noura.open("file", file.uid).status_code for file in kept] == [404, 404]
    assert as_role("finance").open("file", order_file.uid).status_code == 404
    assert Attachment.objects.count() == 3


def test_the_bell_is_read_by_a_button_not_by_looking(noura):
    notify(
        noura.person.user.pk, kind="mention", facts={"who": "Reem", "what": "SO-1"}, url="/portal/", event=None, at=NOW
    )

    page = noura.read("notices")
    assert "Reem mentioned you: SO-1" in page
    assert Notice.objects.get().read_at is None

    noura.send("notices")

    assert Notice.objects.get().read_at == NOW
    assert "New" not in noura.read("notices")

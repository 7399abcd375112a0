"""Documents both ways: who sees ours, who confirmed which version, and what customers send."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from rawabit.company.models import Company
from rawabit.crm.models import Customer, CustomerGroup
from rawabit.kit.records.actions import attach
from rawabit.kit.records.models import Attachment, Event
from rawabit.kit.states import Refused
from rawabit.portal.actions import documents as doing
from rawabit.portal.actions.documents import (
    agree_to_document,
    publish_document,
    receive_document,
    see_document,
    withdraw_document,
)
from rawabit.portal.models import Agreement, ReceivedDocument, SharedDocument
from tests.laws.world import client_of
from tests.makers import (
    NOW,
    SYSTEM,
    TODAY,
    make_customer,
    make_received_document,
    make_shared_document,
    make_upload,
    make_user,
)

# Ours


def test_each_audience_sees_its_own(noura):
    group, other = CustomerGroup.objects.create(name="Retail"), CustomerGroup.objects.create(name="Wholesale")
    Customer.objects.filter(pk=noura.customer.pk).update(group=group)
    make_shared_document("for everybody")
    make_shared_document("for retail", audience="groups", groups=[group])
    make_shared_document("for wholesale", audience="groups", groups=[other])
    make_shared_document("for noura", audience="customer", customer=noura.customer)
    make_shared_document("for another", audience="customer", customer=make_customer())
    make_shared_document("not yet", published=False)
    withdraw_document(make_shared_document("no more"), actor=SYSTEM, at=NOW)

    page = noura.read("documents")

    assert all(name in page for name in ("for everybody", "for retail", "for noura"))
    assert not any(name in page for name in ("for wholesale", "for another", "not yet", "no more"))


def file_of(document) -> Attachment:
    return Attachment.objects.get(subject_id=document.pk, subject_type__model=document._meta.model_name)


def test_files_follow_the_row_rule(noura):
    mine = make_shared_document(audience="customer", customer=noura.customer)
    theirs = make_shared_document(audience="customer", customer=make_customer())
    draft = make_shared_document(published=False)

    assert noura.open("file", file_of(mine).uid).status_code == 200
    assert noura.open("file", file_of(theirs).uid).status_code == 404
    assert noura.open("file", file_of(draft).uid).status_code == 404


def test_a_file_is_a_download_and_runs_nothing(noura):
    response = noura.open("file", file_of(make_shared_document()).uid)

    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_nothing_is_published_without_a_file(db):
    document = SharedDocument.objects.create(name="empty")

    with pytest.raises(Refused):
        publish_document(document, actor=SYSTEM, at=NOW)


def test_an_expired_document_is_shown_as_expired(noura):
    make_shared_document("old certificate", kind="certificate", valid_until=TODAY - timedelta(days=1), must_agree=True)

    page = noura.read("documents")

    assert "Expired" in page
    assert "I have read it" not in page


def test_reading_is_confirmed_once_with_evidence(noura):
    document = make_shared_document("Returns", must_agree=True)
    assert "I have read it" in noura.read("documents")
    data = {"read": "1", "digest": doing.digest_of([file_of(document)])}

    for _ in range(2):
        assert noura.send("document-agree", document.uid, **data).status_code == 302

    kept = Agreement.objects.get()
    assert (kept.customer, kept.user, kept.name) == (noura.customer, noura.person.user, "Noura")
    assert kept.digest == document.digest
    assert Event.objects.filter(name="document.agreed").count() == 1
    assert "I have read it" not in noura.read("documents")
    assert "Confirmed by Noura" in noura.read("documents")


def test_a_new_version_asks_again(noura):
    document = make_shared_document("Returns", must_agree=True)
    old = doing.digest_of([file_of(document)])
    noura.send("document-agree", document.uid, read="1", digest=old)

    attach(document, make_upload("second.pdf", b"%PDF-1.7 two"), for_customer=True, actor=SYSTEM, at=NOW)

    assert "I have read it" in noura.read("documents")
    assert noura.send("document-agree", document.uid, read="1", digest=old).status_code == 409
    assert Agreement.objects.count() == 1


def test_without_the_tick_nothing_is_kept(noura):
    document = make_shared_document(must_agree=True)

    noura.send("document-agree", document.uid, digest=document.digest)

    assert not Agreement.objects.exists()


def test_what_is_not_meant_for_one_cannot_be_confirmed(noura):
    theirs = make_shared_document(must_agree=True, audience="customer", customer=make_customer())

    assert noura.send("document-agree", theirs.uid, read="1", digest=theirs.digest).status_code == 404
    with pytest.raises(Refused):
        agree_to_document(theirs, noura.customer, digest=theirs.digest, actor=noura.person.actor, at=NOW)
    with pytest.raises(PermissionDenied):
        agree_to_document(theirs, theirs.customer, digest=theirs.digest, actor=noura.person.actor, at=NOW)


# Theirs


def send(who, upload, **more):
    return who.send("document-send", **{"kind": "certificate", "note": "for you", "file": upload, **more})


def test_a_customer_sends_and_is_told_that_it_was_seen(noura, as_role):
    assert send(as_role("support"), make_upload("شهادة.pdf")).status_code == 302
    received = ReceivedDocument.objects.get()
    assert (received.customer, received.state, received.note) == (noura.customer, "received", "for you")
    assert "شهادة.pdf" in noura.read("documents")

    for _ in range(2):
        see_document(received, actor=SYSTEM, at=NOW)

    assert "Seen" in noura.read("documents")
    assert Event.objects.filter(name="document.seen").count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("evil.html", b"<html><script>alert(1)</script>"), ("evil.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("run.exe", b"MZ\x90\x00"), ("fake.pdf", b"GIF-not-really"), ("empty.pdf", b""),
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused_by_its_bytes(noura, name, content):
    response = send(noura, SimpleUploadedFile(name, content))

    assert response.status_code == 422
    assert not ReceivedDocument.objects.exists()
    assert not Attachment.objects.exists()


def test_names_that_deceive_are_kept_as_names_only(noura):
    send(noura, make_upload("../../etc/passwd\u202efdp.pdf"), note="<script>alert(1)</script>\u202e")

    received = ReceivedDocument.objects.get()
    file = file_of(received)
    assert "\u202e" not in received.name + file.name + received.note
    assert ".." not in file.file.name
    assert "<script>alert" not in noura.open("documents").content.decode()


def test_so_many_a_day_and_no_more(noura, monkeypatch):
    monkeypatch.setattr(doing, "MOST_A_DAY", 2)

    assert [send(noura, make_upload()).status_code for _ in range(3)] == [302, 302, 422]
    assert ReceivedDocument.objects.count() == 2
    assert make_received_document(make_customer()).pk, "others are not held up"


def test_so_many_bytes_and_no_more(noura, monkeypatch):
    monkeypatch.setattr(doing, "MOST_BYTES", 20)

    assert send(noura, make_upload(content=b"%PDF-1.7 0123")).status_code == 302
    assert send(noura, make_upload(content=b"%PDF-1.7 0123")).status_code == 422
    assert ReceivedDocument.objects.count() == 1


def test_nobody_sends_for_another_customer(noura):
    with pytest.raises(PermissionDenied):
        receive_document(
            make_customer(), make_upload(), kind="other", note="", actor=noura.person.actor, at=NOW
        )  # fmt: skip


def test_information_only_takes_no_documents(noura):
    Company.objects.update(transactions=False)

    assert send(noura, make_upload()).status_code == 403
    assert "Send us a document" not in noura.read("documents")


def test_what_one_customer_sent_another_does_not_see(noura):
    other = make_received_document(make_customer(), "secret.pdf")

    assert "secret.pdf" not in noura.read("documents")
    assert noura.open("file", file_of(other).uid).status_code == 404
    assert noura.send("document-agree", uuid.uuid4(), read="1").status_code == 404


def test_colleagues_see_those_of_their_customers(seller):
    mine = make_received_document(make_customer(owner=seller.user), "mine.pdf")
    make_received_document(make_customer(), "others.pdf")
    client = client_of(seller.user)

    page = client.get("/desk/received-documents/").content.decode()

    assert "mine.pdf" in page
    assert "others.pdf" not in page
    assert client.post(f"/desk/received-documents/{mine.pk}/do/seen/").status_code == 302
    mine.refresh_from_db()
    assert (mine.state, mine.seen_by) == ("seen", seller.user)


def test_the_desk_makes_and_publishes(manager):
    client = client_of(manager.user)
    group = CustomerGroup.objects.create(name="Retail")
    data = {"name": "Returns", "kind": "policy", "audience": "groups", "groups": [group.pk], "must_agree": "on"}

    assert client.post("/desk/shared-documents/new/", {**data, "groups": []}).status_code == 422
    assert client.post("/desk/shared-documents/new/", data).status_code == 302
    document = SharedDocument.objects.get()
    upload = {"file": make_upload(), "for_customer": "1"}
    client.post(f"/desk/shared-documents/{document.pk}/files/", upload)
    assert client.post(f"/desk/shared-documents/{document.pk}/do/publish/").status_code == 302

    document.refresh_from_db()
    assert (document.state, list(document.groups.all())) == ("published", [group])
    told = Event.objects.get(name="document.shared")
    assert told.facts == {
        "name": "Returns", "kind": "policy", "audience": "groups", "customer": None, "must_agree": True,
    }  # fmt: skip


def test_who_may_only_look_publishes_nothing(db):
    client = client_of(make_user("sales"))
    document = make_shared_document(published=False)

    assert client.get(f"/desk/shared-documents/{document.pk}/").status_code == 200
    assert client.post(f"/desk/shared-documents/{document.pk}/do/publish/").status_code == 403

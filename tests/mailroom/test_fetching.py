"""Mail is taken over from a real server: whole, once, marked last, and what goes wrong is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rawabit.identity.queries import actor_of
from rawabit.kit.records.models import Notice
from rawabit.kit.states import Refused
from rawabit.leads.models import Lead
from rawabit.mailroom import actions
from rawabit.mailroom.actions import fetching
from rawabit.mailroom.actions.fetching import fetch_mailbox, store
from rawabit.mailroom.models import Mailbox, ReceivedMail
from rawabit.mailroom.server import LARGEST
from tests.mailroom.posts import look, make_box, post
from tests.makers import NOW, SYSTEM, make_user

pytestmark = pytest.mark.django_db


def test_a_message_is_stored_raw_read_filed_and_marked_on_the_server(imap):
    raw = post("أريد عرض سعر لعشر مضخات")
    imap.put(raw)
    box = make_box(imap)
    look(box)
    mail = ReceivedMail.objects.get()
    assert mail.raw.read() == raw and mail.size == len(raw)
    assert (mail.place, mail.sender, mail.headline) == ("filed", "omar@buyer.example", "طلب عرض سعر")
    assert isinstance(mail.subject, Lead) and mail.subject.email == "omar@buyer.example"
    assert mail.activity.body == "أريد عرض سعر لعشر مضخات" and mail.activity.direction == "in"
    assert mail.marked_at == NOW and len(imap.seen()) == 1
    box.refresh_from_db()
    assert (box.fetched_at, box.error, box.lease_until) == (NOW, "", None)


def test_looking_again_takes_nothing_twice(imap):
    imap.put(post(), post())
    box = make_box(imap)
    look(box)
    look(box, 5)
    imap.put(post())
    look(box, 10)
    assert ReceivedMail.objects.count() == 3


def test_a_new_mailbox_does_not_take_over_ten_years_of_mail_unless_told(imap):
    imap.put(post())
    box = make_box(imap, from_beginning=False)
    look(box)
    assert not ReceivedMail.objects.exists()
    imap.put(post())
    look(box, 5)
    assert ReceivedMail.objects.count() == 1


def test_numbers_that_begin_anew_neither_lose_nor_double(imap):
    folder = "Clients"
    imap.create(folder)
    first, second = post("one"), post("two")
    imap.put(first, folder=folder)
    box = make_box(imap, folder=folder)
    look(box)
    imap.make_anew(folder)
    imap.put(first, second, folder=folder)
    look(box, 5)
    assert sorted(ReceivedMail.objects.values_list("text", flat=True)) == ["one", "two"]


def test_a_folder_with_an_arabic_name(imap):
    from imap_tools.imap_utf7 import utf7_encode

    imap.create(utf7_encode("وارد المبيعات").decode().join('""'))
    imap.put(post(), folder=utf7_encode("وارد المبيعات").decode().join('""'))
    look(make_box(imap, folder="وارد المبيعات"))
    assert ReceivedMail.objects.count() == 1


def test_a_large_mailbox_comes_in_batches_without_waiting_for_the_next_look(imap, monkeypatch):
    from rawabit.kit.jobs.models import Job

    monkeypatch.setattr(fetching, "BATCH", 3)
    imap.put(*[post(f"n{n}") for n in range(7)])
    box = make_box(imap)
    rounds = 0
    fetch_mailbox({"mailbox": box.pk}, NOW)
    while job := Job.objects.filter(name=actions.FETCH, state="waiting").first():
        rounds += 1
        fetch_mailbox(job.args, NOW + timedelta(minutes=1))
        job.state = "done"
        job.save()
    assert (ReceivedMail.objects.count(), rounds) == (7, 2)


def test_what_is_too_large_stays_on_the_server_and_is_told(imap):
    imap.put(b"From: big@buyer.example\r\nSubject: big\r\n\r\n" + b"x" * (LARGEST + 1000), post())
    look(make_box(imap))
    large = ReceivedMail.objects.get(place="large")
    assert not large.raw and large.size > LARGEST and large.trace[0]["why"] == "too_large"
    assert ReceivedMail.objects.filter(place="filed").count() == 1
    assert len(imap.seen()) == 1  # the large one is not marked as taken


def test_a_wrong_password_a_wrong_folder_and_a_server_that_is_away_are_told_in_words(imap):
    from rawabit.mailroom.sealing import seal

    chief = make_user("administrator")
    box = make_box(imap, sealed=seal("wrong"))
    look(box)
    box.refresh_from_db()
    assert "user name and password" in box.error and box.failing_since == NOW and box.lease_until is None
    look(box, 5)
    assert Notice.objects.filter(user=chief, kind="mailbox_failing").count() == 1  # told once
    for change, words in ({"folder": "Nowhere"}, "folder"), ({"port": 1}, "does not answer"):
        other = make_box(imap, **change)
        with pytest.raises(Refused) as told:
            actions.test_mailbox(other, actor=actor_of(chief), at=NOW)
        assert words in str(told.value)


def test_a_server_that_comes_back_is_asked_again(imap):
    imap.put(post())
    box = make_box(imap, port=1)
    look(box)
    Mailbox.objects.filter(pk=box.pk).update(port=imap.port)
    look(box, 5)
    box.refresh_from_db()
    assert ReceivedMail.objects.count() == 1 and box.failing_since is None and box.error == ""


def test_a_certificate_of_nobodys_is_refused(imap, settings):
    settings.MAILBOX_CA_FILE = None
    box = make_box(imap)
    with pytest.raises(Refused, match="certificate"):
        actions.test_mailbox(box, actor=SYSTEM, at=NOW)


def test_starttls(imap):
    imap.put(post())
    look(make_box(imap, security="starttls", port=imap.plain))
    assert ReceivedMail.objects.count() == 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "0x7f000001", "[::1]", "2130706433"]
)
def test_servers_of_the_inner_network_are_not_asked(db, settings, host):
    settings.OUTBOUND_PRIVATE_ALLOWED = False
    with pytest.raises(Refused):
        actions.test_mailbox(make_box(host=host, port=993), actor=SYSTEM, at=NOW)


def test_ports_of_other_services_are_not_asked(db, settings):
    settings.OUTBOUND_PRIVATE_ALLOWED = False
    with pytest.raises(Refused, match="public"):
        actions.test_mailbox(make_box(host="imap.example.com", port=6379), actor=SYSTEM, at=NOW)


def test_two_workers_look_once(imap):
    imap.put(post())
    box = make_box(imap)
    Mailbox.objects.filter(pk=box.pk).update(lease_until=NOW + timedelta(minutes=5))
    fetch_mailbox({"mailbox": box.pk}, NOW)
    assert not ReceivedMail.objects.exists()
    fetch_mailbox({"mailbox": box.pk}, NOW + timedelta(minutes=6))  # the other has died
    assert ReceivedMail.objects.count() == 1


def test_the_same_bytes_are_kept_once(db):
    box, raw = make_box(), post()
    first = store(box, 1, 5, raw, len(raw), NOW)
    assert store(box, 1, 5, raw, len(raw), NOW) == first
    assert store(box, 2, 1, raw, len(raw), NOW) == first


def test_the_password_is_not_readable_in_the_database(db):
    from tests.mailroom.dovecot import PASSWORD

    box = make_box()
    assert PASSWORD not in box.sealed and "sealed" not in str(box.__dict__.get("name"))


def test_another_secret_key_asks_for_the_password_anew(db, settings):
    settings.OUTBOUND_PRIVATE_ALLOWED = True
    box = make_box()
    settings.SECRET_KEY = "another key of fifty letters, as it should be, yes indeed"
    with pytest.raises(Refused, match="secret key"):
        actions.test_mailbox(box, actor=SYSTEM, at=NOW)

"""Tokens: how they are made, read, given out again, taken back, forgotten, and kept out of quoted text."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from hypothesis import given as drawn
from hypothesis import strategies as some

from rawabit.kit.links import actions as links
from rawabit.kit.links.actions import Holder
from rawabit.kit.links.logic import LENGTH, hash_of, may_be_used_again, strip_links, token_of, uid_of
from rawabit.kit.links.models import Link, random_uid
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from rawabit.kit.text import masked_email
from tests import makers
from tests.makers import NOW, SYSTEM

NOURA = Holder("نورة", "noura@acme.example", "+966501234567", "ar")
TOKEN = token_of(UUID(int=0x8C1E_77F0_12AB_93D4_5566_0F0E_D0C0_B0A0), "secret")


def give(record, holder=NOURA, at=NOW, days=90) -> Link:
    return links.share(record, purpose="view", holder=holder, days=days, actor=SYSTEM, at=at)


def token(link: Link) -> str:
    return links.address_of(link).rstrip("/").rpartition("/")[2]


# Pure


def test_a_token_is_two_times_128_bits_and_only_ours_is_read():
    uid = random_uid()
    made = token_of(uid, "secret")

    assert len(made) == LENGTH == 43
    assert uid_of(made, ["other", "secret"]) == uid
    assert uid_of(made, ["other"]) is None
    assert len({random_uid().int >> 60 & 0xF for _ in range(200)}) > 8  # no bit is set aside for a version


@drawn(some.text(max_size=60))
def test_any_text_is_no_token(text):
    assert uid_of(text, ["secret"]) is None


def test_one_spelling_alone():
    """The last letter carries two bits that mean nothing; another letter there must not make a second address."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    assert [letter for letter in letters if uid_of(TOKEN[:-1] + letter, ["secret"])] == [TOKEN[-1]]


@pytest.mark.parametrize(("left", "valid", "again"), [
    (14, 90, True), (13, 90, False), (4, 7, True), (3, 7, False), (0, 90, False),
])  # fmt: skip
def test_when_a_link_is_given_out_again(left, valid, again):
    assert may_be_used_again(timedelta(days=left), timedelta(days=valid)) is again


@pytest.mark.parametrize("text", [
    f"see https://erp.example/l/{TOKEN}/ please", f"see https://erp.example:8443/l/{TOKEN}/portal/orders/x/?a=1 please",
    f"see /l/{TOKEN} please", f"see http://10.0.0.1/base/l/{TOKEN}/ please",
    f"see https://scan.example/?u=https%3A%2F%2Ferp.example%2Fl%2F{TOKEN}%2F&d=1 please",
    f"see https://erp.example/l/{TOKEN[:20]}=\n{TOKEN[20:]}/ please",
    f"see https://erp.example/l/{TOKEN[:20]}\n> {TOKEN[20:]}/ please",
])  # fmt: skip
def test_quoted_text_passes_no_link_on(text):
    kept = strip_links(text)

    assert kept == "see […] please"
    assert TOKEN[:20] not in kept


def test_other_text_is_left_alone():
    for text in ("https://erp.example/portal/orders/", "a/l/b", f"/l/{TOKEN[:-1]}", "«سلام» /l/", ""):
        assert strip_links(text) == text
    assert strip_links(f"<https://x.example/l/{TOKEN}/>،") == "<[…]>،"
    assert strip_links(f"/l/{TOKEN}/ و /l/{TOKEN}/") == "[…] و […]"


def test_long_text_takes_no_time():
    began = time.process_time()
    strip_links("a" * 2_000_000 + "/l/" * 200_000 + "/l/" + "A" * 42)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(("email", "shown"), [
    ("noura@acme.sa", "n***@acme.sa"), ("x@y.z", "x***@y.z"), ("", ""), ("nobody", ""),
])  # fmt: skip
def test_a_masked_address(email, shown):
    assert masked_email(email) == shown


# Kept


@pytest.mark.django_db
class TestLinks:
    def test_only_a_hash_is_kept(self, company):
        link = give(makers.confirmed_order())
        row = Link.objects.filter(pk=link.pk).values().get()

        assert row["token_hash"] == hash_of(token(link))
        assert not [name for name, value in row.items() if token(link) in str(value)]
        assert token(link) not in str(list(Event.objects.values_list("facts", flat=True)))

    def test_the_same_holder_gets_the_same_link_while_it_is_valid_long_enough(self, company):
        order = makers.confirmed_order()
        first = give(order)

        assert give(order, at=NOW + timedelta(days=76)) == first
        assert give(order, at=NOW + timedelta(days=77)) != first
        assert Event.objects.filter(name="link.made").count() == 2

    def test_another_holder_document_or_address_gets_another(self, company):
        order = makers.confirmed_order()
        known = Holder("نورة", "a@x.example", "", "ar", contact_id=5)
        made = {
            give(order).pk, give(order, Holder("x", "y@acme.example", "", "ar")).pk, give(makers.confirmed_order()).pk,
            give(order, known).pk, give(order, Holder("نورة", "b@x.example", "", "ar", contact_id=5)).pk,
        }  # fmt: skip

        assert len(made) == 5

    def test_a_link_taken_back_is_not_given_out_again(self, company):
        order = makers.confirmed_order()
        first = give(order)
        links.revoke(first, actor=SYSTEM, at=NOW)
        links.revoke(first, actor=SYSTEM, at=NOW)

        assert give(order) != first
        assert Event.objects.filter(name="link.revoked").count() == 1

    def test_a_changed_secret_keeps_links_for_as_long_as_the_old_one_is_known(self, company, settings):
        link = give(makers.confirmed_order())
        old, before = settings.SECRET_KEY, token(link)

        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [old]
        assert token(link) == before
        assert links.resolve(before, NOW) == link

        settings.SECRET_KEY_FALLBACKS = []
        assert links.resolve(before, NOW) is None
        with pytest.raises(Refused):
            links.address_of(link)
        assert give(link.subject) != link

    def test_a_token_of_another_row_does_not_open_it(self, company):
        link = give(makers.confirmed_order())
        Link.objects.filter(pk=link.pk).update(token_hash="0" * 64)

        assert links.resolve(token_of(link.uid, settings.SECRET_KEY), NOW) is None

    def test_garbage_asks_the_database_nothing(self, company, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert links.resolve("x" * 43, NOW) is None
            assert links.resolve("x" * 10_000, NOW) is None

    def test_renewing_is_limited_and_not_for_what_was_taken_back(self, company):
        link = give(makers.confirmed_order())
        late = NOW + timedelta(days=100)

        fresh = links.renew(link, days=30, actor=SYSTEM, at=late)

        assert fresh is not None and fresh.expires_at == late + timedelta(days=30)
        assert links.renew(link, days=30, actor=SYSTEM, at=late + timedelta(minutes=14)) is None
        assert links.renew(link, days=30, actor=SYSTEM, at=late + timedelta(minutes=16)) == fresh
        links.revoke(link, actor=SYSTEM, at=late)
        assert links.renew(link, days=30, actor=SYSTEM, at=late + timedelta(days=1)) is None

    def test_days_have_a_limit(self, company):
        order = makers.confirmed_order()

        assert give(order, days=100_000).expires_at == NOW + timedelta(days=366)
        assert give(order, Holder("x"), days=0).expires_at == NOW + timedelta(days=1)

    def test_links_that_ended_a_year_ago_are_forgotten(self, company):
        old = give(makers.confirmed_order(), at=NOW - timedelta(days=456))
        kept = give(makers.confirmed_order(), at=NOW - timedelta(days=450))

        assert links.forget_expired(NOW) == 1
        assert list(Link.objects.all()) == [kept]
        assert old.pk is not None

    def test_visits_within_half_an_hour_are_one(self, company):
        link = give(makers.confirmed_order())

        for minutes in (0, 10, 29, 31, 62):
            links.opened(link, actor=SYSTEM, at=NOW + timedelta(minutes=minutes))

        link.refresh_from_db()
        assert (link.opened_count, link.first_opened_at) == (3, NOW)

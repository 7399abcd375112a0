"""What a page watches is signed, ages, and concerns exactly what it names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rawabit.config.streams import who
from rawabit.kit.live import watching
from rawabit.kit.live.watching import Watch, read, signed
from rawabit.sales.actions import hold_order
from rawabit.sales.models import Order
from tests import makers
from tests.makers import NOW

pytestmark = pytest.mark.django_db
WATCH = Watch(user=7, stamp="0123abcd", customer=3, record=(5, 9), kind=0)


def test_a_watch_comes_back_as_it_was():
    assert read(signed(WATCH, NOW), NOW) == WATCH


def test_an_old_a_future_and_a_forged_watch_are_none():
    text = signed(WATCH, NOW)
    assert read(text, NOW + timedelta(hours=watching.HOURS)) == WATCH
    assert read(text, NOW + timedelta(hours=watching.HOURS + 1)) is None
    assert read(text, NOW - timedelta(hours=1)) is None
    assert read(text[:-1] + ("A" if text[-1] != "A" else "B"), NOW) is None
    for hostile in ("", "x", "a:b:c", "٣", "\x00", text * 50):
        assert read(hostile, NOW) is None


@pytest.mark.parametrize(
    ("watch", "change", "expected"),
    [
        (Watch(customer=3), (1, 1, 3), True),
        (Watch(customer=3), (1, 1, 4), False),
        (Watch(customer=0), (1, 1, 0), False),
        (Watch(record=(5, 9)), (5, 9, 0), True),
        (Watch(record=(5, 9)), (5, 8, 0), False),
        (Watch(record=(5, 9)), (6, 9, 0), False),
        (Watch(kind=5), (5, 123, 0), True),
        (Watch(kind=5), (6, 123, 0), False),
        (Watch(), (0, 0, 0), False),
    ],
)
def test_what_concerns_a_page(watch: Watch, change: tuple[int, int, int], expected: bool):
    assert watch.concerns(*change) is expected


def test_a_person_may_watch_while_he_may_sign_in(amina):
    stamp = amina.user.session_stamp.hex[:8]
    actor = who(Watch(user=amina.user.pk, stamp=stamp))
    assert actor is not None and actor.customer_ids == {amina.customer.pk}
    assert who(Watch(user=amina.user.pk, stamp="00000000")) is None
    type(amina.user).objects.filter(pk=amina.user.pk).update(is_active=False)
    assert who(Watch(user=amina.user.pk, stamp=stamp)) is None


def test_the_hub_tells_by_the_row_rule(company, amina, babak):
    from rawabit.config.streams import hub

    order = makers.confirmed_order(amina.customer)
    mine, his = (
        Watch(user=person.user.pk, stamp=person.user.session_stamp.hex[:8], customer=amina.customer.pk)
        for person in (amina, babak)
    )
    assert hub().sees(mine, order) is True
    assert hub().sees(his, order) is False
    assert hub().sees(mine, makers.make_order(amina.customer)) is False  # a draft


def test_who_cannot_stream_asks(client, company, amina, babak):
    order = makers.confirmed_order(amina.customer)
    watch = Watch(user=amina.user.pk, stamp=amina.user.session_stamp.hex[:8], customer=amina.customer.pk)
    text = signed(watch, timezone.now())
    last = client.get("/live/", {"w": text}).json()
    assert last["changed"] is False
    assert client.get("/live/", {"w": text, "after": last["last"]}).json()["changed"] is False
    hold_order(Order.objects.get(pk=order.pk), reason="x", actor=makers.SYSTEM, at=NOW)
    assert client.get("/live/", {"w": text, "after": last["last"]}).json()["changed"] is True
    assert client.get("/live/", {"w": "forged", "after": "1"}).status_code == 403
    for bad in ("-1", "x", "٣", "9" * 30):
        assert client.get("/live/", {"w": text, "after": bad}).json()["changed"] is False


def test_pages_carry_their_watch(company, amina, manager, client):
    order = makers.confirmed_order(amina.customer)
    assert "data-live" not in client.get("/account/sign-in/").content.decode()
    client.force_login(amina.user)
    page = client.get(f"/portal/orders/{order.uid}/").content.decode()
    assert 'data-live="' in page and "live.js" in page
    client.force_login(manager.user)
    for address in (f"/desk/orders/{order.pk}/", "/desk/orders/"):
        assert 'data-live="' in client.get(address).content.decode()

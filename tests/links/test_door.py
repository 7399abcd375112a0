"""A link opens its document for whoever holds it, and nothing else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from structlog.testing import capture_logs

from rawabit.kit.links import actions as links
from rawabit.kit.links.actions import Holder
from rawabit.kit.links.models import Link
from rawabit.kit.outbox.models import Message
from rawabit.kit.records.models import Event, Notice
from tests import makers
from tests.laws.world import client_of
from tests.links.conftest import NOURA
from tests.outbox.working import work

pytestmark = pytest.mark.django_db
FORGED = "A" * 43


def order_page(given, order) -> str:
    return f"{given.path}portal/orders/{order.uid}/"


def plain(response) -> str:
    """The page without what differs by itself."""
    text = response.content.decode()
    text = re.sub(r'"X-CSRFToken":"\w+"|csrfmiddlewaretoken" value="\w+"|data-live="[^"]+"', "", text)
    return re.sub(r"[0-9a-f]{32}", "", text)


# What it shows


def test_the_link_leads_to_the_document_without_a_cookie(give, visitor):
    order = makers.shipped_order()
    given = give(order)

    first = visitor.get(given.path)
    page = visitor.get(first.headers["Location"])

    assert (first.status_code, first.headers["Location"]) == (302, order_page(given, order))
    assert page.status_code == 200
    assert order.number in page.content.decode()
    assert not visitor.cookies


def test_every_address_on_the_page_stays_inside(give, visitor):
    order = makers.shipped_order()
    given = give(order)

    html = visitor.get(order_page(given, order)).content.decode()

    found = set(re.findall(r'(?:href|action)="(/[^"]*)"', html))
    outside = {url for url in found if not url.startswith((given.path, "/static/", "/brand.css", "/account/sign-in/"))}
    assert outside == set()
    assert f"{given.path}portal/deliveries/{order.deliveries.get().uid}/" in found
    assert 'href=""' not in html


@pytest.mark.parametrize("kind", ["quotation", "order", "delivery", "invoice", "credit_note", "payment", "statement"])
def test_each_kind_of_document(give, visitor, kind):
    made = {
        "quotation": makers.sent_quotation, "order": makers.confirmed_order, "invoice": makers.posted_invoice,
        "delivery": lambda: makers.shipped_order().deliveries.get(), "credit_note": makers.make_credit_note,
        "payment": makers.make_payment, "statement": makers.make_customer,
    }[kind]()  # fmt: skip
    given = give(made)

    page = visitor.get(given.path, follow=True)

    assert page.status_code == 200
    assert str(getattr(made, "number", made)) in page.content.decode()
    assert 'href=""' not in page.content.decode()


def test_from_the_order_to_its_delivery_and_back(give, visitor):
    order = makers.shipped_order()
    given = give(order)
    note = order.deliveries.get()

    page = visitor.get(f"{given.path}portal/deliveries/{note.uid}/")

    assert page.status_code == 200
    assert f'href="{order_page(given, order)}"' in page.content.decode()


def test_headers_tell_nobody(give, visitor):
    order = makers.confirmed_order()
    given = give(order)

    for path in (given.path, order_page(given, order), f"/l/{FORGED}/", f"{given.path}portal/"):
        headers = visitor.get(path).headers
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Cache-Control"] == "private, no-store"


def test_a_preview_tells_the_company_and_the_kind_alone(give, visitor):
    order = makers.confirmed_order()
    given = give(order)

    head = visitor.get(order_page(given, order)).content.decode().partition("</head>")[0]

    assert re.search(r"<title>(.*?)</title>", head)[1] == "Order · شركة الروابط"
    assert re.search(r'og:title" content="(.*?)"', head)[1] == "Order · شركة الروابط"
    assert order.number not in head
    assert str(order.customer) not in head


# Who he is


def test_a_session_in_the_same_browser_changes_nothing(give, visitor, amina, babak, administrator):
    order = makers.confirmed_order(makers.make_customer())
    given = give(order)
    alone = plain(visitor.get(order_page(given, order)))

    for person in (amina, babak, administrator):
        assert plain(client_of(person.user).get(order_page(given, order))) == alone


def test_the_link_changes_nothing_in_the_session(give, amina):
    order = makers.confirmed_order(makers.make_customer())
    given = give(order)
    client = client_of(amina.user)
    before = dict(client.session.items())

    assert client.get(order_page(given, order)).status_code == 200

    assert dict(client.session.items()) == before
    assert client.get(f"/portal/orders/{order.uid}/").status_code == 404
    home = client.get("/portal/").content.decode()
    assert "/l/" not in home


def test_what_is_kept_for_everybody_never_holds_a_link(give, visitor, amina):
    """Parts of pages and addresses are remembered: the first to ask must not leave his link in them."""
    order = makers.shipped_order(amina.customer)
    given = give(order)
    visitor.get(order_page(given, order))

    page = client_of(amina.user).get(f"/portal/orders/{order.uid}/")

    assert page.status_code == 200
    assert "/l/" not in page.content.decode()
    assert f"/portal/deliveries/{order.deliveries.get().uid}/" in page.content.decode()


def test_the_holders_language_until_he_chooses_another(give, visitor):
    order = makers.confirmed_order()
    given = give(order, Holder("رضا", "reza@x.example", "", "fa"))
    page = order_page(given, order)
    assert '<html lang="fa" dir="rtl"' in visitor.get(page, headers={"Accept-Language": "en"}).content.decode()

    answer = visitor.post(f"{given.path}link/language/", {"language": "en", "next": page})

    assert answer.headers["Location"] == page
    assert answer.cookies["link_language"]["path"] == given.path
    assert '<html lang="en" dir="ltr"' in visitor.get(page).content.decode()


# What it does not show


@pytest.mark.parametrize("token", [FORGED, "x", "a" * 500, "..", "%00", "٣" * 43, "A" * 42 + "=", "<script>"])
def test_malformed_and_unknown_tokens_get_the_same_page(company, visitor, token):
    unknown = visitor.get(f"/l/{FORGED}/")

    answer = visitor.get(f"/l/{token}/")

    assert answer.status_code == 404
    if "rawabit" not in answer.content.decode():
        assert plain(answer) == plain(unknown)


def test_a_token_changed_in_any_letter_opens_nothing(give, visitor):
    given = give(makers.confirmed_order())
    token = given.path.split("/")[2]

    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        forged = token[:place] + other + token[place + 1 :]
        assert visitor.get(f"/l/{forged}/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "",
        "portal/",
        "desk/",
        "account/sign-in/",
        "healthz",
        "brand.css",
        "logo",
        "preferences/",
        "portal/orders/",
        "portal/account/",
        "link/nothing/",
        "../desk/",
        "l/x/",
    ],
)
def test_everything_else_below_the_link_is_404(give, visitor, path):
    given = give(makers.confirmed_order())

    statuses = {method: getattr(visitor, method)(given.path + path).status_code for method in ("get", "head", "post")}

    assert statuses["post"] in ((404,) if path else (405,))
    assert path == "" or set(statuses.values()) == {404}


def test_the_links_own_pages_exist_below_a_link_alone(company, visitor, amina):
    for client in (visitor, client_of(amina.user)):
        assert client.get("/link/code/").status_code == 404
        assert client.post("/link/opened/").status_code in (403, 404)


def test_a_cancelled_or_hidden_document_is_gone(give, visitor):
    order = makers.confirmed_order()
    given = give(order)
    type(order).objects.filter(pk=order.pk).update(state="draft")

    assert visitor.get(given.path).status_code == 404
    assert visitor.get(order_page(given, order)).status_code == 404


# Expired, revoked


def test_an_expired_link_shows_nothing_but_how_to_get_a_new_one(give, visitor):
    order = makers.confirmed_order()
    given = give(order, ago=timedelta(days=91))

    for path in (given.path, order_page(given, order)):
        answer = visitor.get(path)
        html = answer.content.decode()
        assert answer.status_code == 410
        assert order.number not in html
        assert "This link has expired. We can send a new one to your registered e-mail." in html
        assert "n***@acme.example" in html
        assert "noura@acme.example" not in html
    assert visitor.post(f"{order_page(given, order)}").status_code == 404


def test_a_new_link_goes_to_the_address_on_file_once(give, visitor):
    order = makers.confirmed_order()
    given = give(order, ago=timedelta(days=91))

    pages = [visitor.post(f"{given.path}renew/") for _ in range(3)]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert len({plain(page) for page in pages}) == 1
    work(timezone.now())
    fresh = Link.objects.exclude(pk=given.link.pk).get(purpose=given.link.purpose)
    assert fresh.is_valid(timezone.now())
    assert fresh.holder_key == given.link.holder_key
    message = Message.objects.get()
    assert message.address == "noura@acme.example"
    assert Event.objects.filter(name="link.renewal").count() == 1


def test_asking_for_a_new_link_says_the_same_without_an_address(give, visitor):
    order = makers.confirmed_order()
    known = give(order, ago=timedelta(days=91))
    unknown = give(order, Holder("سعد", "", "+966500000001", "en"), ago=timedelta(days=91))

    answers = [visitor.post(f"{given.path}renew/") for given in (known, unknown)]

    texts = [plain(answer).replace(given.path, "") for answer, given in zip(answers, (known, unknown), strict=True)]
    assert texts[0] == texts[1]


def test_without_an_address_a_colleague_hears_of_it(give, visitor, seller):
    customer = makers.make_customer(owner=seller.user)
    given = give(makers.confirmed_order(customer), Holder("سعد", "", "+966500000001", "en"), ago=timedelta(days=91))

    visitor.post(f"{given.path}renew/")
    work(timezone.now())

    assert Message.objects.count() == 0
    assert Notice.objects.get(user=seller.user).kind == "told.link.renewal"


def test_a_new_link_goes_to_the_present_address_of_the_contact(give, visitor):
    order = makers.confirmed_order()
    contact = makers.make_contact(order.customer, email="old@acme.example")
    given = give(order, Holder("نورة", "old@acme.example", "", "en", contact_id=contact.pk), ago=timedelta(days=91))
    type(contact).objects.filter(pk=contact.pk).update(email="new@acme.example")

    visitor.post(f"{given.path}renew/")
    work(timezone.now())

    assert [message.address for message in Message.objects.all()] == ["new@acme.example"]


def test_a_link_taken_back_shows_nothing_and_sends_nothing(give, visitor):
    order = makers.confirmed_order()
    given = give(order)
    links.revoke(given.link, actor=makers.SYSTEM, at=timezone.now())

    answer = visitor.get(order_page(given, order))

    assert answer.status_code == 410
    assert order.number not in answer.content.decode()
    visitor.post(f"{given.path}renew/")
    assert Link.objects.count() == 1


# What is sent


def test_a_decision_by_link_is_the_holders(give, visitor):
    offer = makers.sent_quotation()
    given = give(offer)

    answer = visitor.post(f"{given.path}portal/quotations/{offer.uid}/decline/", {"reason": "price"})
    page = visitor.get(answer.headers["Location"])

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(given.path)
    assert "Quotation declined." in page.content.decode()
    event = Event.objects.get(name="quotation.declined")
    assert (event.actor_id, event.actor_name, event.door) == (None, "نورة", "link")
    assert not visitor.cookies


def test_a_forged_message_is_not_shown(give, visitor):
    order = makers.confirmed_order()
    given = give(order)

    page = visitor.get(f"{order_page(given, order)}?said=eyJ4IjoxfQ:forged")

    assert page.status_code == 200
    assert 'class="toast"' not in page.content.decode()


# Openings


def test_looking_counts_nothing_and_the_beacon_once(give, visitor):
    order = makers.confirmed_order()
    given = give(order)
    for _ in range(3):
        visitor.get(order_page(given, order))
        visitor.head(order_page(given, order))
    given.link.refresh_from_db()
    assert given.link.opened_count == 0

    for _ in range(3):
        assert visitor.post(f"{given.path}link/opened/").status_code == 204

    given.link.refresh_from_db()
    assert given.link.opened_count == 1
    assert given.link.first_opened_at is not None
    assert Event.objects.filter(name="link.opened").count() == 1


def test_the_address_is_never_in_the_log(give, visitor, caplog, monkeypatch):
    order = makers.confirmed_order()
    given = give(order)
    token = given.path.split("/")[2]

    def broken(*args, **kwargs):
        raise RuntimeError("broken")

    with caplog.at_level("DEBUG"), capture_logs() as ours:
        visitor.get(f"{given.path}portal/orders/")
        visitor.get(given.path.rstrip("/"))
        visitor.post(given.path)
        links.revoke(given.link, actor=makers.SYSTEM, at=timezone.now())
        visitor.get(given.path)
        monkeypatch.setattr("rawabit.portal.link_views._answer", broken)
        assert visitor.get(given.path).status_code == 500

    theirs = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert [entry["event"] for entry in ours] == ["page of a link failed"]
    assert token not in repr(ours) + "\n".join(theirs)


def test_queries_of_a_link_page_stay_few(give, visitor, django_assert_max_num_queries):
    order = makers.shipped_order()
    given = give(order)
    visitor.get(order_page(given, order))
    with django_assert_max_num_queries(26):
        visitor.get(order_page(given, order))


def test_a_holder_with_a_name_that_attacks(give, visitor):
    offer = makers.sent_quotation()
    given = give(offer, Holder('<script>alert(1)</script>\u202e"', "x@y.example", "", "en"))

    html = visitor.get(given.path, follow=True).content.decode()

    assert "<script>alert" not in html
    assert "\u202e" not in html


def test_signing_in_leads_to_the_same_document(give, visitor):
    order = makers.confirmed_order()
    given = give(order)

    html = visitor.get(order_page(given, order)).content.decode()

    assert f"/account/sign-in/?email=noura%40acme.example&amp;next=%2Fportal%2Forders%2F{order.uid}%2F" in html
    assert (
        Client().get(f"/account/sign-in/?email=noura%40acme.example&next=/portal/orders/{order.uid}/").status_code
        == 200
    )
    assert NOURA.email == "noura@acme.example"

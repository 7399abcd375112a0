"""The sheet by which a colleague gives a document away, and what waits for a code."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core import mail
from django.utils import timezone

from rawabit.company.models import Company
from rawabit.kit.links.actions import address_of
from rawabit.kit.links.models import Link
from rawabit.kit.outbox.letters import write
from rawabit.kit.outbox.models import Message
from tests import makers
from tests.laws.world import client_of
from tests.links.conftest import path_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(company):
    customer = makers.make_customer(language="en")
    makers.make_contact(customer, "نورة", email="noura@acme.example", mobile="+966501234567", language="en")
    return makers.confirmed_order(customer)


def lock(*parts: str, **more) -> None:
    Company.objects.update(link_code_for=list(parts), **more)


# The sheet


def test_three_taps_to_the_text_for_whatsapp(order, manager):
    client = client_of(manager.user)
    page = client.get(f"/desk/orders/{order.pk}/").content.decode()
    assert f'href="/desk/share/order/{order.pk}/"' in page  # one
    sheet = client.get(f"/desk/share/order/{order.pk}/").content.decode()
    chosen = re.search(r'name="to" value="(contact-\d+)" checked', sheet)[1]
    assert Link.objects.count() == 0  # looking makes nothing

    answer = client.post(f"/desk/share/order/{order.pk}/", {"to": chosen, "by": "whatsapp"})  # two
    ready = client.get(answer.headers["Location"]).content.decode()

    link = Link.objects.get()
    address = f"http://127.0.0.1:8000{path_of(link)}"
    assert (link.holder_email, link.holder_language, link.made_by) == ("noura@acme.example", "en", manager.user)
    assert address in re.search(r"<textarea[^>]*>(.*?)</textarea>", ready, re.DOTALL)[1]
    wa = re.search(r'href="(https://wa\.me/[^"]+)"[^>]*target="_blank"[^>]*rel="noopener noreferrer"', ready)[1]
    assert wa.startswith("https://wa.me/966501234567?text=")
    assert address in unquote(wa)


def test_the_mail_goes_out_once_with_the_colleagues_words(order, manager):
    client = client_of(manager.user)
    contact = order.customer.affiliations.get().contact
    client.post(f"/desk/share/order/{order.pk}/", {"to": f"contact-{contact.pk}", "by": "email"})
    link = Link.objects.get()
    words = {"subject": "Your order {x}\nBcc: evil@x.example", "body": f"Hello <b>\nhttp://x/l/{'A' * 43}/"}

    answer = client.post(f"/desk/share/order/{order.pk}/{link.pk}/mail/", words)

    assert answer.status_code == 302
    message = Message.objects.get()
    assert path_of(link).strip("/")[2:] not in str(message.facts)
    written = write(message, timezone.now())
    assert path_of(link) in written.html and path_of(link) in written.text
    assert "A" * 43 not in written.text
    assert "\n" not in written.headline
    assert "<b>" not in written.html.partition("Hello")[2][:20]


def test_a_mail_of_a_link_taken_back_is_not_written(order, manager):
    client = client_of(manager.user)
    contact = order.customer.affiliations.get().contact
    client.post(f"/desk/share/order/{order.pk}/", {"to": f"contact-{contact.pk}", "by": "email"})
    link = Link.objects.get()
    client.post(f"/desk/share/order/{order.pk}/{link.pk}/mail/", {"subject": "a", "body": "b"})

    client.post(f"/desk/share/order/{order.pk}/{link.pk}/revoke/")

    link.refresh_from_db()
    assert link.revoked_at is not None
    assert write(Message.objects.get(), timezone.now()) is None


def test_somebody_else_is_kept_as_the_holder(order, manager):
    client = client_of(manager.user)
    other = {"to": "other", "name": "سعد", "email": "saad@x.example", "phone": "", "language": "ar", "by": "copy"}

    answer = client.post(f"/desk/share/order/{order.pk}/", other)

    assert answer.status_code == 302
    assert Link.objects.get().holder_name == "سعد"
    assert client.post(f"/desk/share/order/{order.pk}/", {**other, "email": "nonsense"}).status_code == 422


def test_a_draft_is_not_given_away(company, manager):
    draft = makers.make_quotation()
    client = client_of(manager.user)

    answer = client.post(
        f"/desk/share/quotation/{draft.pk}/", {"to": "other", "name": "x", "language": "ar", "by": "copy"}
    )

    assert answer.status_code == 409
    assert Link.objects.count() == 0
    assert f"/desk/share/quotation/{draft.pk}/" not in client.get(f"/desk/quotations/{draft.pk}/").content.decode()


def test_who_may_not_see_or_share_gets_nothing(order, seller, amina):
    without = makers.make_user("sales")
    without.rights = {name: scope for name, scope in without.rights.items() if name != "links.share"}
    without.save(update_fields=["rights"])
    page = f"/desk/share/order/{order.pk}/"

    assert client_of(seller.user).get(page).status_code == 404  # not his customer
    assert client_of(without).get(page).status_code == 403
    assert client_of(amina.user).get(page).status_code == 404
    for path in (page, f"{page}1/revoke/", f"{page}1/mail/"):
        assert client_of(seller.user).post(path, {"to": "other"}).status_code == 404
    assert Link.objects.count() == 0


def test_another_documents_link_cannot_be_taken_back_here(order, manager):
    from rawabit.kit.links.actions import share
    from tests.links.conftest import NOURA

    link = share(makers.confirmed_order(), purpose="view", holder=NOURA, days=9, actor=makers.SYSTEM, at=timezone.now())

    assert client_of(manager.user).post(f"/desk/share/order/{order.pk}/{link.pk}/revoke/").status_code == 404
    link.refresh_from_db()
    assert link.revoked_at is None


def test_the_customers_page_lists_links(order, manager):
    client = client_of(manager.user)
    contact = order.customer.affiliations.get().contact
    client.post(f"/desk/share/order/{order.pk}/", {"to": f"contact-{contact.pk}", "by": "copy"})

    page = client.get(f"/desk/customers/{order.customer_id}/").content.decode()

    assert f"/desk/share/order/{order.pk}/" in page


# Codes


def typed(visitor, path: str, back: str) -> object:
    """Ask for the code and type it."""
    asked = visitor.post(f"{path}link/code/", {"next": back})
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', asked.content.decode())[1]
    code = re.search(r"\d{6}", mail.outbox[-1].subject)[0]
    return visitor.post(f"{path}link/code/", {"next": back, "key": key, "code": code})


def test_amounts_wait_for_a_code_and_the_way_does_not(give, visitor):
    order = makers.shipped_order()
    given = give(order)
    lock("amounts")
    page = f"{given.path}portal/orders/{order.uid}/"

    before = visitor.get(page).content.decode()
    answer = typed(visitor, given.path, page)
    after = visitor.get(page).content.decode()

    assert "230.00" not in before and "100.00" not in before and 'class="money"' not in before
    assert "With the carrier" in before
    assert answer.headers["Location"] == page
    assert mail.outbox[-1].to == ["noura@acme.example"]
    assert "230.00" in after


@pytest.mark.parametrize("kind", ["quotation", "invoice", "payment"])
def test_papers_of_amounts_wait_as_a_whole(give, visitor, kind):
    make = {"quotation": makers.sent_quotation, "invoice": makers.posted_invoice, "payment": makers.make_payment}[kind]
    given = give(make())
    lock("amounts")

    answer = visitor.get(visitor.get(given.path).headers["Location"])

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{given.path}link/code/")


def test_the_cookie_is_for_this_link_twelve_hours_and_no_script(give, visitor):
    given, other = give(makers.posted_invoice()), give(makers.posted_invoice())
    lock("amounts")
    page = visitor.get(given.path).headers["Location"]

    cookie = typed(visitor, given.path, page).cookies["link_code"]

    assert (cookie["path"], cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (
        given.path,
        43200,
        True,
        "Lax",
    )
    assert visitor.get(page).status_code == 200
    visitor.cookies["link_code"]["path"] = "/"  # carried to the other link by hand
    assert visitor.get(visitor.get(other.path).headers["Location"]).status_code == 302


def test_the_visitor_cannot_choose_the_address(give, visitor):
    given = give(makers.posted_invoice())
    lock("amounts")

    visitor.post(f"{given.path}link/code/", {"email": "evil@x.example", "next": "https://evil.example/"})

    assert mail.outbox[-1].to == ["noura@acme.example"]
    assert typed(visitor, given.path, "https://evil.example/").headers["Location"] == given.path


def test_the_present_address_of_the_contact_counts(give, visitor):
    from rawabit.kit.links.actions import Holder

    invoice = makers.posted_invoice()
    contact = makers.make_contact(invoice.customer, "ن", email="old@x.example")
    given = give(invoice, Holder("ن", "old@x.example", "", "en", contact_id=contact.pk))
    type(contact).objects.filter(pk=contact.pk).update(email="new@x.example")
    lock("amounts")

    visitor.post(f"{given.path}link/code/", {"next": given.path})

    assert mail.outbox[-1].to == ["new@x.example"]


@pytest.mark.parametrize("part", ["files", "pay", "accept", "paper"])
def test_each_part_waits_alone(give, visitor, part):
    invoice, offer = makers.posted_invoice(), makers.sent_quotation()
    by_invoice, by_offer = give(invoice), give(offer)
    lock(part)
    pages = {
        "pay": f"{by_invoice.path}portal/invoices/{invoice.uid}/paid/",
        "accept": f"{by_offer.path}portal/quotations/{offer.uid}/accept/",
        "paper": f"{by_invoice.path}portal/papers/invoice/{invoice.uid}/",
    }

    locked = {name for name, page in pages.items() if "/link/code/" in visitor.get(page).headers.get("Location", "")}

    assert locked == ({part} if part in pages else set())
    assert visitor.get(by_invoice.path, follow=True).status_code == 200


def test_settings_of_links(company, administrator, manager):
    client = client_of(administrator.user)
    page = client.get("/desk/settings/links/")
    assert page.status_code == 200
    version = re.search(r'name="version" value="(\d+)"', page.content.decode())[1]

    sent = {"version": version, "link_days": "30", "accept_above": "٥٬٠٠٠", "code_for": ["amounts", "pay"]}
    assert client.post("/desk/settings/links/", sent).status_code == 302

    kept = Company.objects.get()
    assert (kept.link_days, kept.accept_code_above, kept.link_code_for) == (30, 500_000, ["amounts", "pay"])
    for wrong in ({"link_days": "0"}, {"link_days": "367"}, {"accept_above": "-1"}, {"code_for": ["everything"]}):
        assert client.post("/desk/settings/links/", {**sent, "version": "2", **wrong}).status_code == 422
    assert client_of(manager.user).get("/desk/settings/links/").status_code == 403
    assert timedelta(days=kept.link_days)


def test_a_link_shows_nothing_of_a_page_that_is_switched_off(give, visitor):
    order = makers.confirmed_order()
    given = give(order)
    page = f"{given.path}portal/orders/{order.uid}/"
    paper = f"{given.path}portal/papers/order/{order.uid}/"
    assert (visitor.get(page).status_code, visitor.get(paper).status_code) == (200, 200)

    Company.objects.update(switches={"default": {"orders": False}})

    for path in (page, paper):
        answer = visitor.get(path)
        assert answer.status_code == 403
        assert order.number not in answer.content.decode()


def test_addresses_begin_as_the_company_says(give, settings):
    settings.BASE_URL = "http://inside.example:8000"
    given = give(makers.confirmed_order())
    assert address_of(given.link).startswith("http://inside.example:8000/l/")

    Company.objects.update(portal_address="https://portal.customer.example")

    assert address_of(given.link).startswith("https://portal.customer.example/l/")


def test_the_sheet_offers_the_paper_itself(order, manager):
    page = client_of(manager.user).get(f"/desk/share/order/{order.pk}/").content.decode()
    assert f'href="/desk/papers/orders/{order.pk}/"' in page

"""How to find things, in a few words, with links to where they are."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from rawabit.crm.policies import EVERY_ROLE
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.portal.account import Account
from rawabit.portal.contact import contact_of
from rawabit.portal.pages import page, within
from rawabit.portal.switches import may

# (switch, address, question, answer, words of the link)
TOPICS: tuple[tuple[str, str, Any, Any, Any], ...] = (
    ("orders", "portal-orders", _("Where is my order?"),
     _("Open the order: it shows each step, the expected day, and the carrier’s tracking number."),
     _("My orders")),
    ("deliveries", "portal-deliveries", _("What exactly was delivered?"),
     _("Each delivery note lists what was in the parcel and who received it."), _("Delivery notes")),
    ("quotations", "portal-quotations", _("How do I accept a quotation?"),
     _("Open it, read the terms, write your name and send it. You can also decline, or ask us first."),
     _("My quotations")),
    ("invoices", "portal-invoices", _("What do I have to pay, and how?"),
     _("Open invoices show the amount, the day it is due and our bank account. Write the invoice number with the "
       "transfer."), _("My invoices")),
    ("statement", "portal-statement", _("Does my account agree with yours?"),
     _("The statement lists every invoice and payment with the balance after each. Download it for your accountant."),
     _("Statement of account")),
    ("documents", "portal-documents", _("How do I exchange documents with you?"),
     _("Our certificates and policies are under Documents. There you also send us yours."), _("Documents")),
    ("people", "portal-account", _("How does a colleague get access?"),
     _("The account owner invites colleagues and says what each may see. Ask us if there is none yet."),
     _("My account")),
    ("", "portal-account", _("How do I change language, calendar or digits?"),
     _("Under My account. The language can also be changed at the foot of every page."), _("My account")),
)  # fmt: skip


@access("portal")
@require_safe
@within(EVERY_ROLE)
def help_page(request: HttpRequest, account: Account) -> HttpResponse:
    """Only what this person is offered."""
    topics = [
        {"url": name, "question": question, "answer": answer, "link": link}
        for key, name, question, answer, link in TOPICS if may(request, key, account)
    ]  # fmt: skip
    context = {"topics": topics, "contact": contact_of(request, account)}
    return page(request, account, "portal/help.html", context)

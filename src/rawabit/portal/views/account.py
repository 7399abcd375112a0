"""The person's own page, and the switch between the customers he stands for."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from rawabit.company.models import CALENDARS, DIGITS, LANGUAGES
from rawabit.crm.models import PortalAccess
from rawabit.crm.policies import EVERY_ROLE
from rawabit.kit.access import access
from rawabit.kit.identifiers import IDENTIFIERS
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.numbers import whole
from rawabit.kit.records.event_words import words_of
from rawabit.portal.account import CHOSEN, Account
from rawabit.portal.contact import contact_of
from rawabit.portal.pages import page, within
from rawabit.portal.queries import accounts

DOINGS = 15
ROLES = dict(PortalAccess.ROLES)


@access("portal")
@require_safe
@within(EVERY_ROLE)
def account(request: HttpRequest, account: Account) -> HttpResponse:
    """Own details, ways of reading, security, what the person did, and the customer's legal data to look at."""
    customer = accounts.profile_of.first(account.actor)
    context = {
        "customer": customer,
        "role": ROLES.get(account.role, ""),
        "choices": choices(request),
        "sample": Money.of("1234.5", account.customer.currency),
        "identifiers": [(label_of(row.kind), row.value) for row in accounts.identifiers_of(account.actor)],
        "addresses": accounts.addresses_of(account.actor),
        "people": accounts.people_of(account.actor),
        "doings": [event for event in accounts.doings_of(account.actor)[:DOINGS] if words_of(event) != event.name],
        "contact": contact_of(request, account),
    }
    return page(request, account, "portal/account.html", context)


def label_of(kind: str) -> Any:
    known = IDENTIFIERS.get(kind)
    return _(known.label) if known else kind


def choices(request: HttpRequest) -> list[tuple[str, Any, list[tuple[str, Any, str, bool]]]]:
    """Each setting with its options: value, words, their language, whether chosen."""
    user: Any = request.user
    shown = request.display  # type: ignore[attr-defined]
    usual = pgettext_lazy("setting", "As the company")
    calendars, digits = [("", usual), *CALENDARS], [("", usual), *DIGITS]
    return [
        ("language", _("Language"), [(code, name, code, code == shown.language) for code, name in LANGUAGES]),
        ("calendar", _("Calendar"), [(code, name, "", code == user.calendar) for code, name in calendars]),
        ("digits", _("Digits"), [(code, name, "", code == user.digits) for code, name in digits]),
    ]


@access("portal")
@require_http_methods(["GET", "HEAD", "POST"])
@within(EVERY_ROLE)
def switch(request: HttpRequest, account: Account) -> HttpResponse:
    """Choose (GET) and change (POST) the customer whose records are shown."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        asked = whole(request.POST.get("customer", ""))
        if asked not in actor.customer_ids:
            raise Http404
        request.session[CHOSEN] = asked
        return redirect("portal-home")
    rows = [
        (customer, ROLES.get(actor.customer_roles[customer.pk], ""), customer.pk == account.customer.pk)
        for customer in accounts.customers_of(actor)
    ]
    return page(request, account, "portal/switch.html", {"accounts": rows})

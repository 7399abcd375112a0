"""The company: what we keep of it, to look at; its delivery addresses, to look after."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rawabit.crm.actions import put_address, remove_address
from rawabit.crm.actions.changes import ROLES_FOR
from rawabit.crm.desk.addresses import FIRST, AddressForm
from rawabit.crm.desk.shared import number_label
from rawabit.crm.logic.changes import ACCOUNTS
from rawabit.crm.models import Address, ChangeRequest
from rawabit.crm.policies import BUYING, EVERY_ROLE
from rawabit.kit.access import access
from rawabit.kit.countries import country_name
from rawabit.kit.identifiers import IDENTIFIERS
from rawabit.kit.marking import _
from rawabit.kit.states import Refused
from rawabit.portal.account import Account
from rawabit.portal.pages import within
from rawabit.portal.queries import people
from rawabit.portal.switches import may
from rawabit.portal.views.account.requests import request_rows
from rawabit.portal.views.account.tabs import PlainText, tab, tell_refusal

READ_OR_SEND = ["GET", "HEAD", "POST"]
ASKABLE = (ChangeRequest.LEGAL, ChangeRequest.ADDRESS, ChangeRequest.CONTACT, ChangeRequest.BANK)
KINDS = dict(ChangeRequest.KINDS)


@access("portal")
@require_safe
@within(EVERY_ROLE)
def company(request: HttpRequest, account: Account) -> HttpResponse:
    """Legal data, contact details, addresses, who looks after us here, and what was asked for."""
    customer = people.customer_for(account.actor)
    numbers = [(row.kind, *words_for(row.kind, row.value)) for row in people.numbers_of(account.actor)]
    addresses = people.addresses_of(account.actor)
    offered = may(request, "change_request", account)
    customer.country_shown = country_name(customer.country)  # type: ignore[attr-defined]
    context = {
        "customer": customer,
        "numbers": [row for row in numbers if row[0] not in ACCOUNTS],
        "banks": [row for row in numbers if row[0] in ACCOUNTS],
        "billing": [row for row in addresses if row.purpose != "delivery"],
        "delivery": [row for row in addresses if row.purpose == "delivery"],
        "may_edit": account.role in BUYING and offered,
        "may_ask": {kind: offered and account.role in ROLES_FOR[kind] for kind in ASKABLE},
        "changes": request_rows(account),
    }
    return tab(request, account, "portal-company", "company", context)


def words_for(kind: str, value: str) -> tuple[Any, str]:
    """An official number with its name, as it is read aloud."""
    known = IDENTIFIERS.get(kind)
    return (number_label(kind), known.format_for_display(value)) if known else (kind, value)


# Delivery addresses


class DeliveryAddressForm(PlainText, AddressForm):
    """Where goods go. The address on invoices is another matter: it is asked for."""

    hint = _("Goods that you order from now on can be sent there.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("purpose", "map_link"):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = self.tidy(super().clean())
        place = [name for name in ("lines", "street", "city", "short_code") if data.get(name)]
        if not place and not self.errors:
            self.add_error(None, _("Write at least the city, the street or the short address."))
        return data

    def first_fields(self) -> list[BoundField]:
        return [self[name] for name in FIRST if name in self.fields]

    def last_fields(self) -> list[BoundField]:
        return [self[name] for name in ("receiver", "phone", "is_default") if name in self.fields]


@access("portal")
@require_http_methods(READ_OR_SEND)
@within(BUYING)
def address_new(request: HttpRequest, account: Account) -> HttpResponse:
    """Add a delivery address."""
    customer = people.customer_for(account.actor)
    kept = Address(customer=customer, purpose="delivery", country=customer.country)
    return edited(request, account, kept)


@access("portal")
@require_http_methods(READ_OR_SEND)
@within(BUYING)
def address(request: HttpRequest, account: Account, uid: UUID) -> HttpResponse:
    """Change a delivery address."""
    return edited(request, account, address_or_404(account, uid))


def address_or_404(account: Account, uid: UUID) -> Address:
    found = people.delivery_address_for(account.actor, uid)
    if found is None:
        raise Http404
    return found


def edited(request: HttpRequest, account: Account, kept: Address) -> HttpResponse:
    redraw = request.method == "POST" and "redraw" in request.POST
    sent = request.method == "POST" and not redraw
    form = address_form(request, kept, redraw=redraw)
    if sent and form.is_valid() and saved(request, form):
        messages.success(request, _("Saved"))
        return redirect("portal-company")
    context = {"form": form, "address": kept if kept.pk else None}
    return tab(request, account, "portal-company", "address", context, status=422 if sent else 200)


def address_form(request: HttpRequest, kept: Address, *, redraw: bool) -> DeliveryAddressForm:
    """Bound when it was sent; with what was typed and nothing judged when only the country was changed."""
    if redraw:
        typed: dict[str, Any] = request.POST.dict()
        typed["is_default"] = "is_default" in request.POST
        return DeliveryAddressForm(None, instance=kept, initial=typed)
    start = {} if kept.pk else {"country": kept.country}
    return DeliveryAddressForm(request.POST if request.method == "POST" else None, instance=kept, initial=start)


def saved(request: HttpRequest, form: DeliveryAddressForm) -> bool:
    kept: Address = form.instance
    for name, value in form.cleaned_data.items():
        if name != "pasted":
            setattr(kept, name, value)
    try:
        put_address(kept, actor=request.actor, at=request.now)  # type: ignore[attr-defined]
    except Refused as reason:
        tell_refusal(form, reason)
        return False
    return True


@access("portal")
@require_POST
@within(BUYING)
def address_remove(request: HttpRequest, account: Account, uid: UUID) -> HttpResponse:
    """Forget a delivery address."""
    found = address_or_404(account, uid)
    remove_address(found, actor=request.actor, at=request.now)  # type: ignore[attr-defined]
    messages.success(request, _("Removed"))
    return redirect("portal-company")

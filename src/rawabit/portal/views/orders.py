"""Orders: the list, and one order with everything a customer asks about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from rawabit.crm.policies import BUYING, PAYING
from rawabit.kit.access import access
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.screens.exports import csv_lines
from rawabit.portal.account import Account, account_of
from rawabit.portal.addresses import url_to
from rawabit.portal.columns import ORDER_LINES, ORDERS
from rawabit.portal.contact import contact_of
from rawabit.portal.forms import OrdersForm, ReceiverForm
from rawabit.portal.links import hides_amounts
from rawabit.portal.listing import after_of, list_context, tab_of, words_of
from rawabit.portal.pages import anywhere, page, within
from rawabit.portal.queries import invoices as papers
from rawabit.portal.queries import orders as asked
from rawabit.portal.queries.accounts import addresses_of
from rawabit.portal.queries.files import files_on
from rawabit.portal.room import order_thread
from rawabit.portal.shipments import delivery_states, fill, promise_of, row_of, shipments, steps_for
from rawabit.portal.switches import may
from rawabit.portal.views.invoices import invoice_row
from rawabit.sales.logic.receiving import receiver_in
from rawabit.sales.logic.states import OPEN_ORDERS
from rawabit.sales.models import Order
from rawabit.shipping.actions import readdress_order

TABS = {
    "current": pgettext_lazy("orders", "Current"),
    "completed": pgettext_lazy("orders", "Completed"),
    "cancelled": pgettext_lazy("orders", "Cancelled"),
}
NOTHING = {
    "current": _("No order is on its way at the moment."),
    "completed": _("No order has been completed yet."),
    "cancelled": _("No order was cancelled."),
}


@access("portal")
@require_safe
@within(BUYING)
def orders(request: HttpRequest, account: Account) -> HttpResponse:
    """Current, completed or cancelled orders, twenty at a time."""
    show, (wanted, form, kept) = tab_of(request, TABS), wanted_of(request)
    found = asked.orders_of(account.actor, show, wanted, after_of(request))
    states = delivery_states([row["pk"] for row in found.rows])
    places = [one for one in addresses_of(account.actor) if one.purpose != "billing"]
    context = list_context(request, TABS, found.after, kept)
    context |= {
        "rows": [row_of(row, states) for row in found.rows], "columns": ORDERS, "nothing": NOTHING[show],
        "form": form, "places": places if len(places) > 1 else [], "place": kept.get("place", ""),
        "narrowed": bool(wanted), "filtered": bool(kept) or not form.is_valid(),
    }  # fmt: skip
    return page(request, account, "portal/orders.html", context)


def wanted_of(request: HttpRequest) -> tuple[asked.Wanted, OrdersForm, dict[str, str]]:
    """What the filters say, the form that shows them, and their part of the address. Nonsense narrows nothing."""
    form = OrdersForm(request.GET)
    form.is_valid()
    typed = form.cleaned_data
    wanted = asked.Wanted(words_of(request), typed.get("first"), typed.get("last"), typed.get("place"))
    kept = {name: request.GET[name][:40] for name in ("first", "last", "place") if typed.get(name)}
    return wanted, form, kept


@access("portal")
@require_safe
@within(BUYING)
def export(request: HttpRequest, account: Account) -> HttpResponse:
    """The orders of a tab, with the same filters, as CSV."""
    show, (wanted, _form, _kept) = tab_of(request, TABS), wanted_of(request)
    heads = [
        pgettext("portal", "Order"), gettext("Date"), gettext("Status"), gettext("Customer purchase order"),
        gettext("Expected delivery"), gettext("Total including VAT"), gettext("Currency"),
    ]  # fmt: skip
    found = asked.orders_to_export(account.actor, show, wanted)
    body = "".join(csv_lines(heads, (export_row(row) for row in found))).encode()
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    name = f"orders-{account.customer.code}-{show}.csv"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def export_row(row: dict[str, Any]) -> list[Any]:
    shown = row_of(row, {row["pk"]: row["moving"]})
    return [
        shown["number"], shown["date"], str(shown["tag"]), shown["reference"], shown["promised"] or "",
        shown["total"].amount, shown["total"].currency,
    ]  # fmt: skip


@access("portal")
@require_safe
@anywhere(BUYING)
def order(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Where the order is, what is in each shipment, what is still to come, its papers, and whom to ask."""
    order = order_or_404(request, uid)
    account = account_of(order, request.actor)  # type: ignore[attr-defined]
    lines = order_lines(order)
    parcels = shipments(account.actor, order.pk)
    fill(order.pk, parcels)
    show_proofs(parcels)
    facts = {name: getattr(order, name) for name in ("uid", *asked.AT_HAND)}
    context = {
        "order": order,
        "situation": row_of(facts, delivery_states([order.pk])),
        "promise": promise_of(facts),
        "steps": steps_for(facts, parcels),
        "parcels": parcels,
        "lines": lines,
        "line_columns": ORDER_LINES[:-2] if hides_amounts(request) else ORDER_LINES,
        "remaining": rest(lines, parcels) if order.state not in ("cancelled", "done") else [],
        "totals": {name: order.money(name) for name in ("net", "discount", "tax", "total")},
        "address": order.delivery_address,
        "invoices": order_invoices(request, account, order),
        "quotation_url": url_to("portal-quotation", order.quotation.uid) if order.quotation else "",
        "files": files_on(order),
        "thread": order_thread(order),
        "readdressable": may_readdress(order, parcels),
        "contact": contact_of(request, account, order.number, order.owner),
    }
    return page(request, account, "portal/order.html", context)


def order_or_404(request: HttpRequest, uid: UUID) -> Order:
    found = asked.order_for.first(request.actor, uid=uid)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def show_proofs(parcels: Sequence[dict[str, Any]]) -> None:
    """Add to each shipment that has arrived the pictures and papers which prove it."""
    arrived = [row["pk"] for row in parcels if row["delivered_at"]]
    proofs = asked.proofs_of(arrived)
    for row in parcels:
        row["proofs"] = proofs.get(row["pk"], [])


def may_readdress(order: Order, parcels: Sequence[dict[str, Any]]) -> bool:
    """Whether the receiver can still be changed: nothing is packed. The customer sees no draft notes."""
    return order.state in OPEN_ORDERS and order.shipping_state == "none" and not parcels


@access("portal")
@require_http_methods(["GET", "HEAD", "POST"])
@anywhere(BUYING)
def receiver(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Another of the customer's own addresses, another receiver or phone, until the goods are packed."""
    found = order_or_404(request, uid)
    account = account_of(found, request.actor)  # type: ignore[attr-defined]
    own = {str(one.uid): one for one in addresses_of(account.actor)}
    form = receiver_form(request, found, own)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        readdress_order(
            found, own[typed["address"]], receiver=typed["receiver"], phone=typed["phone"],
            actor=request.actor, at=request.now,  # type: ignore[attr-defined]
        )  # fmt: skip
        messages.success(request, _("The delivery was changed."))
        return redirect("portal-order", uid=uid)
    contact = contact_of(request, account, found.number, found.owner)
    context = {"order": found, "form": form, "contact": contact, "any": bool(own)}
    return page(request, account, "portal/receiver.html", context, status=422 if form.is_bound else 200)


def receiver_form(request: HttpRequest, order: Order, own: dict[str, Any]) -> ReceiverForm:
    """The form over the customer's own addresses, as the order stands."""
    now = order.delivery_address
    name, phone = receiver_in(order.deliver_to, str(now) if now else "")
    start = {"address": str(now.uid) if now else "", "receiver": name, "phone": phone}
    form = ReceiverForm(request.POST if request.method == "POST" else None, initial=start)
    form.fields["address"].choices = [(key, address_words(one)) for key, one in own.items()]  # type: ignore[attr-defined]
    return form


def address_words(address: Any) -> str:
    return f"{address.label} · {address}" if address.label else str(address)


def order_lines(order: Order) -> Sequence[dict[str, Any]]:
    """Lines with what is still to be delivered; a service is done, not delivered."""
    lines = asked.lines_of(order_id=order.pk)
    for line in lines:
        if line["kind"] == "goods":
            line["remaining"] = line["quantity"] - line["delivered"]
        else:
            line["delivered"] = line["remaining"] = None
        line["net"] = Money(line["net"], order.currency)
    return lines


def rest(lines: Sequence[dict[str, Any]], parcels: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The goods that are in no shipment yet, each with how many are left."""
    sent: dict[int, Any] = {}
    for parcel in parcels:
        for row in parcel["lines"] if parcel["state"] != "returned" else ():
            sent[row["order_line_id"]] = sent.get(row["order_line_id"], 0) + row["quantity"]
    left = [{**line, "left": line["quantity"] - sent.get(line["pk"], 0)} for line in lines if line["kind"] == "goods"]
    return [line for line in left if line["left"] > 0]


def order_invoices(request: HttpRequest, account: Account, order: Order) -> Sequence[dict[str, Any]]:
    """The order's invoices and credit notes, for those who may see them and are offered them."""
    if account.role not in PAYING or not may(request, "invoices", account):
        return []
    today = request.display.local(request.now).date()  # type: ignore[attr-defined]
    return [invoice_row(row, today) for row in papers.invoices_of_order(account.actor, order_id=order.pk)]

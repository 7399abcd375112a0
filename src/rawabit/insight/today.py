"""What a member of staff finds in the morning: his own open work, within his own sight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse

from rawabit.billing.models import Invoice, Payment
from rawabit.insight.asked import questions_waiting, transfers_waiting
from rawabit.insight.cards import ROWS, Card
from rawabit.insight.deals import pipeline_card, red_list
from rawabit.insight.leads import leads_of_month, leads_waiting
from rawabit.kit.calendars import month_of
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Assignment
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.screens.templatetags import kit as shown
from rawabit.sales.models import Order, Quotation

SOON = timedelta(days=7)


def cards_for(actor: Actor, at: datetime, currency: str) -> list[Card]:
    """The cards of the actor's permissions that have something to say. Query count is constant in the rows."""
    today = at.astimezone(ZoneInfo(active().timezone)).date()
    makers: list[tuple[str, Callable[[Actor, date, str], Card | None]]] = [
        ("", _asked_of_me),
        ("leads.view_lead", _leads_waiting),
        ("pipeline.view_opportunity", red_list),
        ("pipeline.view_opportunity", pipeline_card),
        ("sales.view_quotation", _waiting_quotations),
        ("sales.view_order", _to_deliver),
        ("billing.view_invoice", _overdue),
        ("billing.accept_transfer", _transfers),
        ("billing.answer_dispute", _questions),
        ("billing.view_payment", _unallocated),
        ("billing.view_invoice", _sold_this_month),
        ("leads.view_lead", _leads_of_month),
    ]
    cards = [make(actor, today, currency) for permission, make in makers if not permission or actor.may(permission)]
    return [card for card in cards if card]


def _asked_of_me(actor: Actor, today: date, currency: str) -> Card | None:
    mine = list(
        Assignment.objects.filter(user=actor.user_id, done_at=None).prefetch_related("subject").order_by("-id")[:20]
    )
    if not mine:
        return None
    rows = [(str(given.subject), given.note, "", url_of(given.subject)) for given in mine[:ROWS] if given.subject]
    return Card(_("Asked of me"), active().number(len(mine)), _("Records to look after"), rows=rows)


def _leads_waiting(actor: Actor, today: date, currency: str) -> Card | None:
    if (found := leads_waiting(actor, today, ROWS)) is None:
        return None
    count, words, url, rows = found
    return Card(_("Leads"), active().number(count), words, url, rows)


def _leads_of_month(actor: Actor, today: date, currency: str) -> Card | None:
    if (found := leads_of_month(actor, today)) is None:
        return None
    count, words, url = found
    return Card(_("Leads this month"), active().number(count), words, url)


def _waiting_quotations(actor: Actor, today: date, currency: str) -> Card | None:
    rows = Quotation.objects.visible_to(actor).filter(state="sent")
    count = rows.count()
    if not count:
        return None
    _in_own_currency, value = _count_and_sum(rows, "total", currency)
    soon = rows.filter(valid_until__lte=today + SOON).select_related("customer").order_by("valid_until")[:ROWS]
    listed = [(q.number, q.customer, _until(q.valid_until), url_of(q)) for q in soon]
    words = _("%(value)s in quotations waiting for an answer") % {"value": active().money_text(value)}
    return Card(_("Quotations"), active().number(count), words, f"{reverse('quotations-list')}?state=sent", listed)


def _to_deliver(actor: Actor, today: date, currency: str) -> Card | None:
    rows = Order.objects.visible_to(actor).filter(state="confirmed", delivery_state__in=("none", "partly"))
    count = rows.count()
    if not count:
        return None
    late = rows.filter(promised_date__lt=today).count()
    first = rows.select_related("customer").order_by("promised_date", "id")[:ROWS]
    listed = [(o.number, o.customer, _until(o.promised_date), url_of(o)) for o in first]
    words = _("to deliver · late: %(late)s") % {"late": active().number(late)}
    return Card(_("Sales orders"), active().number(count), words, f"{reverse('orders-list')}?state=confirmed", listed)


def _overdue(actor: Actor, today: date, currency: str) -> Card | None:
    rows = Invoice.objects.visible_to(actor).filter(
        state="posted", kind=Invoice.INVOICE, open_amount__gt=0, due_date__lt=today
    )
    count, value = _count_and_sum(rows, "open_amount", currency)
    if not count:
        return None
    first = rows.select_related("customer").order_by("due_date", "id")[:ROWS]
    listed = [(i.number, i.customer, shown.money(i.money("open_amount")), url_of(i)) for i in first]
    words = _("overdue · invoices: %(count)s") % {"count": active().number(count)}
    return Card(_("Receivables"), shown.money(value), words, f"{reverse('invoices-list')}?is=overdue", listed)


def _transfers(actor: Actor, today: date, currency: str) -> Card | None:
    count, listed = transfers_waiting(actor)
    if not count:
        return None
    words, url = _("reported by customers and not yet checked"), f"{reverse('transfers-list')}?state=reported"
    return Card(_("Transfer reports"), active().number(count), words, url, listed)


def _questions(actor: Actor, today: date, currency: str) -> Card | None:
    count, listed = questions_waiting(actor)
    if not count:
        return None
    words, url = _("wait for our answer"), f"{reverse('disputes-list')}?state=open"
    return Card(_("Invoice questions"), active().number(count), words, url, listed)


def _unallocated(actor: Actor, today: date, currency: str) -> Card | None:
    rows = Payment.objects.visible_to(actor).filter(state="posted", unallocated__gt=0)
    count, value = _count_and_sum(rows, "unallocated", currency)
    if not count:
        return None
    words = _("received and not yet allocated to invoices")
    return Card(_("Payments"), shown.money(value), words, reverse("payments-list"))


def _sold_this_month(actor: Actor, today: date, currency: str) -> Card | None:
    start, end = month_of(today, active().calendar)
    rows = Invoice.objects.visible_to(actor).filter(state="posted", kind=Invoice.INVOICE, date__gte=start, date__lt=end)
    count, value = _count_and_sum(rows, "net", currency)
    words = _("invoiced this month before VAT · invoices: %(count)s") % {"count": active().number(count)}
    return Card(_("Sales"), shown.money(value), words, f"{reverse('invoices-list')}?kind=invoice&date_from={start}")


def _count_and_sum(rows: QuerySet[Any], field: str, currency: str) -> tuple[int, Money]:
    """How many rows, and their sum in the company's currency."""
    found = rows.filter(currency=currency).aggregate(n=Count("pk"), total=Sum(field))
    return found["n"], Money(found["total"] or 0, currency)


def _until(day: date | None) -> Any:
    return shown.date_l(day) if day else ""

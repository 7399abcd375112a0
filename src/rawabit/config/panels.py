"""What the modules above know of a customer, put on his page: crm itself may not look upwards.

Everything starts from rows that the person sees; every figure leads to the rows behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Model, QuerySet, Sum
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rawabit.billing.logic.asking import OPEN as ASKED
from rawabit.billing.models import Dispute, Invoice, Payment
from rawabit.billing.queries import reliability, situation_of
from rawabit.company.queries import local_day
from rawabit.crm.desk.customer_parts import CUSTOMER_PANELS as OWN_PANELS
from rawabit.crm.desk.customers import Figure, Shortcut, Tab, among
from rawabit.crm.desk.relations import MAP
from rawabit.crm.models import Customer
from rawabit.kit.display import active
from rawabit.kit.marking import _, ngettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Amount, Column, Day, Status
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.templatetags import kit as shown
from rawabit.ledger.queries import ageing, balance_of
from rawabit.pipeline.logic.states import OPEN, WON
from rawabit.pipeline.models import Opportunity
from rawabit.sales.logic.states import ORDER, QUOTATION
from rawabit.sales.models import Order, Quotation
from rawabit.sales.queries import credit_of
from rawabit.trade.editor.columns import Number, Situation

LATEST = 6
YEAR = timedelta(days=365)


def today_of(request: Request) -> date:
    return local_day(request.now, request.company)


def rows_of(model: type[Any], customer: Customer, request: Request) -> QuerySet[Any]:
    """The customer's documents of a kind, as far as the person sees them."""
    rows: QuerySet[Any] = model.objects.visible_to(request.actor).filter(customer=customer)
    return rows


def list_of(name: str) -> Callable[[Any], str]:
    """The address of the whole list, narrowed to the customer; "" where there is no such list."""

    def address(customer: Any) -> str:
        try:
            return f"{reverse(f'{name}-list')}?customer={customer.pk}"
        except NoReverseMatch:
            return ""

    return address


def latest(model: type[Model], **narrow: Any) -> Callable[[Any, Request], Iterable[Any]]:
    def rows(customer: Any, request: Request) -> Iterable[Any]:
        found = list(rows_of(model, customer, request).filter(**narrow).order_by("-date", "-pk")[:LATEST])
        if model in (Invoice, Payment):
            for row in found:
                row.situation = situation_of(row, today_of(request))
        return found

    return rows


def begin(name: str, permission: str) -> Callable[[Any, Request], str]:
    """The address of a new document for the customer; "" for those who may not make one."""

    def address(customer: Any, request: Request) -> str:
        if not request.actor.may(permission):
            return ""
        return f"{reverse(f'{name}-create')}?customer={customer.pk}"

    return address


CUSTOMER_PANELS = (
    Panel(
        _("Sales orders"), latest(Order),
        (Number(), Status(lifecycle=ORDER), Day("date"), Day("promised_date"), Amount("total")),
        empty=_("Nothing here yet"), more=list_of("orders"), add=begin("orders", "sales.add_order"),
        permission="sales.view_order",
    ),
    Panel(
        _("Quotations"), latest(Quotation),
        (Number(), Status(lifecycle=QUOTATION), Day("date"), Day("valid_until"), Amount("total")),
        more=list_of("quotations"), permission="sales.view_quotation",
    ),
    Panel(
        _("Invoices"), latest(Invoice), (Number(), Situation(), Day("due_date"), Amount("total"),
        Amount("open_amount")), empty=_("Nothing here yet"), more=list_of("invoices"),
        permission="billing.view_invoice",
    ),
    Panel(
        _("Payments"), latest(Payment), (Number(), Situation(), Day("date"), Amount("amount")),
        more=list_of("payments"), permission="billing.view_payment",
    ),
)  # fmt: skip


ORDERS, QUOTATIONS, INVOICES, PAYMENTS = CUSTOMER_PANELS
PORTAL = (OWN_PANELS[5], OWN_PANELS[6])
KIN = (OWN_PANELS[0], OWN_PANELS[3], OWN_PANELS[4])

CUSTOMER_TABS = (
    Tab("timeline", _("Timeline"), lambda panel: panel.template.startswith("talks/")),
    Tab("people", _("People"), among(MAP, *KIN)),
    Tab(
        "sales", _("Sales"),
        lambda panel: panel is QUOTATIONS or panel.template.startswith(("pipeline/", "leads/"))
        or bool(panel.permission and panel.permission.startswith(("pipeline.", "leads."))),
    ),
    Tab("orders", _("Orders"), among(ORDERS)),
    Tab("money", _("Money"), among(INVOICES, PAYMENTS)),
    Tab("portal", _("Portal"), among(*PORTAL)),
    Tab("details", _("Details"), lambda panel: True),
)  # fmt: skip


# Figures at the head of the page


def sold(customer: Customer, request: Request) -> Iterable[Figure]:
    """Invoiced less credited in twelve months, before tax, in the customer's currency."""
    if not request.actor.may("billing.view_invoice"):
        return
    since = today_of(request) - YEAR
    rows = rows_of(Invoice, customer, request).filter(state="posted", currency=customer.currency, date__gte=since)
    sums = dict(rows.order_by().values_list("kind").annotate(net=Sum("net")))
    net = Money(sums.get(Invoice.INVOICE, 0) - sums.get(Invoice.CREDIT_NOTE, 0), customer.currency)
    address = list_of("invoices")(customer)
    link = f"{address}&date_from={since.isoformat()}" if address else ""
    yield Figure(_("Sales in 12 months"), shown.money(net), link)


def ordered(customer: Customer, request: Request) -> Iterable[Figure]:
    if request.actor.may("sales.view_order"):
        since = today_of(request) - YEAR
        rows = rows_of(Order, customer, request).exclude(state__in=("draft", "cancelled"))
        count = rows.filter(date__gte=since).order_by().count()
        link = f"{list_of('orders')(customer)}&date_from={since.isoformat()}"
        yield Figure(_("Orders in 12 months"), shown.num(count), link)


def pays(customer: Customer, request: Request) -> Iterable[Figure]:
    if not request.actor.may("billing.view_payment"):
        return
    found = reliability(customer, today_of(request))
    if found.average_days is None:
        yield Figure(_("Average days to pay"), shown.num("—"), list_of("payments")(customer))
        return
    note = _("%(on_time)s of %(paid)s invoices on time") % {
        "on_time": active().number(found.on_time), "paid": active().number(found.paid),
    }  # fmt: skip
    yield Figure(_("Average days to pay"), shown.num(found.average_days), list_of("payments")(customer), note)


def owes(customer: Customer, request: Request) -> Iterable[Figure]:
    if not request.actor.may("ledger.view_entry"):
        return
    overdue = ageing(customer, today_of(request)).overdue
    tone, note = "", ""
    if overdue.minor > 0:
        tone = "bad"
        note = format_html("{} {}", _("Overdue:"), shown.money(overdue))
    statement = reverse("customer-statement", args=[customer.pk])
    yield Figure(_("Balance"), shown.money(balance_of(customer)), statement, note, tone)


def wins(customer: Customer, request: Request) -> Iterable[Figure]:
    """Won of those decided, in twelve months."""
    if not request.actor.may("pipeline.view_opportunity"):
        return
    since = today_of(request) - YEAR
    rows = rows_of(Opportunity, customer, request).filter(closed_on__gte=since).exclude(state=OPEN)
    sums = dict(rows.order_by().values_list("state").annotate(count=Count("pk")))
    won, all_decided = sums.get(WON, 0), sum(sums.values())
    value = shown.pct(round(100 * won / all_decided)) if all_decided else shown.num("—")
    note = ""
    if all_decided:
        facts = {"won": active().number(won), "decided": active().number(all_decided)}
        note = _("%(won)s of %(decided)s won") % facts
    yield Figure(_("Win rate"), value, f"{list_of('opportunities')(customer)}&state={WON}", note)


def deals(customer: Customer, request: Request) -> Iterable[Figure]:
    if request.actor.may("pipeline.view_opportunity"):
        rows = rows_of(Opportunity, customer, request).filter(state=OPEN, currency=customer.currency)
        found = rows.aggregate(count=Count("pk"), value=Sum("value"))
        note = shown.money(Money(found["value"] or 0, customer.currency)) if found["count"] else ""
        link = f"{list_of('opportunities')(customer)}&state={OPEN}"
        yield Figure(_("Open deals"), shown.num(found["count"]), link, note)


def asks(customer: Customer, request: Request) -> Iterable[Figure]:
    if request.actor.may("billing.view_dispute"):
        count = rows_of(Dispute, customer, request).filter(state=ASKED).count()
        link = f"{list_of('disputes')(customer)}&state={ASKED}"
        yield Figure(_("Open questions"), shown.num(count), link, tone="bad" if count else "")


CUSTOMER_FIGURES = (sold, ordered, pays, owes, wins, deals, asks)

CUSTOMER_SHORTCUTS = (
    Shortcut(_("Quotation"), "quotations-create", "quotation", "sales.add_quotation"),
    Shortcut(_("Sales order"), "orders-create", "order", "sales.add_order"),
)


@dataclass(frozen=True, slots=True)
class CreditTag(Column):
    """How the customer stands: overdue since when, over his limit, or in order."""

    path: str = "credit"

    def cell(self, record: Any) -> SafeString:
        status = record.credit
        if status.overdue_days > 0:
            words = ngettext_lazy("overdue %(days)s day", "overdue %(days)s days", status.overdue_days) % {
                "days": active().number(status.overdue_days)
            }
            return format_html('<span class="tag" data-s="bad">{}</span>', words)
        if status.limit is None:
            return SafeString("")
        tone = {"ok": "ok", "warn": "warn", "block": "bad"}[status.level]
        used = shown.money(status.used + status.extra)
        return format_html(
            '<span class="tag" data-s="{}">{} {} / {}</span>', tone, _("Credit"), used, shown.money(status.limit)
        )


def with_credit(customer: Any, request: Request) -> None:
    """Attach what :class:`CreditTag` shows."""
    customer.credit = credit_of(customer, today_of(request))

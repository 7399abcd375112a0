"""The first page: where is my order, what do I owe, my last invoice, what did I order last. Without a tap.

Urgent things stand first: what is overdue, what waits for a decision, what was answered, what is on its way, what is
due later."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from rawabit.crm.models import Customer
from rawabit.crm.policies import BUYING, EVERY_ROLE, PAYING
from rawabit.kit.access import access
from rawabit.kit.money import Money
from rawabit.ledger.queries import balances_of
from rawabit.portal.account import Account
from rawabit.portal.addresses import url_to
from rawabit.portal.contact import contact_of
from rawabit.portal.pages import page, within
from rawabit.portal.queries import invoices as papers
from rawabit.portal.queries import orders as asked
from rawabit.portal.queries import transfers as said
from rawabit.portal.queries.quotations import waiting_quotations
from rawabit.portal.shipments import delivery_states, promise_of, row_of, shipments, steps_for
from rawabit.portal.switches import may
from rawabit.portal.views.disputes import dispute_row
from rawabit.portal.views.invoices import invoice_row, today_of
from rawabit.portal.views.payments import payment_row
from rawabit.portal.views.transfers import report_row
from rawabit.portal.words import SOON, due_words, left_words
from rawabit.sales.logic.states import ON_HOLD
from rawabit.sales.queries import on_order
from rawabit.shipping.logic.states import ON_THE_WAY

STEPS_SHOWN, LINES_SHOWN = 4, 4
_NOBODY = UUID(int=0)
# Which switch takes which card away.
CARDS = {
    "overdue": "invoices", "dues": "invoices", "reports": "invoices", "answers": "invoices", "invoices": "invoices",
    "payments": "payments", "credits": "credit", "quotations": "quotations", "current": "orders",
    "open_orders": "orders", "last_orders": "orders",
}  # fmt: skip


@access("portal")
@require_safe
@within(EVERY_ROLE)
def home(request: HttpRequest, account: Account) -> HttpResponse:
    """Only what the person's role may see, and only what there is, the most urgent first."""
    today = today_of(request)
    company = request.company  # type: ignore[attr-defined]
    context: dict[str, Any] = {"contact": contact_of(request, account), "beneficiary": str(company)}
    if account.role in PAYING:
        context |= money_part(account, today)
    if account.role in BUYING:
        context |= goods_part(account, today)
    for name, key in CARDS.items():
        if not may(request, key, account):
            context.pop(name, None)
    shown = ("overdue", "dues", "invoices", "payments", "quotations", "current", "last_orders")
    context["empty"] = not any(context.get(name) for name in shown)
    return page(request, account, "portal/home.html", context)


def money_part(account: Account, today: date) -> dict[str, Any]:
    """What is due, the balance and the credit, the latest invoices and payments."""
    latest = papers.latest_invoices(account.actor)
    payments = papers.latest_payments(account.actor)
    balances = {money.currency: money for money in balances_of(account.customer)}
    dues = [due_card(row, today) for row in papers.dues_of(account.actor, today=today)] if latest else []
    dues = [due | {"unused": unused(due["amount"], balances)} for due in dues]
    return {
        "overdue": still(due for due in dues if due["overdue"]),
        "dues": still(due for due in dues if not due["overdue"]),
        "reports": [report_row(row) for row in said.pending_reports(account.actor)] if latest else [],
        "answers": [dispute_row(row) for row in said.answered_disputes(account.actor)] if latest else [],
        "invoices": still(invoice_row(row, today) | {"paper": paper_of("invoice", row["uid"])} for row in latest),
        "payments": still(payment_row(row) for row in payments),
        "credits": still([credit_card(account.customer, balances)])
        if latest or payments or account.customer.credit_limit
        else (),
    }


@cache
def _shape(names: tuple[str, ...]) -> Any:
    return namedtuple("Card", names)


def still(cards: Iterable[Mapping[str, Any]]) -> tuple[Any, ...]:
    """Cards whose values cannot change, so that their markup is kept by them (``{% kept %}``)."""
    return tuple([_shape(tuple(card))(*map(_still, card.values())) for card in cards])


def _still(value: Any) -> Any:
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, list | tuple):
        return tuple(map(_still, value))
    return _shape(tuple(value))(*map(_still, value.values())) if isinstance(value, dict) else value


@cache
def _paper_address(kind: str) -> str:
    try:
        return reverse("portal-paper", args=[kind, _NOBODY])
    except NoReverseMatch:
        return ""


def paper_of(kind: str, uid: UUID) -> str:
    """The address of the PDF."""
    return _paper_address(kind).replace(str(_NOBODY), str(uid))


def due_card(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    """What is unpaid in one currency."""
    nearest, currency = row["nearest"], row["currency"]
    soon = nearest is not None and 0 <= (nearest - today).days <= SOON
    return {
        "amount": Money(row["amount"], currency),
        "currency": currency,
        "count": row["count"],
        "nearest": nearest,
        "soon": due_words(nearest, today) if soon else "",
        "overdue": row["overdue"],
        "overdue_amount": Money(row["overdue_amount"] or 0, currency),
    }


def unused(due: Money, balances: Mapping[str, Money]) -> Money | None:
    """Payments and credit notes that no invoice has been reduced by yet: why the balance is less than what is due."""
    owed = balances.get(due.currency)
    return due - owed if owed is not None and owed < due else None


def credit_card(customer: Customer, balances: Mapping[str, Money]) -> dict[str, Any]:
    """Balances, and how much of the credit limit is used by what is owed and by what is on order."""
    owed = balances[customer.currency]
    shown = [money for money in balances.values() if money] or [owed]
    card: dict[str, Any] = {"balances": [{"owed": money, "shown": abs(money)} for money in shown]}
    if customer.credit_limit is None:
        return card
    limit, ordered = Money(customer.credit_limit, customer.currency), on_order(customer)
    used = max(owed, Money.zero(customer.currency)) + ordered
    share = min(100, 100 * used.minor // limit.minor) if limit.minor else 100
    return card | {"limit": limit, "ordered": ordered or None, "used": used, "left": limit - used, "share": share}


def goods_part(account: Account, today: date) -> dict[str, Any]:
    """Quotations that wait, the order on its way, the other open ones, and what was ordered last."""
    waiting = waiting_quotations(account.actor, today)
    orders = asked.open_orders(account.actor)
    states = delivery_states([row["pk"] for row in orders])
    orders = sorted(orders, key=lambda order: nearness(order, states))
    return {
        "quotations": still(quotation_card(row, today) for row in waiting),
        "current": current_card(account, orders[0], states) if orders else None,
        "open_orders": [row_of(row, states) for row in orders[1:]],
        "last_orders": still(filter(None, [last_order_card(account)])),
    }


def quotation_card(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    """A quotation that waits for a decision."""
    left, tone = left_words(row["valid_until"], today)
    return {
        "url": url_to("portal-quotation", row["uid"]),
        "number": row["number"],
        "valid_until": row["valid_until"],
        "total": Money(row["total"], row["currency"]),
        "left": left,
        "tone": tone,
    }


def nearness(order: Mapping[str, Any], states: Mapping[int, Sequence[str]]) -> tuple[bool, bool, date]:
    """Sorts open orders: what is on the road first, what is on hold last, else by the promised day."""
    moving = any(state in ON_THE_WAY for state in states.get(order["pk"], ()))
    return not moving, order["state"] == ON_HOLD, order["promised_date"] or date.max


def current_card(account: Account, order: Mapping[str, Any], states: Mapping[int, Sequence[str]]) -> dict[str, Any]:
    """The order that arrives next, with its way."""
    parcels = shipments(account.actor, order["pk"])
    steps = steps_for(order, parcels)[-STEPS_SHOWN:]
    return row_of(order, states) | promise_of(order) | {"steps": steps, "parcels": parcels}


def last_order_card(account: Account) -> dict[str, Any] | None:
    """What was ordered last time."""
    found = asked.last_order(account.actor)
    if not found:
        return None
    order = found[0]
    lines = asked.items_of(order_id=order["pk"])
    return {
        "url": url_to("portal-order", order["uid"]),
        "number": order["number"],
        "date": order["date"],
        "lines": lines[:LINES_SHOWN],
        "more": max(0, len(lines) - LINES_SHOWN),
    }

"""Drafts of quotations and orders: begun, written, repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import ModelForm

from rawabit.company.queries import company_now, local_day
from rawabit.crm.models import Customer
from rawabit.crm.policies import may_on, require_on
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, save_form
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.sales.models import Order, Quotation
from rawabit.trade.actions import TOTAL_FIELDS, change_permission, document_key, replace_lines, save_header, write_lines
from rawabit.trade.logic.lines import SECTION, LineInput, LineProblem, LineProblems, PricedLine, with_sections
from rawabit.trade.models import Document
from rawabit.trade.queries import default_address, price_rows

Draft = TypeVar("Draft", Quotation, Order)


@transaction.atomic
def start_quotation(
    customer: Customer, *, actor: Actor, at: datetime, rows: Sequence[LineInput] = (), day: date | None = None
) -> Quotation:
    """A draft offer with the customer's language, currency and the company's usual term and texts."""
    quotation = Quotation(customer=customer, date=day or local_day(at), language=customer.language)
    return start_document(quotation, rows, actor, at)


@transaction.atomic
def start_order(
    customer: Customer, *, actor: Actor, at: datetime, rows: Sequence[LineInput] = (), day: date | None = None
) -> Order:
    """A draft order, to be delivered to the customer's usual address."""
    order = Order(customer=customer, date=day or local_day(at), language=customer.language)
    return start_document(order, rows, actor, at)


def start_document(document: Draft, rows: Sequence[LineInput], actor: Actor, at: datetime) -> Draft:
    """Keep a draft that names its customer, its day and its language, with these lines."""
    _require_add(document, actor)
    begin(document, actor, at)
    document.save()
    if rows:
        lines = price_rows(document, rows)
        require_own_prices(lines, actor)
        write_lines(document, lines)
        document.save(update_fields=TOTAL_FIELDS)
    name = f"{document._meta.model_name}.created"
    emit(name, document, actor=actor, at=at, customer=document.customer.name, total=document.total)
    return document


def _require_add(document: Document, actor: Actor) -> None:
    meta = document._meta
    actor.require(f"{meta.app_label}.add_{meta.model_name}")
    if not may_on(actor, "crm.view_customer", document.customer):
        raise PermissionDenied("crm.view_customer")
    if not document.customer.is_active:
        raise Refused(_("This customer is not active."))


def begin(document: Quotation | Order, actor: Actor, at: datetime) -> None:
    """Fill in what a new document takes from customer and company."""
    company, customer = company_now(), document.customer
    document.owner_id = document.owner_id or actor.user_id or customer.owner_id
    document.currency = document.currency or customer.currency
    document.date = document.date or local_day(at, company)
    document.terms = document.terms or company.terms
    document.search_text = document_key(document)
    document.created_at = document.updated_at = at
    if isinstance(document, Quotation):
        document.valid_until = document.valid_until or document.date + timedelta(days=company.quotation_days)
    elif document.delivery_address is None:
        document.delivery_address = default_address(customer, "delivery")


@transaction.atomic
def save_quotation(
    form: ModelForm[Quotation], *, actor: Actor, at: datetime, seen_version: int | None = None
) -> Quotation:
    """Begin a quotation from a form, or change the head of a draft."""
    return _save(form, actor, at, seen_version)


@transaction.atomic
def save_order(form: ModelForm[Order], *, actor: Actor, at: datetime, seen_version: int | None = None) -> Order:
    """Begin an order from a form, or change the head of a draft."""
    return _save(form, actor, at, seen_version)


def _save(form: ModelForm[Draft], actor: Actor, at: datetime, seen_version: int | None) -> Draft:
    document = form.instance
    if document.pk is not None:
        return save_header(form, actor=actor, at=at, seen_version=seen_version)
    _require_add(document, actor)
    if "language" not in form.fields:
        document.language = document.customer.language
    begin(document, actor, at)
    return save_form(form, actor=actor, at=at)


@transaction.atomic
def save_lines(
    document: Draft, rows: Sequence[LineInput], *, actor: Actor, at: datetime, seen_version: int | None = None
) -> Draft:
    """Write all lines of a draft anew from what was typed; prices and taxes that were left open are looked up."""
    require_on(actor, change_permission(document), document)
    lines = price_rows(document, rows)
    require_own_prices(lines, actor)
    return replace_lines(document, lines, actor=actor, at=at, seen_version=seen_version)


def require_own_prices(lines: Sequence[PricedLine], actor: Actor) -> None:
    """Who may not change prices sells at the price list; who may not give a large discount stays below the limit."""
    problems = []
    if not actor.may("sales.change_price"):
        words = _("You may not change prices of the price list.")
        changed = [number for number, line in enumerate(lines) if line.list_price not in (None, line.unit_price)]
        problems += [LineProblem(number, "price", words) for number in changed]
    problems += _large_discounts([line.discount_percent for line in lines], actor)
    if problems:
        raise LineProblems(problems)


def require_own_discounts(document: Quotation | Order, actor: Actor) -> None:
    """Whoever lets the paper out answers for its discounts, not only the one who typed them."""
    percents = document.lines.order_by("position").values_list("discount_percent", flat=True)
    if problems := _large_discounts(list(percents), actor):
        raise LineProblems(problems)


def _large_discounts(percents: Sequence[Decimal], actor: Actor) -> list[LineProblem]:
    if actor.may("sales.discount_over_limit"):
        return []
    limit = company_now().discount_limit
    words = _("Discounts above %(limit)s need permission.") % {"limit": active().percent(limit.normalize())}
    return [LineProblem(number, "discount", words) for number, percent in enumerate(percents) if percent > limit]


@transaction.atomic
def reorder(order: Order, *, actor: Actor, at: datetime) -> Order:
    """A new draft with the same items and quantities at today's prices. Items no longer sold are left out."""
    require_on(actor, "sales.view_order", order)
    rows = _rows_to_repeat(order)
    if not rows:
        raise Refused(_("None of these items is sold any more."))
    again = start_order(order.customer, actor=actor, at=at, rows=rows)
    emit("order.reordered", again, actor=actor, at=at, of=order.number)
    return again


def _rows_to_repeat(order: Order) -> list[LineInput]:
    lines = order.lines.select_related("item").order_by("position")
    rows = []
    for line in with_sections(lines, lambda line: line.item is None or line.item.is_active):
        if line.kind == SECTION:
            rows.append(LineInput(title=line.title, section=True))
        elif line.item is not None:
            rows.append(LineInput(title=line.title, quantity=line.quantity, item_id=line.item_id, unit=line.unit))
        else:
            rows.append(
                LineInput(
                    title=line.title, quantity=line.quantity, unit_price=line.unit_price, tax_id=line.tax_rule_id,
                    unit=line.unit, details=line.details,
                )
            )  # fmt: skip
    return _with_old_price_where_no_list(rows, order)


def _with_old_price_where_no_list(rows: list[LineInput], order: Order) -> list[LineInput]:
    """An item that has no price on any list keeps the price of the order it comes from."""
    old = {line.item_id: line.unit_price for line in order.lines.all() if line.item_id}
    blank = Order(customer=order.customer, date=order.date, currency=order.currency, language=order.language)
    priced = price_rows(blank, rows)
    return [
        replace(row, unit_price=old.get(row.item_id, Decimal(0))) if line.list_price is None and row.item_id else row
        for row, line in zip(rows, priced, strict=True)
    ]

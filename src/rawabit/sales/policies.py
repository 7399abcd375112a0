"""Who sees and moves quotations and orders. Customers never see drafts."""

from __future__ import annotations

from django.db.models import Q

from rawabit.crm.policies import BUYING, rows_of_customer
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor, visible
from rawabit.kit.records.permissions import Permission, verbs_on
from rawabit.sales.models import Acceptance, Order, OrderLine, Question, Quotation, QuotationLine, Reply

PERMISSIONS: list[Permission] = [
    *verbs_on(Quotation, "view", "add", "change", "delete", "export"),
    ("sales.send_quotation", _("Quotations: send")),
    ("sales.accept_quotation", _("Quotations: record the customer's acceptance")),
    ("sales.decline_quotation", _("Quotations: record the customer's refusal")),
    ("sales.withdraw_quotation", _("Quotations: withdraw")),
    ("sales.answer_quotation", _("Quotations: answer the customer's questions")),
    *verbs_on(Order, "view", "add", "change", "delete", "export"),
    ("sales.confirm_order", _("Sales orders: confirm")),
    ("sales.cancel_order", _("Sales orders: cancel")),
    ("sales.hold_order", _("Sales orders: put on hold")),
    ("sales.release_order", _("Sales orders: release from hold")),
    ("sales.close_order", _("Sales orders: close before all is delivered")),
    ("sales.promise_order", _("Sales orders: change the promised date")),
    ("sales.answer_order", _("Sales orders: answer the customer's questions")),
    ("sales.change_price", _("Sales documents: change prices of the price list")),
    ("sales.discount_over_limit", _("Sales documents: give a discount above the limit")),
    ("sales.exceed_credit", _("Sales orders: confirm above the credit limit where orders are blocked")),
]


@visible(Quotation)
def quotation_rows(actor: Actor) -> Q:
    rows = rows_of_customer(actor, "sales.view_quotation", roles=BUYING, owner="owner")
    return rows & ~Q(state="draft") if actor.is_customer else rows


@visible(QuotationLine)
def quotation_line_rows(actor: Actor) -> Q:
    rows = rows_of_customer(
        actor, "sales.view_quotation", roles=BUYING, path="document__customer", owner="document__owner"
    )
    return rows & ~Q(document__state="draft") if actor.is_customer else rows


@visible(Order)
def order_rows(actor: Actor) -> Q:
    rows = rows_of_customer(actor, "sales.view_order", roles=BUYING, owner="owner")
    return rows & ~Q(state="draft") if actor.is_customer else rows


@visible(OrderLine)
def order_line_rows(actor: Actor) -> Q:
    rows = rows_of_customer(actor, "sales.view_order", roles=BUYING, path="document__customer", owner="document__owner")
    return rows & ~Q(document__state="draft") if actor.is_customer else rows


@visible(Question)
def question_rows(actor: Actor) -> Q:
    return _around(actor, "")


@visible(Reply)
def reply_rows(actor: Actor) -> Q:
    return _around(actor, "question__")


def _around(actor: Actor, path: str) -> Q:
    """What is said around a document is seen by whoever sees the document."""
    customer = f"{path}customer"
    if actor.is_customer:
        return rows_of_customer(actor, "sales.view_quotation", roles=BUYING, path=customer)
    on_offers, on_orders = f"{path}quotation", f"{path}order"
    offers = rows_of_customer(actor, "sales.view_quotation", roles=BUYING, path=customer, owner=f"{on_offers}__owner")
    orders = rows_of_customer(actor, "sales.view_order", roles=BUYING, path=customer, owner=f"{on_orders}__owner")
    return (Q(**{f"{on_offers}__isnull": False}) & offers) | (Q(**{f"{on_orders}__isnull": False}) & orders)


@visible(Acceptance)
def acceptance_rows(actor: Actor) -> Q:
    return rows_of_customer(actor, "sales.view_quotation", roles=BUYING, owner="quotation__owner")

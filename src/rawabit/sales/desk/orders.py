"""Sales orders: list, editor, paper. What deliveries and invoices have to do with them is added by those modules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Q

from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Amount, Code, Column, Day, Linked, Status, When
from rawabit.kit.screens.filters import Days, InState, Of, Situation
from rawabit.kit.screens.masters import Sure
from rawabit.kit.screens.verbs import Verb
from rawabit.ledger.logic.credit import CreditStatus
from rawabit.ledger.queries import credit_status
from rawabit.sales.actions import (
    cancel_order,
    close_order,
    confirm_order,
    delete_draft,
    hold_order,
    promise_order,
    release_order,
    reorder,
    save_lines,
    save_order,
)
from rawabit.sales.desk.forms import Confirmation, OrderForm, Promise, Reason, show_promise, tell_credit
from rawabit.sales.desk.quotations import mine, today
from rawabit.sales.desk.rooms import OfDeal, RoomScreens, Waiting
from rawabit.sales.logic.states import DELIVERY_PROGRESS, INVOICE_PROGRESS, OPEN_ORDERS, ORDER
from rawabit.sales.models import Order
from rawabit.sales.queries import on_order, unanswered
from rawabit.trade.editor.columns import DocumentLink, OneCustomer
from rawabit.trade.editor.columns import Number as DocumentNumber
from rawabit.trade.editor.documents import note
from rawabit.trade.editor.paper import Extra

DELIVERED = Status("delivery_state", _("Delivery"), of=lambda order: DELIVERY_PROGRESS[order.delivery_state])
INVOICED = Status("invoice_state", _("Invoicing"), of=lambda order: INVOICE_PROGRESS[order.invoice_state])


def late(request: Request) -> Q:
    return Q(state__in=OPEN_ORDERS, promised_date__lt=today(request)) & ~Q(delivery_state__in=("fully", "no_goods"))


def to_deliver(request: Request) -> Q:
    return Q(state="confirmed", shipping_state__in=("none", "partly"))


def to_invoice(request: Request) -> Q:
    return Q(state__in=("confirmed", "done"), invoice_state__in=("none", "partly"))


def asked(request: Request) -> Q:
    return unanswered("order")


class OrderScreens(RoomScreens):
    model = Order
    slug = "orders"
    icon = "order"
    form = OrderForm
    save_head = staticmethod(save_order)
    save_rows = staticmethod(save_lines)
    lifecycle = ORDER
    related = ("customer", "owner", "contact", "quotation", "delivery_address", "opportunity")
    columns: ClassVar[Sequence[Column]] = (
        DocumentNumber(), Linked("customer", sort="customer__name"), Status(lifecycle=ORDER), DELIVERED, INVOICED,
        Waiting(), Day("date"), Day("promised_date"), Amount("total"), Code("customer_reference"),
        Column("owner", sort="owner__full_name"),
    )  # fmt: skip
    hidden_columns = ("customer_reference", "owner")
    filters = (
        InState(lifecycle=ORDER),
        Situation("is", _("Situation"), choices=(
            ("to_deliver", _("To deliver"), to_deliver), ("to_invoice", _("To invoice"), to_invoice),
            ("late", _("Past the promised date"), late), ("asked", _("With open questions"), asked),
            ("mine", _("Mine"), mine),
        )),
        Of("owner", narrow=Q(kind="staff")), Days("date"), OneCustomer(),
    )  # fmt: skip
    tags: ClassVar[Sequence[Column]] = (Status(lifecycle=ORDER), DELIVERED, INVOICED)
    paper_facts = (
        Day("date"), Day("promised_date"), Day("first_promised_date", label=_("First promised for")),
        Code("customer_reference"), DocumentLink("quotation"), OfDeal("opportunity"), Column("owner"),
        When("confirmed_at", label=_("Confirmed")),
    )  # fmt: skip
    verbs: ClassVar[Sequence[Verb]] = (
        Verb("confirm", confirm_order, form=Confirmation, prepare=tell_credit, icon="check"),
        Verb("promise", promise_order, label=_("Promised date"), form=Promise, prepare=show_promise, icon="calendar",
             when=lambda order: order.state in OPEN_ORDERS),
        Verb("hold", hold_order, form=Reason, icon="pause"),
        Verb("release", release_order, icon="play"),
        Verb("close", close_order, form=Sure),
        Verb("reorder", reorder, label=_("Order again"), when=lambda order: order.state != "draft", icon="copy",
             permission="sales.add_order"),
        Verb("cancel", cancel_order, form=Reason),
        Verb("delete", delete_draft, label=_("Delete"), when=lambda order: order.state == "draft", form=Sure,
             icon="trash", tone="danger-quiet"),
    )  # fmt: skip

    def credit(self, document: Any, total: Any, today: Any) -> CreditStatus:
        extra = on_order(document.customer, besides=document.pk)
        return credit_status(document.customer, extra + total if total.currency == extra.currency else extra, today)

    def paper_extra(self, record: Order) -> Sequence[Extra]:
        if record.state == "draft":
            return ()
        return (
            (_("Shipped"), lambda line: line.shipped or None), (_("Delivered"), lambda line: line.delivered or None),
            (_("Invoiced"), lambda line: line.invoiced or None),
        )  # fmt: skip

    def remarks(self, record: Order) -> Any:
        return [(_("Deliver to"), record.deliver_to or str(record.delivery_address or ""))]

    def notes(self, record: Order, request: Request) -> list[dict[str, Any]]:
        told = []
        if record.state == "on_hold":
            told.append(note("warn", record.hold_reason, title=_("On hold")))
        if record.state == "cancelled" and record.hold_reason:
            told.append(note("bad", record.hold_reason, title=_("Cancelled")))
        if record.credit_warning and record.state in OPEN_ORDERS:
            told.append(note("warn", record.credit_warning, title=_("Confirmed in spite of the credit check")))
        if record.promise_change_reason:
            told.append(note("info", record.promise_change_reason, title=_("Why the promised date was changed")))
        return told

"""Delivery notes: list, paper, moves, tracking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rawabit.company.queries import local_day
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actions import attach
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Amount, Code, Column, Day, Linked, Number, Status, When
from rawabit.kit.screens.filters import Days, InState, Of, Situation
from rawabit.kit.screens.masters import Sure
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.verbs import Verb
from rawabit.sales.models import Order
from rawabit.shipping.actions import (
    cancel_delivery,
    delete_delivery,
    deliver_delivery,
    out_delivery,
    pack_delivery,
    return_delivery,
    save_delivery,
    set_quantities,
    ship_delivery,
    track,
)
from rawabit.shipping.desk.forms import (
    Arrival,
    DeliveryForm,
    Quantities,
    Return,
    Shipment,
    Tracking,
    offer_carriers,
    offer_held,
)
from rawabit.shipping.logic.states import DELIVERY, ON_THE_WAY, PLANNED, TRACKING_TONES
from rawabit.shipping.models import Delivery
from rawabit.shipping.queries import tracking_link
from rawabit.trade.editor.columns import DocumentLink, OneCustomer, PageLink
from rawabit.trade.editor.columns import Number as DocumentNumber
from rawabit.trade.editor.documents import PaperScreens, note, page_of, seen
from rawabit.trade.editor.paper import Paper, PaperLine, facts_of
from rawabit.trade.queries import seller_of


class Parcel(Code):
    """The tracking number, with the carrier's page behind it."""

    def cell(self, record: Any) -> SafeString:
        link = tracking_link(record)
        shown = super().cell(record)
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', link, shown) if link else shown


@transaction.atomic
def deliver_with_proof(
    delivery: Delivery, *, actor: Actor, at: datetime, received_by: str = "", proof: UploadedFile | None = None
) -> Delivery:
    """The goods have arrived; the proof is kept with the note where the customer finds it."""
    arrived = deliver_delivery(delivery, received_by=received_by, actor=actor, at=at)
    if proof is not None:
        attach(arrived, proof, for_customer=True, actor=actor, at=at)
    return arrived


def track_without_leaving(
    delivery: Delivery, *, kind: str, place: str, note: str, actor: Actor, at: datetime
) -> Delivery:
    track(delivery, kind, place=place, note=note, actor=actor, at=at)
    return delivery


def late(request: Request) -> Q:
    today = local_day(request.now, request.company)
    return Q(state__in=(*PLANNED, *ON_THE_WAY), promised_date__lt=today)


def steps(delivery: Delivery, request: Request) -> list[dict[str, Any]]:
    """The tracking, newest first, each step with the tone of what happened."""
    events = delivery.tracking.order_by("-at", "-pk")
    return [
        {"event": event, "tone": TRACKING_TONES.get(event.kind, "info"), "newest": number == 0}
        for number, event in enumerate(events)
    ]


def waiting(_record: Any, request: Request) -> Any:
    rows = seen(Order, request).filter(state="confirmed", shipping_state__in=("none", "partly"))
    return rows.order_by("promised_date", "pk")[:100]


WAITING = Panel(
    _("Orders to deliver"), waiting,
    (PageLink("deliver", _("Sales order"), url=lambda order: reverse("orders-do", args=[order.pk, "deliver"])),
     Column("customer"), Day("date"), Day("promised_date"), Amount("total")),
    empty=_("Nothing waits to be delivered."),
)  # fmt: skip


class DeliveryScreens(PaperScreens):
    model = Delivery
    slug = "deliveries"
    icon = "truck"
    form = DeliveryForm
    save = staticmethod(save_delivery)
    lifecycle = DELIVERY
    editable_while = (*PLANNED, *ON_THE_WAY)
    related = ("customer", "order", "order__customer", "carrier", "owner")
    columns = (
        DocumentNumber(), DocumentLink("order", sort="order__number"), Linked("customer", sort="customer__name"),
        Status(lifecycle=DELIVERY), Day("date"), Day("promised_date"), Linked("carrier", sort="carrier__name"),
        Parcel("tracking_number"),
    )  # fmt: skip
    filters = (
        InState(lifecycle=DELIVERY),
        Situation("is", _("Situation"), choices=(
            ("on_the_way", _("On the way"), lambda request: Q(state__in=ON_THE_WAY)),
            ("late", _("Past the promised date"), late),
        )),
        Of("carrier"), Days("date"), OneCustomer(),
    )  # fmt: skip
    tags = (Status(lifecycle=DELIVERY),)
    paper_facts: Sequence[Column] = (
        DocumentLink("order"), Day("date"), Day("promised_date"), Linked("carrier"), Parcel("tracking_number"),
        Number("parcels"), When("shipped_at", label=_("Shipped")), When("delivered_at", label=_("Delivered")),
        Column("received_by"),
    )  # fmt: skip
    verbs = (
        Verb("pack", pack_delivery, icon="product"),
        Verb("ship", ship_delivery, form=Shipment, prepare=offer_carriers, icon="truck"),
        Verb("out", out_delivery, icon="truck"),
        Verb("deliver", deliver_with_proof, form=Arrival, icon="check"),
        Verb("track", track_without_leaving, label=_("Tracking event"), form=Tracking, icon="pin",
             when=lambda delivery: delivery.state in ON_THE_WAY, permission="shipping.change_delivery"),
        Verb("quantities", set_quantities, label=_("Quantities"), form=Quantities, prepare=offer_held, icon="edit",
             when=lambda delivery: delivery.state == "draft", permission="shipping.change_delivery"),
        Verb("return", return_delivery, form=Return, icon="return"),
        Verb("cancel", cancel_delivery, form=Sure),
        Verb("delete", delete_delivery, label=_("Delete"), when=lambda delivery: delivery.state == "draft", form=Sure,
             icon="trash", tone="danger-quiet"),
    )  # fmt: skip
    bulk = ("pack", "out")
    panels = (Panel(_("Tracking"), steps, template="shipping/tracking.html", empty=_("Nothing has happened yet.")),)

    def paper(self, record: Delivery, request: Request) -> Paper:
        zero = Money.zero(record.order.currency)
        held = record.lines.select_related("order_line").order_by("order_line__position")
        rows = [
            PaperLine(line.order_line, number, line.quantity, zero, 0, False, False, ())
            for number, line in enumerate(held, 1)
        ]
        customer = record.customer
        phone = "" if record.deliver_to else customer.phone
        receiver = {"name": str(customer), "address": record.deliver_to, "phone": phone}
        seller = record.order.seller or seller_of(request.company)
        parties = [(_("From"), seller, ""), (_("Deliver to"), receiver, page_of(customer, request))]
        return Paper(self.one, facts_of(record, self.paper_facts), parties, rows, None, priced=False)

    def notes(self, record: Delivery, request: Request) -> list[dict[str, Any]]:
        told = [note("mute", record.note, title=_("Note"))] if record.note else []
        open_now = record.state in (*PLANNED, *ON_THE_WAY)
        if open_now and record.promised_date and record.promised_date < self.today(request):
            told.append(note("warn", _("The promised date has passed.")))
        return told

    def verb_form(self, request: Request, verb: Verb, record: Any) -> Any:
        if verb.form is Arrival and request.method == "POST":
            return Arrival(request.POST, request.FILES)
        return super().verb_form(request, verb, record)

    @access("staff")
    def create(self, request: Request) -> HttpResponse:
        """A delivery begins with an order: those from which something is still to leave the house."""
        self.allow(request, "add")
        return self.render(request, "choose", orders=WAITING.render(None, request))

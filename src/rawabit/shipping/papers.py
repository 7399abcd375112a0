"""Delivery notes on paper: what lies in the parcels, and who received it. No prices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rawabit.company.models import Company
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.paper.sheet import Cell, Column, Group, Pair, Paper, Row, Sheet, Sign
from rawabit.kit.paper.writing import Writer, ltr, user, user_lines
from rawabit.shipping.logic.states import CANCELLED, DELIVERY, RETURNED
from rawabit.shipping.models import Delivery
from rawabit.trade.papers import (
    LONG_DETAILS,
    buyers_of,
    day_fact,
    fact,
    finished,
    key_of,
    languages_of,
    party_group,
    sellers_of,
    sheet_of,
    text_blocks,
    title_cell,
    writer_of,
)


def delivery_paper(record: Delivery, company: Company, languages: Sequence[str] | None, at: datetime) -> Paper:
    """The note that goes with the goods."""
    writer = writer_of(company, languages_of(company, record.customer, languages))
    sheet = _sheet(writer, record, company)
    return finished(sheet, writer, key=key_of(record))


def _sheet(writer: Writer, record: Delivery, company: Company) -> Sheet:
    order, label, head = record.order, writer.label, writer.head
    seller = sellers_of(order, company)
    held = list(record.lines.select_related("order_line").order_by("order_line__position"))
    dead = DELIVERY.states[record.state].label if record.state in (CANCELLED, RETURNED) else None
    return sheet_of(
        writer, company, seller, heading=_("Delivery note"), number=record.number, day=record.date,
        draft=record.state == "draft", mark=dead,
        facts=_facts(writer, record),
        parties=[party_group(pgettext_lazy("delivery", "From"), seller, writer), _receiver(writer, record)],
        columns=[
            Column(head(_("No.")), "middle"), Column(head(_("Item")), share=1),
            Column(head(_("Quantity")), "number"), Column(head(_("Unit")), "middle"),
        ],
        rows=[_row(writer, line.order_line, line.quantity, number) for number, line in enumerate(held, 1)],
        blocks=text_blocks(writer, (_("Note"), record.note)),
        signs=[
            Sign(label(_("Received by")), user(record.received_by)),
            Sign(label(_("Received on")), writer.moment(record.delivered_at) if record.delivered_at else ""),
            Sign(label(_("Signature"))),
        ],
    )  # fmt: skip


def _facts(writer: Writer, record: Delivery) -> list[Any]:
    order = record.order
    return [
        *day_fact(writer, _("Date"), record.date), *fact(writer, _("Sales order"), ltr(order.number)),
        *fact(writer, _("Customer purchase order"), user(order.customer_reference)),
        *day_fact(writer, _("Expected delivery"), record.promised_date),
        *fact(writer, _("Carrier"), user(str(record.carrier)) if record.carrier_id else ""),
        *fact(writer, _("Tracking number"), ltr(record.tracking_number)),
        *fact(writer, _("Parcels"), writer.number(record.parcels)),
    ]  # fmt: skip


def _receiver(writer: Writer, record: Delivery) -> Group:
    """The customer at the place where the goods go."""
    buyer = buyers_of(record.order)
    if not record.deliver_to:
        return party_group(_("Deliver to"), buyer, writer)
    rows = [Pair(user(str(buyer.get("name", ""))), strong=True), *(Pair(row) for row in user_lines(record.deliver_to))]
    return Group(writer.label(_("Deliver to")), rows)


def _row(writer: Writer, line: Any, quantity: Any, number: int) -> Row:
    title = title_cell(writer, line)
    cells = [
        Cell(writer.number(number), dim=True), title, Cell(writer.number(quantity), strong=True),
        Cell(user(line.unit), dim=True),
    ]  # fmt: skip
    return Row(cells, long=len(title.below) > LONG_DETAILS)

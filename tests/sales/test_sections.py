"""Headings among the lines: kept above their lines, never chosen, delivered, invoiced, credited or counted."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils.translation import override

from rawabit.billing.actions import credit_in_full, credit_invoice, invoice_order, post_invoice
from rawabit.billing.queries import creditable, verify_books
from rawabit.catalog.models import Item
from rawabit.kit.states import Refused
from rawabit.sales.actions import accept_quotation, confirm_order, new_version, reorder
from rawabit.sales.models import Order, Quotation
from rawabit.sales.queries import on_order
from rawabit.shipping.actions import deliver_delivery, deliver_order, ship_delivery
from rawabit.trade.logic.lines import LineInput, LineProblems, with_sections
from tests.makers import NOW, SYSTEM, confirmed_order, make_order, make_quotation, rows, sar, sent_quotation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


def heading(title: str) -> LineInput:
    return LineInput(title=title, section=True)


def titles(document: Order | Quotation) -> list[str]:
    return [line.title if line.kind == "section" else "-" for line in document.lines.order_by("position")]


def two_parts() -> list[LineInput]:
    return [heading("Pumps"), *rows(2), heading("Pipes"), *rows(1)]


class Row:
    def __init__(self, sign: str) -> None:
        self.sign, self.kind = sign, "section" if sign.isupper() else "goods"


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ("", ""), ("abc", "abc"), ("AaBb", "AaBb"), ("A.b", "Ab"), ("A.Bb", "Bb"), ("ABb", "ABb"), ("Aa.b", "Aab"),
        ("aA", "a"), ("AB", ""), ("AaB.", "Aa"), ("aAB.Cc", "aCc"),
    ],
)  # fmt: skip
def test_headings_stay_with_what_is_kept_below_them(lines, kept):
    found = with_sections([Row(sign) for sign in lines], lambda row: row.sign != ".")
    assert "".join(row.sign for row in found) == kept


def test_a_section_has_a_title(company):
    with pytest.raises(LineProblems, match="A section needs a title"):
        make_quotation(rows=[heading(""), *rows(1)])


def test_versions_and_orders_keep_the_headings(company):
    offer = sent_quotation(rows=[*two_parts(), heading("Extras"), *rows(1, optional=True)])
    assert (offer.total, offer.line_count) == (69_000, 4)

    newer = new_version(offer, actor=SYSTEM, at=NOW)
    assert (titles(newer), newer.total) == (["Pumps", "-", "-", "Pipes", "-", "Extras", "-"], 69_000)

    accept_quotation(offer, name="Noura", chosen=[], actor=SYSTEM, at=NOW)
    order = confirm_order(offer.orders.get(), actor=SYSTEM, at=NOW)
    assert (titles(order), order.total) == (["Pumps", "-", "-", "Pipes", "-"], 69_000)
    assert [line.position for line in order.lines.order_by("position")] == [1, 2, 3, 4, 5]


def test_ordering_again_drops_the_headings_of_what_is_gone(company):
    order = make_order(rows=two_parts())
    Item.objects.filter(pk=order.lines.get(position=5).item_id).update(is_active=False)
    assert titles(reorder(order, actor=SYSTEM, at=NOW)) == ["Pumps", "-", "-"]

    Item.objects.update(is_active=False)
    with pytest.raises(Refused, match="None of these items"):
        reorder(order, actor=SYSTEM, at=NOW)


def test_deliveries_and_invoices_finish_the_order_in_spite_of_headings(company):
    order = confirmed_order(rows=two_parts())
    assert (order.invoice_state, on_order(order.customer)) == ("none", sar(690))
    pump, pipe = order.lines.get(position=2), order.lines.get(position=5)

    note = deliver_order(order, {pipe.pk: Decimal(2)}, actor=SYSTEM, at=NOW)
    with pytest.raises(Refused, match="not one of goods"):
        deliver_order(order, {order.lines.get(position=1).pk: Decimal(0)}, actor=SYSTEM, at=NOW)
    deliver_delivery(ship_delivery(note, actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)
    first = post_invoice(invoice_order(order, actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)
    assert (titles(first), first.total) == (["Pipes", "-"], 23_000)

    rest = deliver_order(order, actor=SYSTEM, at=NOW)
    assert rest.lines.count() == 2
    deliver_delivery(ship_delivery(rest, actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)
    part = invoice_order(order, {pump.pk: Decimal(1)}, actor=SYSTEM, at=NOW)
    post_invoice(part, actor=SYSTEM, at=NOW)
    assert (titles(part), part.line_count) == (["Pumps", "-"], 1)
    order.refresh_from_db()
    assert (order.state, order.invoice_state) == ("confirmed", "partly")
    post_invoice(invoice_order(order, actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)

    order.refresh_from_db()
    assert (order.state, order.delivery_state, order.invoice_state) == ("done", "fully", "fully")
    assert on_order(order.customer) == sar(0)
    assert verify_books() == []


def test_credit_notes_leave_headings_out(company):
    order = confirmed_order(rows=two_parts())
    company.invoice_from = "ordered"
    company.save()
    invoice = post_invoice(invoice_order(order, actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)
    assert (titles(invoice), len(creditable(invoice))) == (["Pumps", "-", "-", "Pipes", "-"], 3)

    with pytest.raises(Refused, match="no line of the invoice"):
        credit_invoice(invoice, {invoice.lines.get(position=1).pk: Decimal(1)}, reason="x", actor=SYSTEM, at=NOW)
    note = credit_in_full(invoice, reason="Returned", actor=SYSTEM, at=NOW)

    assert (titles(note), note.total) == (["-", "-", "-"], 69_000)
    order.refresh_from_db()
    assert order.invoice_state == "none"
    assert verify_books() == []


def test_nothing_is_invoiced_by_a_heading_alone(company):
    order = confirmed_order(rows=two_parts())
    with pytest.raises(Refused, match="Nothing has been shipped"):
        invoice_order(order, {order.lines.get(position=1).pk: Decimal(0)}, actor=SYSTEM, at=NOW)

"""Headings among the lines, before the customer."""

from __future__ import annotations

import pytest

from rawabit.sales.actions import accept_quotation, confirm_order
from rawabit.sales.models import Order, Quotation
from rawabit.trade.logic.lines import LineInput
from tests.makers import NOW, SYSTEM, confirmed_order, posted_invoice, rows, sent_quotation
from tests.portal.conftest import words_of

HEADING = LineInput(title="<Pumps>", section=True)
SHOWN = "<bdi>&lt;Pumps&gt;</bdi></td></tr>"


@pytest.mark.parametrize(
    ("page", "made", "columns"),
    [("order", confirmed_order, 7), ("quotation", sent_quotation, 5), ("invoice", posted_invoice, 7)],
)
def test_a_heading_is_one_cell_over_all_columns(noura, page, made, columns):
    paper = made(noura.customer, rows=[HEADING, *rows(1)])

    html = noura.open(page, paper.uid).content.decode()

    assert html.count(SHOWN) == 1 and f'colspan="{columns}"' in html
    assert html.partition("</thead>")[0].partition("<thead>")[2].count("<th ") == columns
    assert html.partition("<tbody>")[2].partition("</tbody>")[0].count("<tr") == 2


@pytest.mark.parametrize(
    ("page", "made", "columns"), [("quotation", sent_quotation, 6), ("invoice", posted_invoice, 8)]
)
def test_it_spans_the_discount_too(noura, page, made, columns):
    paper = made(noura.customer, rows=[HEADING, *rows(1, discount_percent=5)])

    html = noura.open(page, paper.uid).content.decode()

    assert f'colspan="{columns}"' in html
    assert html.partition("</thead>")[0].partition("<thead>")[2].count("<th ") == columns


def test_a_heading_is_no_choice_and_costs_nothing(noura):
    offer = sent_quotation(noura.customer, rows=[HEADING, *rows(1), *rows(1, optional=True)])
    option = offer.lines.get(optional=True)

    shown = noura.open("quotation", offer.uid, chosen="1", line=str(option.pk))
    assert "460.00" in words_of(shown)
    assert shown.content.decode().count('type="checkbox" form="choice" name="line"') == 1
    noura.send("quotation-accept", offer.uid, chosen="1", line=option.pk, name="Noura", agreed="on")

    assert Quotation.objects.get().total == 46_000
    assert [line.kind for line in Order.objects.get().lines.order_by("position")] == ["section", "goods", "goods"]


def test_a_heading_is_not_among_what_was_ordered(noura):
    offer = sent_quotation(noura.customer, rows=[HEADING, *rows(1)])
    accept_quotation(offer, name="Noura", actor=SYSTEM, at=NOW)
    order = confirm_order(offer.orders.get(), actor=SYSTEM, at=NOW)

    assert order.number in noura.read("home")
    assert "<Pumps>" not in noura.read("home")

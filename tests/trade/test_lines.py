"""Lines as typed and pasted; what a draft takes from catalogue and customer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from rawabit.catalog.actions import set_price, set_rate
from rawabit.catalog.models import Tax
from rawabit.kit.records.actions import Conflict
from rawabit.kit.states import Refused
from rawabit.sales.actions import save_lines
from rawabit.sales.models import Order
from rawabit.trade.actions import delete_draft
from rawabit.trade.logic.lines import MAX_LINES, LineInput, LineProblems, check_rows, read_rows
from rawabit.trade.logic.paste import parse_pasted
from rawabit.trade.queries import preview, price_rows, rows_from_paste
from tests.makers import (
    NOW,
    SYSTEM,
    confirmed_order,
    make_customer,
    make_item,
    make_order,
    make_price_list,
    make_quotation,
    rows,
    sar,
)


@pytest.mark.parametrize("quantity", ["1234.5", "1,234.5", "١٬٢٣٤٫٥", "۱۲۳۴٫۵"])
def test_typed_rows_in_three_scripts(quantity):
    reading = read_rows([{"sku": "A", "quantity": quantity, "price": "۱۰٫۵ ریال", "discount": "٥٪"}, {"sku": " "}])
    assert reading.problems == []
    (row,) = reading.rows
    assert (row.quantity, row.unit_price, row.discount_percent) == (Decimal("1234.5"), Decimal("10.5"), Decimal(5))


def test_every_problem_stands_beside_its_field():
    reading = read_rows([{"title": "x", "quantity": "abc", "price": "1,2"}, {"title": "y", "discount": "z"}])
    assert [(one.row, one.field) for one in reading.problems] == [(0, "quantity"), (0, "price"), (1, "discount")]
    bad = [
        LineInput("a", Decimal(0)), LineInput("b", Decimal("0.0001")), LineInput("c", unit_price=Decimal(-1)),
        LineInput("d", unit_price=Decimal("0.0000001")), LineInput("e", discount_percent=Decimal("100.1")),
        LineInput("f", Decimal(10**10)),
    ]  # fmt: skip
    assert [(one.row, one.field) for one in check_rows(bad)] == [
        (0, "quantity"), (1, "quantity"), (2, "price"), (3, "price"), (4, "discount"), (5, "quantity"),
    ]  # fmt: skip
    assert check_rows([LineInput("x")] * (MAX_LINES + 1))[-1].row == MAX_LINES


@pytest.mark.parametrize(
    "text",
    [
        "XP-1\t3\t10\nXP-2\t٤\t20",
        "XP-1;3;10\nXP-2;٤;20",
        "رمز الصنف\tالكمية\tالسعر\nXP-1\t3\t10\nXP-2\t۴\t20\n",
        "Code;Qty;Price\r\nXP-1;3;10\r\nXP-2;4;20\r\n",
        "تعداد\tکد کالا\tقیمت\n3\tXP-1\t10\n۴\tXP-2\t20",
    ],
)
def test_pasted_tables(text):
    pasted = parse_pasted(text)
    assert [(row.sku, row.quantity, row.price) for row in pasted.rows] == [
        ("XP-1", Decimal(3), Decimal(10)), ("XP-2", Decimal(4), Decimal(20)),
    ]  # fmt: skip


def test_pasted_words_and_codes():
    assert [(row.sku, row.quantity) for row in parse_pasted("XP-1 3\nXP-2 12.5").rows] == [
        ("XP-1", Decimal(3)), ("XP-2", Decimal("12.5")),
    ]  # fmt: skip
    named = parse_pasted("XP-1\tمضخة كبيرة\t2\t99,5\n").rows[0]
    assert (named.title, named.quantity, named.price, named.unreadable) == ("مضخة كبيرة", Decimal(2), None, ())
    broken = parse_pasted("sku\tqty\nXP-1\tthree").rows[0]
    assert (broken.quantity, broken.unreadable) == (None, ("quantity",))
    assert parse_pasted(" \n\t\n").rows == []


def test_pasted_rows_find_their_items(company):
    item = make_item(sku="XP-1", price="7")
    found, problems = rows_from_paste("xp-1\t3\nNOPE\t2")
    assert [(row.item_id, row.quantity) for row in found] == [(item.pk, 3), (None, 2)]
    assert [(one.row, one.field) for one in problems] == [(1, "sku")]


# Prices, taxes and words come from item, list and customer


def test_a_line_takes_what_was_left_open(company):
    item = make_item("مضخة", name_en="Pump", name_fa="پمپ", sku="XP-1", price="100")
    order = make_order(make_customer(language="fa"), rows=[LineInput(sku="xp-1", quantity=Decimal("1.5"))])
    line = order.lines.get()

    assert (line.item, line.title, line.unit, line.sku) == (item, "پمپ", "عدد", "XP-1")
    assert (line.unit_price, line.tax_percent, line.net, line.tax) == (100, 15, 15000, 2250)
    assert (order.net, order.tax, order.total) == (15000, 2250, 17250)


def test_a_customer_s_own_list(company):
    item, special = make_item(price="100"), make_price_list()
    set_price(item, special, Decimal(60), valid_from=date(2026, 1, 1), actor=SYSTEM, at=NOW)
    order = make_order(make_customer(price_list=special), rows=[LineInput(item_id=item.pk)])
    assert order.lines.get().unit_price == 60


def test_the_tax_of_the_document_s_day(company):
    set_rate(Tax.objects.get(code="standard"), Decimal(20), date(2026, 4, 1), actor=SYSTEM, at=NOW)
    order = make_order(lines=1)
    assert order.tax == 3000
    order.date = date(2026, 4, 1)
    order.save()
    save_lines(order, rows(1), actor=SYSTEM, at=NOW)
    assert Order.objects.get().tax == 4000


def test_another_tax_can_be_chosen(company):
    export = Tax.objects.get(code="zero-export")
    order = make_order(rows=rows(1, tax_id=export.pk))
    line = order.lines.get()
    assert (line.tax_category, line.tax_percent, line.tax_reason_code, order.tax) == ("Z", 0, "VATEX-SA-32", 0)


def test_free_lines_need_words_only(company):
    order = make_order(rows=[LineInput("تركيب", Decimal(2), unit_price=Decimal("12.5"))])
    assert (order.lines.get().item, order.total) == (None, 2875)
    with pytest.raises(LineProblems) as wrong:
        price_rows(order, [LineInput(sku="nothing")])
    assert [(one.row, one.field) for one in wrong.value.problems] == [(0, "sku")]


def test_too_large_amounts_are_refused(company):
    with pytest.raises(LineProblems):
        make_order(rows=[LineInput("x", Decimal(10**9), unit_price=Decimal(10**9))])


def test_lines_cost_as_many_queries_for_one_as_for_many(company, django_assert_num_queries):
    order = make_order()
    for amount in (1, 7):
        typed = rows(amount)
        with django_assert_num_queries(4):
            price_rows(order, typed)


def test_preview_writes_nothing_and_leaves_optional_lines_out(company):
    quotation = make_quotation()
    typed = [*rows(1), *rows(1, optional=True)]
    priced, totals = preview(quotation, typed)
    assert (len(priced), totals.total) == (2, sar(230))
    assert quotation.lines.count() == 1


def test_saving_lines_replaces_them_all(company):
    order = make_order(lines=3)
    saved = save_lines(order, rows(2), actor=SYSTEM, at=NOW, seen_version=order.version)
    assert (saved.lines.count(), saved.total, saved.version) == (2, 46000, order.version + 1)
    assert [line.position for line in saved.lines.all()] == [1, 2]


def test_two_tabs_do_not_overwrite_each_other(company):
    order = make_order()
    save_lines(order, rows(2), actor=SYSTEM, at=NOW, seen_version=order.version)
    with pytest.raises(Conflict):
        save_lines(order, rows(1), actor=SYSTEM, at=NOW, seen_version=order.version)
    assert order.lines.count() == 2


def test_what_left_draft_is_not_edited(company):
    order = confirmed_order()
    with pytest.raises(Refused):
        save_lines(order, rows(1), actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        delete_draft(order, actor=SYSTEM, at=NOW)


def test_drafts_can_be_thrown_away(company, seller, agent):
    order = make_order(make_customer(owner=seller.user), by=seller.actor)
    with pytest.raises(PermissionDenied):
        delete_draft(order, actor=agent.actor, at=NOW)
    delete_draft(order, actor=seller.actor, at=NOW)
    assert not Order.objects.exists()

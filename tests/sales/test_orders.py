"""Orders: confirmed within the credit, promised, held, closed, cancelled, repeated."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from rawabit.catalog.actions import set_item_active, set_price
from rawabit.crm.actions import set_credit
from rawabit.crm.models import Customer
from rawabit.kit.display import PRESETS, using
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from rawabit.sales.actions import (
    cancel_order,
    close_order,
    confirm_order,
    hold_order,
    promise_order,
    register_delivered,
    register_invoiced,
    register_shipped,
    release_order,
    reorder,
    start_order,
)
from rawabit.sales.logic.progress import LineProgress, invoiceable, progress
from rawabit.sales.models import Order, OrderLine
from rawabit.sales.queries import credit_of, on_order
from tests.makers import (
    NOW,
    SYSTEM,
    TODAY,
    confirmed_order,
    default_list,
    make_address,
    make_company,
    make_customer,
    make_item,
    make_order,
    posted_invoice,
    quantities,
    rows,
    sar,
)


def test_confirming_numbers_freezes_and_promises(company):
    customer = make_customer("شركة الأفق")
    make_address(customer, purpose="delivery")
    order = make_order(customer, lines=2, promised_date=date(2026, 3, 10))

    confirmed = confirm_order(order, actor=SYSTEM, at=NOW)

    assert (confirmed.number, confirmed.state, confirmed.total) == ("SO-2026-00001", "confirmed", 46000)
    assert (confirmed.first_promised_date, confirmed.confirmed_at) == (date(2026, 3, 10), NOW)
    assert "الملك فهد" in confirmed.deliver_to
    assert confirmed.buyer["name"] == "شركة الأفق"
    with pytest.raises(Refused):
        confirm_order(order, actor=SYSTEM, at=NOW)
    assert Event.objects.filter(name="order.confirmed").count() == 1


def test_what_fails_gives_no_number_away(company):
    empty = make_order()
    empty.lines.all().delete()
    with pytest.raises(Refused):
        confirm_order(empty, actor=SYSTEM, at=NOW)
    assert confirmed_order().number == "SO-2026-00001"


def test_a_numberless_confirmed_order_is_impossible(company):
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=make_order().pk).update(state="confirmed")


def test_over_the_limit_warns_with_figures(company, clerk):
    customer = set_credit(make_customer(), sar(300), False, actor=clerk.actor, at=NOW)
    confirmed_order(customer)
    assert on_order(customer) == sar(230)

    order = confirm_order(make_order(customer), actor=SYSTEM, at=NOW)

    assert order.state == "confirmed"
    with using(PRESETS["GB"]):
        assert "160.00" in Order.objects.get(pk=order.pk).credit_warning
    assert credit_of(customer, TODAY).available == sar("-160")


def test_over_the_limit_blocks_where_the_company_says_so(company, clerk, seller, manager):
    make_company(credit_policy="block")
    customer = set_credit(make_customer(owner=seller.user), sar(200), False, actor=clerk.actor, at=NOW)
    order = make_order(customer)

    with using(PRESETS["GB"]), pytest.raises(Refused, match=r"30\.00"):
        confirm_order(order, actor=seller.actor, at=NOW)
    assert Order.objects.get().state == "draft"
    assert confirm_order(order, actor=manager.actor, at=NOW).credit_warning


def test_a_customer_on_hold_is_blocked_for_everybody(company, clerk, manager):
    customer = set_credit(make_customer(), None, True, actor=clerk.actor, at=NOW)
    with pytest.raises(Refused):
        confirm_order(make_order(customer), actor=manager.actor, at=NOW)


def test_overdue_invoices_warn(company):
    customer = make_customer()
    posted_invoice(customer, due_date=date(2026, 3, 1))
    assert confirm_order(make_order(customer), actor=SYSTEM, at=NOW).credit_facts["reason"] == "overdue"


def test_enough_credit_leaves_no_warning(company):
    assert confirmed_order().credit_warning == ""


def test_a_changed_promise_says_why(company):
    order = confirmed_order(promised_date=date(2026, 3, 10))
    with pytest.raises(Refused):
        promise_order(order, date(2026, 3, 12), actor=SYSTEM, at=NOW)
    changed = promise_order(order, date(2026, 3, 12), reason="الطقس", actor=SYSTEM, at=NOW)
    assert (changed.promised_date, changed.first_promised_date) == (date(2026, 3, 12), date(2026, 3, 10))
    assert changed.promise_change_reason == "الطقس"


def test_holding_and_releasing(company):
    order = confirmed_order()
    with pytest.raises(Refused):
        hold_order(order, reason=" ", actor=SYSTEM, at=NOW)
    assert hold_order(order, reason="بانتظار السداد", actor=SYSTEM, at=NOW).state == "on_hold"
    assert release_order(order, actor=SYSTEM, at=NOW).hold_reason == ""


def test_cancelling_only_before_anything_left(company):
    order = confirmed_order()
    register_shipped(order, quantities(order, "1"), actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        cancel_order(order, reason="x", actor=SYSTEM, at=NOW)
    register_shipped(order, quantities(order, "-1"), actor=SYSTEM, at=NOW)
    assert cancel_order(order, reason="x", actor=SYSTEM, at=NOW).state == "cancelled"


def test_an_invoiced_order_is_not_cancelled(company):
    order = confirmed_order()
    register_invoiced(order, quantities(order, "1"), actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        cancel_order(order, reason="x", actor=SYSTEM, at=NOW)


def test_progress_closes_and_reopens(company):
    order = confirmed_order(lines=2)
    steps = [
        (register_shipped, ("2", "2")), (register_delivered, ("2", "1")), (register_invoiced, ("2", "2")),
        (register_delivered, ("0", "1")),
    ]  # fmt: skip
    seen = []
    for register, amounts in steps:
        now = register(order, quantities(order, *amounts), actor=SYSTEM, at=NOW)
        seen.append((now.shipping_state, now.delivery_state, now.invoice_state, now.state))
    assert seen == [
        ("fully", "none", "none", "confirmed"), ("fully", "partly", "none", "confirmed"),
        ("fully", "partly", "fully", "confirmed"), ("fully", "fully", "fully", "done"),
    ]  # fmt: skip
    assert register_invoiced(order, quantities(order, "-1"), actor=SYSTEM, at=NOW).state == "confirmed"


def test_all_lines_that_are_too_much_are_named(company):
    order = confirmed_order(lines=3)
    titles = [line.title for line in order.lines.all()]
    with pytest.raises(Refused) as wrong:
        register_shipped(order, quantities(order, "3", "2", "2.001"), actor=SYSTEM, at=NOW)
    assert titles[0] in str(wrong.value) and titles[2] in str(wrong.value)
    assert titles[1] not in str(wrong.value)
    assert set(OrderLine.objects.values_list("shipped", flat=True)) == {0}


def test_the_database_forbids_over_delivery(company):
    line = confirmed_order().lines.get()
    for field, value in (("shipped", 3), ("delivered", 1), ("invoiced", 3)):
        with pytest.raises(IntegrityError), transaction.atomic():
            OrderLine.objects.filter(pk=line.pk).update(**{field: Decimal(value)})


def test_closing_short_stays_closed_when_the_rest_is_invoiced(company):
    order = confirmed_order()
    register_shipped(order, quantities(order, "1"), actor=SYSTEM, at=NOW)
    close_order(order, actor=SYSTEM, at=NOW)
    assert register_invoiced(order, quantities(order, "1"), actor=SYSTEM, at=NOW).state == "done"


def test_services_need_no_delivery(company):
    order = confirmed_order(rows=rows_of_service())
    assert (order.shipping_state, order.delivery_state) == ("no_goods", "no_goods")
    assert register_invoiced(order, quantities(order, "1"), actor=SYSTEM, at=NOW).state == "done"


def rows_of_service():
    from rawabit.trade.logic.lines import LineInput

    return [LineInput(item_id=make_item(kind="service").pk)]


def test_ordering_again_takes_today_s_prices_and_leaves_out_what_is_gone(company, manager):
    order = confirmed_order(lines=3)
    kept, gone, third = [line.item for line in order.lines.all()]
    set_price(kept, default_list(), Decimal(130), valid_from=date(2026, 3, 1), actor=SYSTEM, at=NOW)
    set_item_active(gone, False, actor=manager.actor, at=NOW)

    again = reorder(order, actor=manager.actor, at=NOW)

    assert (again.state, again.customer) == ("draft", order.customer)
    assert [(line.item, line.unit_price) for line in again.lines.all()] == [(kept, 130), (third, 100)]


def test_inactive_and_foreign_customers_get_no_orders(company, seller):
    foreign = make_customer()
    with pytest.raises(PermissionDenied):
        start_order(foreign, actor=seller.actor, at=NOW, rows=rows(1))
    Customer.objects.filter(pk=foreign.pk).update(is_active=False)
    with pytest.raises(Refused):
        start_order(Customer.objects.get(pk=foreign.pk), actor=SYSTEM, at=NOW)


@pytest.mark.parametrize("role", ["support", "accountant"])
def test_confirming_needs_its_right(company, role):
    from tests.makers import actor, make_user

    order = make_order()
    with pytest.raises(PermissionDenied):
        confirm_order(order, actor=actor(make_user(role)), at=NOW)
    assert Order.objects.get().state == "draft"


def test_a_seller_moves_only_what_is_in_his_scope(company, seller):
    foreign = make_order()
    with pytest.raises(PermissionDenied):
        confirm_order(foreign, actor=seller.actor, at=NOW)
    mine = make_order(make_customer(owner=seller.user), by=seller.actor)
    assert confirm_order(mine, actor=seller.actor, at=NOW).state == "confirmed"
    assert list(Order.objects.visible_to(seller.actor)) == [mine]


def test_customers_see_confirmed_orders_of_their_own(amina, babak):
    from tests.makers import make_customer_user

    make_order(amina.customer)
    order = confirmed_order(amina.customer)
    finance, support = (make_customer_user(amina.customer, role) for role in ("finance", "support"))

    assert list(Order.objects.visible_to(amina.actor)) == [order]
    assert list(OrderLine.objects.visible_to(amina.actor)) == list(order.lines.all())
    for person in (babak, finance, support):
        assert not Order.objects.visible_to(person.actor).exists()
        assert not OrderLine.objects.visible_to(person.actor).exists()


line = st.builds(
    LineProgress, kind=st.sampled_from(["goods", "service"]), quantity=st.decimals(1, 9, places=0),
    shipped=st.decimals(0, 1, places=0), delivered=st.just(Decimal(0)), invoiced=st.decimals(0, 1, places=0),
)  # fmt: skip


@given(st.lists(line, max_size=6))
def test_progress_never_claims_too_much(lines):
    reached = progress(lines)
    goods = [one for one in lines if one.kind == "goods"]
    assert (reached.shipping == "no_goods") == (not goods)
    assert (reached.shipping == "fully") == (bool(goods) and all(one.shipped >= one.quantity for one in goods))
    assert (reached.invoicing == "fully") == (bool(lines) and all(one.invoiced >= one.quantity for one in lines))


@given(line)
def test_never_more_is_invoiceable_than_ordered(one):
    for basis in ("ordered", "delivered"):
        assert 0 <= invoiceable(one, basis) <= one.quantity

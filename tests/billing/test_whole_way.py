"""From a quotation to a settled invoice, through the actions alone."""

from __future__ import annotations

from rawabit.billing.actions import invoice_order, post_invoice
from rawabit.billing.models import Invoice
from rawabit.billing.queries import verify_books
from rawabit.ledger.queries import balance_of
from rawabit.sales.actions import accept_quotation, confirm_order
from rawabit.sales.models import Order
from rawabit.shipping.actions import deliver_delivery, deliver_order, ship_delivery
from tests.makers import NOW, SYSTEM, make_customer, make_payment, sar, sent_quotation


def test_quotation_to_payment(db):
    customer = make_customer()
    quotation = sent_quotation(customer, lines=3)
    assert (quotation.number, quotation.state, quotation.total) == ("Q-2026-00001", "sent", 69000)

    accept_quotation(quotation, name="نورة", actor=SYSTEM, at=NOW)
    order = confirm_order(quotation.orders.get(), actor=SYSTEM, at=NOW)
    assert (order.number, order.state, order.total) == ("SO-2026-00001", "confirmed", 69000)

    delivery = ship_delivery(deliver_order(order, actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)
    deliver_delivery(delivery, received_by="سالم", actor=SYSTEM, at=NOW)
    invoice = post_invoice(invoice_order(order, actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)
    assert (invoice.number, invoice.total, balance_of(customer)) == ("INV-2026-00001", 69000, sar(690))
    assert Order.objects.get().state == "done"

    payment = make_payment(customer, "690")

    assert (payment.number, payment.unallocated, balance_of(customer)) == ("RC-2026-00001", 0, sar(0))
    assert Invoice.objects.get().open_amount == 0
    assert verify_books() == []

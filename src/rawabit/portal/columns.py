"""The columns of the portal's lists."""

from __future__ import annotations

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.screens.fold import amount, code, day, goods, link, number, paper, situation, unit, unit_price, words

STATUS = situation(_("Status"))
DATE = day(_("Date"), "date")
TOTAL = amount(_("Total including VAT"), "total", label=_("Total"))
_ORDER = pgettext_lazy("portal", "Order")

ORDERS = (
    paper(_ORDER, below="reference"), STATUS, DATE, day(_("Expected delivery"), "promised"), TOTAL,
)  # fmt: skip
INVOICES = (
    paper(_("Number")), STATUS, DATE, day(_("Due date"), "due"), TOTAL, amount(_("Amount due"), "open"),
)  # fmt: skip
PAYMENTS = (
    paper(_("Receipt")), STATUS, DATE, words(_("Method"), "method"), code(_("Reference"), "reference"),
    amount(_("Amount"), "amount", strong=True),
)  # fmt: skip
DELIVERIES = (
    paper(_("Delivery note")), STATUS, DATE, link(_ORDER, "order", "order_url"),
    code(_("Tracking number"), "tracking"),
)  # fmt: skip
QUOTATIONS = (paper(_("Quotation")), STATUS, DATE, day(_("Valid until"), "valid_until"), TOTAL)
ORDER_LINES = (
    goods(_("Item")), unit(_("Unit")), number(_("Ordered"), "quantity"), number(_("Delivered"), "delivered"),
    number(_("Remaining"), "remaining"), unit_price(_("Unit price"), "unit_price", "net"),
    amount(_("Total before VAT"), "net"),
)  # fmt: skip

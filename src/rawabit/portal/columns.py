"""The columns of the portal's lists."""

from __future__ import annotations

from django.utils.translation import gettext

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.screens.fold import (
    Column,
    Row,
    amount,
    code,
    day,
    goods,
    link,
    number,
    paper,
    situation,
    unit,
    unit_price,
    words,
)
from rawabit.kit.screens.templatetags.kit import escaped

STATUS = situation(_("Status"))
DATE = day(_("Date"), "date")
TOTAL = amount(_("Total including VAT"), "total", label=_("Total"))
_ORDER = pgettext_lazy("portal", "Order")

ORDERS = (
    paper(_ORDER, below="reference"), STATUS, DATE, day(_("Expected delivery"), "promised"), TOTAL,
)  # fmt: skip
INVOICES = (
    paper(_("Number"), below="question"), STATUS, DATE, day(_("Due date"), "due"), TOTAL,
    amount(_("Amount due"), "open"),
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


def _ticked_paper(row: Row, label: str) -> str:
    """The number of an invoice with a box before it, where something is open."""
    plain = INVOICES[0].cell(row, label)
    if not row["open"]:
        return plain
    name = escaped(gettext("Choose invoice %(number)s") % {"number": row["number"]})
    box = f'<input type="checkbox" name="invoice" value="{row["uid"]}" form="pay" aria-label="{name}">'
    return plain.replace('<td data-c="title">', f'<td data-c="title"><label class="check tap">{box}</label> ', 1)


INVOICES_TO_TICK = (Column(_("Number"), _ticked_paper), *INVOICES[1:])

"""What invoices add to the order's pages: "invoice", and the list of its invoices and credit notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rawabit.billing.actions import invoice_order
from rawabit.billing.desk.forms import InvoiceOrder, offer_invoiceable
from rawabit.billing.queries import situation_of
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Amount, Day
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.verbs import Verb
from rawabit.sales.models import Order
from rawabit.shipping.desk import OrderScreens as ShippedOrderScreens
from rawabit.trade.editor.columns import Number as DocumentNumber
from rawabit.trade.editor.columns import Situation


def may_be_invoiced(order: Order) -> bool:
    return order.state in ("confirmed", "on_hold", "done") and order.invoice_state != "fully"


class OrderScreens(ShippedOrderScreens):
    verbs: ClassVar[Sequence[Verb]] = (
        *ShippedOrderScreens.verbs[:2],
        Verb("invoice", invoice_order, label=pgettext_lazy("verb", "Invoice"), form=InvoiceOrder,
             prepare=offer_invoiceable, icon="invoice", when=may_be_invoiced, permission="billing.add_invoice"),
        *ShippedOrderScreens.verbs[2:],
    )  # fmt: skip
    panels: ClassVar[Sequence[Panel]] = (
        *ShippedOrderScreens.panels,
        Panel(
            _("Invoices"), lambda order, request: OrderScreens().invoices(order, request),
            (DocumentNumber(), Situation(), Day("due_date"), Amount("total"), Amount("open_amount")),
            permission="billing.view_invoice",
        ),
    )  # fmt: skip

    def invoices(self, order: Order, request: Request) -> list[Any]:
        rows = list(order.invoices.visible_to(request.actor).order_by("pk"))
        for row in rows:
            row.situation = situation_of(row, self.today(request))
        return rows

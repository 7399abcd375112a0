"""Of which documents the timeline of a customer tells: talks itself may not look upwards."""

from __future__ import annotations

from rawabit.billing.models import Dispute, Invoice, Payment, TransferReport
from rawabit.crm.models import ChangeRequest
from rawabit.portal.models import ReceivedDocument
from rawabit.sales.models import Order, Quotation
from rawabit.shipping.models import Delivery
from rawabit.talks.queries.sources import tell_of


def install() -> None:
    """Called once, when the program starts."""
    tell_of(Quotation, (
        "quotation.sent", "quotation.opened", "quotation.accepted", "quotation.declined", "quotation.expired",
        "quotation.question_asked", "quotation.question_answered", "quotation.renewal_requested",
    ))  # fmt: skip
    tell_of(Order, (
        "order.confirmed", "order.promise_changed", "order.held", "order.released", "order.cancelled",
        "order.completed", "order.question_asked", "order.question_answered",
    ))  # fmt: skip
    tell_of(Delivery, ("delivery.shipped", "delivery.delivered", "delivery.returned"))
    tell_of(Invoice, ("invoice.posted", "invoice.reminded", "credit_note.posted"))
    tell_of(Payment, ("payment.recorded", "payment.refunded", "payment.reversed"))
    tell_of(TransferReport, ("transfer.reported", "transfer.planned", "transfer.accepted", "transfer.refused"))
    tell_of(Dispute, ("dispute.opened", "dispute.answered", "dispute.continued", "dispute.closed"))
    tell_of(ChangeRequest, ("change.requested", "change.accepted", "change.refused"))
    tell_of(ReceivedDocument, ("document.received",))

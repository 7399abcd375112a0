"""What messages say in English when nobody has changed them: subject, text, WhatsApp text."""

from __future__ import annotations

from typing import Final

_HELLO: Final = "Dear {name},\n\n"

_TEXTS: Final = {
    "quotation_sent": (
        "Quotation {number} is ready for your review",
        "Quotation {number} is ready for your review.\nIt is valid until {until}.",
        "Quotation {number} over {total} is ready for your review.\nValid until {until}.",
    ),
    "quotation_accepted": (
        "Quotation {number} was accepted",
        "Quotation {number} was accepted. Thank you for your trust; your order is in hand.\nAccepted by {by}.",
        "",
    ),
    "quotation_expired": (
        "Quotation {number} has expired",
        "Quotation {number} expired on {until}.\n\nYou can ask for a renewal on its page.",
        "",
    ),
    "quotation_answered": (
        "Your question about quotation {number}",
        "Your question about quotation {number} was answered.",
        "",
    ),
    "approval_asked": (
        "{by} asks you to approve quotation {number}",
        ("{by} would like quotation {number} over {total} to be accepted, which is above the limit set for orders.\n"
         "It is valid until {until}."),
        "",
    ),
    "quotation_signed": (
        "{customer} accepted quotation {number}",
        "{customer} accepted quotation {number}.\nAccepted by {by}.\n\nThe signed copy is attached.",
        "",
    ),
    "order_answered": (
        "Your question about order {number}",
        "Your question about order {number} was answered.",
        "",
    ),
    "order_confirmed": (
        "Order {number} is confirmed",
        "Order {number} is confirmed.\nExpected delivery: {day}.",
        "Order {number} over {total} is confirmed.\nExpected delivery: {day}.",
    ),
    "order_promise": (
        "New delivery date for order {number}",
        "The expected delivery of order {number} has changed.\nNew date: {day}.\nReason: {reason}.",
        "",
    ),
    "order_held": (
        "Order {number} is on hold",
        "Order {number} is on hold for now. We will keep you informed and gladly answer any question.",
        "",
    ),
    "order_cancelled": ("Order {number} was cancelled", "Order {number} was cancelled.\nReason: {reason}.", ""),
    "delivery_shipped": (
        "The shipment of order {order} is on its way",
        "The shipment of order {order} has left our warehouse and is on its way.\nExpected delivery: {day}.",
        "The shipment of order {order} is on its way.\nCarrier: {carrier}\nTracking number: {tracking}",
    ),
    "delivery_out": (
        "The shipment of order {order} arrives today",
        "The shipment of order {order} is out for delivery today. Please have somebody ready to receive it.",
        "",
    ),
    "delivery_delivered": (
        "The shipment of order {order} was delivered",
        "The shipment of order {order} was delivered.\nReceived by {by}.",
        "",
    ),
    "invoice_posted": (
        "Invoice {number} from {company}",
        "Invoice {number} over {total} was issued.\nDue date: {due}.",
        "Invoice {number} over {total} was issued.\nDue date: {due}.",
    ),
    "credit_note_posted": (
        "Credit note {number} from {company}",
        "Credit note {number} over {total} was issued.\nIt belongs to invoice {invoice}.",
        "Credit note {number} over {total} was issued.",
    ),
    "payment_receipt": (
        "Receipt {number} for {amount}",
        "We received {amount}; it is recorded with receipt {number}. Thank you.",
        "We received {amount}. Receipt {number}. Thank you.",
    ),
    "transfer_accepted": (
        "Your transfer of {amount} is confirmed",
        "Your transfer of {amount} has arrived. Thank you.",
        "",
    ),
    "transfer_refused": (
        "We did not find the transfer of {amount}",
        ("We looked for the transfer of {amount} and did not find it on our account.\nReason: {reason}.\n\n"
         "Please ask your bank, or get in touch with us."),
        "",
    ),
    "invoice_reminder": (
        "Reminder of invoice {number}",
        ("A reminder that {open} of invoice {number} is still to be paid.\nDue date: {due}.\n\n"
         "If you have paid already, please disregard this message."),
        "A reminder of invoice {number}: {open} is still to be paid.\nDue date: {due}.",
    ),
    "statement": (
        "Statement from {first} to {last}",
        "The statement of {customer} from {first} to {last} is attached.\nBalance: {balance}.",
        "",
    ),
    "dispute_answered": ("Your objection to {number}", "Your objection to invoice {number} was answered.", ""),
    "dispute_closed": ("Your objection to {number} is settled", "Your objection to invoice {number} is settled.", ""),
    "change_accepted": ("Details changed", "The details of {customer} were changed as you asked.\n{what}", ""),
    "change_refused": (
        "Details not changed",
        "We could not change the details of {customer}.\n{what}\nReason: {reason}.",
        "",
    ),
    "document_shared": ("New document: {what}", "{company} shared a document with you: {what}.", ""),
    "link_renewed": ("New link to {number}", "Here is the new link to {number} that you asked for.", ""),
    "registration_approved": (
        "Welcome to the portal of {company}",
        ("Your registration was approved. Sign in with this e-mail address: we send you a one-time code, you need no "
         "password."),
        "",
    ),
    "registration_refused": (
        "Your registration at {company}",
        "Your registration was not approved.\nReason: {reason}.\n\nWe gladly answer any question.",
        "",
    ),
}  # fmt: skip
WORDS: Final = {kind: (subject, _HELLO + text, chat) for kind, (subject, text, chat) in _TEXTS.items()}

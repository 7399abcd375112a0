"""What people are told of: kinds of messages, what each may say, and who among a customer's people it is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rawabit.kit.marking import _, pgettext_lazy

EMAIL, BELL, PUSH = "email", "bell", "push"
CHANNELS: Final[Sequence[tuple[str, Any]]] = (
    (EMAIL, _("E-mail")), (BELL, pgettext_lazy("channel", "In the portal")), (PUSH, _("Notice on a device")),
)  # fmt: skip

# What a person may switch on and off.
GROUPS: Final[Mapping[str, Any]] = {
    "quotation": _("Quotations"),
    "order": pgettext_lazy("portal", "Orders"),
    "shipping": pgettext_lazy("messages about", "Shipments"),
    "invoice": _("Invoices"),
    "receipt": pgettext_lazy("messages about", "Payments and receipts"),
    "reminder": pgettext_lazy("messages about", "Reminders of invoices"),
    "statement": pgettext_lazy("messages about", "Statement every month"),
    "account": pgettext_lazy("messages about", "Account and documents"),
}
OFF_AT_FIRST: Final = frozenset({("statement", EMAIL), ("statement", BELL), ("statement", PUSH)})
# Groups that only those who pay, or only those who buy, are ever told of.
FOR_PAYING: Final = frozenset({"invoice", "receipt", "reminder", "statement"})
FOR_BUYING: Final = frozenset({"quotation", "order", "shipping"})

# Who at a customer: roles of portal users, roles of contacts.
AUDIENCES: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "buying": (frozenset({"owner", "buyer"}), frozenset({"purchasing", "decision_maker"})),
    "goods": (frozenset({"owner", "buyer"}), frozenset({"purchasing", "receiving"})),
    "money": (frozenset({"owner", "finance"}), frozenset({"finance"})),
    "account": (frozenset({"owner"}), frozenset({"owner"})),
}

COMMON: Final = ("name", "customer", "company")
PLACEHOLDERS: Final[Mapping[str, Any]] = {
    "name": _("Name of the reader"),
    "customer": _("Name of the customer"),
    "company": _("Name of our company"),
    "number": _("Number of the document"),
    "date": _("Date of the document"),
    "total": _("Total including VAT"),
    "until": _("Valid until"),
    "due": _("Due date"),
    "open": _("Amount due"),
    "amount": _("Amount"),
    "day": _("Expected delivery"),
    "order": _("Number of the order"),
    "invoice": _("Number of the invoice"),
    "carrier": _("Carrier"),
    "tracking": _("Tracking number"),
    "reason": _("Reason"),
    "by": _("Who decided"),
    "what": _("What it is about"),
    "first": _("First day"),
    "last": _("Last day"),
    "balance": _("Balance"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message. ``says``: the placeholders it knows besides :data:`COMMON`; ``shows``: those of them that
    stand as a table below the text; ``button``: words of the one thing to do; ``paper``: the document is attached."""

    code: str
    label: Any
    group: str
    audience: str
    says: tuple[str, ...]
    shows: tuple[str, ...]
    button: Any
    paper: bool = False
    whatsapp: bool = False

    @property
    def placeholders(self) -> tuple[str, ...]:
        return (*COMMON, *self.says)


_QUOTATION = _("View the quotation")
_ORDER = _("View the order")
_TRACK = _("Track the shipment")
_INVOICE = _("View the invoice")
_LOOK = pgettext_lazy("button of a message", "View")

_ALL: Final = (
    Kind("quotation_sent", _("Quotation sent"), "quotation", "buying", ("number", "date", "total", "until"),
         ("number", "total", "until"), _("Review and accept"), paper=True, whatsapp=True),
    Kind("quotation_accepted", _("Quotation accepted"), "quotation", "buying", ("number", "total", "by"),
         ("number", "total", "by"), _QUOTATION, paper=True),
    Kind("quotation_expired", _("Quotation expired"), "quotation", "buying", ("number", "until"), ("number", "until"),
         _QUOTATION),
    Kind("quotation_answered", _("Question about a quotation answered"), "quotation", "buying", ("number",),
         ("number",), _("Read the answer")),
    Kind("approval_asked", _("Approval of a quotation asked for"), "quotation", "account",
         ("number", "total", "until", "by"), ("number", "total", "until"), _("Review and accept")),
    Kind("quotation_signed", _("Signed copy for us"), "quotation", "buying", ("number", "total", "by"),
         ("number", "total", "by"), _QUOTATION, paper=True),
    Kind("order_answered", _("Question about an order answered"), "order", "buying", ("number",), ("number",),
         _("Read the answer")),
    Kind("order_confirmed", _("Order confirmed"), "order", "buying", ("number", "date", "total", "day"),
         ("number", "total", "day"), _ORDER, paper=True, whatsapp=True),
    Kind("order_promise", _("Expected delivery changed"), "order", "buying", ("number", "day", "reason"),
         ("number", "day", "reason"), _ORDER),
    Kind("order_held", _("Order on hold"), "order", "buying", ("number",), ("number",), _ORDER),
    Kind("order_cancelled", _("Order cancelled"), "order", "buying", ("number", "reason"), ("number", "reason"),
         _ORDER),
    Kind("delivery_shipped", _("Shipment on its way"), "shipping", "goods",
         ("number", "order", "carrier", "tracking", "day"), ("order", "carrier", "tracking", "day"), _TRACK,
         whatsapp=True),
    Kind("delivery_out", _("Out for delivery"), "shipping", "goods", ("number", "order", "carrier", "tracking"),
         ("order", "carrier", "tracking"), _TRACK),
    Kind("delivery_delivered", _("Shipment delivered"), "shipping", "goods", ("number", "order", "by"),
         ("order", "by"), _("View the shipment"), paper=True),
    Kind("invoice_posted", _("Invoice issued"), "invoice", "money", ("number", "date", "total", "due"),
         ("number", "total", "due"), _INVOICE, paper=True, whatsapp=True),
    Kind("credit_note_posted", _("Credit note issued"), "invoice", "money", ("number", "date", "total", "invoice"),
         ("number", "total", "invoice"), _("View the credit note"), paper=True, whatsapp=True),
    Kind("payment_receipt", _("Payment received"), "receipt", "money", ("number", "date", "amount"),
         ("number", "amount", "date"), _("View the receipt"), paper=True, whatsapp=True),
    Kind("transfer_accepted", _("Transfer confirmed"), "receipt", "money", ("amount",), ("amount",), _LOOK),
    Kind("transfer_refused", _("Transfer not found"), "receipt", "money", ("amount", "reason"), ("amount", "reason"),
         _LOOK),
    Kind("invoice_reminder", _("Reminder of an invoice"), "reminder", "money", ("number", "open", "total", "due"),
         ("number", "open", "due"), _INVOICE, paper=True, whatsapp=True),
    Kind("statement", _("Monthly statement"), "statement", "money", ("first", "last", "balance"),
         ("first", "last", "balance"), _("View the statement"), paper=True),
    Kind("dispute_answered", _("Answer to your objection"), "invoice", "money", ("number",), ("number",),
         _("Read the answer")),
    Kind("dispute_closed", _("Objection settled"), "invoice", "money", ("number",), ("number",), _LOOK),
    Kind("change_accepted", _("Change made"), "account", "account", ("what",), ("what",), _LOOK),
    Kind("change_refused", _("Change not made"), "account", "account", ("what", "reason"), ("what", "reason"), _LOOK),
    Kind("document_shared", _("Document shared"), "account", "account", ("what",), ("what",), _LOOK),
    Kind("link_renewed", _("New link to a document"), "account", "account", ("number",), ("number",),
         _("View the document")),
    Kind("registration_approved", _("Registration approved"), "account", "account", (), (), _("Sign in")),
    Kind("registration_refused", _("Registration refused"), "account", "account", ("reason",), ("reason",), None),
)  # fmt: skip
KINDS: Final[Mapping[str, Kind]] = {kind.code: kind for kind in _ALL}

# Which event makes which message for the customer's people.
OF_EVENTS: Final[Mapping[str, str]] = {
    "quotation.sent": "quotation_sent",
    "quotation.accepted": "quotation_accepted",
    "quotation.expired": "quotation_expired",
    "quotation.question_answered": "quotation_answered",
    "quotation.approval_asked": "approval_asked",
    "order.question_answered": "order_answered",
    "order.confirmed": "order_confirmed",
    "order.promise_changed": "order_promise",
    "order.held": "order_held",
    "order.cancelled": "order_cancelled",
    "delivery.shipped": "delivery_shipped",
    "delivery.out": "delivery_out",
    "delivery.delivered": "delivery_delivered",
    "invoice.posted": "invoice_posted",
    "invoice.reminded": "invoice_reminder",
    "credit_note.posted": "credit_note_posted",
    "payment.recorded": "payment_receipt",
    "transfer.accepted": "transfer_accepted",
    "transfer.refused": "transfer_refused",
    "dispute.answered": "dispute_answered",
    "dispute.closed": "dispute_closed",
    "change.accepted": "change_accepted",
    "change.refused": "change_refused",
    "document.shared": "document_shared",
    "registration.approved": "registration_approved",
    "registration.refused": "registration_refused",
}

# Lines in a customer's bell.
BELL_WORDS: Final[Mapping[str, Any]] = {
    "quotation_sent": _("Quotation %(number)s is ready for you."),
    "quotation_accepted": _("Quotation %(number)s was accepted."),
    "quotation_expired": _("Quotation %(number)s has expired."),
    "quotation_answered": _("Your question about quotation %(number)s was answered."),
    "order_confirmed": _("Order %(number)s is confirmed."),
    "order_promise": _("The expected delivery of order %(number)s has changed."),
    "order_held": _("Order %(number)s is on hold for now."),
    "order_cancelled": _("Order %(number)s was cancelled."),
    "delivery_shipped": _("Shipment %(number)s of order %(order)s is on its way."),
    "delivery_out": _("Shipment %(number)s is out for delivery today."),
    "delivery_delivered": _("Shipment %(number)s was delivered."),
    "invoice_posted": _("Invoice %(number)s was issued."),
    "credit_note_posted": _("Credit note %(number)s was issued."),
    "payment_receipt": _("Your payment has arrived. Receipt %(number)s."),
    "transfer_accepted": _("Your transfer was confirmed."),
    "transfer_refused": _("We did not find your transfer."),
    "invoice_reminder": _("Invoice %(number)s is still open."),
    "dispute_answered": _("Your objection to %(number)s was answered."),
    "dispute_closed": _("Your objection to %(number)s is settled."),
    "change_accepted": _("Your details were changed as you asked."),
    "change_refused": _("Your details were not changed."),
    "document_shared": _("A document was shared with you: %(what)s"),
    "portal_granted": _("You may use the portal for %(customer)s."),
}

# Lines in a colleague's bell.
COLLEAGUE_WORDS: Final[Mapping[str, Any]] = {
    "quotation.accepted": _("%(customer)s accepted quotation %(number)s."),
    "quotation.declined": _("%(customer)s declined quotation %(number)s."),
    "quotation.question_asked": _("%(customer)s asks something about quotation %(number)s."),
    "quotation.renewal_requested": _("%(customer)s wants quotation %(number)s renewed."),
    "transfer.reported": _("%(customer)s reports a transfer."),
    "dispute.opened": _("%(customer)s objects to invoice %(number)s."),
    "change.requested": _("%(customer)s wants details changed."),
    "registration.requested": _("%(who)s wants to use the portal."),
    "document.received": _("%(customer)s sent a document: %(what)s"),
    "link.renewal": _("%(who)s asks for a new link: %(what)s"),
    "message.failed": _("A message to %(address)s did not arrive."),
}
# Which permission makes a colleague hear of it, where the customer's own account manager is not enough.
ALSO_HEARD_BY: Final[Mapping[str, str]] = {
    "transfer.reported": "billing.add_payment",
    "dispute.opened": "billing.add_payment",
    "change.requested": "crm.change_customer",
    "registration.requested": "crm.add_portalaccess",
}

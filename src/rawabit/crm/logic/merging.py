"""What becomes of everything that points to a customer or a person when two of them are made one. Pure data.

Every key to a customer or a contact, of any module, is named here by its label: a test fails when a new table is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

UNDO_FOR = timedelta(days=30)
MOVES, STAYS, BINDS = "moves", "stays", "binds"


@dataclass(frozen=True, slots=True)
class Fate:
    """``how`` for rows that fit ``open_while`` (all rows when None); ``otherwise`` for the rest. A row that *binds*
    belongs to its record for ever (a posted paper, an entry of the books, a signature): its record cannot be merged
    away."""

    how: str = MOVES
    open_while: Mapping[str, Any] | None = None
    otherwise: str = STAYS


MOVE, STAY, BIND = Fate(), Fate(STAYS), Fate(BINDS)
DRAFTS = {"state": "draft"}
UNSIGNED = {"acceptances": None}

CUSTOMER: Mapping[str, Fate] = {
    "crm.Customer.parent": MOVE,
    "crm.Customer.merged_into": STAY,
    "crm.Identifier.customer": MOVE,
    "crm.Address.customer": MOVE,
    "crm.Affiliation.customer": MOVE,
    "crm.CustomerRelation.from_customer": MOVE,
    "crm.CustomerRelation.to_customer": MOVE,
    "crm.PortalAccess.customer": MOVE,
    "crm.HeldInvitation.customer": MOVE,
    "crm.ChangeRequest.customer": MOVE,
    "ledger.Entry.customer": BIND,
    "ledger.Balance.customer": STAY,  # without entries it is nothing; with them the entries bind
    "pipeline.Opportunity.customer": MOVE,
    "pipeline.OpportunityPartner.partner": MOVE,
    "leads.Lead.customer": MOVE,
    "talks.Activity.customer": MOVE,
    "mailroom.ReceivedMail.customer": MOVE,
    "sales.Quotation.customer": Fate(MOVES, UNSIGNED, BINDS),
    "sales.Order.customer": Fate(MOVES, DRAFTS, BINDS),
    "sales.Acceptance.customer": BIND,
    "sales.Question.customer": BIND,
    "shipping.Delivery.customer": BIND,
    "billing.Invoice.customer": Fate(MOVES, DRAFTS, BINDS),
    "billing.Payment.customer": Fate(MOVES, DRAFTS, BINDS),
    "billing.TransferReport.customer": BIND,
    "billing.Dispute.customer": MOVE,
    "portal.Registration.customer": MOVE,
    "portal.SharedDocument.customer": MOVE,
    "portal.Agreement.customer": BIND,
    "portal.ReceivedDocument.customer": MOVE,
}

CONTACT: Mapping[str, Fate] = {
    "crm.Contact.merged_into": STAY,
    "crm.Affiliation.contact": MOVE,
    "crm.ContactRelation.from_contact": MOVE,
    "crm.ContactRelation.to_contact": MOVE,
    "crm.PortalAccess.contact": MOVE,
    "pipeline.Opportunity.contact": MOVE,
    "pipeline.OpportunityContact.contact": MOVE,
    "leads.Lead.contact": MOVE,
    "leads.Arrival.contact": MOVE,
    "talks.Activity.contact": MOVE,
    "mailroom.ReceivedMail.contact": MOVE,
    "talks.Attendee.contact": MOVE,
    "talks.ChatFile.contact": MOVE,
    "sales.Quotation.contact": MOVE,
    "sales.Order.contact": MOVE,
    "billing.Invoice.contact": Fate(MOVES, DRAFTS, STAYS),
}

# What hangs on any record by its kind and key. Events are the history of the record they happened to.
HANGING: Mapping[str, Fate] = {
    "kit_records.Event.subject": STAY,
    "kit_records.Comment.subject": MOVE,
    "kit_records.Attachment.subject": MOVE,
    "kit_records.Assignment.subject": MOVE,
    "kit_links.Link.subject": MOVE,
    "kit_outbox.Message.subject": MOVE,
    "talks.Activity.subject": MOVE,
    "mailroom.ReceivedMail.subject": MOVE,
    "talks.LastLook.subject": STAY,
}

# Keys kept as plain numbers, by modules that know no customer.
PLAIN: Mapping[str, Mapping[str, Fate]] = {
    "customer": {"kit_outbox.Message.owner_key": MOVE},
    "contact": {"kit_links.Link.contact_id": MOVE, "sales.Acceptance.contact_id": STAY},
}
KEYS: Mapping[str, Mapping[str, Fate]] = {"customer": CUSTOMER, "contact": CONTACT}

# The fields that a person chooses between, side by side.
CUSTOMER_FIELDS = (
    "name", "name_ar", "name_fa", "name_en", "trade_name", "kind", "parent", "country", "language", "phone", "email",
    "website", "preferred_channel", "whatsapp_ok", "contact_from", "contact_until", "considerations", "territory",
    "group", "owner", "payment_terms", "price_list", "credit_limit", "on_hold",
)  # fmt: skip
CONTACT_FIELDS = (
    "full_name", "name_en", "honorific", "known_as", "mobile", "phone", "email", "language", "preferred_channel",
    "whatsapp_ok", "considerations", "owner",
)  # fmt: skip
FIELDS: Mapping[str, tuple[str, ...]] = {"customer": CUSTOMER_FIELDS, "contact": CONTACT_FIELDS}
# What not everybody who merges may decide.
GUARDED = {"owner": "crm.set_owner", "credit_limit": "crm.set_credit", "on_hold": "crm.set_credit"}

WINNER, LOSER, BOTH = "winner", "loser", "both"
JOINED = ("considerations",)  # texts of which both may stay


def first_choice(mine: Any, other: Any) -> str:
    """What is chosen until somebody chooses: the winner's, unless he has nothing there."""
    return LOSER if mine in (None, "") and other not in (None, "") else WINNER


def chosen_value(choice: str, mine: Any, other: Any) -> Any:
    """The value that stays."""
    if choice == BOTH:
        return "\n".join(dict.fromkeys(text for text in (mine, other) if text))
    return other if choice == LOSER else mine

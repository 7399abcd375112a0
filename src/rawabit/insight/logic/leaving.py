"""What a colleague who leaves hands over. Pure data: every key to a person, of any module, is named here by its label,
and a test fails when a new table is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Share:
    """Rows that are handed over: those that fit ``narrow``; ``territory`` is the path to the territory that may decide
    who gets them. With ``told`` the history of each record says so."""

    territory: str = ""
    narrow: Mapping[str, Any] = field(default_factory=dict)
    told: bool = False


SHARES: Mapping[str, Share] = {
    "crm.Customer.owner": Share("territory", {"merged_into": None}, told=True),
    "crm.Contact.owner": Share("", {"merged_into": None}),
    "pipeline.Opportunity.owner": Share("customer__territory", {"state": "open"}, told=True),
    "leads.Lead.owner": Share("territory", {"state__in": ("new", "working", "qualified")}, told=True),
    "sales.Quotation.owner": Share("customer__territory", {"state__in": ("draft", "sent")}),
    "sales.Order.owner": Share("customer__territory", {"state__in": ("draft", "confirmed", "held")}),
    "talks.Activity.assignee": Share("customer__territory", {"done_at": None, "cancelled_at": None}),
    "mailroom.ReceivedMail.owner": Share("customer__territory", {"handled_at": None}),
    "kit_records.Assignment.user": Share("", {"done_at": None}),
    "leads.AssignmentRule.person": Share(),
    "leads.WebForm.owner": Share(),
    "crm.Territory.manager": Share(),
    "crm.Territory_members.user": Share(),
    "identity.Team.leader": Share(),
    "identity.Team_members.user": Share(),
}

# What stays a person's own: what he did, signed, read or is reached by.
OWN = frozenset({
    "account.EmailAddress.user", "usersessions.UserSession.user", "kit_records.Event.actor",
    "kit_records.Comment_mentions.user", "kit_records.Comment.author", "kit_records.Attachment.by",
    "kit_records.Assignment.by", "kit_records.Notice.user", "kit_records.SavedView.owner", "kit_links.Link.made_by",
    "kit_outbox.PushSubscription.user", "kit_outbox.Message.user", "kit_paper.Bundle.user", "identity.Membership.user",
    "crm.PortalAccess.user", "crm.ChangeRequest.asked_by", "crm.ChangeRequest.decided_by", "crm.Merge.by",
    "crm.Handover.person", "crm.Handover.by", "leads.LeadKey.owner", "leads.AssignmentRule.last_given",
    "talks.Activity.owner", "talks.Attendee.user", "talks.LastLook.user", "talks.ChatFile.owner",
    "mailroom.SentMail.by", "sales.Acceptance.user", "sales.Question.user", "sales.Reply.user",
    "shipping.Delivery.owner",
    "billing.Invoice.owner", "billing.Payment.owner", "billing.TransferReport.by", "billing.Dispute.by",
    "billing.DisputeMessage.by", "connect.ImportFile.owner", "telling.Preference.user",
    "portal.Registration.decided_by", "portal.Agreement.user", "portal.ReceivedDocument.sent_by",
    "portal.ReceivedDocument.seen_by",
})  # fmt: skip

AT_ONCE = 200  # more are handed over behind the page
PIECE = 500
UNDO_DAYS = 30

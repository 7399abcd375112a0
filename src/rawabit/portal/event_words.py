"""What happened, in words for the customer's own log. Only what stands here is shown there: comments, credit decisions
and whatever else colleagues do among themselves have no words and so do not appear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rawabit.kit.marking import _, pgettext_lazy

CUSTOMER_WORDS: Mapping[str, Any] = {
    "quotation.accepted": pgettext_lazy("your log", "Accepted the quotation"),
    "quotation.declined": pgettext_lazy("your log", "Declined the quotation"),
    "quotation.question_asked": pgettext_lazy("your log", "Asked about the quotation"),
    "quotation.renewal_requested": pgettext_lazy("your log", "Asked for a new quotation"),
    "quotation.requested": pgettext_lazy("your log", "Asked for a quotation"),
    "order.created": pgettext_lazy("your log", "Placed the order"),
    "order.reordered": pgettext_lazy("your log", "Ordered again"),
    "order.change_requested": pgettext_lazy("your log", "Asked to change the order"),
    "transfer.reported": pgettext_lazy("your log", "Reported a bank transfer"),
    "dispute.opened": pgettext_lazy("your log", "Disputed an invoice"),
    "document.received": pgettext_lazy("your log", "Sent a document"),
    "customer.address_set": pgettext_lazy("your log", "Saved a delivery address"),
    "customer.address_removed": pgettext_lazy("your log", "Removed a delivery address"),
    "change.requested": pgettext_lazy("your log", "Asked for a change"),
    "change.withdrawn": pgettext_lazy("your log", "Withdrew a change request"),
    "portal.granted": pgettext_lazy("your log", "Gave access"),
    "portal.held": pgettext_lazy("your log", "Gave access"),
    "portal.role_changed": pgettext_lazy("your log", "Changed a role"),
    "portal.revoked": pgettext_lazy("your log", "Took access away"),
    "file.attached": pgettext_lazy("your log", "Sent a file"),
}
BY_LINK = _("By a link")

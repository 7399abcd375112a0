"""The trace of a message in words."""

from __future__ import annotations

from typing import Any

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.text import fsi
from rawabit.mailroom.models import ReceivedMail

REASONS: dict[str, Any] = {
    "automatic": _("An automatic answer"), "list": _("A newsletter or mailing list"),
    "bounce": _("A report about mail that did not arrive"), "no_reply": _("A sender who reads no answers"),
    "own": _("Sent by ourselves"), "loop": _("It went round in a circle"), "double": _("The same message once more"),
    "unreadable": _("It could not be read; the raw message is kept"),
    "unknown": _("Nobody whom we know"), "person": _("Set aside by a colleague"),
    "trouble": _("It could not be filed; a colleague decides"),
}  # fmt: skip
RULES: dict[str, Any] = {
    "size": _("Size"), "automatic": _("Written by a program?"), "token": _("Our answer address"),
    "reference": _("Answer to a message of ours"), "number": _("Document number in the subject"),
    "contact": _("Known contact"), "lead": _("Open lead"), "new_lead": _("Unknown sender"),
    "person": pgettext_lazy("trace of a mail", "A colleague"),
}  # fmt: skip
WHY: dict[tuple[str, str], Any] = {
    ("size", "too_large"): _("Larger than 25 MB: it was left on the server."),
    ("token", "proved"): _("The address it was sent to was made for this record and this sender."),
    ("token", "foreign"): _("There is a token in the address, but it was not made for this sender."),
    ("token", "none"): _("The address it was sent to carries no token of ours."),
    ("reference", "proved"): _("It answers “%(what)s”, which we sent to this address."),
    ("reference", "foreign"): _("It names a message of ours, but that one went to another address."),
    ("reference", "none"): _("It answers no message of ours."),
    ("number", "found"): _("The subject names %(what)s, a document of the sender's customer."),
    ("number", "none"): _("The subject names no document of the sender's customer."),
    ("number", "unknown_sender"): _("Not looked at: the sender is no known contact."),
    ("contact", "found"): _("The address is that of %(what)s."),
    ("contact", "customer"): _("The address is that of the customer %(what)s."),
    ("contact", "none"): _("No contact has this address."),
    ("lead", "found"): _("The address is that of the open lead %(what)s."),
    ("lead", "none"): _("No open lead has this address."),
    ("new_lead", "made"): _("The mailbox is for sales: a lead was made."),
    ("new_lead", "support"): _("The mailbox is not for sales: it waits in the inbox."),
    ("new_lead", "no_sender"): _("It does not say whom it is from."),
    ("person", "moved"): _("%(who)s filed it under %(what)s."),
    ("person", "aside"): _("%(who)s set it aside."),
    ("person", "undone"): _("%(who)s put it back where it was."),
}  # fmt: skip


def reason_of(mail: ReceivedMail) -> str:
    return str(REASONS.get(mail.reason, "")) if mail.reason else ""


def trace_of(mail: ReceivedMail) -> list[tuple[bool, str, str]]:
    """(whether it decided, the rule, what it found), in the order in which the rules were tried."""
    rows = []
    for step in mail.trace:
        words = WHY.get((step["rule"], step["why"])) or REASONS.get(step["why"], "")
        facts = {name: fsi(str(value)) for name, value in step["facts"].items()}
        rows.append((bool(step["hit"]), str(RULES.get(step["rule"], "")), str(words) % facts if words else ""))
    return rows

"""Mailboxes are looked into, mail is taken over, read, filed, moved and answered."""

from rawabit.mailroom.actions.boxes import save_mailbox, test_mailbox
from rawabit.mailroom.actions.fetching import FETCH, fetch_due, fetch_mailbox
from rawabit.mailroom.actions.reading import READ, read_mail
from rawabit.mailroom.actions.sorting import (
    file_to_contact,
    file_to_deal,
    file_to_lead,
    make_lead,
    mark_handled,
    reopen,
    set_aside,
    take,
    undo,
)
from rawabit.mailroom.actions.writing import answer, write_to

__all__ = [
    "FETCH", "READ", "answer", "fetch_due", "fetch_mailbox", "file_to_contact", "file_to_deal", "file_to_lead",
    "make_lead", "mark_handled", "read_mail", "reopen", "save_mailbox", "set_aside", "take", "test_mailbox", "undo",
    "write_to",
]  # fmt: skip

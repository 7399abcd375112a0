"""A real IMAP server, emptied before each test."""

from __future__ import annotations

import pytest
from django.utils import translation

from tests.mailroom.dovecot import Dovecot, require_dovecot


@pytest.fixture(autouse=True)
def _in_english():
    """What is said here is compared with the English words."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def dovecot():
    require_dovecot()
    server = Dovecot().start()
    yield server
    server.close()


@pytest.fixture
def imap(dovecot, settings):
    """The server, with an empty mailbox, and the program told that it may ask it."""
    settings.OUTBOUND_PRIVATE_ALLOWED = True
    settings.MAILBOX_CA_FILE = dovecot.ca
    link = dovecot.link()
    if link.select("INBOX")[1][0] != b"0":
        link.store("1:*", "+FLAGS", r"(\Deleted)")
        link.expunge()
    link.logout()
    return dovecot

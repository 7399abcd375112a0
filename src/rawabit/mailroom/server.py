"""Talking to a mail server (IMAP). The way out is as narrow as that of ``kit.outbox.client``: public addresses only,
the name resolved once, no word of a person's that could begin another command."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from imap_tools.imap_utf7 import utf7_encode

from rawabit.kit.marking import _
from rawabit.kit.outbox.client import Unreachable, private_allowed, public_address
from rawabit.mailroom.models import Mailbox
from rawabit.mailroom.sealing import unseal

PORTS = frozenset({143, 993})
SECONDS = 20.0
LARGEST = 25 * 2**20
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class Away(Exception):
    """The server cannot be asked now. The text says why, in words for people."""


class _Way:
    """Connect to the one address that was checked, whatever the name says now; and never read more than is wanted."""

    checked: str
    context: ssl.SSLContext
    host: str
    port: int

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self.checked, self.port), timeout)
        return self.context.wrap_socket(plain, server_hostname=self.host) if self.tls else plain

    tls = False

    def read(self, size: int) -> bytes:
        if size > LARGEST + 2**16:
            raise imaplib.IMAP4.abort("more than was asked for")
        return super().read(size)  # type: ignore[misc]


class _Plain(_Way, imaplib.IMAP4):
    pass


class _Secure(_Way, imaplib.IMAP4):
    tls = True


def context_for(host: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=getattr(settings, "MAILBOX_CA_FILE", None))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@contextmanager
def connected(box: Mailbox) -> Iterator[Server]:
    """The mailbox's folder, open. :class:`Away` with words for everything that goes wrong, also in the block."""
    link: Any = None
    password = unseal(box.sealed)
    try:
        link = _open(box)
        yield Server(link, _enter(link, box, password))
    except Unreachable as error:
        raise Away(str(REASONS.get(str(error).split(":")[0], REASONS["network"])))
    except ssl.SSLError as error:
        raise Away(str(_("The server's certificate or encryption is not right: %(why)s") % {"why": error.reason or ""}))
    except (imaplib.IMAP4.error, OSError, UnicodeError, ValueError) as error:
        raise Away(str(_("The connection broke off: %(why)s") % {"why": shown(error)}))
    finally:
        _leave(link)


REASONS: dict[str, Any] = {
    "address": _("This is not the name of a server."),
    "forbidden": _("This address may not be asked: it is not a public one, or the port is not one of mail."),
    "unknown": _("There is no server of this name."),
    "network": _("The server does not answer."),
}


def shown(error: BaseException) -> str:
    """An error's words without line breaks, at most so long."""
    words = error.args[0] if error.args else error
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return _CONTROL.sub(" ", text)[:200]


def _open(box: Mailbox) -> Any:
    if box.port not in PORTS and not private_allowed():
        raise Unreachable("forbidden", f"port {box.port}")
    kind: Any = _Secure if box.security == "tls" else _Plain
    found = type(
        kind.__name__, (kind,), {"checked": public_address(box.host, box.port), "context": context_for(box.host)}
    )
    try:
        link = found(box.host, box.port, SECONDS)
        if box.security == "starttls":
            link.starttls(context_for(box.host))
    except TimeoutError:
        raise Unreachable("network")
    except ConnectionError:
        raise Unreachable("network")
    return link


def _enter(link: Any, box: Mailbox, password: str) -> tuple[int, int]:
    """Sign in and open the folder; answers its validity and the number that the next message gets."""
    try:
        link.authenticate("PLAIN", lambda _: f"\0{box.username}\0{password}".encode())
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        raise Away(str(_("The server does not accept this user name and password.")))
    name = utf7_encode(_CONTROL.sub("", box.folder)).decode("ascii").replace("\\", "\\\\").replace('"', '\\"')
    answer, _data = link.select(f'"{name}"')
    if answer != "OK":
        raise Away(str(_("There is no folder of this name in the mailbox.")))
    return _number(link, "UIDVALIDITY"), _number(link, "UIDNEXT")


def _number(link: Any, name: str) -> int:
    found = link.response(name)[1][0]
    return int(found) if found else 0


def _leave(link: Any) -> None:
    if link is not None:
        try:
            link.logout()
        except (imaplib.IMAP4.error, OSError):
            pass


class Server:
    """An open folder."""

    def __init__(self, link: Any, numbers: tuple[int, int]) -> None:
        self._link, (self.uidvalidity, self.next_uid) = link, numbers

    def after(self, uid: int) -> list[int]:
        """The numbers of the messages that came after this one, in order."""
        data = self._ask("SEARCH", None, f"UID {uid + 1}:*")
        words = b" ".join(part for part in data if part).split()
        # "n:*" names the last message even when it is older than n.
        return sorted({int(word) for word in words if word.isdigit() and int(word) > uid})

    def size(self, uid: int) -> int | None:
        """Its size in bytes; None when it is not there any more."""
        for part in self._ask("FETCH", str(uid), "(RFC822.SIZE)"):
            found = _SIZE.search(part if isinstance(part, bytes) else part[0]) if part else None
            if found:
                return int(found.group(1))
        return None

    def raw(self, uid: int) -> bytes | None:
        """The message as it came, without marking it as read; None when it is not there any more."""
        for part in self._ask("FETCH", str(uid), "(BODY.PEEK[])"):
            if isinstance(part, tuple):
                return bytes(part[1])
        return None

    def mark(self, uids: Sequence[int]) -> None:
        """These are taken over: marked as read, nothing else."""
        for start in range(0, len(uids), 100):
            self._ask("STORE", ",".join(str(uid) for uid in uids[start : start + 100]), "+FLAGS.SILENT", r"(\Seen)")

    def _ask(self, *words: Any) -> list[Any]:
        answer, data = self._link.uid(*words)
        if answer != "OK":
            raise imaplib.IMAP4.error(data[0] if data and data[0] else "refused")
        return list(data)

"""A real mail server on this machine, which can be told to answer badly."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class PostOffice:
    """``mails`` is what was accepted. ``answers`` are given in turn to mails that come: an SMTP line, or "die" to take
    the mail and break the connection before answering; without any, everything is accepted."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.offered: list[str] = []
        self.answers: list[str] = []
        self.senders: list[str] = []
        self.refuse_recipient = ""
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port(), server_kwargs={"timeout": 20})

    def start(self) -> PostOffice:
        self._controller.start()
        return self

    def stop(self) -> None:
        self._controller.stop(no_assert=True)

    @property
    def port(self) -> int:
        return int(self._controller.port)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.refuse_recipient:
            return self.refuse_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail: Any = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.offered.append(mail["Message-ID"])
        self.senders.append(envelope.mail_from)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250") or answer == "die":
            self.mails.append(mail)
        if answer == "die":
            server.transport.close()
            await asyncio.sleep(0)
            return "421 gone"
        return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())

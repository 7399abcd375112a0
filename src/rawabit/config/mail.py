"""Where mail goes when no SMTP server is configured: into a folder, so that nothing is lost and codes can be read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class FolderBackend(BaseEmailBackend):
    """Write each message as one ``.eml`` file into ``<data>/mail``. The same message twice is one file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = settings.DATA / "mail"
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            text: Any = message.message()
            name = hashlib.sha256(text["Message-ID"].encode()).hexdigest()[:32]
            (folder / f"{name}.eml").write_bytes(text.as_bytes())
        return len(email_messages)

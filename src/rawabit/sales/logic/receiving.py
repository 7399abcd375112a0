"""Who receives goods, where: written as one text on the papers. Pure."""

from __future__ import annotations

import re

PHONE = re.compile(r"\+?[\d\s()-]{6,20}")


def deliver_to(receiver: str, place: str, phone: str) -> str:
    """Receiver, place and phone, a line each; what is unknown is left out."""
    return "\n".join(part for part in (_one_line(receiver), place.strip(), _one_line(phone)) if part)


def receiver_in(text: str, place: str) -> tuple[str, str]:
    """(receiver, phone) as :func:`deliver_to` wrote them around ``place``."""
    lines = [line for line in text.split("\n") if line.strip()]
    phone = lines.pop() if lines and PHONE.fullmatch(lines[-1].strip()) else ""
    receiver = lines[0] if len(lines) > 1 or (lines and not place) else ""
    return ("" if receiver == place else receiver), phone


def _one_line(text: str) -> str:
    return " ".join(text.split())

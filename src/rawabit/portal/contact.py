"""Whom the customer asks: his account manager, else the company."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from rawabit.kit.phones import whatsapp_link
from rawabit.portal.account import Account


def contact_of(request: HttpRequest, account: Account | None, about: str = "", colleague: Any = None) -> dict[str, Any]:
    """Name, phone, e-mail and a WhatsApp link that begins the message with the document's number.

    ``colleague`` is whoever looks after the document; without one the customer's account manager is named."""
    company = request.company  # type: ignore[attr-defined]
    owner = colleague or (account.customer.owner if account else None)
    words = gettext("About %(number)s: ") % {"number": about} if about else ""
    number = company.whatsapp or company.phone
    return {
        "name": owner.full_name if owner else "",
        "phone": (owner.phone if owner else "") or company.phone,
        "email": (owner.email if owner else "") or company.email,
        "whatsapp": whatsapp_link(number, words) if number else "",
    }

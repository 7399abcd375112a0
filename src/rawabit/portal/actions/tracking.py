"""The link to an order for somebody who knows its number and the address or phone on file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from rawabit.company.queries import company_now
from rawabit.crm.models import Affiliation, Contact
from rawabit.kit.links.actions import Holder, share
from rawabit.kit.phones import NotAPhone, parse_phone
from rawabit.kit.records.actions import emit
from rawabit.kit.records.actor import system
from rawabit.sales.models import Order

HIDDEN = ("draft",)
MOST_DAYS = 30


def send_track_link(args: Mapping[str, Any], at: datetime) -> None:
    """The work of a background job: ``order`` and ``contact`` as they were typed. What fits nothing ends here."""
    order = Order.objects.filter(number__iexact=str(args["order"]).strip()).exclude(state__in=HIDDEN).first()
    if order is None:
        return
    holder = _holder(order, str(args["contact"]))
    if holder is None or not holder.email:
        return
    days = min(company_now().link_days, MOST_DAYS)
    link = share(order, purpose="view", holder=holder, days=days, actor=system(), at=at)
    # Who hears of it sends the address of the link to the address on file.
    emit("link.renewal", order, actor=system(), at=at, link=link.pk, holder=str(link), purpose=link.purpose)


def _holder(order: Order, typed: str) -> Holder | None:
    """Who at the order's customer has this address or phone; the link goes to the address on file, never to what was
    typed."""
    typed = typed.strip()
    phone = _phone(typed)
    by = Q(email__iexact=typed) if "@" in typed else Q(phone=phone) | Q(mobile=phone)
    if not phone and "@" not in typed:
        return None
    people = Affiliation.objects.filter(customer=order.customer_id).values("contact")
    contact = Contact.objects.filter(by, pk__in=people, is_active=True).exclude(email="").first()
    if contact is not None:
        return Holder(contact.full_name, contact.email, contact.mobile, contact.language, contact_id=contact.pk)
    customer = order.customer
    known = customer.email.lower() == typed.lower() or (phone and customer.phone == phone)
    return (
        Holder(str(customer), customer.email, customer.phone, customer.language) if known and customer.email else None
    )


def _phone(typed: str) -> str:
    try:
        return parse_phone(typed, company_now().country)
    except NotAPhone:
        return ""

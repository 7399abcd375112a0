"""When every contact with an address may come in: his sign-in is made when he asks for a code, his access when he has
proved the address by it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from rawabit.company.queries import company_now
from rawabit.crm.actions import grant_portal_access
from rawabit.crm.logic.switches import open_role
from rawabit.crm.models import Affiliation, PortalAccess
from rawabit.identity.actions import create_customer_user
from rawabit.identity.models import CUSTOMER, User
from rawabit.identity.queries import user_by_email
from rawabit.kit.records.actor import system

OPEN = "all"


@transaction.atomic
def prepare_sign_in(email: str, *, at: datetime) -> bool:
    """Make the sign-in of a known contact who has none yet, so that a code can be sent to him. Nothing is let in by
    this. Answers whether one was made; whoever asks at the door is not told."""
    if company_now().portal_open != OPEN or user_by_email(email) is not None:
        return False
    held = _held_by(email).first()
    if held is None:
        return False
    contact = held.contact
    create_customer_user(
        email, contact.full_name, actor=system(), at=at, phone=contact.mobile or contact.phone,
        language=contact.language,
    )  # fmt: skip
    return True


@transaction.atomic
def open_doors(user: User, *, at: datetime) -> int:
    """Let a person who has just signed in stand for the customers at which he is known by his address. Access that was
    once given and withdrawn stays withdrawn. Answers for how many customers."""
    company = company_now()
    if company.portal_open != OPEN or user.kind != CUSTOMER or not user.is_active:
        return 0
    known = set(PortalAccess.objects.filter(user=user).values_list("customer_id", flat=True))
    fresh = {row.customer_id: row for row in _held_by(user.email) if row.customer_id not in known}
    _grant(fresh.values(), user, open_role(company.switches), at)
    return len(fresh)


def _grant(held: Iterable[Affiliation], user: User, role: str, at: datetime) -> None:
    for row in held:
        grant_portal_access(row.customer, user.email, user.full_name, role, contact=row.contact, actor=system(), at=at)


def _held_by(email: str):  # type: ignore[no-untyped-def]
    rows = Affiliation.objects.filter(
        contact__email__iexact=email.strip(), contact__is_active=True, customer__is_active=True
    )
    return rows.exclude(contact__email="").select_related("contact", "customer").order_by("-is_primary", "pk")

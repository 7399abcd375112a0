"""Who holds a link, and to which address a code or a new link is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rawabit.billing.models import Invoice, Payment
from rawabit.crm.models import Affiliation, Contact, Customer, PortalAccess
from rawabit.identity.models import User
from rawabit.kit.links.logic import Holder
from rawabit.kit.links.models import Link
from rawabit.kit.links.queries import links_among
from rawabit.sales.models import Order, Quotation
from rawabit.shipping.models import Delivery

SHOWN = 10


def address_on_file(link: Link) -> str:
    """The present address of the contact or person the link was made for; what was typed for anybody else. Never what
    the visitor says."""
    if link.contact_id:
        found = Contact.objects.filter(pk=link.contact_id).values_list("email", flat=True).first()
        return found or ""
    if link.user_id:
        active = User.objects.filter(pk=link.user_id, is_active=True)
        return active.values_list("email", flat=True).first() or ""
    return link.holder_email


def reader_of(link: Link) -> User | None:
    """The person with an own sign-in who holds the link: his calendar and digits are used."""
    return User.objects.filter(pk=link.user_id).only("language", "calendar", "digits").first() if link.user_id else None


def link_by_key(key: int) -> Link | None:
    return Link.objects.filter(pk=key).select_related("subject_type").first()


def seen_subject(link: Link, actor: Any) -> Any:
    """The link's record as far as the narrowed actor sees it; None when it is gone, or hidden from customers."""
    model: Any = link.subject_type.model_class()
    return model.objects.visible_to(actor).filter(pk=link.subject_id).first() if model else None


def people_at(customer: Any) -> list[Affiliation]:
    """The people of a customer with their roles, those with an address first."""
    rows = Affiliation.objects.filter(customer=customer).select_related("contact").order_by("-is_primary", "pk")
    return list(rows[:50])


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody a document can be sent to. ``role`` in words."""

    key: str
    holder: Holder
    role: str


def recipients_of(record: Any) -> list[Choice]:
    """The people of the record's customer: whoever is named on the record first, then the first to ask, the others, and
    portal users who are no contacts. Each once."""
    customer = record if isinstance(record, Customer) else record.customer
    named = getattr(record, "contact_id", None)
    found: dict[str, Choice] = {}
    for row in people_at(customer):
        person = row.contact
        if person.is_active and f"contact-{person.pk}" not in found:
            phone = person.mobile or person.phone
            holder = Holder(person.full_name, person.email, phone, person.language, contact_id=person.pk)
            found[f"contact-{person.pk}"] = Choice(f"contact-{person.pk}", holder, str(row.get_role_display()))
    known = {choice.holder.email.lower() for choice in found.values()}
    users = PortalAccess.objects.filter(customer=customer, is_active=True, user__is_active=True).select_related("user")
    for access in users.order_by("pk")[:50]:
        user = access.user
        if (access.contact_id and f"contact-{access.contact_id}" in found) or user.email.lower() in known:
            continue
        language = user.language or customer.language
        holder = Holder(user.full_name, user.email, user.phone, language, user_id=user.pk)
        found[f"user-{user.pk}"] = Choice(f"user-{user.pk}", holder, str(access.get_role_display()))
    return sorted(found.values(), key=lambda choice: choice.holder.contact_id != named or named is None)


def record_for(model: Any, actor: Any, key: int) -> Any:
    """One record of a kind that links lead to, as far as the colleague sees it."""
    rows = model.objects.visible_to(actor).filter(pk=key)
    return (rows if model is Customer else rows.select_related("customer")).first()


def links_about(customer: Customer, actor: Any) -> list[Link]:
    """The latest links to the customer's documents that the colleague sees."""
    kinds = [Quotation, Order, Delivery, Invoice, Payment]
    rows = [kind.objects.visible_to(actor).filter(customer=customer) for kind in kinds]
    own = Customer.objects.visible_to(actor).filter(pk=customer.pk)
    return list(links_among([own, *rows]).prefetch_related("subject")[:SHOWN])

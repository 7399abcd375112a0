"""Questions that hand-written pages of the desk ask: may this person, where is that record's page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rawabit.kit.display import active
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.records.actor import Actor
from rawabit.kit.screens.addresses import screens_of, url_of
from rawabit.kit.screens.columns import field_at

register = template.Library()


@register.filter
def may(actor: Actor, permission: str) -> bool:
    """``{% if request.actor|may:"crm.add_contact" %}``"""
    return actor.may(permission)


@register.filter
def may_change(actor: Actor, record: Model) -> bool:
    return actor.may(f"{record._meta.app_label}.change_{record._meta.model_name}")


@register.filter
def page_of(record: Model) -> str:
    """The address of a record's page; "" when its kind has none."""
    return url_of(record)


@register.filter
def slug_of(record: Model) -> str:
    """The beginning of the names of a record's addresses."""
    screens = screens_of(type(record))
    return screens.slug if screens else ""


DOORS: dict[str, Any] = {
    "desk": pgettext_lazy("door", "Desk"), "portal": pgettext_lazy("door", "Portal"),
    "public": pgettext_lazy("door", "Before signing in"), "job": pgettext_lazy("door", "By itself"),
    "import": pgettext_lazy("door", "Import"), "setup": pgettext_lazy("door", "Set-up"),
    "api": pgettext_lazy("door", "Interface"),
}  # fmt: skip


@register.filter
def door_words(door: str) -> str:
    """Through which door somebody came."""
    return str(DOORS.get(door, door))


# Facts that are no fields of the record they are told of. Keys of rows (user, …_id) say nothing to a reader.
FACTS: dict[str, Any] = {
    "number": _("Number"), "name": _("Name"), "kind": _("Kind"), "customer": _("Customer"), "reason": _("Reason"),
    "role": _("Role"), "roles": _("Roles"), "email": _("E-mail"), "address": _("Network address"), "code": _("Code"),
    "sku": _("SKU"), "currency": _("Currency"), "country": _("Country"), "owner": _("Owner"), "prefix": _("Prefix"),
    "price_list": _("Price list"), "unit_price": _("Unit price"), "valid_from": _("Valid from"),
    "percent": _("Per cent"), "min_quantity": _("From quantity"), "device": _("Device"), "file": _("File"),
}  # fmt: skip
UNTOLD = ("changes", "user", "attachment", "comment", "mentions", "members", "assignment")


@register.filter
def plain_facts(event: Any) -> list[tuple[str, str]]:
    """The facts of an event that are no changes: ``(label, value)``, what is empty left out."""
    facts = event.facts if isinstance(event.facts, dict) else {}
    told = [(key, value) for key, value in facts.items() if key not in UNTOLD and not key.endswith("_id")]
    return [(fact_label(event, key), str(value)[:200]) for key, value in told if value not in (None, "", [])]


def fact_label(event: Any, key: str) -> str:
    """The words of a fact: a known one, the record's own field, or the bare key."""
    if key in FACTS:
        return str(FACTS[key])
    model = event.subject_type.model_class()
    field = field_at(model, key) if model else None
    return str(getattr(field, "verbose_name", key)) if field else key


@register.filter
def ratio(value: float) -> SafeString:
    """A contrast as designers write it: 4.62 : 1."""
    shown = active().number(Decimal(str(value)), 2)
    return format_html('<bdi dir="ltr">{} : {}</bdi>', shown, active().number(1))


@register.filter
def nth(things: Sequence[Any], place: int) -> Any:
    return things[place]

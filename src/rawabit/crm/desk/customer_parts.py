"""What hangs on a customer: people with their roles, addresses, relations, official numbers, access to the portal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse

from rawabit.crm.actions import (
    affiliate,
    change_portal_role,
    end_affiliation,
    grant_portal_access,
    put_address,
    relate_customers,
    remove_address,
    revoke_portal_access,
    unrelate_customers,
)
from rawabit.crm.desk.addresses import AddressForm
from rawabit.crm.desk.shared import choose_contact, choose_customer, number_label, seen, shown_number
from rawabit.crm.logic.changes import ASKED, CHANGE
from rawabit.crm.models import (
    ROLES,
    Address,
    Affiliation,
    Contact,
    Customer,
    CustomerRelation,
    HeldInvitation,
    PortalAccess,
)
from rawabit.crm.queries import contacts_of
from rawabit.identity.mailing import invite
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.numbers import whole
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import MoneyField
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.parts import Part
from rawabit.kit.states import Refused

# People


class PersonForm(forms.Form):
    widths = {"role": 6, "job_title": 6}
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    job_title = forms.CharField(label=_("Job title"), max_length=100, required=False)
    is_primary = forms.BooleanField(label=_("First to ask"), required=False)


def person_form(customer: Customer, row: Affiliation | None, request: Request) -> forms.Form:
    kept = {"role": row.role, "job_title": row.job_title, "is_primary": row.is_primary} if row else {}
    form = PersonForm(request.POST or None, initial=kept)
    if row is None:
        form.fields = {"contact": choose_contact(request, _("Contact")), **form.fields}
        form.initial["contact"] = request.GET.get("contact")
    return form


def save_person(
    customer: Customer, row: Affiliation | None, data: dict[str, Any], *, actor: Actor, at: datetime
) -> None:
    if row is not None and data["role"] != row.role:
        end_affiliation(row, actor=actor, at=at)
    contact = data["contact"] if row is None else row.contact
    affiliate(
        contact, customer, data["role"], job_title=data["job_title"], is_primary=data["is_primary"], actor=actor, at=at
    )


# Addresses


def address_form(customer: Customer, row: Address | None, request: Request) -> forms.Form:
    kept = row or Address(customer=customer, country=customer.country)
    form: Any = AddressForm(request.POST or None, instance=kept, initial={} if row else {"country": customer.country})
    return form


def save_address(customer: Customer, row: Address | None, data: dict[str, Any], *, actor: Actor, at: datetime) -> None:
    address = row or Address(customer=customer)
    for name, value in data.items():
        if name != "pasted":
            setattr(address, name, value)
    put_address(address, actor=actor, at=at)


# Relations


class RelationForm(forms.Form):
    kind = forms.ChoiceField(label=_("Relation"), choices=CustomerRelation.KINDS)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


def relation_form(customer: Customer, row: CustomerRelation | None, request: Request) -> forms.Form:
    form = RelationForm(request.POST or None, initial={"kind": row.kind, "note": row.note} if row else {})
    if row is None:
        form.fields = {**form.fields, "other": choose_customer(request, _("Customer"))}
        form.order_fields(["kind", "other", "note"])
    return form


def save_relation(
    customer: Customer, row: CustomerRelation | None, data: dict[str, Any], *, actor: Actor, at: datetime
) -> None:
    other = row.to_customer if row else data["other"]
    if row is not None:
        unrelate_customers(row, actor=actor, at=at)
    relate_customers(customer, other, data["kind"], note=data["note"], actor=actor, at=at)


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation seen from one of its ends."""

    pk: int
    words: Any
    other: Any
    note: str
    mine: bool


def ties_of(customer: Customer, request: Request) -> list[Tie]:
    """Both directions; the other end only where the person sees it."""
    actor: Actor = request.actor
    out = customer.relations_out.visible_to(actor).select_related("to_customer")
    back = customer.relations_in.visible_to(actor).select_related("from_customer")
    return [
        *(Tie(row.pk, row.get_kind_display(), row.to_customer, row.note, True) for row in out),
        *(Tie(row.pk, row.get_kind_display(), row.from_customer, row.note, False) for row in back),
    ]


# The portal


class AccessForm(forms.Form):
    widths = {"full_name": 6, "email": 6}
    full_name = forms.CharField(label=_("Full name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(label=_("Role"), choices=PortalAccess.ROLES, widget=forms.RadioSelect, initial="buyer")
    invite = forms.BooleanField(label=_("Send an invitation by e-mail"), required=False, initial=True)


class AccessRoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=PortalAccess.ROLES, widget=forms.RadioSelect)


def ask_limit(form: forms.Form, customer: Customer, limit: int | None) -> None:
    """The most that a buyer may order at once, in the customer's currency."""
    form.fields["limit"] = MoneyField(
        currency=customer.currency, label=_("Buying limit"), required=False, least=0,
        help_text=_("The most that a buyer may order at once. Empty: no limit."),
    )  # fmt: skip
    if limit is not None:
        form.initial["limit"] = Money(limit, customer.currency)


def access_form(customer: Customer, row: PortalAccess | None, request: Request) -> forms.Form:
    if row is not None:
        changed = AccessRoleForm(request.POST or None, initial={"role": row.role})
        ask_limit(changed, customer, row.limit)
        return changed
    known = seen(Contact, request).filter(affiliations__customer=customer, pk=_number(request.GET.get("contact")))
    person = known.first()
    kept = {"full_name": person.full_name, "email": person.email} if person else {}
    form = AccessForm(request.POST or None, initial=kept)
    form.fields = {**form.fields, "contact": choose_contact(request, _("Contact"), required=False)}
    form.initial["contact"] = person.pk if person else None
    ask_limit(form, customer, None)
    form.order_fields(["contact", "full_name", "email", "role", "limit", "invite"])
    return form


def _number(text: str | None) -> int:
    return whole(text or "") or 0


def save_access(
    customer: Customer, row: PortalAccess | None, data: dict[str, Any], *, actor: Actor, at: datetime
) -> None:
    if row is not None:
        change_portal_role(row, data["role"], limit=data["limit"], actor=actor, at=at)
        return
    access = grant_portal_access(
        customer, data["email"], data["full_name"], data["role"], contact=data["contact"], limit=data["limit"],
        actor=actor, at=at,
    )  # fmt: skip
    if data["invite"]:
        try:
            invite(access.user, inviter=actor.name)
        except OSError:
            raise Refused(_("Access is given, but the invitation could not be sent. Save again later."))


CUSTOMER_PARTS = (
    Part("people", _("Person and role"), "crm.change_customer", contacts_of, person_form, save_person, end_affiliation),
    Part(
        "addresses", _("Address"), "crm.change_customer", lambda customer: customer.addresses.all(), address_form,
        save_address, remove_address, template="address",
    ),
    Part(
        "relations", _("Relation"), "crm.change_customer", lambda customer: customer.relations_out.all(),
        relation_form, save_relation, unrelate_customers,
    ),
    Part(
        "portal", _("Portal access"), "crm.add_portalaccess",
        lambda customer: customer.portal_access.filter(is_active=True), access_form, save_access,
        revoke_portal_access, end_permission="crm.delete_portalaccess",
    ),
)  # fmt: skip


# Panels


def people(customer: Customer, request: Request) -> Iterable[Any]:
    return contacts_of(customer)


def addresses(customer: Customer, request: Request) -> Iterable[Any]:
    return customer.addresses.order_by("purpose", "-is_default", "pk")


def numbers(customer: Customer, request: Request) -> list[tuple[Any, str]]:
    actor: Actor = request.actor
    return [(number_label(row.kind), shown_number(row, actor)) for row in customer.identifiers.order_by("kind")]


def portal_users(customer: Customer, request: Request) -> Iterable[Any]:
    """Who has access, and invitations of the customer's own that cannot take effect."""
    people = customer.portal_access.filter(is_active=True).select_related("user").order_by("user__full_name")
    held = customer.held_invitations.filter(is_active=True).order_by("called")
    for row in (*people, *held):
        row.is_held = isinstance(row, HeldInvitation)
        row.shown_name = row.called if row.is_held else row.user.full_name
        row.shown_email = row.email if row.is_held else row.user.email
        row.shown_limit = None if row.limit is None else Money(row.limit, customer.currency)
        yield row


def changes(customer: Customer, request: Request) -> Iterable[Any]:
    """What the customer asked for last; the waiting first."""
    rows = list(customer.change_requests.order_by("-pk")[:5])
    for row in rows:
        row.situation = CHANGE.states[row.state]
    return sorted(rows, key=lambda row: row.state != ASKED)


def all_changes(customer: Any) -> str:
    return f"{reverse('change-requests-list')}?customer={customer.pk}"


def branches(customer: Customer, request: Request) -> Iterable[Any]:
    return seen(Customer, request).filter(parent=customer)[:50]


PEOPLE = Panel(_("People"), people, template="crm/panels/people.html", empty=_("Nobody yet"))
CUSTOMER_PANELS = (
    PEOPLE,
    Panel(_("Addresses"), addresses, template="crm/panels/addresses.html", empty=_("No address yet")),
    Panel(_("Official numbers"), numbers, template="crm/panels/numbers.html"),
    Panel(_("Relations"), ties_of, template="crm/panels/relations.html", empty=_("No relation yet")),
    Panel(_("Branches"), branches, template="crm/panels/branches.html"),
    Panel(
        _("Portal access"), portal_users, template="crm/panels/portal.html", empty=_("Nobody of this customer yet"),
        permission="crm.view_portalaccess",
    ),
    Panel(
        _("Change requests"), changes, template="crm/panels/changes.html", more=all_changes,
        permission="crm.view_changerequest",
    ),
)  # fmt: skip

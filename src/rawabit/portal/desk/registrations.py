"""Who asks for access: the queue, and the decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.urls import reverse

from rawabit.crm.desk.shared import choose_customer
from rawabit.crm.models import Customer, PortalAccess
from rawabit.identity.mailing import invite
from rawabit.identity.queries import user_by_email
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Choice, Code, Column, Linked, Phone, When, Words
from rawabit.kit.screens.filters import OneOf
from rawabit.kit.screens.masters import MailColumn
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.screens import Screens
from rawabit.kit.screens.verbs import Verb
from rawabit.portal.actions.registering import approve_registration, refuse_registration
from rawabit.portal.models import Registration
from rawabit.portal.queries.registering import alike


class ApproveForm(forms.Form):
    """At which customer, and in which role. Without a customer a new one is made."""

    role = forms.ChoiceField(label=_("Role"), choices=PortalAccess.ROLES, widget=forms.RadioSelect, initial="buyer")


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person is told these words."),
    )  # fmt: skip


def offer_customers(form: Any, registration: Registration | None, request: Request) -> None:
    field = choose_customer(request, _("Customer"), required=False)
    field.help_text = _("Empty: a new customer is made of what the person wrote.")
    form.fields = {"customer": field, **form.fields}
    likely = alike(registration, request.actor) if registration else []
    asked = request.GET.get("customer", "")
    form.initial["customer"] = asked if asked.isdecimal() else (likely[0].customer.pk if likely else None)


def approve(
    registration: Registration, *, role: str, customer: Customer | None, actor: Actor, at: datetime
) -> Registration:
    """Let in and tell. A message that cannot be sent takes nothing back: signing in by code needs none."""
    found = approve_registration(registration, customer=customer, role=role, actor=actor, at=at)
    person = user_by_email(found.email)
    if person is not None:
        try:
            invite(person, inviter=actor.name)
        except OSError:
            pass
    return found


def refuse(registration: Registration, *, reason: str, actor: Actor, at: datetime) -> Registration:
    return refuse_registration(registration, reason=reason, actor=actor, at=at)


def waits(registration: Registration) -> bool:
    return registration.state == Registration.WAITING


def likely_customers(registration: Registration, request: Request) -> Sequence[Any]:
    return alike(registration, request.actor) if waits(registration) else []


class RegistrationScreens(Screens):
    model = Registration
    slug = "registrations"
    icon = "door"
    columns = (
        Column("full_name"), Column("company_name"), Choice("state"), MailColumn("email"), Phone("phone"),
        When("asked_at"), Linked("customer"),
    )  # fmt: skip
    facts = (
        (_("What the person wrote"), (
            Column("full_name"), Column("company_name"), Code("official_number"), MailColumn("email"), Phone("phone"),
            Choice("language"), Column("country_label", label=_("Country")), Words("message"), When("asked_at"),
        )),
        (_("Decision"), (Choice("state"), Linked("customer"), Column("reason"), When("decided_at"))),
    )  # fmt: skip
    tags: ClassVar[Sequence[Column]] = ()
    filters = (OneOf("state"),)
    related = ("customer",)
    default_order = ("-pk",)
    panels = (
        Panel(_("Could be this customer"), likely_customers, template="portal/desk/likely.html"),
    )  # fmt: skip
    verbs = (
        Verb("approve", approve, label=_("Approve"), form=ApproveForm, when=waits, prepare=offer_customers,
             tone="primary", icon="check", permission="portal.change_registration"),
        Verb("refuse", refuse, label=_("Refuse"), form=RefuseForm, when=waits, tone="danger-quiet", icon="x",
             permission="portal.change_registration"),
    )  # fmt: skip


def queue_url() -> str:
    return f"{reverse('registrations-list')}?state=waiting"

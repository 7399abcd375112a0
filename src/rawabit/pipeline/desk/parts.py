"""The people who have a say in a deal, and the partners with whom it is pursued."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse

from rawabit.crm.desk.shared import by_words, choose_contact, customers_seen
from rawabit.crm.models import Customer
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import ComboboxField, NumberField
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.parts import Part
from rawabit.pipeline.actions import add_partner, add_person, remove_partner, remove_person
from rawabit.pipeline.desk.forms import people_field
from rawabit.pipeline.models import Opportunity, OpportunityContact, OpportunityPartner
from rawabit.pipeline.queries import partners_of, people_of

CHANGE = "pipeline.change_opportunity"


class PersonForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=OpportunityContact.ROLES)


def person_form(deal: Opportunity, row: OpportunityContact | None, request: Request) -> forms.Form:
    form = PersonForm(request.POST or None, initial={"role": row.role} if row else {})
    if row is None:
        elsewhere = "all" in request.GET or deal.customer is None
        contact = choose_contact(request, _("Contact")) if elsewhere else people_field(
            deal.customer, _("Contact"), request
        )  # fmt: skip
        form.fields = {"contact": contact, **form.fields}
    return form


def save_person(
    deal: Opportunity, row: OpportunityContact | None, data: dict[str, Any], *, actor: Actor, at: datetime
) -> None:
    add_person(deal, row.contact if row else data["contact"], data["role"], actor=actor, at=at)


def end_person(row: OpportunityContact, *, actor: Actor, at: datetime) -> None:
    remove_person(row.opportunity, row.contact_id, actor=actor, at=at)


class PartnerForm(forms.Form):
    widths = {"role": 8, "share": 4}
    role = forms.CharField(
        label=_("What he does"), max_length=100, required=False, help_text=_("Installs, finances, knows the customer …")
    )
    share = NumberField(label=_("Share %"), least=0, most=100, places=4, initial=0)


def partner_form(deal: Opportunity, row: OpportunityPartner | None, request: Request) -> forms.Form:
    form = PartnerForm(request.POST or None, initial={"role": row.role, "share": row.share} if row else {})
    if row is None:
        partners = customers_seen(request).filter(kind=Customer.PARTNER).order_by("name")
        form.fields = {
            "partner": ComboboxField(
                queryset=partners, label=_("Partner"), find=by_words, url=reverse("customers-options")
            ),
            **form.fields,
        }
    return form


def save_partner(
    deal: Opportunity, row: OpportunityPartner | None, data: dict[str, Any], *, actor: Actor, at: datetime
) -> None:
    partner = row.partner if row else data["partner"]
    add_partner(deal, partner, data["role"], Decimal(data["share"]), actor=actor, at=at)


def end_partner(row: OpportunityPartner, *, actor: Actor, at: datetime) -> None:
    remove_partner(row.opportunity, row.partner_id, actor=actor, at=at)


PARTS = (
    Part(
        "people", _("People in the deal"), CHANGE, lambda deal: deal.people.select_related("contact"), person_form,
        save_person, end_person,
    ),
    Part(
        "partners", _("Partners in the deal"), CHANGE, lambda deal: deal.partners.select_related("partner"),
        partner_form, save_partner, end_partner,
    ),
)  # fmt: skip
PEOPLE = Panel(
    _("People in the deal"), lambda deal, request: people_of(deal), template="pipeline/panels/people.html",
    empty=_("Nobody yet. Who decides, who uses it, who pays?"),
)  # fmt: skip
PARTNERS = Panel(
    _("Partners in the deal"), lambda deal, request: partners_of(deal, request.actor),
    template="pipeline/panels/partners.html", empty=_("No partner takes part."),
)  # fmt: skip

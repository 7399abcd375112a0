"""What is asked when a lead is written down, planned, given away, dropped, or becomes a customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from rawabit.crm.desk.shared import choose_contact, choose_customer
from rawabit.crm.models import LANGUAGES, Contact, Customer
from rawabit.kit.countries import country_choices
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import CodeField, DateField3, MoneyField, PhoneField
from rawabit.kit.screens.masters import SiteField
from rawabit.leads.actions import Become
from rawabit.leads.models import Lead
from rawabit.leads.queries import Twin

NEW, OTHER, NOBODY = "new", "other", "nobody"
WHY = {
    "name": _("Same name"), "phone": _("Same phone"), "email": _("Same e-mail"), "number": _("Same official number"),
}  # fmt: skip


class LeadForm(forms.ModelForm):
    """One of name, company, e-mail and phone is enough."""

    widths = {
        "name": 6, "company_name": 6, "job_title": 4, "phone": 4, "email": 4, "country": 4, "city": 4, "language": 4,
        "official_number": 6, "website": 6, "source": 6, "source_detail": 6, "territory": 4, "owner": 4, "priority": 4,
        "next_step": 8, "next_on": 4,
    }  # fmt: skip
    country = forms.ChoiceField(label=_("Country"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    official_number = CodeField(label=_("Official number"), max_length=40, required=False)
    next_on = DateField3(label=_("Next step on"), required=False)

    class Meta:
        model = Lead
        fields = [
            "name", "company_name", "job_title", "phone", "email", "country", "city", "language", "official_number",
            "website", "interest", "source", "source_detail", "territory", "owner", "priority", "next_step", "next_on",
        ]  # fmt: skip
        field_classes = {"phone": PhoneField, "website": SiteField}
        widgets = {"interest": forms.Textarea(attrs={"rows": 3, "dir": "auto"})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kept = self.instance.country or ""
        self.fields["country"].choices = [("", "—"), *country_choices(kept)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        named = ("name", "company_name", "email", "phone")
        if not self.errors and not any((data.get(name) or "").strip() for name in named):
            self.add_error("name", _("Give at least a name, a company, an e-mail address or a phone number."))
        return data


class PlanForm(forms.Form):
    step = forms.CharField(label=_("Next step"), max_length=200)
    on = DateField3(label=_("Next step on"))
    widths = {"step": 8, "on": 4}


class DropForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class GiveForm(forms.Form):
    person: Any = forms.ModelChoiceField(None, label=_("Colleague"))


def reasons(twin: Twin) -> str:
    """Why somebody could be the same, in words."""
    return " · ".join(str(WHY[why]) for why in twin.why)


def told(twin: Twin) -> str:
    code = getattr(twin.record, "code", "")
    return " · ".join(part for part in (str(twin.record), code, reasons(twin)) if part)


def key_of(twin: Twin) -> str:
    return f"{twin.record._meta.model_name}-{twin.record.pk}"


class ConvertForm(forms.Form):
    """Who the lead is from now on: one who is known, or a new one; and what may be sold to him."""

    become = forms.ChoiceField(label=_("Customer"), widget=forms.RadioSelect)
    person = forms.ChoiceField(label=_("Contact"), widget=forms.RadioSelect)
    deal = forms.CharField(
        label=_("Opportunity"), max_length=200, required=False, help_text=_("Leave it empty when there is none yet.")
    )
    widths = {"deal": 8, "value": 4}

    def prepare(self, lead: Lead, twins: Sequence[Twin], request: Request) -> None:
        """Fill the choices: those who could be the same first, chosen when one of them shares an address or number."""
        customers = [twin for twin in twins if isinstance(twin.record, Customer)]
        people = [twin for twin in twins if isinstance(twin.record, Contact)]
        self.known = {key_of(twin): twin.record for twin in (*customers, *people)}
        self._offer_customers(lead, customers, request)
        self._offer_people(lead, people, request)
        if request.actor.may("pipeline.add_opportunity"):
            self.fields["value"] = MoneyField(
                currency=request.company.currency, label=pgettext_lazy("opportunity", "Estimated value"),
                required=False, least=0,
            )  # fmt: skip
            self.initial["deal"] = (lead.interest.strip().splitlines() or [""])[0][:80] or str(lead)
        else:
            del self.fields["deal"]
        self.order_fields(["become", "customer", "person", "contact", "deal", "value"])

    def _offer_customers(self, lead: Lead, twins: Sequence[Twin], request: Request) -> None:
        field: Any = self.fields["become"]
        fresh = _("A new customer: %(name)s") % {"name": lead.company_name or str(lead)}
        new = [(NEW, fresh)] if request.actor.may("crm.add_customer") else []
        field.choices = [*((key_of(twin), told(twin)) for twin in twins), *new, (OTHER, _("Another customer"))]
        self.initial["become"] = _likely(twins) or (NEW if new else OTHER)
        self.fields["customer"] = choose_customer(request, _("Which other customer"), required=False)

    def _offer_people(self, lead: Lead, twins: Sequence[Twin], request: Request) -> None:
        field: Any = self.fields["person"]
        fresh = _("A new contact: %(name)s") % {"name": lead.name}
        new = [(NEW, fresh)] if lead.name and request.actor.may("crm.add_contact") else []
        known = [(key_of(twin), told(twin)) for twin in twins]
        field.choices = [*known, *new, (OTHER, _("Another contact")), (NOBODY, _("No contact yet"))]
        self.initial["person"] = _likely(twins) or (NEW if new else NOBODY)
        self.fields["contact"] = choose_contact(request, _("Which other contact"), required=False)

    def clean(self) -> dict[str, Any]:
        """What was chosen, as the action takes it. A key written by hand is none of the choices."""
        data = super().clean() or {}
        for choice, field in (("become", "customer"), ("person", "contact")):
            if data.get(choice) == OTHER and not data.get(field) and field not in self.errors:
                self.add_error(field, _("Choose one from the list."))
        if self.errors:
            return data
        value = data.get("value")
        become = Become(
            self._chosen(data["become"], data["customer"]), self._chosen(data["person"], data["contact"]),
            deal=data.get("deal", "").strip(), value=value.minor if value else 0, nobody=data["person"] == NOBODY,
        )  # fmt: skip
        return {"become": become}

    def _chosen(self, choice: str, other: Any) -> Any:
        return other if choice == OTHER else self.known.get(choice)


def _likely(twins: Sequence[Twin]) -> str:
    return next((key_of(twin) for twin in twins if {"phone", "email", "number"} & set(twin.why)), "")

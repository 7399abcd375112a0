"""The people behind the customers: list, form, page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.forms import ModelForm

from rawabit.crm.actions import (
    affiliate,
    delete_contact,
    end_affiliation,
    relate_contacts,
    unrelate_contacts,
)
from rawabit.crm.actions.placing import save_contact_at
from rawabit.crm.contact_queries import with_customers
from rawabit.crm.desk.customer_parts import Tie
from rawabit.crm.desk.merging import MERGED, WithMerging, merge_verb
from rawabit.crm.desk.relations import MAP, WithMap
from rawabit.crm.desk.shared import choose_contact, choose_customer
from rawabit.crm.models import LANGUAGES, ROLES, Affiliation, Contact, ContactRelation
from rawabit.identity.models import STAFF
from rawabit.identity.queries import colleagues
from rawabit.kit.marking import _
from rawabit.kit.phones import whatsapp_link
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Choice, Column, Linked, Phone, Yes
from rawabit.kit.screens.fields import PhoneField
from rawabit.kit.screens.filters import Flag, Of, OneOf
from rawabit.kit.screens.masters import MailColumn, MasterScreens, Sure
from rawabit.kit.screens.options import WithOptions
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.parts import Part, WithParts
from rawabit.kit.screens.verbs import Verb


class ContactForm(ModelForm):
    """The name is one field, written as the person writes it."""

    widths = {
        "full_name": 8, "honorific": 4, "name_en": 6, "known_as": 6, "mobile": 4, "phone": 4, "email": 4,
        "language": 4, "preferred_channel": 4, "owner": 4, "customer": 6, "role": 6,
    }  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    class Meta:
        model = Contact
        fields = [
            "full_name", "honorific", "name_en", "known_as", "mobile", "phone", "email", "language",
            "preferred_channel", "owner", "whatsapp_ok", "considerations", "is_active",
        ]  # fmt: skip
        field_classes = {"phone": PhoneField, "mobile": PhoneField}
        widgets = {"name_en": forms.TextInput(attrs={"dir": "ltr", "lang": "en"})}
        help_texts = {
            "full_name": _("As the person writes it."),
            "considerations": _("What everybody should know who speaks with this person."),
        }


class RoleForm(forms.Form):
    widths = {"role": 6, "job_title": 6}
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    job_title = forms.CharField(label=_("Job title"), max_length=100, required=False)
    is_primary = forms.BooleanField(label=_("First to ask"), required=False)


def role_form(contact: Contact, row: Affiliation | None, request: Request) -> forms.Form:
    form = RoleForm(request.POST or None)
    form.fields = {"customer": choose_customer(request, _("Customer")), **form.fields}
    return form


def save_role(contact: Contact, row: Affiliation | None, data: dict[str, Any], *, actor: Actor, at: datetime) -> None:
    affiliate(
        contact, data["customer"], data["role"], job_title=data["job_title"], is_primary=data["is_primary"],
        actor=actor, at=at,
    )  # fmt: skip


class ContactRelationForm(forms.Form):
    kind = forms.ChoiceField(label=_("Relation"), choices=ContactRelation.KINDS)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


def relation_form(contact: Contact, row: ContactRelation | None, request: Request) -> forms.Form:
    form = ContactRelationForm(request.POST or None)
    form.fields = {**form.fields, "other": choose_contact(request, _("Contact"))}
    form.order_fields(["kind", "other", "note"])
    return form


def save_relation(
    contact: Contact, row: ContactRelation | None, data: dict[str, Any], *, actor: Actor, at: datetime
) -> None:
    relate_contacts(contact, data["other"], data["kind"], note=data["note"], actor=actor, at=at)


def roles_of(contact: Contact, request: Request) -> QuerySet[Any]:
    rows: Any = contact.affiliations.visible_to(request.actor)
    return rows.select_related("customer").order_by("customer__name", "pk")


def ties_of(contact: Contact, request: Request) -> list[Tie]:
    """Whom the person knows, in both directions, as far as they are in sight."""
    actor: Actor = request.actor
    out = contact.relations_out.visible_to(actor).select_related("to_contact")
    back = contact.relations_in.visible_to(actor).select_related("from_contact")
    return [
        *(Tie(row.pk, row.get_kind_display(), row.to_contact, row.note, True) for row in out),
        *(Tie(row.pk, row.get_kind_display(), row.from_contact, row.note, False) for row in back),
    ]


def save_from_form(form: Any, *, actor: Actor, at: datetime, seen_version: int | None = None) -> Contact:
    """A new person may be put at a customer at once."""
    customer, role = form.cleaned_data.get("customer"), form.cleaned_data.get("role") or "other"
    return save_contact_at(form, customer, role, actor=actor, at=at, seen_version=seen_version)


class ContactScreens(WithMap, WithMerging, WithParts, WithOptions, MasterScreens):
    model = Contact
    slug = "contacts"
    icon = "user"
    columns = (
        Column("full_name"), Column("companies", label=_("Customers")), Phone("mobile"), Phone("phone"),
        MailColumn("email"), Choice("language"), Choice("preferred_channel"), Linked("owner", sort="owner__full_name"),
        Yes("is_active"),
    )  # fmt: skip
    hidden_columns = ("phone", "language", "owner", "is_active")
    facts = (
        (_("Contact details"), (
            Phone("mobile"), Phone("phone"), MailColumn("email"), Choice("language"), Choice("preferred_channel"),
            Yes("whatsapp_ok", label=_("WhatsApp")),
        )),
        (_("Details"), (
            Column("honorific"), Column("name_en"), Column("known_as"), Linked("owner"), Yes("is_active"),
        )),
    )  # fmt: skip
    filters = (
        OneOf("language"), OneOf("preferred_channel"), Of("owner", narrow=Q(kind=STAFF)), Flag("is_active"),
    )  # fmt: skip
    related = ("owner",)
    default_order = ("full_name", "pk")
    form = ContactForm
    save = staticmethod(save_from_form)
    parts = (
        Part("roles", _("Role at a customer"), "crm.change_customer", lambda contact: contact.affiliations.all(),
             role_form, save_role, end_affiliation),
        Part("relations", _("Relation"), "crm.change_contact", lambda contact: contact.relations_out.all(),
             relation_form, save_relation, unrelate_contacts),
    )  # fmt: skip
    panels: ClassVar[Sequence[Panel]] = (
        Panel(_("Customers"), roles_of, template="crm/panels/roles.html", empty=_("At no customer yet")),
        Panel(_("Relations"), ties_of, template="crm/panels/relations.html", empty=_("No relation yet")),
        MAP,
        MERGED,
    )  # fmt: skip
    kind = "contact"
    verbs: ClassVar[Sequence[Verb]] = (
        merge_verb("contact"),
        Verb("delete", delete_contact, label=_("Delete"), form=Sure, tone="danger-quiet", icon="trash"),
    )  # fmt: skip
    bulk: ClassVar[Sequence[str]] = ("merge",)

    def rows(self, actor: Actor) -> QuerySet[Any]:
        return super().rows(actor).prefetch_related(with_customers(actor))

    def prepare(self, rows: Sequence[Any], request: Request) -> None:
        for person in rows:
            names = {held.customer_id: str(held.customer) for held in person.affiliations.all()}
            person.companies = "، ".join(names.values())

    def hint_of(self, record: Any) -> str:
        return next((str(held.customer) for held in record.affiliations.all()), record.email)

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        number = record.mobile or record.phone
        return {
            **super().detail_context(request, record),
            "dial": number,
            "whatsapp": whatsapp_link(number, "") if number and record.whatsapp_ok else "",
        }

    def prepare_form(self, form: ModelForm[Any], request: Request) -> None:
        form.fields["owner"].queryset = colleagues()  # type: ignore[attr-defined]
        if form.instance.pk is None:
            form.fields["customer"] = choose_customer(request, _("Customer"), required=False)
            form.fields["role"] = forms.ChoiceField(label=_("Role"), choices=ROLES, required=False)
            form.initial.setdefault("customer", request.GET.get("customer"))
            form.initial.setdefault("role", "purchasing")
            form.order_fields(["full_name", "honorific", "customer", "role"])

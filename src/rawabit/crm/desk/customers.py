"""The customers' list, form and page. What modules above know of a customer is added by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.forms import ModelForm
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rawabit.crm.actions import delete_customer, hand_over, set_credit
from rawabit.crm.actions.placing import save_customer_with_numbers, set_group, set_territory
from rawabit.crm.desk.customer_parts import CUSTOMER_PANELS, CUSTOMER_PARTS
from rawabit.crm.desk.forms import CustomerForm
from rawabit.crm.desk.merging import MERGED, WithMerging, merge_verb
from rawabit.crm.desk.relations import MAP, WithMap
from rawabit.crm.desk.shared import seen
from rawabit.crm.models import Customer, CustomerGroup, Territory
from rawabit.crm.policies import may_on
from rawabit.crm.queries import duplicates_of
from rawabit.identity.models import STAFF, User
from rawabit.identity.queries import colleagues
from rawabit.kit.countries import country_name
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.phones import whatsapp_link
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Amount, Choice, Code, Column, Linked, Phone, When, Yes
from rawabit.kit.screens.filters import Flag, Of, OneOf
from rawabit.kit.screens.masters import MailColumn, MasterScreens, NameColumn, SiteColumn, Sure
from rawabit.kit.screens.options import WithOptions
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.parts import WithParts
from rawabit.kit.screens.verbs import Verb


@dataclass(frozen=True, slots=True)
class Figure:
    """A number at the head of the page, leading to the rows it was counted from."""

    label: Any
    value: Any
    url: str = ""
    note: Any = ""
    tone: str = ""


Figures = Callable[[Customer, Request], Iterable[Figure]]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A button that begins something for this customer: ``url`` takes ``?customer=``; shown with ``permission``."""

    label: Any
    url: str
    icon: str
    permission: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of the page with a link to it at the top: the panels for which ``holds`` is true."""

    anchor: str
    label: Any
    holds: Callable[[Panel], bool]


def among(*panels: Any) -> Callable[[Panel], bool]:
    return lambda panel: any(panel is one for one in panels)


@dataclass(frozen=True, slots=True)
class PlainTag(Column):
    """The value as a quiet tag; nothing when there is none."""

    def cell(self, record: Any) -> SafeString:
        value = self.value(record)
        return format_html('<span class="tag count"><bdi>{}</bdi></span>', value) if value else SafeString("")


@dataclass(frozen=True, slots=True)
class ChoiceTag(Choice):
    def cell(self, record: Any) -> SafeString:
        value = self.value(record)
        return format_html('<span class="tag count">{}</span>', value) if value else SafeString("")


@dataclass(frozen=True, slots=True)
class StandingTag(Column):
    """Whether the customer is served at all."""

    def cell(self, record: Any) -> SafeString:
        if not record.is_active:
            return format_html('<span class="tag" data-s="draft">{}</span>', _("Inactive"))
        return (
            format_html('<span class="tag" data-s="bad">{}</span>', _("Orders on hold"))
            if record.on_hold
            else (SafeString(""))
        )


@dataclass(frozen=True, slots=True)
class Hours(Column):
    """From when until when a customer may be called."""

    def value(self, record: Any) -> Any:
        first, last = record.contact_from, record.contact_until
        if first and last:
            return f"{first:%H:%M} – {last:%H:%M}"
        return (
            _("from %(hour)s") % {"hour": f"{first:%H:%M}"}
            if first
            else (_("until %(hour)s") % {"hour": f"{last:%H:%M}"} if last else None)
        )


class OwnerForm(forms.Form):
    owner: Any = forms.ModelChoiceField(None, label=_("Account manager"), required=False, empty_label=_("Nobody"))


class TerritoryChoice(forms.Form):
    territory: Any = forms.ModelChoiceField(None, label=_("Territory"), required=False, empty_label=_("None"))


class GroupChoice(forms.Form):
    group: Any = forms.ModelChoiceField(None, label=_("Customer group"), required=False, empty_label=_("None"))


def offer(name: str, rows: Callable[[Request], Any]) -> Callable[[Any, Any, Request], None]:
    """Fills the choices of a verb's one field, the present value chosen."""

    def prepare(form: Any, customer: Any, request: Request) -> None:
        form.fields[name].queryset = rows(request)
        if customer is not None:
            form.fields[name].initial = getattr(customer, f"{name}_id")

    return prepare


def give_to(customer: Customer, *, actor: Actor, at: datetime, owner: User | None) -> None:
    hand_over(customer, owner, actor=actor, at=at)


def move_to(customer: Customer, *, actor: Actor, at: datetime, territory: Territory | None) -> None:
    set_territory(customer, territory, actor=actor, at=at)


def sort_into(customer: Customer, *, actor: Actor, at: datetime, group: CustomerGroup | None) -> None:
    set_group(customer, group, actor=actor, at=at)


def limit_of(customer: Customer) -> Money | None:
    return None if customer.credit_limit is None else Money(customer.credit_limit, customer.currency)


def hold(customer: Customer, *, actor: Actor, at: datetime) -> None:
    set_credit(customer, limit_of(customer), True, actor=actor, at=at)


def release(customer: Customer, *, actor: Actor, at: datetime) -> None:
    set_credit(customer, limit_of(customer), False, actor=actor, at=at)


def save_from_form(form: Any, *, actor: Actor, at: datetime, seen_version: int | None = None) -> Customer:
    return save_customer_with_numbers(form, form.asked_numbers(), actor=actor, at=at, seen_version=seen_version)


class CustomerScreens(WithMap, WithMerging, WithParts, WithOptions, MasterScreens):
    model = Customer
    slug = "customers"
    icon = "building"
    columns: ClassVar[Sequence[Column]] = (
        NameColumn(), Code("code"), Choice("kind"), Linked("group", sort="group__name"),
        Linked("territory", sort="territory__name"), Linked("owner", sort="owner__full_name"), Phone("phone"),
        MailColumn("email"), Linked("payment_terms", sort="payment_terms__days"), Choice("language"), Yes("is_active"),
        When("created_at", label=_("Since")),
    )  # fmt: skip
    hidden_columns = ("email", "payment_terms", "language", "is_active", "created_at")
    facts = (
        (_("Contact details"), (
            Phone("phone"), MailColumn("email"), SiteColumn("website"), Choice("language"), Choice("preferred_channel"),
            Hours("contact_from", label=_("Best time to call")), Yes("whatsapp_ok", label=_("WhatsApp")),
        )),
        (_("Terms and credit"), (
            Linked("payment_terms"), Linked("price_list"), Code("currency"), Amount("credit_limit"), Yes("on_hold"),
        )),
        (_("Details"), (
            Code("code"), Choice("kind"), Column("trade_name"), Linked("parent"), Linked("owner"),
            Linked("territory"), Linked("group"), Column("country_name", label=_("Country")),
        )),
    )  # fmt: skip
    tags: ClassVar[Sequence[Column]] = (
        StandingTag("is_active"), ChoiceTag("kind"), PlainTag("group"), ChoiceTag("language"),
        ChoiceTag("preferred_channel"),
    )  # fmt: skip
    filters = (
        OneOf("kind"), Of("group"), Of("territory"), Of("owner", narrow=Q(kind=STAFF)), Of("payment_terms"),
        Flag("on_hold"), Flag("is_active"),
    )  # fmt: skip
    related = ("group", "territory", "owner", "payment_terms", "price_list", "parent")
    default_order = ("name", "pk")
    form = CustomerForm
    save = staticmethod(save_from_form)
    parts = CUSTOMER_PARTS
    panels: ClassVar[Sequence[Panel]] = (*CUSTOMER_PANELS, MAP, MERGED)
    kind = "customer"
    verbs: ClassVar[Sequence[Verb]] = (
        Verb("owner", give_to, label=_("Assign account manager"), form=OwnerForm, icon="user",
             prepare=offer("owner", lambda request: colleagues()), permission="crm.set_owner"),
        Verb("territory", move_to, label=_("Set territory"), form=TerritoryChoice, icon="pin",
             prepare=offer("territory", lambda request: seen(Territory, request)), permission="crm.change_customer"),
        Verb("group", sort_into, label=_("Set group"), form=GroupChoice, icon="grid",
             prepare=offer("group", lambda request: seen(CustomerGroup, request)), permission="crm.change_customer"),
        Verb("hold", hold, label=_("Put orders on hold"), form=Sure, icon="pause",
             when=lambda customer: not customer.on_hold, permission="crm.set_credit"),
        Verb("release", release, label=_("Release orders"), icon="play",
             when=lambda customer: customer.on_hold, permission="crm.set_credit"),
        merge_verb("customer"),
        Verb("delete", delete_customer, label=_("Delete"), form=Sure, tone="danger-quiet", icon="trash"),
    )  # fmt: skip
    bulk: ClassVar[Sequence[str]] = ("owner", "territory", "group", "hold", "release", "merge")
    figures: ClassVar[Sequence[Figures]] = ()
    shortcuts: ClassVar[Sequence[Shortcut]] = ()
    tabs: ClassVar[Sequence[Tab]] = ()

    def may_edit(self, request: Request, record: Any) -> bool:
        actor: Actor = request.actor
        return super().may_edit(request, record) and may_on(actor, "crm.change_customer", record)

    def hint_of(self, record: Any) -> str:
        return str(record.code)

    # The page

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        record.country_name = country_name(record.country)
        context = super().detail_context(request, record)
        return {
            **context,
            "sections": self.sections(context["panels"]),
            "figures": [figure for ask in self.figures for figure in ask(record, request)],
            "shortcuts": [one for one in self.shortcuts if request.actor.may(one.permission)],
            "whatsapp": whatsapp_link(record.phone, "") if record.phone and record.whatsapp_ok else "",
        }

    def sections(self, shown: Sequence[str]) -> list[tuple[str, Any, list[str]]]:
        """The panels that have something to show, tab by tab; what no tab holds stands in the last."""
        tabs = [*self.tabs] or [Tab("all", "", lambda panel: True)]
        parts: dict[str, list[str]] = {tab.anchor: [] for tab in tabs}
        for panel, text in zip(self.panels, shown, strict=True):
            if text:
                tab = next((one for one in tabs if one.holds(panel)), tabs[-1])
                parts[tab.anchor].append(text)
        return [(tab.anchor, tab.label, parts[tab.anchor]) for tab in tabs if parts[tab.anchor]]

    # The form

    def prepare_form(self, form: ModelForm[Any], request: Request) -> None:
        assert isinstance(form, CustomerForm)
        actor: Actor = request.actor
        for name, permission in (("owner", "crm.set_owner"), ("on_hold", "crm.set_credit")):
            if not actor.may(permission):
                form.leave_out(name, *(["credit_limit"] if name == "on_hold" else []))
        if not actor.may("crm.view_identifiers"):
            form.without_personal_numbers()
        if "owner" in form.fields:
            form.fields["owner"].queryset = colleagues()  # type: ignore[attr-defined]
        if "parent" in form.fields:
            above: Any = form.fields["parent"]
            above.queryset = above.queryset.exclude(pk=form.instance.pk).order_by("name")
        if form.instance.pk is None and not form.is_bound:
            company = request.company
            for name in ("country", "currency", "language"):
                form.initial.setdefault(name, getattr(company, name))

    def edit(self, request: Request, record: Any) -> HttpResponse:
        if request.method == "POST" and "redraw" in request.POST:
            return self.render(request, "form", form=self.redrawn(request, record), record=record)
        if request.method == "POST":
            # A copy: judging a form writes into its row, and the second form must still see what was there before.
            form = self.build_form(request, copy(record))
            if form.is_valid() and (alike := self.alike(form, request)):
                sign = ",".join(str(customer.pk) for customer, _likeness, _seen in alike)
                if request.POST.get("despite") != sign:
                    context = {"form": form, "record": record, "alike": alike, "despite": sign}
                    return self.render(request, "form", status=422, **context)
        return super().edit(request, record)

    def redrawn(self, request: Request, record: Any) -> ModelForm[Any]:
        """The form with what was typed and nothing judged yet, after country or kind was changed."""
        typed: dict[str, Any] = {name: request.POST.get(name, "") for name in CustomerForm.base_fields}
        for name, field in CustomerForm.base_fields.items():
            if isinstance(field, forms.BooleanField):
                typed[name] = name in request.POST
        form = CustomerForm(None, instance=record, initial=typed)
        self.narrow_choices(form, request)
        self.prepare_form(form, request)
        return form

    def narrow_choices(self, form: ModelForm[Any], request: Request) -> None:
        field: Any
        for field in form.fields.values():
            queryset = getattr(field, "queryset", None)
            if queryset is not None and hasattr(queryset, "visible_to"):
                field.queryset = queryset.visible_to(request.actor)

    def alike(self, form: Any, request: Request) -> list[tuple[Customer, int, bool]]:
        """Who may be the same customer: (customer, likeness, whether this person may open him). Asked when the traits
        that tell customers apart were typed anew."""
        telling = {"name", "phone", "email"} & set(form.changed_data) or form.changed_numbers()
        if form.instance.pk is not None and not telling:
            return []
        data, numbers = form.cleaned_data, form.asked_numbers()
        found = duplicates_of(
            data["name"], phone=data.get("phone", ""), email=data.get("email", ""),
            identifiers=[number for number in numbers.values() if number], besides=form.instance.pk,
        )[:5]  # fmt: skip
        keys = [customer.pk for customer, _likeness in found]
        rows = self.rows(request.actor).filter(pk__in=keys)
        in_sight = set(rows.values_list("pk", flat=True))
        return [(customer, likeness, customer.pk in in_sight) for customer, likeness in found]

    def save_valid(self, form: ModelForm[Any], request: Request) -> Any:
        saved = super().save_valid(form, request)
        for label in form.doubtful_numbers():  # type: ignore[attr-defined]
            messages.warning(request, _("Kept, but it does not look right: %(number)s") % {"number": label})
        return saved

"""The leads: list, form with a warning about twins, page, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Case, Q, QuerySet, Value, When
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from rawabit.company.queries import local_day
from rawabit.identity.models import STAFF, User
from rawabit.identity.queries import colleagues
from rawabit.kit.access import access
from rawabit.kit.countries import country_name
from rawabit.kit.display import active
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.numbers import whole
from rawabit.kit.phones import NotAPhone, parse_phone, whatsapp_link
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.deleting import delete_record
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import EMPTY, Choice, Code, Column, Linked, Phone, Status
from rawabit.kit.screens.columns import When as Moment
from rawabit.kit.screens.filters import InState, Of, OneOf, Situation
from rawabit.kit.screens.masters import MailColumn, SiteColumn, Sure
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.screens import Screens
from rawabit.kit.screens.templatetags import kit as shown
from rawabit.kit.screens.verbs import Verb
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text
from rawabit.leads import actions
from rawabit.leads.actions import Become
from rawabit.leads.desk.forms import ConvertForm, DropForm, GiveForm, LeadForm, PlanForm, reasons
from rawabit.leads.desk.panels import WRITTEN
from rawabit.leads.logic.states import LEAD, OPEN
from rawabit.leads.models import Lead
from rawabit.leads.policies import may_lead
from rawabit.leads.queries import Twin, questions_for, twins_of, twins_of_lead

TONES = {"high": "warn", "normal": "", "low": "draft"}
TELLING = frozenset({"name", "company_name", "phone", "email", "official_number"})


@dataclass(frozen=True, slots=True)
class Name(Column):
    """What the lead is called: the person, else the company, else the address or number."""

    path: str = "name"

    def value(self, record: Any) -> Any:
        return str(record)


@dataclass(frozen=True, slots=True)
class Score(Column):
    css: str = "num"

    def cell(self, record: Any) -> SafeString:
        return shown.num(record.score)


@dataclass(frozen=True, slots=True)
class Priority(Choice):
    """High ones stand out; usual ones are quiet."""

    def cell(self, record: Any) -> SafeString:
        return format_html('<span class="tag" data-s="{}">{}</span>', TONES[record.priority], self.value(record))


@dataclass(frozen=True, slots=True)
class Age(Column):
    """How long ago it was, in words."""

    def cell(self, record: Any) -> SafeString:
        moment = self.value(record)
        return shown.ago(moment, record.seen_at) if moment else EMPTY

    def export(self, record: Any) -> Any:
        moment = self.value(record)
        return moment.isoformat() if moment else ""


@dataclass(frozen=True, slots=True)
class Owner(Linked):
    """Who looks after it; nobody is told apart while the lead is open."""

    def cell(self, record: Any) -> SafeString:
        if record.owner_id is None and record.state in OPEN:
            return format_html('<span class="tag" data-s="bad">{}</span>', pgettext_lazy("lead", "Nobody yet"))
        return Linked.cell(self, record)


@dataclass(frozen=True, slots=True)
class NextStep(Column):
    """What is to be done, and when; late ones stand out."""

    def cell(self, record: Any) -> SafeString:
        if not record.next_step and not record.next_on:
            return EMPTY
        late = record.next_on is not None and record.next_on < record.today
        day = shown.date_l(record.next_on)
        return format_html(
            '<bdi>{}</bdi> <span class="xs {}">{}</span>', record.next_step, "bad" if late else "dim", day
        )


def open_ones(**narrow: Any) -> Q:
    return Q(state__in=OPEN, **narrow)


SITUATIONS = (
    ("unassigned", _("Without an owner"), lambda request: open_ones(owner=None)),
    ("mine", pgettext_lazy("leads", "Mine"), lambda request: open_ones(owner=request.actor.user_id)),
    ("open", _("Open"), lambda request: open_ones()),
    ("overdue", _("Next step overdue"), lambda request: open_ones(next_on__lt=today_of(request))),
    ("unplanned", _("Without a next step"), lambda request: open_ones(next_on=None)),
)


def today_of(request: Request) -> Any:
    return local_day(request.now, request.company)


def to_colleague(form: Any, lead: Lead | None, request: Request) -> None:
    form.fields["person"].queryset = colleagues()
    form.initial["person"] = lead.owner_id if lead is not None else None


def give(lead: Lead, *, person: User, actor: Actor, at: datetime) -> None:
    actions.give(lead, person, actor=actor, at=at)


def drop(lead: Lead, *, reason: str, actor: Actor, at: datetime) -> None:
    actions.drop(lead, reason, actor=actor, at=at)


def plan(lead: Lead, *, step: str, on: Any, actor: Actor, at: datetime) -> None:
    actions.plan(lead, step, on, actor=actor, at=at)


def convert(lead: Lead, *, become: Become, actor: Actor, at: datetime) -> Lead:
    return actions.convert_lead(lead, become, actor=actor, at=at)


def is_open(lead: Lead) -> bool:
    return lead.state in OPEN


def prepare_conversion(form: Any, lead: Lead, request: Request) -> None:
    form.prepare(lead, twins_of_lead(lead, request.actor), request)


class LeadScreens(Screens):
    model = Lead
    slug = "leads"
    icon = "leads"
    columns: ClassVar[Sequence[Column]] = (
        Name(label=_("Name")), Column("company_name"), Status(lifecycle=LEAD),
        Linked("source", sort="source__name"), Column("city"), Score("score"), Priority("priority", sort="urgency"),
        Owner("owner", sort="owner__full_name"), Age("created_at", label=_("Age")),
        NextStep("next_step", sort="next_on"), Age("touched_at"), Code("number"), Phone("phone"), MailColumn("email"),
        Column("source_detail"), Linked("territory", sort="territory__name"),
    )  # fmt: skip
    hidden_columns = ("number", "phone", "email", "source_detail", "territory")
    facts = (
        (_("Contact details"), (
            Column("name"), Column("company_name"), Column("job_title"), Phone("phone"), MailColumn("email"),
            SiteColumn("website"), Column("city"), Column("country_label", label=_("Country")), Choice("language"),
            Code("official_number"),
        )),
        (_("Details"), (
            Linked("source"), Column("source_detail"), Linked("territory"), Linked("owner"),
            Moment("created_at", label=_("Came in")), Moment("touched_at"), Column("lost_why"),
        )),
    )  # fmt: skip
    tags: ClassVar[Sequence[Column]] = (Status(lifecycle=LEAD), Priority("priority"), Code("number"))
    filters = (
        Situation("is", _("Shown"), choices=SITUATIONS), InState(lifecycle=LEAD), OneOf("priority"), Of("source"),
        Of("owner", narrow=Q(kind=STAFF)), Of("territory"), Of("form", _("Web form")),
    )  # fmt: skip
    related = ("source", "owner", "territory", "form")
    default_order = ("place", "-pk")
    form = LeadForm
    save = staticmethod(actions.save_lead)
    lifecycle = LEAD
    panels: ClassVar[Sequence[Panel]] = (WRITTEN,)
    verbs: ClassVar[Sequence[Verb]] = (
        Verb("convert", convert, form=ConvertForm, prepare=prepare_conversion, icon="check-circle"),
        Verb("take", actions.take, icon="user", permission="leads.change_lead"),
        Verb("qualify", actions.qualify, icon="star", permission="leads.change_lead"),
        Verb("give", give, label=_("Give to a colleague"), form=GiveForm, prepare=to_colleague, icon="users",
             when=is_open, permission="leads.assign_lead"),
        Verb("plan", plan, label=_("Plan the next step"), form=PlanForm, icon="calendar", when=is_open,
             permission="leads.change_lead"),
        Verb("drop", drop, form=DropForm, icon="x", permission="leads.change_lead"),
        Verb("revive", actions.revive, icon="undo", permission="leads.change_lead"),
        Verb("delete", delete_record, label=_("Delete"), form=Sure, tone="danger-quiet", icon="trash"),
    )  # fmt: skip
    bulk = ("give", "take", "qualify", "drop", "plan")

    # Rows

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """What nobody has yet comes first, then what is open, then the rest."""
        place = Case(When(open_ones(owner=None), then=0), When(open_ones(), then=1), default=Value(2))
        urgency = Case(When(priority="high", then=0), When(priority="normal", then=1), default=Value(2))
        return super().rows(actor).annotate(place=place, urgency=urgency)

    def prepare(self, rows: Sequence[Any], request: Request) -> None:
        today = today_of(request)
        for lead in rows:
            lead.seen_at, lead.today = request.now, today

    def may_edit(self, request: Request, record: Any) -> bool:
        return super().may_edit(request, record) and may_lead(request.actor, "leads.change_lead", record)

    # The page

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        self.prepare([record], request)
        record.country_label = country_name(record.country)
        actor: Actor = request.actor
        may_change = is_open(record) and may_lead(actor, "leads.change_lead", record)
        return {
            **super().detail_context(request, record),
            "twins": [] if record.customer_id else with_reasons(twins_of_lead(record, actor)),
            "questions": questions_for(record),
            "may_answer": may_change,
            "plan_form": self.plan_form(record) if may_change else None,
            "whatsapp": whatsapp_link(record.phone, "") if record.phone else "",
        }

    def plan_form(self, lead: Lead) -> PlanForm:
        return PlanForm(initial={"step": lead.next_step, "on": lead.next_on}, auto_id="plan_%s")

    def buttons(self, request: Request, record: Any) -> list[dict[str, Any]]:
        """Without those that this person may do to other leads only."""
        found = super().buttons(request, record)
        actor: Actor = request.actor
        takes = record.owner_id is None and actor.may("leads.take_unassigned")
        allowed = {
            "convert": may_lead(actor, "leads.convert_lead", record),
            "take": takes or may_lead(actor, "leads.change_lead", record),
            "give": record.owner_id is None or may_lead(actor, "leads.assign_lead", record),
        }  # fmt: skip
        changes = may_lead(actor, "leads.change_lead", record)
        return [
            button for button in found
            if allowed.get(button["name"], changes or button["name"] == "delete") and button["name"] != "plan"
        ]  # fmt: skip

    # The form

    def prepare_form(self, form: ModelForm[Any], request: Request) -> None:
        actor: Actor = request.actor
        owner: Any = form.fields["owner"]
        owner.queryset = colleagues()
        if not actor.may("leads.assign_lead"):
            del form.fields["owner"]
        if form.instance.pk is None and not form.is_bound:
            form.initial.setdefault("country", request.company.country)
            form.initial.setdefault("language", request.company.language)
            form.initial.setdefault("owner", actor.user_id)

    def edit(self, request: Request, record: Any) -> HttpResponse:
        if request.method == "POST":
            # A copy: judging a form writes into its row, and the second form must still see what was there before.
            form = self.build_form(request, copy(record))
            if form.is_valid() and (twins := self.twins(form, request)):
                sign = ",".join(f"{twin.record._meta.model_name}{twin.record.pk}" for twin in twins)
                if request.POST.get("despite") != sign:
                    context = {"form": form, "record": record, "twins": with_reasons(twins), "despite": sign}
                    return self.render(request, "form", status=422, **context)
        return super().edit(request, record)

    def twins(self, form: Any, request: Request) -> list[Twin]:
        """Who could be the same, asked when what tells people apart was typed anew."""
        record = form.instance
        if record.pk is not None and not TELLING & set(form.changed_data):
            return []
        data = form.cleaned_data
        return twins_of(
            request.actor, name=data["name"], company=data["company_name"], phone=data["phone"], email=data["email"],
            number=data["official_number"], besides=record.pk,
        )  # fmt: skip

    @access("staff")
    def alike(self, request: Request) -> HttpResponse:
        """The warning while somebody types. Sent as a form, so that names and numbers stay out of logs."""
        actor = self.allow(request, "add")
        typed = {name: clean_user_text(request.POST.get(name, "")).strip()[:254] for name in TELLING}
        twins = twins_of(
            actor, name=typed["name"], company=typed["company_name"], phone=_number(typed["phone"]),
            email=typed["email"], number=typed["official_number"], besides=whole(request.POST.get("besides", "")),
        )  # fmt: skip
        return render(request, "leads/twins.html", {"twins": with_reasons(twins)})

    @access("staff")
    def answer(self, request: Request, pk: int) -> HttpResponse:
        """One tap on an answer."""
        actor = self.allow(request, "change")
        lead = self.row(actor, pk)
        wanted = whole(request.POST.get("choice", ""))
        pairs = [(q, one) for q, _now in questions_for(lead) for one in q.choices.all() if one.pk == wanted]
        if not pairs:
            raise Refused(_("Choose one of the answers to this question."))
        question, choice = pairs[0]
        actions.answer(lead, question, choice, actor=actor, at=request.now)
        return redirect(f"{self.url('detail', pk)}#questions")

    def more_urls(self) -> list[URLPattern]:
        return [
            path("leads/alike/", require_POST(self.alike), name="leads-alike"),
            path("leads/<int:pk>/answer/", require_POST(self.answer), name="leads-answer"),
        ]


def _number(text: str) -> str:
    """A number being typed, as it would be kept; as typed while it is none yet."""
    try:
        return parse_phone(text, active().region)
    except NotAPhone:
        return text


def with_reasons(twins: Sequence[Twin]) -> list[tuple[Any, str, str]]:
    """(record, kind of record, why it could be the same)."""
    return [(twin.record, str(twin.record._meta.verbose_name), reasons(twin)) for twin in twins]

"""How leads are judged and given out: criteria, questions, rules, and a dry run of the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rawabit.identity.queries import colleagues
from rawabit.kit.access import access
from rawabit.kit.countries import country_choices, country_name
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Choice as ChoiceColumn
from rawabit.kit.screens.columns import Column, Number, Yes
from rawabit.kit.screens.fields import NumberField
from rawabit.kit.screens.masters import NAMES, MasterScreens, NameColumn, NamedForm, name_widgets
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.parts import Part, WithParts
from rawabit.kit.screens.templatetags.ui import icon
from rawabit.leads import actions
from rawabit.leads.logic.scoring import FIELDS
from rawabit.leads.models import AssignmentRule, Choice, Criterion, Question
from rawabit.leads.queries import lead_settings, recent_leads

MONTH = timedelta(days=30)
REHEARSED = 300


class PointsField(NumberField):
    """Whole points, also negative ones."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"places": 0, "least": -1000, "most": 1000, **options})

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return None if number is None else int(number)


@dataclass(frozen=True, slots=True)
class Points(Column):
    path: str = "points"
    css: str = "num"

    def cell(self, record: Any) -> SafeString:
        sign = "+" if record.points > 0 else ""
        return format_html('<bdi dir="ltr">{}{}</bdi>', sign, record.points)


@dataclass(frozen=True, slots=True)
class OrderButtons(Column):
    """Two buttons of the list's own form: earlier and later."""

    path: str = "position"
    slug: str = ""

    def cell(self, record: Any) -> SafeString:
        up, down = (reverse(f"{self.slug}-place", args=[record.pk, way]) for way in ("up", "down"))
        return format_html(
            '<span class="row g1 nowrap"><button class="btn btn-icon" data-v="ghost" formaction="{}" aria-label="{}">'
            '{}</button><button class="btn btn-icon" data-v="ghost" formaction="{}" aria-label="{}">{}</button></span>',
            up, _("Earlier: %(name)s") % {"name": record}, icon("arrow-up"),
            down, _("Later: %(name)s") % {"name": record}, icon("arrow-down"),
        )  # fmt: skip


# Criteria


class CriterionForm(NamedForm):
    names_help = _("Shown beside the points on the page of each lead.")
    widths = {**NamedForm.widths, "field": 4, "test": 4, "value": 4, "points": 4}
    field = forms.ChoiceField(label=pgettext_lazy("of a record", "Field"), choices=list(FIELDS.items()))
    points = PointsField(label=_("Points"), help_text=_("Less than nothing for what speaks against it."))

    class Meta:
        model = Criterion
        fields = [*NAMES, "field", "test", "value", "points", "is_active"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("test") not in ("filled", "empty", None) and not (data.get("value") or "").strip():
            self.add_error("value", _("Say with what it is compared."))
        return data


@dataclass(frozen=True, slots=True)
class FieldColumn(Column):
    path: str = "field"

    def value(self, record: Any) -> Any:
        return FIELDS.get(record.field, record.field)


class CriterionScreens(MasterScreens):
    model = Criterion
    slug = "lead-criteria"
    icon = "target"
    columns: ClassVar[Sequence[Column]] = (
        NameColumn(), FieldColumn(), ChoiceColumn("test"), Column("value"), Points(), Yes("is_active"),
    )  # fmt: skip
    form = CriterionForm
    default_order = ("pk",)

    @access("staff")
    def rescore(self, request: Request) -> HttpResponse:
        actor = self.allow(request, "change")
        actions.ask_rescoring(actor=actor, at=request.now)
        messages.success(request, _("The scores of all open leads are reckoned anew in the background."))
        return redirect(self.url("list"))

    def more_urls(self) -> list[URLPattern]:
        return [path("lead-criteria/again/", require_POST(self.rescore), name="lead-criteria-again")]


# Questions


class QuestionForm(NamedForm):
    class Meta:
        model = Question
        fields = [*NAMES, "is_active"]


class AnswerForm(forms.Form):
    """A possible answer, with its points."""

    name = forms.CharField(label=pgettext_lazy("to a question", "Answer"), max_length=200)
    name_ar = forms.CharField(label=_("Arabic name"), max_length=200, required=False)
    name_fa = forms.CharField(label=_("Persian name"), max_length=200, required=False)
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    points = PointsField(label=_("Points"))
    widths = {"name": 8, "points": 4, "name_ar": 4, "name_fa": 4, "name_en": 4}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, widget in name_widgets().items():
            widget.is_required = self.fields[name].required
            self.fields[name].widget = widget
        self.order_fields(["name", "points"])


def answer_form(question: Question, row: Choice | None, request: Request) -> forms.Form:
    names = (*NAMES, "points")
    return AnswerForm(request.POST or None, initial={name: getattr(row, name) for name in names} if row else {})


def save_answer(question: Question, row: Choice | None, data: dict[str, Any], *, actor: Actor, at: datetime) -> None:
    actions.save_choice(question, row, data, actor=actor, at=at)


class QuestionScreens(WithParts, MasterScreens):
    model = Question
    slug = "lead-questions"
    icon = "question"
    columns: ClassVar[Sequence[Column]] = (NameColumn(), Yes("is_active"), OrderButtons(slug="lead-questions"))
    form = QuestionForm
    default_order = ("position", "pk")
    panels = (
        Panel(
            pgettext_lazy("to a question", "Answers"), lambda question, request: question.choices.all(),
            template="leads/panels/answers.html", empty=_("No answer to choose from yet"),
        ),
    )  # fmt: skip
    parts = (
        Part("answers", pgettext_lazy("to a question", "Answer"), "leads.change_question",
             lambda question: question.choices.all(), answer_form, save_answer, actions.remove_choice),
    )  # fmt: skip

    @access("staff")
    def place(self, request: Request, pk: int, way: str) -> HttpResponse:
        actor = self.allow(request, "change")
        actions.place_question(self.row(actor, pk), actor=actor, at=request.now, up=way == "up")
        return redirect(self.url("list"))

    def more_urls(self) -> list[URLPattern]:
        address = "lead-questions/<int:pk>/place/<slug:way>/"
        return [path(address, require_POST(self.place), name="lead-questions-place"), *super().more_urls()]


# Rules


class RuleForm(NamedForm):
    widths = {
        **NamedForm.widths, "source": 4, "country": 4, "city": 4, "territory": 6, "min_score": 6, "way": 6,
        "person": 6, "team": 6,
    }  # fmt: skip
    country = forms.ChoiceField(label=_("Country"), required=False)
    min_score = PointsField(label=_("Score from"), required=False)

    class Meta:
        model = AssignmentRule
        fields = [
            *NAMES, "source", "country", "city", "territory", "min_score", "way", "person", "team", "is_active",
        ]  # fmt: skip
        help_texts = {"source": _("What is left empty fits every lead.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = country_choices(self.instance.country or "")
        self.fields["country"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        way = data.get("way")
        if way == "person" and not data.get("person"):
            self.add_error("person", _("Choose a colleague."))
        if way in ("turn", "load") and not data.get("team"):
            self.add_error("team", _("Choose a team."))
        return data


@dataclass(frozen=True, slots=True)
class Fits(Column):
    """The conditions of a rule in words."""

    path: str = "conditions"
    label: Any = _("When")

    def value(self, record: Any) -> Any:
        parts = [record.source, record.country and country_name(record.country), record.city, record.territory]
        if record.min_score is not None:
            parts.append(_("score from %(points)s") % {"points": record.min_score})
        return " · ".join(str(part) for part in parts if part) or _("Every lead")


@dataclass(frozen=True, slots=True)
class GoesTo(Column):
    path: str = "goes_to"
    label: Any = _("To whom")

    def value(self, record: Any) -> Any:
        whom = {"person": record.person, "turn": record.team, "load": record.team}.get(record.way)
        return " · ".join(str(part) for part in (record.get_way_display(), whom) if part)


class RemindForm(forms.Form):
    days = NumberField(
        label=_("Remind after (days)"),
        places=0,
        least=0,
        most=365,
        help_text=_("Owners hear in their bell of open leads that nobody has touched for so long. 0: never."),
    )


class AssignmentRuleScreens(MasterScreens):
    model = AssignmentRule
    slug = "assignment-rules"
    icon = "merge"
    columns: ClassVar[Sequence[Column]] = (
        NameColumn(), Fits(), GoesTo(), Yes("is_active"), OrderButtons(slug="assignment-rules"),
    )  # fmt: skip
    facts: ClassVar[Sequence[tuple[Any, Sequence[Column]]]] = (
        (_("Details"), (Fits(), GoesTo(), Yes("is_active"), Number("position"))),
    )
    related = ("source", "territory", "person", "team")
    form = RuleForm
    default_order = ("position", "pk")

    def prepare_form(self, form: Any, request: Request) -> None:
        person: Any = form.fields["person"]
        person.queryset = colleagues()

    @access("staff")
    def place(self, request: Request, pk: int, way: str) -> HttpResponse:
        actor = self.allow(request, "change")
        actions.place_rule(self.row(actor, pk), actor=actor, at=request.now, up=way == "up")
        return redirect(self.url("list"))

    @access("staff")
    def rehearsal(self, request: Request) -> HttpResponse:
        """What the rules as they stand would have done with the leads of the last month."""
        actor = self.allow(request, "view")
        actor.require("leads.view_lead")
        leads = recent_leads(actor, request.now - MONTH, REHEARSED)
        told = actions.rehearse(leads)
        names = {person.pk: person for person in colleagues()}
        rows = [(one.lead, one.rule, names.get(one.person or 0)) for one in told]
        counts = Counter(person for _lead, _rule, person in rows)
        context = {"rows": rows, "counts": counts.most_common(), "screens": self, "section": self.slug}
        return render(request, "leads/rehearsal.html", context)

    @access("staff")
    def remind(self, request: Request) -> HttpResponse:
        """After how many quiet days owners are reminded."""
        actor = self.allow(request, "change")
        posted = request.POST if request.method == "POST" else None
        form = RemindForm(posted, initial={"days": lead_settings().remind_after})
        if posted is not None and form.is_valid():
            actions.remind_after(int(form.cleaned_data["days"]), actor=actor, at=request.now)
            messages.success(request, _("Saved"))
            return redirect("leads-remind")
        status = 422 if posted is not None else 200
        context = {"form": form, "screens": self, "section": "settings"}
        return render(request, "leads/remind.html", context, status=status)

    def more_urls(self) -> list[URLPattern]:
        page = require_http_methods(["GET", "HEAD", "POST"])
        return [
            path("assignment-rules/<int:pk>/place/<slug:way>/", require_POST(self.place),
                 name="assignment-rules-place"),
            path("assignment-rules/dry-run/", require_safe(self.rehearsal), name="assignment-rules-dry-run"),
            path("assignment-rules/reminders/", page(self.remind), name="leads-remind"),
        ]  # fmt: skip

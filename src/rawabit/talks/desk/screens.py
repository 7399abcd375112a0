"""Everything said and done as a list, and the page of one of them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rawabit.identity.models import STAFF
from rawabit.kit.access import access
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.records.actions import claim_submission
from rawabit.kit.records.deleting import delete_record
from rawabit.kit.records.models import Record
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.screens.columns import EMPTY, Choice, Column, Linked, Number, When
from rawabit.kit.screens.filters import Days, Of, OneOf, Situation
from rawabit.kit.screens.masters import Sure
from rawabit.kit.screens.screens import Screens
from rawabit.kit.screens.templatetags import kit as shown
from rawabit.kit.screens.verbs import Verb
from rawabit.kit.states import Refused
from rawabit.talks import actions
from rawabit.talks.actions.keeping import Next
from rawabit.talks.desk.forms import ActivityForm, FinishForm, HoldForm, SnoozeForm, TaskForm
from rawabit.talks.desk.shared import moment_of
from rawabit.talks.desk.snoozes import choices_for
from rawabit.talks.models import MEETING, TASK, Activity
from rawabit.talks.policies import may_change


class About(Column):
    """Its title, else how the text begins."""

    def value(self, record: Any) -> Any:
        return record.title or " ".join(record.body.split())[:80] or record.get_kind_display()


class SubjectLink(Column):
    """The record it is about."""

    def cell(self, record: Any) -> SafeString:
        subject = record.subject
        if subject is None:
            return EMPTY
        url = url_of(subject)
        return format_html('<a href="{}"><bdi>{}</bdi></a>', url, subject) if url else shown.bdi(subject)


class Standing(Column):
    """Open, overdue, done or called off, as a tag."""

    def cell(self, record: Any) -> SafeString:
        words, tone = standing_of(record)
        return format_html('<span class="tag" data-s="{}">{}</span>', tone, words)

    def export(self, record: Any) -> Any:
        return str(standing_of(record)[0])


def standing_of(record: Activity) -> tuple[Any, str]:
    if record.cancelled_at:
        return pgettext_lazy("activity", "Called off"), "neutral"
    if record.done_at:
        return (record.get_outcome_display(), "ok") if record.outcome else (pgettext_lazy("activity", "Done"), "ok")
    return pgettext_lazy("activity", "To do"), "info"


def finish(task: Activity, *, actor: Any, at: datetime, outcome: str, next_step: str, next_on: date | None) -> Any:
    actions.finish_task(task, outcome=outcome, next_step=_next(next_step, next_on), actor=actor, at=at)
    return task.subject


def hold(
    meeting: Activity, *, actor: Any, at: datetime, outcome: str, body: str, decisions: str, next_step: str,
    next_on: date | None,
) -> Any:  # fmt: skip
    step = _next(next_step, next_on)
    actions.hold_meeting(meeting, outcome=outcome, body=body, decisions=decisions, next_step=step, actor=actor, at=at)
    return meeting.subject


def _next(step: str, on: date | None) -> Next | None:
    return Next(step, on) if step and on else None


class PutOffForm(SnoozeForm):
    """One of the usual moments, or a day of one's own."""

    until = forms.ChoiceField(label=_("Until"), required=False, widget=forms.RadioSelect)
    field_order = ("until", "day", "hour")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["day"].required = False

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("until") and not data.get("day") and "day" not in self.errors:
            self.add_error("until", _("Choose until when."))
        return data


def offer_moments(form: Any, task: Any, request: Request) -> None:
    form.fields["until"].choices = [(one.code, one.label) for one in choices_for(request.now)]
    form.fields["until"].initial = "tomorrow"


def put_off(task: Activity, *, actor: Any, at: datetime, until: str, day: date | None, hour: time | None) -> None:
    own = moment_of(day, hour, at) if day else None
    chosen = next((one.moment for one in choices_for(at) if one.code == until), None)
    moment = own or chosen
    if moment is None:
        raise Refused(_("Choose until when."))
    actions.snooze(task, moment, actor=actor, at=at)


def map_of(position: str) -> str:
    """Where a visit was, on a map; "" when nobody said."""
    latitude, comma, longitude = position.partition(",")
    return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}" if comma else ""


def is_open(kind: str) -> Any:
    return lambda record: record.kind == kind and record.is_open


CHANGE, ADD = "talks.change_activity", "talks.add_activity"


class ActivityScreens(Screens):
    model: ClassVar[type[Record]] = Activity
    slug = "activities"
    icon = "activity"
    columns = (
        About("title"), Choice("kind"), Standing("state", label=_("Status")), Linked("customer", sort="customer__name"),
        Linked("contact", sort="contact__full_name"), Linked("owner", sort="owner__full_name"), When("at"),
        When("due"), Linked("assignee", sort="assignee__full_name"), Number("minutes"),
    )  # fmt: skip
    hidden_columns = ("due", "assignee", "minutes")
    facts = (
        (_("Details"), (
            Choice("kind"), SubjectLink("subject", label=pgettext_lazy("activity", "About")), Linked("customer"),
            Linked("contact"), Linked("owner"), Linked("assignee"), When("at"), When("due"), When("remind_at"),
            Number("minutes"), Choice("outcome"), Choice("direction"), Choice("priority"), Column("place"),
        )),
    )  # fmt: skip
    filters = (
        OneOf("kind"), OneOf("outcome"), Of("owner", narrow=Q(kind=STAFF)), Of("assignee", narrow=Q(kind=STAFF)),
        Days("at__date", label=_("When")),
        Situation("is", label=_("Status"), choices=(
            ("open", pgettext_lazy("activity", "To do"), lambda request: Q(done_at=None, cancelled_at=None)),
            ("overdue", pgettext_lazy("of a task", "Overdue"),
             lambda request: Q(done_at=None, cancelled_at=None, due__lt=request.now)),
            ("pinned", _("On top"), lambda request: Q(pinned_at__isnull=False)),
        )),
    )  # fmt: skip
    related = ("customer", "contact", "owner", "assignee", "subject_type")
    default_order = ("-at", "-pk")
    tags = (Standing("state"),)
    form = ActivityForm
    save = staticmethod(actions.edit_activity)
    verbs = (
        Verb("finish", finish, label=pgettext_lazy("activity", "Mark as done"), form=FinishForm, when=is_open(TASK),
             tone="primary", icon="check", permission=CHANGE),
        Verb("hold", hold, label=_("Write down the outcome"), form=HoldForm, when=is_open(MEETING), tone="primary",
             icon="check", permission=CHANGE),
        Verb("snooze", put_off, label=_("Put off"), form=PutOffForm, when=is_open(TASK), prepare=offer_moments,
             icon="clock", permission=CHANGE),
        Verb("reopen", actions.reopen_task, label=_("Open again"), icon="undo", permission=CHANGE,
             when=lambda record: record.kind == TASK and record.done_at is not None),
        Verb("cancel", actions.cancel_meeting, label=_("Call off"), form=Sure, when=is_open(MEETING), icon="x",
             permission=CHANGE),
        Verb("pin", actions.pin, label=_("Keep on top"), icon="pinned", permission=ADD,
             when=lambda record: record.pinned_at is None),
        Verb("unpin", actions.unpin, label=_("No longer on top"), icon="pinned", permission=ADD,
             when=lambda record: record.pinned_at is not None),
        Verb("delete", delete_record, label=_("Delete"), form=Sure, tone="danger-quiet", icon="trash"),
    )  # fmt: skip

    def may_edit(self, request: Request, record: Any) -> bool:
        return super().may_edit(request, record) and may_change(request.actor, record, request.now)

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        words = [(_("What was said"), record.body), (_("Decisions"), record.decisions)]
        return {
            **super().detail_context(request, record),
            "texts": [(title, text) for title, text in words if text],
            "guests": list(record.attendees.select_related("user", "contact").order_by("pk")),
            "is_meeting": record.kind == MEETING,
            "map": map_of(record.position),
        }

    def build_form(self, request: Request, record: Any) -> ModelForm[Any]:
        return super().build_form(request, record or Activity(kind=TASK))

    @access("staff")
    def create(self, request: Request) -> HttpResponse:
        """A new task, for nobody in particular. What is about somebody is written down on his page."""
        actor = self.allow(request, "add")
        form = TaskForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            due: Any = moment_of(data["day"], data["hour"], request.now) if data["hour"] else data["day"]
            with transaction.atomic():
                sheet = claim_submission(request.POST.get("once", ""), actor=actor, at=request.now)
                if sheet is not None and sheet.url:
                    return redirect(sheet.url)
                task = actions.plan_task(
                    None, data["title"], due=due, assignee=data["assignee"], body=data["body"],
                    priority=data["priority"], actor=actor, at=request.now,
                )  # fmt: skip
                if sheet is not None:
                    sheet.url = self.url("detail", task.pk)
                    sheet.save(update_fields=["url"])
            messages.success(request, _("Saved"))
            return redirect(self.url("detail", task.pk))
        status = 422 if request.method == "POST" else 200
        return self.render(request, "new", form=form, once=uuid4().hex, status=status)

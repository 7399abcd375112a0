"""What is typed about conversations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from rawabit.identity.queries import colleagues
from rawabit.kit.display import active
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import DateField3, NumberField
from rawabit.kit.screens.times import ClockField
from rawabit.talks.actions.keeping import Next
from rawabit.talks.desk.shared import moment_of
from rawabit.talks.models import (
    CALL,
    CALL_OUTCOMES,
    DIRECTIONS,
    MEETING,
    MEETING_OUTCOMES,
    NOTE,
    PRIORITIES,
    TASK,
    VISIT,
    WHATSAPP,
    Activity,
)
from rawabit.talks.queries.seeing import people_at

SAYS = [
    (NOTE, _("Note")), (CALL, pgettext_lazy("noun", "Call")), (MEETING, _("Meeting")), (VISIT, _("Visit")),
    (WHATSAPP, _("WhatsApp")), (TASK, _("Task")),
]  # fmt: skip
ANYBODY = _("Nobody in particular")


def minutes_field() -> NumberField:
    return NumberField(label=_("Minutes"), places=0, least=0, most=1440, required=False)


class NextForm(forms.Form):
    """What is next: a step and its day go together."""

    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_on = DateField3(label=pgettext_lazy("of a next step", "On"), required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("next_on") and not data.get("next_step"):
            self.add_error("next_step", _("Say what is to be done next."))
        if data.get("next_step") and not data.get("next_on") and "next_on" not in self.errors:
            self.add_error("next_on", _("Say when."))
        return data

    def next_of(self) -> Next | None:
        step, on = self.cleaned_data.get("next_step"), self.cleaned_data.get("next_on")
        return Next(step, on) if step and on else None


class SayForm(NextForm):
    """The composer: one form for everything that may be written down; which fields matter, the kind says."""

    kind = forms.ChoiceField(choices=SAYS, initial=NOTE)
    body = forms.CharField(
        label=pgettext_lazy("of a conversation", "What was said"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip
    title = forms.CharField(label=pgettext_lazy("activity", "About"), max_length=200, required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=CALL_OUTCOMES, required=False)
    direction = forms.ChoiceField(
        label=pgettext_lazy("of a call", "Direction"), choices=DIRECTIONS[::-1], required=False
    )
    minutes = minutes_field()
    day = DateField3(label=_("Date"), required=False)
    hour = ClockField(label=_("Time"), required=False)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    decisions = forms.CharField(
        label=_("Decisions"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )
    contact: Any = forms.ModelChoiceField(None, label=_("With whom"), required=False, empty_label=ANYBODY)
    assignee: Any = forms.ModelChoiceField(None, label=_("To be done by"), required=False, empty_label=_("Me"))
    priority = forms.ChoiceField(label=_("Priority"), choices=PRIORITIES, initial="normal", required=False)
    pinned = forms.BooleanField(label=_("Keep on top"), required=False)

    def __init__(self, record: Any, request: Request, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "say_%s", **options})
        self.at: datetime = request.now
        people = people_at(record, request.actor)
        self.people = people.exists()
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]
        if not self.people:
            del self.fields["contact"]
        self.fields["assignee"].queryset = colleagues()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        kind = data.get("kind")
        if kind == TASK:
            if not data.get("title"):
                self.add_error("title", _("Say what is to be done."))
            if not data.get("day") and "day" not in self.errors:
                self.add_error("day", _("Say when."))
        if kind in (NOTE, WHATSAPP) and not data.get("body"):
            self.add_error("body", _("Write something first."))
        return data

    def moment(self) -> datetime | None:
        return moment_of(self.cleaned_data.get("day"), self.cleaned_data.get("hour"), self.at)


class FinishForm(NextForm):
    """What came of it, and what is next."""

    widths = {"next_step": 8, "next_on": 4}
    outcome = forms.CharField(
        label=_("What came of it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ("outcome", "next_step", "next_on")


class HoldForm(NextForm):
    """A planned meeting is over."""

    widths = {"next_step": 8, "next_on": 4}
    outcome = forms.ChoiceField(label=_("Outcome"), choices=MEETING_OUTCOMES)
    body = forms.CharField(
        label=pgettext_lazy("of a conversation", "What was said"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    decisions = forms.CharField(
        label=_("Decisions"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ("outcome", "body", "decisions", "next_step", "next_on")


class SnoozeForm(forms.Form):
    """A day and an hour of one's own choice."""

    widths = {"day": 6, "hour": 6}
    day = DateField3(label=_("Date"))
    hour = ClockField(label=_("Time"), required=False)


class TaskForm(forms.Form):
    """A task, for a record or for none."""

    widths = {"day": 4, "hour": 4, "priority": 4, "assignee": 6, "customer": 6}
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    day = DateField3(label=pgettext_lazy("of a task", "Due"))
    hour = ClockField(label=_("Time"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), choices=PRIORITIES, initial="normal")
    assignee: Any = forms.ModelChoiceField(None, label=_("To be done by"), required=False, empty_label=_("Me"))
    body = forms.CharField(
        label=_("Details"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["assignee"].queryset = colleagues()  # type: ignore[attr-defined]


class MeetingForm(forms.Form):
    """A meeting to come and who is asked."""

    widths = {"day": 4, "hour": 4, "minutes": 4}
    title = forms.CharField(label=pgettext_lazy("activity", "About"), max_length=200)
    day = DateField3(label=_("Date"))
    hour = ClockField(label=_("Time"))
    minutes = NumberField(label=_("Minutes"), places=0, least=5, most=1440, initial=60)
    place = forms.CharField(label=_("Place or link"), max_length=200, required=False)
    body = forms.CharField(
        label=_("Agenda"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    contacts: Any = forms.ModelMultipleChoiceField(
        None, label=_("Contacts"), required=False, widget=forms.CheckboxSelectMultiple
    )
    colleagues: Any = forms.ModelMultipleChoiceField(
        None, label=_("Colleagues"), required=False, widget=forms.CheckboxSelectMultiple
    )
    emails = forms.CharField(
        label=_("Others by e-mail"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr"}), help_text=_("One address on each line."),
    )  # fmt: skip
    invite = forms.BooleanField(label=_("Send invitations by e-mail"), required=False, initial=True)

    def __init__(self, record: Any, request: Request, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people = people_at(record, request.actor)
        self.fields["contacts"].queryset = people  # type: ignore[attr-defined]
        if not people.exists():
            del self.fields["contacts"]
        self.fields["colleagues"].queryset = colleagues().exclude(pk=request.actor.user_id or 0)  # type: ignore[attr-defined]

    def addresses(self) -> list[str]:
        return [line for line in self.cleaned_data.get("emails", "").replace(",", "\n").split() if line]


class ActivityForm(forms.ModelForm):
    """Correcting what was written."""

    widths = {"outcome": 4, "direction": 4, "minutes": 4, "priority": 4}

    class Meta:
        model = Activity
        fields = ["title", "body", "decisions", "outcome", "direction", "minutes", "place", "priority"]
        widgets = {"body": forms.Textarea(attrs={"rows": 4}), "decisions": forms.Textarea(attrs={"rows": 2})}

    minutes = minutes_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in _USELESS.get(self.instance.kind, ()):
            self.fields.pop(name, None)
        if "outcome" in self.fields:
            known = CALL_OUTCOMES if self.instance.kind == CALL else MEETING_OUTCOMES
            self.fields["outcome"].choices = [("", "—"), *known]  # type: ignore[attr-defined]

    def clean_minutes(self) -> int | None:
        value = self.cleaned_data["minutes"]
        return None if value is None else int(value)


_TALK = ("decisions", "place", "priority")
_USELESS = {
    CALL: _TALK,
    NOTE: (*_TALK, "outcome", "direction", "minutes"),
    WHATSAPP: (*_TALK, "outcome", "minutes"),
    TASK: ("decisions", "place", "outcome", "direction", "minutes"),
    MEETING: ("direction", "priority"),
    VISIT: ("direction", "priority"),
    "mail": (*_TALK, "outcome", "minutes", "direction"),
    "document": (*_TALK, "outcome", "minutes"),
}


class ChatForm(forms.Form):
    file = forms.FileField(label=_("Chat file (.txt or .zip)"))


def today_text(request: Request) -> str:
    return active().date(request.display.local(request.now).date())

"""Sender, quiet hours and reminders: a form over the company's row."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import ModelForm
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from rawabit.company.desk.page import company_page
from rawabit.company.models import WEEKDAYS, Company
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.times import ClockField
from rawabit.kit.text import latn

MOST_STEPS = 8


class MessagesForm(ModelForm):
    widths = {"mail_from_name": 6, "mail_reply_to": 6, "quiet_from": 3, "quiet_until": 3, "reminders": 6}
    days = forms.TypedMultipleChoiceField(
        label=_("Quiet days"), choices=WEEKDAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Messages of these days go out when the next day's quiet hours are over."),
    )  # fmt: skip
    reminders = forms.CharField(
        label=_("Days of reminders"), required=False,
        help_text=_("Days after the due date, with commas; a minus for days before it: -3, 1, 7, 14"),
    )  # fmt: skip

    class Meta:
        model = Company
        fields = ["mail_from_name", "mail_reply_to", "quiet_from", "quiet_until", "reminders_on"]
        field_classes = {"quiet_from": ClockField, "quiet_until": ClockField}
        help_texts = {
            "mail_from_name": _("Empty: the company's name."),
            "mail_reply_to": _("Empty: the company's e-mail address."),
            "quiet_from": _("Nothing is sent in this time but what somebody waits for: codes, invitations, copies."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["days"].initial = self.instance.quiet_days
        self.fields["reminders"].initial = ", ".join(str(day) for day in self.instance.reminder_days)
        self.order_fields(["mail_from_name", "mail_reply_to", "quiet_from", "quiet_until", "days", "reminders_on"])

    def clean_reminders(self) -> list[int]:
        typed = latn(self.cleaned_data["reminders"]).replace("−", "-").replace("،", ",").replace("؛", ",")
        try:
            steps = sorted({int(part) for part in typed.replace(";", ",").split(",") if part.strip()})
        except ValueError:
            raise forms.ValidationError(_("Write whole numbers with commas between them, like -3, 1, 7."))
        if len(steps) > MOST_STEPS or any(not -60 <= step <= 365 for step in steps):
            raise forms.ValidationError(_("At most eight reminders, from 60 days before to 365 days after."))
        return steps

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("quiet_from") is None) != (data.get("quiet_until") is None):
            self.add_error("quiet_until", _("Write both hours, or neither."))
        if len(data.get("days", ())) == len(WEEKDAYS):
            self.add_error("days", _("On one day at least messages must go out."))
        self.instance.quiet_days = data.get("days", [])
        self.instance.reminder_days = data.get("reminders", self.instance.reminder_days)
        return data


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def message_settings(request: Request) -> HttpResponse:
    lead = _("Who they come from, when they rest, and when open invoices are called to mind.")
    return company_page(request, MessagesForm, name="messages", title=_("Sending messages"), lead=lead)

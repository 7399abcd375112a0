"""Hours of the day in forms."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms

from rawabit.kit.marking import _
from rawabit.kit.text import latn


class TimeInput(forms.TextInput):
    template_name = "django/forms/widgets/time.html"

    def format_value(self, value: Any) -> str | None:
        return f"{value:%H:%M}" if isinstance(value, time) else super().format_value(value)


class ClockField(forms.TimeField):
    """An hour typed in any digits: 16:00, ۱۶:۰۰, 16.30, 9."""

    widget = TimeInput
    default_error_messages = {"invalid": _("Write the hour like 16:30.")}

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = latn(value).strip().replace(".", ":")
            value = f"{value}:00" if value.isdigit() else value
        return super().to_python(value)

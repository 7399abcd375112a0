"""Asking for a code: where every contact may come in, one who has never signed in gets his sign-in here."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from rawabit.identity import sign_in
from rawabit.portal.actions.opening import prepare_sign_in


class AskCode(sign_in.AskCode):
    """The library's step, with the sign-in made beforehand. It sends a message to known and unknown addresses alike,
    so the page tells nobody which it was."""

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        if self.request.method == "POST" and (email := form_email(form)):
            prepare_sign_in(email, at=timezone.now())
        return form


def form_email(form: Any) -> str:
    """The address as the form reads it; "" for what is none."""
    typed = form.data.get("email") or form.data.get("login") or ""
    try:
        return str(form.fields["email"].clean(typed))
    except ValidationError:
        return ""

"""Messages about signing in: in the person's language, right to left where it must be, as HTML and as plain text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from rawabit.company.queries import company_now
from rawabit.identity.models import User
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.text import fsi

SUBJECTS: Mapping[str, Any] = {
    "login_code": _("Your sign-in code: %(code)s"),
    "unknown_account": _("Signing in at %(company)s"),
    "password_reset_key": _("Choose a new password for %(company)s"),
    "password_changed": _("Your password was changed"),
    "password_set": _("Your password was set"),
    "password_reset": _("Your password was changed"),
    "invitation": _("%(company)s invites you to sign in"),
}


def message(kind: str, email: str, language: str, facts: Mapping[str, Any]) -> EmailMultiAlternatives:
    """One message, rendered. KeyError for a kind that has no words."""
    company = company_now()
    shown = replace(active(), language=language, digits="arabext" if language == "fa" else "latn")
    with translation.override(language):
        name = company.name_in(language)
        context = {
            **facts,
            "email": email,
            "language": language,
            "direction": "ltr" if language == "en" else "rtl",
            "side": "left" if language == "en" else "right",
            "company": company,
            "company_name": name,
            "site": settings.BASE_URL.rstrip("/"),
            "when": shown.datetime_zoned(facts["at"]) if "at" in facts else "",
        }
        words = {"company": fsi(name), "code": fsi(str(facts.get("code", "")))}
        context["subject"] = subject = str(SUBJECTS[kind]) % words
        text = render_to_string(f"identity/mail/{kind}.txt", context).strip() + "\n"
        html = render_to_string(f"identity/mail/{kind}.html", context)
    mail = EmailMultiAlternatives(subject, text, to=[email])
    mail.attach_alternative(html, "text/html")
    return mail


def language_of(email: str, otherwise: str) -> str:
    """The language that the person with this address has chosen, else the one given."""
    found: str | None = User.objects.filter(email=email.lower()).values_list("language", flat=True).first()
    return found or otherwise


def invite(person: User, *, inviter: str) -> None:
    """Tell a person that he may sign in. The message holds no secret: the sign-in page sends a one-time code."""
    facts = {"person": person, "inviter": inviter, "url": settings.BASE_URL.rstrip("/") + reverse("account_login")}
    message("invitation", person.email, person.language or company_now().language, facts).send()

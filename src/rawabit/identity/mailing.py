"""Messages about signing in: in the person's language, right to left where it must be, as HTML and as plain text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from rawabit.company.models import Company
from rawabit.company.queries import company_now, portal_base
from rawabit.identity.models import STAFF, User
from rawabit.kit.brand import parse_colour
from rawabit.kit.display import Display, active
from rawabit.kit.marking import _
from rawabit.kit.outbox.letters import OWN_COLOUR, Letterhead, mail_context, one_line, plain
from rawabit.kit.text import fsi

SUBJECTS: Mapping[str, Any] = {
    "login_code": _("Your sign-in code: %(code)s"),
    "unknown_account": _("Signing in at %(company)s"),
    "password_reset_key": _("Choose a new password for %(company)s"),
    "password_changed": _("Your password was changed"),
    "password_set": _("Your password was set"),
    "password_reset": _("Your password was changed"),
    "invitation": _("%(company)s invites you to sign in"),
    "email_changed": _("You sign in with another address now"),
    "password_removed": _("Your password was removed"),
    "one_time_code": _("Your one-time code: %(code)s"),
}


def letterhead(company: Company, language: str) -> Letterhead:
    """The sender as he stands on every mail."""
    name = company.name_in(language)
    logo = f"{site(company)}{reverse('logo')}?v={company.version}" if company.logo else ""
    try:
        colour = parse_colour(company.brand_color)
    except ValueError:
        colour = OWN_COLOUR
    return Letterhead(company.trade_name or name, name, company.vat_number, colour, logo)


def site(company: Company | None = None) -> str:
    """What addresses in mails begin with: the portal's own domain, where it has one."""
    return portal_base(company)


def shown_to(
    company: Company, language: str, *, calendar: str = "", digits: str = "", now: Display | None = None
) -> Display:
    """How somebody reads: his own settings, else what is usual for his language at this company."""
    usual = "arabext" if language == "fa" else "latn" if company.digits == "arabext" else company.digits
    return replace(
        now or active(),
        language=language, calendar=calendar or company.calendar, digits=digits or usual,
        second_calendar=company.second_calendar or None, timezone=company.timezone, region=company.country,
        money_style=company.money_style, rial_unit=company.rial_unit,
    )  # fmt: skip


def message(kind: str, email: str, language: str, facts: Mapping[str, Any]) -> EmailMultiAlternatives:
    """One message, rendered. KeyError for a kind that has no words."""
    company = company_now()
    shown = shown_to(company, language)
    with translation.override(language):
        head = letterhead(company, language)
        words = {"company": fsi(head.name), "code": fsi(str(facts.get("code", "")))}
        subject = one_line(str(SUBJECTS[kind]) % words)
        context = mail_context(
            language, head, **facts, email=email, company=company, company_name=head.name, site=site(company),
            reset_url=site(company) + reverse("account_reset_password"), subject=subject,
            when=shown.datetime_zoned(facts["at"]) if "at" in facts else "",
        )  # fmt: skip
        text = plain(f"identity/mail/{kind}.txt", context)
        html = render_to_string(f"identity/mail/{kind}.html", context)
    mail = EmailMultiAlternatives(subject, text, sender(company), [email], headers={"Auto-Submitted": "auto-generated"})
    mail.attach_alternative(html, "text/html")
    return mail


def sender(company: Company) -> str:
    """Name and address in From; the address is the server's, the name the company's."""
    own = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((one_line(company.mail_from_name or company.trade_name or company.name or own[0], 100), own[1]))


def language_of(email: str, otherwise: str) -> str:
    """The language that the person with this address has chosen, else the one given."""
    found: str | None = User.objects.filter(email=email.lower()).values_list("language", flat=True).first()
    return found or otherwise


def invite(person: User, *, inviter: str) -> None:
    """Tell a person that he may sign in. The message holds no secret: the sign-in page sends a one-time code."""
    base = settings.BASE_URL.rstrip("/") if person.kind == STAFF else site()
    facts = {"person": person, "inviter": inviter, "url": base + reverse("account_login")}
    message("invitation", person.email, person.language or company_now().language, facts).send()

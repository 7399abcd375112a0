"""What the pages of "My account" share: the tabs, the step up, and a refusal beside its field."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

from rawabit.crm.policies import EVERY_ROLE, OWNING
from rawabit.identity.stepping import FRESH, TO_FILL_IN, is_fresh, step_url
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text
from rawabit.portal.account import Account
from rawabit.portal.contact import contact_of
from rawabit.portal.pages import page
from rawabit.portal.switches import PAGE_OF, may

TABS: tuple[tuple[str, Any, Collection[str]], ...] = (
    ("portal-account", _("My details"), EVERY_ROLE),
    ("portal-company", _("Company"), EVERY_ROLE),
    ("portal-colleagues", _("Colleagues"), OWNING),
    ("portal-security", _("Security"), EVERY_ROLE),
    ("portal-activity", _("Activity"), EVERY_ROLE),
    ("portal-messages", pgettext_lazy("portal", "Messages"), EVERY_ROLE),
    ("portal-downloads", _("Downloads"), EVERY_ROLE),
)


def tabs_of(request: HttpRequest, account: Account, current: str) -> list[tuple[str, Any, bool]]:
    """(address, words, whether it is this page) of the tabs that this person may open."""
    shown = []
    for name, label, roles in TABS:
        if account.role in roles and may(request, PAGE_OF.get(name, "?"), account) and (url := _url(name)):
            shown.append((url, label, name == current))
    return shown


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def tab(
    request: HttpRequest, account: Account, name: str, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page below one of the tabs."""
    frame = {"account_tabs": tabs_of(request, account, name), "contact": contact_of(request, account)}
    return page(request, account, f"portal/account/{template}.html", frame | context, status=status)


def asked_again(request: HttpRequest, back: str = "") -> HttpResponse | None:
    """The way over the code page, for pages of one record: whose it is must be judged before. None: go on."""
    sending = request.method not in ("GET", "HEAD")
    if is_fresh(request, TO_FILL_IN if sending else FRESH):
        return None
    return redirect(step_url(request, back))


def tell_refusal(form: forms.BaseForm, reason: Refused) -> None:
    """The words of a refusal, beside the field they are about."""
    told = getattr(reason, "problems", None) or {None: str(reason)}
    for field, words in told.items():
        form.add_error(field if field in form.fields else None, words)


class PlainText:
    """For forms: what people paste is kept without invisible marks, and blanks alone are nothing."""

    cleaned_data: dict[str, Any]
    fields: dict[str, forms.Field]

    def tidy(self, data: dict[str, Any]) -> dict[str, Any]:
        for name, value in data.items():
            if isinstance(value, str):
                data[name] = clean_user_text(value).strip()
        return data


class UploadField(forms.FileField):
    """A paper that proves what was typed. What it is, is judged by its bytes when it is kept."""

    def __init__(self, **options: Any) -> None:
        attrs = {"accept": ".pdf,.png,.jpg,.jpeg,.webp,.docx,.xlsx,.txt"}
        super().__init__(**{"widget": forms.FileInput(attrs=attrs), "required": False, "max_length": 200, **options})

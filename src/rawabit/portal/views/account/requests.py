"""Asking for what a customer may not change himself, and following what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rawabit.crm.actions import ask_change, withdraw_change
from rawabit.crm.actions.changes import ROLES_FOR
from rawabit.crm.desk.addresses import BY_COUNTRY, ELSEWHERE
from rawabit.crm.desk.change_words import change_rows, field_label
from rawabit.crm.desk.forms import NOT_FOR_INDIVIDUALS, kinds_of_numbers
from rawabit.crm.desk.shared import number_label
from rawabit.crm.logic.addresses import NUMERIC, cleaned, problems
from rawabit.crm.logic.changes import ACCOUNTS, ASKED, CHANGE, NUMBER, REACHED
from rawabit.crm.models import ChangeRequest, Customer
from rawabit.crm.policies import EVERY_ROLE
from rawabit.crm.queries import change_values
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.screens.fields import CodeField, IdentifierField, PhoneField
from rawabit.kit.states import Refused
from rawabit.portal.account import Account
from rawabit.portal.pages import closed, within
from rawabit.portal.queries import people
from rawabit.portal.queries.files import files_on
from rawabit.portal.views.account.tabs import PlainText, UploadField, asked_again, tab, tell_refusal

READ_OR_SEND = ["GET", "HEAD", "POST"]
# Where money goes and who is written to: whoever sits before the screen must be who he says.
STEPPED_UP = (ChangeRequest.BANK, ChangeRequest.CONTACT, ChangeRequest.ERASURE)
KINDS = dict(ChangeRequest.KINDS)
LONGEST = {
    "building": 10, "street": 200, "secondary": 10, "unit": 20, "district": 100, "city": 100, "province": 100,
    "postal_code": 12, "short_code": 20,
}  # fmt: skip


class ChangeForm(PlainText, forms.Form):
    """The fields of one kind of request as they stand, a note and a paper."""

    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )
    file = UploadField(
        label=_("Paper that shows it"), help_text=_("For example the VAT certificate, as a PDF or photo.")
    )

    def __init__(self, customer: Customer, kind: str, *args: Any, **options: Any) -> None:
        before = change_values(customer, kind)
        super().__init__(*args, **{"initial": before, **options})
        self.customer, self.kind, self.before = customer, kind, before
        asked = fields_of(customer, kind, before)
        self.asked = tuple(asked)
        self.fields = {**asked, **self.fields}
        self.widths = dict.fromkeys(asked, 6)
        if kind == ChangeRequest.ERASURE:
            del self.fields["file"]

    def clean(self) -> dict[str, Any]:
        data = self.tidy(super().clean() or {})
        if self.kind == ChangeRequest.ADDRESS:
            texts = cleaned({name: data.get(name, "") for name in self.asked})
            data |= texts
            for name, words in problems(self.country(), texts).items():
                self.add_error(name if name in self.fields else None, words)
        return data

    def country(self) -> str:
        return str(self.customer.country)

    def after(self) -> dict[str, str]:
        """What was typed into the fields that differ from what stands now."""
        return {name: self.cleaned_data[name] for name in self.asked if name in self.cleaned_data}

    def asked_fields(self) -> Sequence[BoundField]:
        return [self[name] for name in self.asked]


def fields_of(customer: Customer, kind: str, before: Mapping[str, str]) -> dict[str, forms.Field]:
    """What is asked for by a kind of request."""
    if kind == ChangeRequest.ERASURE:
        return {}
    if kind == ChangeRequest.CONTACT:
        return contact_fields(customer)
    if kind == ChangeRequest.ADDRESS:
        return address_fields(customer)
    return legal_fields(customer, kind, before)


def address_fields(customer: Customer) -> dict[str, forms.Field]:
    names = BY_COUNTRY.get(customer.country, ELSEWHERE)
    return {
        name: (CodeField if name in NUMERIC else forms.CharField)(
            label=field_label(name), required=False, max_length=LONGEST.get(name, 500)
        )
        for name in names
    }


def contact_fields(customer: Customer) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        "phone": PhoneField(label=field_label("phone"), required=False),
        "email": forms.EmailField(label=field_label("email"), required=False, max_length=254),
        "website": forms.URLField(label=field_label("website"), required=False, max_length=200, assume_scheme="https"),
    }
    return {name: fields[name] for name in REACHED if customer.kind != "individual" or name not in NOT_FOR_INDIVIDUALS}


def legal_fields(customer: Customer, kind: str, before: Mapping[str, str]) -> dict[str, forms.Field]:
    known = [name.removeprefix(NUMBER) for name in before if name.startswith(NUMBER)]
    kinds = dict.fromkeys((*kinds_of_numbers(customer.kind, customer.country), *known))
    bank = kind == ChangeRequest.BANK
    numbers: dict[str, forms.Field] = {
        f"{NUMBER}{code}": IdentifierField(kind=code, label=number_label(code), required=False, max_length=60)
        for code in kinds if (code in ACCOUNTS) == bank
    }  # fmt: skip
    if bank:
        return numbers
    names = ["name", "name_en", *([] if customer.kind == "individual" else ["trade_name"])]
    words: dict[str, forms.Field] = {
        name: forms.CharField(label=field_label(name), max_length=200, required=name == "name") for name in names
    }
    return words | numbers


@access("portal")
@require_http_methods(READ_OR_SEND)
@within(EVERY_ROLE)
def change(request: HttpRequest, account: Account, kind: str) -> HttpResponse:
    """Ask for a change of one kind."""
    if kind not in KINDS:
        raise Http404
    if account.role not in ROLES_FOR[kind]:
        return closed(request, account)
    if kind in STEPPED_UP and (elsewhere := asked_again(request)):
        return elsewhere
    customer = people.customer_for(account.actor)
    sent = request.method == "POST"
    form = ChangeForm(customer, kind, *((request.POST, request.FILES) if sent else ()))
    if sent and form.is_valid() and (made := asked(request, form)):
        messages.success(request, _("We have your request. You will read here what becomes of it."))
        return redirect("portal-change-request", uid=made.uid)
    tab_name = "portal-account" if kind == ChangeRequest.ERASURE else "portal-company"
    context = {"form": form, "kind": kind, "kind_label": KINDS[kind]}
    return tab(request, account, tab_name, "change", context, status=422 if sent else 200)


def asked(request: HttpRequest, form: ChangeForm) -> ChangeRequest | None:
    try:
        return ask_change(
            form.customer, form.kind, form.after(), note=form.cleaned_data["note"],
            file=form.cleaned_data.get("file"), actor=request.actor, at=request.now,  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as reason:
        tell_refusal(form, reason)
        return None


# What became of it


def request_rows(account: Account) -> Sequence[dict[str, Any]]:
    """What was asked for, with how it stands."""
    return [
        {"uid": row.uid, "label": row.get_kind_display(), "at": row.asked_at, "who": row.asked_by.full_name,
         "state": CHANGE.states[row.state].label, "tone": CHANGE.states[row.state].tone}
        for row in people.changes_of(account.actor)
    ]  # fmt: skip


@access("portal")
@require_safe
@within(EVERY_ROLE)
def change_request(request: HttpRequest, account: Account, uid: UUID) -> HttpResponse:
    """One request: what was, what shall be, how it stands and why."""
    found = change_or_404(account, uid)
    state = CHANGE.states[found.state]
    context = {
        "change": found, "rows": change_rows(found), "state": state, "files": files_on(found),
        "may_withdraw": found.state == ASKED, "kind_label": found.get_kind_display(),
    }  # fmt: skip
    name = "portal-account" if found.kind == ChangeRequest.ERASURE else "portal-company"
    return tab(request, account, name, "change_request", context)


@access("portal")
@require_POST
@within(EVERY_ROLE)
def change_withdraw(request: HttpRequest, account: Account, uid: UUID) -> HttpResponse:
    """Take a request back."""
    found = change_or_404(account, uid)
    withdraw_change(found, actor=account.actor, at=request.now)  # type: ignore[attr-defined]
    messages.success(request, _("Withdrawn."))
    return redirect("portal-change-request", uid=uid)


def change_or_404(account: Account, uid: UUID) -> ChangeRequest:
    found = people.change_for(account.actor, uid)
    if found is None:
        raise Http404
    return found

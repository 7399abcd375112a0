"""Colleagues: who of the company comes in here, as what, and up to which amount. For the account owner alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rawabit.crm.actions import (
    Given,
    Invitation,
    change_held,
    change_portal_role,
    invite_again,
    invite_colleague,
    restore_portal_access,
    revoke_portal_access,
    switch_held,
)
from rawabit.crm.models import HeldInvitation, PortalAccess
from rawabit.crm.policies import OWNING
from rawabit.identity.mailing import invite
from rawabit.identity.models import User
from rawabit.identity.sign_in import AddressField
from rawabit.identity.stepping import fresh
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.screens.fields import MoneyField
from rawabit.kit.states import Refused
from rawabit.portal.account import Account
from rawabit.portal.pages import within
from rawabit.portal.queries import people
from rawabit.portal.switches import may
from rawabit.portal.views.account.tabs import PlainText, asked_again, tab, tell_refusal

READ_OR_SEND = ["GET", "HEAD", "POST"]
TAB = "portal-colleagues"
ROLES = dict(PortalAccess.ROLES)
# The matrix in words: a role, what it opens, what it may do.
MATRIX = (
    ("owner", _("Sees everything, buys and pays, and decides who else has access.")),
    ("buyer", _("Sees quotations, orders and deliveries; accepts quotations and orders, up to the limit given.")),
    ("finance", _("Sees invoices, payments and the statement; reports transfers and disputes invoices.")),
    ("support", _("Asks questions and follows the answers; sees neither prices nor invoices.")),
)


class RoleForm(forms.Form):
    """A role, and for buyers the most that they may order at once."""

    widths = {"limit": 6}
    role = forms.ChoiceField(label=_("Role"), choices=PortalAccess.ROLES, widget=forms.RadioSelect)

    def __init__(self, currency: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["limit"] = MoneyField(
            currency=currency, label=_("Buying limit"), required=False, least=0,
            help_text=_("The most that a buyer may order at once. Empty: no limit."),
        )  # fmt: skip

    def given(self) -> Given:
        return Given(self.cleaned_data["role"], self.cleaned_data.get("limit"))


class InviteForm(PlainText, RoleForm):
    """Whom to invite, and where he shall have access."""

    widths = {"name": 6, "email": 6, "limit": 6}
    name = forms.CharField(label=_("Full name"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    email = AddressField(max_length=254)

    def __init__(self, account: Account, *args: Any, **options: Any) -> None:
        super().__init__(account.customer.currency, *args, **options)
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        self.places = {str(place.uid): place for place in people.places_of(account.actor)}
        if len(self.places) > 1:
            self.fields["customers"] = forms.MultipleChoiceField(
                label=_("Access to"), choices=[(key, str(place)) for key, place in self.places.items()],
                widget=forms.CheckboxSelectMultiple, initial=[next(iter(self.places))],
            )  # fmt: skip
        self.order_fields(["name", "email", "role", "limit", "customers"])

    def clean(self) -> dict[str, Any]:
        data = self.tidy(super().clean() or {})
        if "name" in data and not data["name"]:
            self.add_error("name", self.fields["name"].error_messages["required"])
        return data

    def customers(self) -> list[Any]:
        chosen = self.cleaned_data.get("customers") or list(self.places)[:1]
        return [self.places[key] for key in chosen]


@access("portal")
@require_safe
@within(OWNING)
def colleagues(request: HttpRequest, account: Account) -> HttpResponse:
    """Everybody with access, and what each role may do."""
    rows = people.colleagues_of(account.actor)
    context = {
        "rows": [(row, ROLES.get(row.role, "")) for row in rows],
        "several": len({row.customer.pk for row in rows}) > 1,
        "may_invite": may(request, "invite", account),
        "matrix": [(ROLES[code], words) for code, words in MATRIX],
    }
    return tab(request, account, TAB, "colleagues", context)


@access("portal")
@require_http_methods(READ_OR_SEND)
@within(OWNING)
@fresh
def colleague_new(request: HttpRequest, account: Account) -> HttpResponse:
    """Invite somebody. The answer is the same whoever signs in with that address."""
    sent = request.method == "POST"
    form = InviteForm(account, *((request.POST,) if sent else ()), **({} if sent else {"initial": {"role": "buyer"}}))
    if sent and form.is_valid() and invited(request, account, form):
        words = _("The invitation to %(email)s is on its way.") % {"email": form.cleaned_data["email"]}
        messages.success(request, words)
        return redirect(TAB)
    context = {"form": form, "matrix": [(ROLES[code], words) for code, words in MATRIX]}
    return tab(request, account, TAB, "colleague_new", context, status=422 if sent else 200)


def invited(request: HttpRequest, account: Account, form: InviteForm) -> bool:
    invitation = Invitation(form.cleaned_data["email"], form.cleaned_data["name"], form.given())
    try:
        user = invite_colleague(form.customers(), invitation, actor=account.actor, at=request.now)  # type: ignore[attr-defined]
    except Refused as reason:
        tell_refusal(form, reason)
        return False
    send(request, user)
    return True


def send(request: HttpRequest, user: User | None) -> None:
    """Write to the person. A server that takes no mail now changes nothing of the answer: the invitation can be sent
    again from the list."""
    if user is None:
        return
    try:
        invite(user, inviter=request.actor.name)  # type: ignore[attr-defined]
    except OSError:
        return


def invited_or_404(account: Account, uid: UUID) -> Any:
    found = people.invited_for(account.actor, uid)
    if found is None:
        raise Http404
    return found


@access("portal")
@require_http_methods(READ_OR_SEND)
@within(OWNING)
def colleague(request: HttpRequest, account: Account, uid: UUID) -> HttpResponse:
    """Role and limit of one person."""
    found = invited_or_404(account, uid)
    if elsewhere := asked_again(request):
        return elsewhere
    sent = request.method == "POST"
    limit = None if found.limit is None else Money(found.limit, found.customer.currency)
    form = RoleForm(
        found.customer.currency, *((request.POST,) if sent else ()), initial={"role": found.role, "limit": limit}
    )
    if sent and form.is_valid() and given(request, account, found, form):
        messages.success(request, _("Saved"))
        return redirect(TAB)
    person = people.colleague(found, account.actor)
    context = {"form": form, "person": person, "matrix": [(ROLES[code], words) for code, words in MATRIX]}
    return tab(request, account, TAB, "colleague", context, status=422 if sent else 200)


def given(request: HttpRequest, account: Account, found: Any, form: RoleForm) -> bool:
    wanted, who = form.given(), {"actor": account.actor, "at": request.now}  # type: ignore[attr-defined]
    try:
        if isinstance(found, HeldInvitation):
            change_held(found, wanted, **who)
        else:
            change_portal_role(found, wanted.role, limit=wanted.limit, **who)
    except Refused as reason:
        tell_refusal(form, reason)
        return False
    return True


@access("portal")
@require_POST
@within(OWNING)
def colleague_end(request: HttpRequest, account: Account, uid: UUID) -> HttpResponse:
    """Take the access away; the person is signed out at once."""
    found = invited_or_404(account, uid)
    if elsewhere := asked_again(request, reverse("portal-colleague", args=[uid])):
        return elsewhere
    who = {"actor": account.actor, "at": request.now}  # type: ignore[attr-defined]
    if isinstance(found, HeldInvitation):
        switch_held(found, False, **who)
    else:
        revoke_portal_access(found, **who)
    messages.success(request, _("The access was taken away. The person is signed out everywhere."))
    return redirect(TAB)


@access("portal")
@require_POST
@within(OWNING)
def colleague_back(request: HttpRequest, account: Account, uid: UUID) -> HttpResponse:
    """Give the access back, in the role it had."""
    found = invited_or_404(account, uid)
    if elsewhere := asked_again(request, reverse("portal-colleague", args=[uid])):
        return elsewhere
    who = {"actor": account.actor, "at": request.now}  # type: ignore[attr-defined]
    if isinstance(found, HeldInvitation):
        switch_held(found, True, **who)
    else:
        restore_portal_access(found, **who)
    messages.success(request, _("The person has access again."))
    return redirect(TAB)


@access("portal")
@require_POST
@within(OWNING)
def colleague_again(request: HttpRequest, account: Account, uid: UUID) -> HttpResponse:
    """Send the invitation once more."""
    found = invited_or_404(account, uid)
    send(request, invite_again(found, actor=account.actor, at=request.now))  # type: ignore[attr-defined]
    messages.success(request, _("The invitation was sent again."))
    return redirect(TAB)

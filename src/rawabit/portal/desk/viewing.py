"""The desk's way into the portal as a customer sees it: asked for on a page, begun and ended with a button."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_http_methods, require_POST

from rawabit.crm.models import Customer, PortalAccess
from rawabit.kit.access import access, access_of
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.portal.actions.viewing import begin_viewing, end_viewing
from rawabit.portal.logic.viewing import KEY, LASTS, viewing_in
from rawabit.portal.queries.viewing import PERMISSION, people_to_view_as, viewable_customer

ROLE_PREFIX = "role:"


class WhomForm(forms.Form):
    """One of the customer's people, or a role."""

    whom = forms.ChoiceField(label=_("Look as"), widget=forms.RadioSelect)


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def view_as(request: Request, pk: int) -> HttpResponse:
    """Choose whom to look as (GET), and begin (POST). Nothing begins by following an address."""
    request.actor.require(PERMISSION)
    customer = viewable_customer(request.actor, pk)
    if customer is None:
        raise Http404
    people = people_to_view_as(customer)
    form = WhomForm(request.POST or None)
    form.fields["whom"].choices = choices(people)  # type: ignore[attr-defined]
    form.initial["whom"] = form.fields["whom"].choices[0][0]  # type: ignore[attr-defined]
    to = wanted(request.POST.get("to") or request.GET.get("to", ""))
    if request.method == "POST" and form.is_valid():
        return begun(request, customer, people, form.cleaned_data["whom"], to)
    context = {
        "customer": customer, "form": form, "to": to, "minutes": int(LASTS.total_seconds() // 60), "people": people,
        "section": "customers",
    }  # fmt: skip
    return render(request, "portal/desk/view_as.html", context, status=422 if request.method == "POST" else 200)


def choices(people: Sequence[PortalAccess]) -> list[tuple[str, str]]:
    """The people with their roles, and below them the roles as such."""
    rows: list[tuple[str, str]] = [(str(row.pk), f"{row.user.full_name} · {row.get_role_display()}") for row in people]
    roles = [(f"{ROLE_PREFIX}{code}", str(_("Somebody in the role: %(role)s") % {"role": name}))
             for code, name in PortalAccess.ROLES]  # fmt: skip
    return rows + roles


def begun(request: Request, customer: Customer, people: Sequence[PortalAccess], whom: str, to: str) -> HttpResponse:
    row = next((row for row in people if str(row.pk) == whom), None)
    role = "" if row else whom.removeprefix(ROLE_PREFIX)
    viewing = begin_viewing(customer, access=row, role=role, actor=request.actor, at=request.now)
    request.session[KEY] = viewing.kept()
    return redirect(to)


def wanted(to: str) -> str:
    """A page of the portal to begin with; the first one for anything else."""
    home = reverse("portal-home")
    if not to.startswith(home):
        return home
    try:
        return to if access_of(resolve(to.partition("?")[0]).func) == "portal" else home
    except Resolver404:
        return home


@access("staff")
@require_POST
def end_view_as(request: Request) -> HttpResponse:
    """Back to the customer's page."""
    staff_id = request.actor.user_id or 0
    viewing = viewing_in(request.session, staff_id, request.now)
    request.session.pop(KEY, None)
    if viewing is None:
        request.actor.require(PERMISSION)
        return redirect("desk")
    end_viewing(viewing, actor=request.actor, at=request.now)
    messages.success(request, _("You are yourself again."))
    if viewable_customer(request.actor, viewing.customer_id) is None:
        return redirect("desk")
    return redirect("customers-detail", viewing.customer_id)

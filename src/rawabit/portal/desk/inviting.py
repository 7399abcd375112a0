"""A bulk verb of lists: invite to the portal, with a look beforehand at who would be invited and who cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render

from rawabit.crm.models import PortalAccess
from rawabit.kit.access import access
from rawabit.kit.jobs.queue import enqueue
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.verbs import Verb
from rawabit.portal.actions.inviting import AT_ONCE, Guest, guests_at, guests_of, invite_all

if TYPE_CHECKING:
    from rawabit.kit.screens.screens import Screens as _Base
else:
    _Base = object

JOB = "portal.invite"


class InviteForm(forms.Form):
    """In which role."""

    role = forms.ChoiceField(label=_("Role"), choices=PortalAccess.ROLES, widget=forms.RadioSelect, initial="buyer")


def one_by_one(record: Any, *, actor: Any, at: Any, role: str) -> None:
    """The verb is only offered for many rows; the pages below do it."""
    raise PermissionDenied("crm.add_portalaccess")


INVITE = Verb(
    "invite", one_by_one, label=_("Invite to the portal"), form=InviteForm, icon="mail",
    when=lambda record: False, permission="crm.add_portalaccess",
)  # fmt: skip


class WithInvitations(_Base):
    """Screens of customers or contacts whose selected rows can be invited."""

    guests_by: ClassVar[str] = "customers"

    @access("staff")
    def bulk_do(self, request: Request, name: str) -> HttpResponse:
        if name != INVITE.name:
            return super().bulk_do(request, name)
        actor = self.allow(request, "view")
        if not self.may_do(request, INVITE):
            raise PermissionDenied(name)
        rows = self.selected(request)
        form = InviteForm(request.POST if "confirmed" in request.POST else None)
        guests = guests_at(rows) if self.guests_by == "customers" else guests_of(rows, actor)
        if not form.is_valid():
            return self.shown(request, "invite", guests=guests, form=form, able=able(guests))
        return self.invited(request, guests, form.cleaned_data["role"])

    def invited(self, request: Request, guests: list[Guest], role: str) -> HttpResponse:
        """Do it now, or put it aside when there are many."""
        chosen = able(guests)
        if len(chosen) > AT_ONCE:
            args = {
                "kind": self.guests_by, "rows": [guest.record.pk for guest in chosen], "role": role,
                "by": request.actor.user_id, "url": self.url("list"),
            }  # fmt: skip
            enqueue(JOB, key=None, args=args, at=request.now)
            return self.shown(request, "invited", later=len(chosen))
        results = invite_all(chosen, role, actor=request.actor, at=request.now)
        left_out = [(guest, str(guest.reason)) for guest in guests if guest.why_not]
        failed = [(guest, reason) for guest, reason in results if reason]
        done = [guest for guest, reason in results if not reason]
        return self.shown(request, "invited", done=done, failed=[*failed, *left_out])

    def shown(self, request: Request, part: str, **context: Any) -> HttpResponse:
        whole = {"screens": self, "section": self.slug, "verb": INVITE, **context}
        return render(request, f"portal/desk/{part}.html", whole)


def able(guests: list[Guest]) -> list[Guest]:
    return [guest for guest in guests if not guest.why_not]

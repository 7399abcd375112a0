"""Merging two customers or two people: choosing the other one, the sheet side by side, taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_POST

from rawabit.crm.actions.merging import make_branch, may_choose, merge_contacts, merge_customers, undo_merge
from rawabit.crm.actions.moving import binding, counts
from rawabit.crm.desk.shared import choose_contact, choose_customer
from rawabit.crm.merging_queries import (
    companies_of,
    differing,
    may_still_undo,
    merge_seen,
    merges_of,
    named,
    same_customers,
    same_people,
    where_it_went,
)
from rawabit.crm.models import Contact, Customer
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.records.actions import claim_submission
from rawabit.kit.request import Request
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.verbs import Verb
from rawabit.kit.states import Refused

if TYPE_CHECKING:
    from rawabit.kit.screens.screens import Screens as _Base
else:
    _Base = object


def never_alone(record: Any, *, actor: Any, at: Any) -> None:
    """Merging takes two: the sheet does it."""
    raise PermissionDenied("merge")


def merge_verb(kind: str) -> Verb:
    return Verb(
        "merge", never_alone, label=_("Merge"), icon="merge", form=forms.Form, permission=f"crm.merge_{kind}"
    )  # fmt: skip


def merged(record: Any, request: Request) -> list[Any]:
    rows: list[Any] = list(merges_of(record, request.actor)[:10])
    for row in rows:
        row.open = may_still_undo(row, request.now)
    return rows


MERGED = Panel(_("Merged into this record"), merged, template="crm/panels/merged.html")


class WithMerging(_Base):
    """Adds ``<slug>/merge/`` and leads from a merged record to the one that stayed."""

    kind: ClassVar[str]

    # Ways in

    @access("staff")
    def bulk_do(self, request: Request, name: str) -> HttpResponse:
        if name != "merge":
            return super().bulk_do(request, name)
        self.allow_merge(request)
        rows = self.selected(request)
        if len(rows) != 2:
            raise Refused(_("Select the two that are the same."))
        keep, other = rows if _weight(rows[0], self.kind) >= _weight(rows[1], self.kind) else reversed(rows)
        return redirect(self.sheet_url(keep, other))

    @access("staff")
    def do(self, request: Request, pk: int, name: str) -> HttpResponse:
        if name != "merge":
            return super().do(request, pk, name)
        self.allow(request, "view")
        record = self.row(request.actor, pk)
        self.allow_merge(request)
        return redirect(self.sheet_url(record))

    @access("staff")
    def detail(self, request: Request, pk: int) -> HttpResponse:
        actor = self.allow(request, "view")
        into = where_it_went(self.model, pk)
        if into is not None:
            self.row(actor, into)
            return redirect(self.url("detail", into))
        return super().detail(request, pk)

    def allow_merge(self, request: Request) -> None:
        self.allow(request, "view")
        request.actor.require(f"crm.merge_{self.kind}")

    def sheet_url(self, keep: Any, other: Any = None) -> str:
        query = {"keep": keep.pk, **({"other": other.pk} if other else {})}
        return f"{reverse(f'{self.slug}-merge')}?{urlencode(query)}"

    # The sheet

    @access("staff")
    def merge(self, request: Request) -> HttpResponse:
        self.allow_merge(request)
        if request.method == "POST":
            return self.merged_once(request)
        keep = self.row(request.actor, whole(request.GET.get("keep", "")) or 0)
        key = whole(request.GET.get("other", ""))
        if key is None or key == keep.pk:
            return self.choosing(request, keep)
        return self.sheet(request, keep, self.row(request.actor, key))

    def merged_once(self, request: Request) -> HttpResponse:
        """A sheet sent twice merges once and leads to the same page."""
        try:
            with transaction.atomic():
                mark = claim_submission(request.POST.get("once", ""), actor=request.actor, at=request.now)
                if mark is not None and mark.url:
                    return redirect(mark.url)
                keep, other = self.both(request)
                url = self.merge_now(request, keep, other)
                if mark is not None:
                    mark.url = url
                    mark.save(update_fields=["url"])
        except Refused as reason:
            keep, other = self.both(request)
            return self.sheet(request, keep, other, refusal=str(reason), status=409)
        return redirect(url)

    def both(self, request: Request) -> tuple[Any, Any]:
        keep, other = (self.row(request.actor, whole(request.POST.get(name, "")) or 0) for name in ("keep", "other"))
        return keep, other

    def merge_now(self, request: Request, keep: Any, other: Any) -> str:
        act: Any = merge_customers if self.kind == "customer" else merge_contacts
        kept = act(keep, other, typed(request), actor=request.actor, at=request.now)
        words = _("%(name)s was merged into this record.") % {"name": f"\u2068{kept.loser_name}\u2069"}
        messages.success(request, words, extra_tags=reverse(f"{self.slug}-unmerge", args=[kept.pk]))
        return self.url("detail", keep.pk)

    def sheet(self, request: Request, keep: Any, other: Any, *, refusal: str = "", status: int = 200) -> HttpResponse:
        bound = binding(other, self.kind)
        fields = differing(keep, other, lambda name: may_choose(self.kind, name, request.actor), typed(request))
        context = {
            "keep": keep, "other": other, "fields": fields, "refusal": refusal, "once": uuid4().hex,
            "bound": named(bound), "swap": "" if binding(keep, self.kind) and bound else self.sheet_url(other, keep),
            "moving": named(counts(other, self.kind)), "users": self.users_of(other),
        }  # fmt: skip
        return self.page(request, "merge", context, status)

    def users_of(self, other: Any) -> list[str]:
        """Whose portal then shows the other's papers too."""
        rows = other.portal_access.filter(is_active=True).select_related("user").order_by("user__full_name")
        return [str(row.user) for row in rows] if self.kind == "customer" else []

    def choosing(self, request: Request, keep: Any) -> HttpResponse:
        """Nothing chosen yet: the likest, and a search."""
        form = forms.Form()
        choose = choose_customer if self.kind == "customer" else choose_contact
        form.fields["other"] = choose(request, _("The other one"))
        alike: Any = (same_customers if self.kind == "customer" else same_people)(keep, request.actor)
        hints = companies_of([row for row, _score in alike], request.actor) if self.kind == "contact" else {}
        rows = [(row, hints.get(row.pk, "") or getattr(row, "code", ""), score, self.sheet_url(keep, row))
                for row, score in alike]  # fmt: skip
        return self.page(request, "merge_choose", {"keep": keep, "form": form, "alike": rows}, 200)

    def page(self, request: Request, name: str, context: dict[str, Any], status: int) -> HttpResponse:
        whole_context = {"screens": self, "section": self.slug, "kind": self.kind, **context}
        return render(request, f"crm/{name}.html", whole_context, status=status)

    # Afterwards

    @access("staff")
    def unmerge(self, request: Request, merge: int) -> HttpResponse:
        self.allow_merge(request)
        found = get_object_or_404(merge_seen(merge, request.actor), kind=self.kind)
        try:
            undo_merge(found, actor=request.actor, at=request.now)
        except Refused as reason:
            messages.error(request, str(reason))
            return redirect(self.url("detail", found.winner_key))
        messages.success(request, _("The merge was taken back: there are two records again."))
        return redirect(self.url("detail", found.winner_key))

    @access("staff")
    def branch(self, request: Request) -> HttpResponse:
        """Where merging is forbidden."""
        if self.kind != "customer":
            raise Http404
        self.allow(request, "change")
        head, branch = self.both(request)
        try:
            make_branch(branch, head, actor=request.actor, at=request.now)
        except Refused as reason:
            return self.sheet(request, head, branch, refusal=str(reason), status=409)
        messages.success(request, _("Saved"))
        return redirect(self.url("detail", head.pk))

    def more_urls(self) -> list[URLPattern]:
        page = require_http_methods(["GET", "HEAD", "POST"])
        return [
            path(f"{self.slug}/merge/", page(self.merge), name=f"{self.slug}-merge"),
            path(f"{self.slug}/merge/branch/", require_POST(self.branch), name=f"{self.slug}-merge-branch"),
            path(f"{self.slug}/merge/<int:merge>/undo/", require_POST(self.unmerge), name=f"{self.slug}-unmerge"),
            *super().more_urls(),
        ]


def typed(request: Request) -> dict[str, str]:
    """What was chosen on the sheet, field by field."""
    return {name[2:]: str(value) for name, value in request.POST.items() if name.startswith("f_")}


def _weight(record: Customer | Contact, kind: str) -> tuple[int, int]:
    """Who stays, unless somebody says otherwise: the one the books hold fast, then the older one."""
    return len(binding(record, kind)), -record.pk

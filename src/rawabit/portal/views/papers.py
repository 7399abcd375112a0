"""Documents as PDF, one at a time or many in a ZIP."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from rawabit.billing.papers import paper_of
from rawabit.crm.policies import BUYING, EVERY_ROLE, PAYING
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.paper.bundles import bundle_for, bundles_of, start
from rawabit.kit.paper.doors import bundle_response, paper_response
from rawabit.kit.states import Refused
from rawabit.portal.account import Account
from rawabit.portal.pages import anywhere, page, within
from rawabit.portal.queries.papers import BUNDLED, KINDS, parts_of, record_for
from rawabit.portal.switches import may
from rawabit.portal.views.invoices import today_of

SPANS = {"90": _("The last 90 days"), "365": _("The last 12 months"), "all": _("All")}
LANGUAGES = {"ar": ("ar",), "fa": ("fa",), "en": ("en",), "ar_en": ("ar", "en")}
REFRESH = "3"  # seconds between two looks at a ZIP in the making


@access("portal")
@require_safe
def paper(request: HttpRequest, kind: str, uid: UUID) -> HttpResponse:
    """The PDF of one document: 404 for what is not the person's, 403 where his role has no such documents."""
    known = KINDS.get(kind)
    if known is None:
        raise Http404
    return (_of_buyers if known.roles == BUYING else _of_payers)(request, kind, uid)


def _paper(request: HttpRequest, kind: str, uid: UUID) -> HttpResponse:
    record = record_for(request.actor, kind, uid)  # type: ignore[attr-defined]
    if record is None:
        raise Http404
    languages = LANGUAGES.get(request.GET.get("languages", ""))
    return paper_response(paper_of(record, languages=languages, at=request.now))  # type: ignore[attr-defined]


_of_buyers, _of_payers = anywhere(BUYING)(_paper), anywhere(PAYING)(_paper)


class BundleForm(forms.Form):
    """Which documents, and of what time."""

    kinds = forms.MultipleChoiceField(label=_("Documents"), widget=forms.CheckboxSelectMultiple)
    span = forms.ChoiceField(label=_("Time"), choices=list(SPANS.items()), initial="365")

    def __init__(self, offered: list[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kinds"].choices = [(name, KINDS[name].label) for name in offered]  # type: ignore[attr-defined]
        self.fields["kinds"].initial = offered


def offered_to(request: HttpRequest, account: Account) -> list[str]:
    """The kinds of documents that his role has and the company offers him."""
    return [
        name for name in BUNDLED
        if account.role in KINDS[name].roles and may(request, KINDS[name].switch, account)
    ]  # fmt: skip


@access("portal")
@require_safe
@within(EVERY_ROLE)
def downloads(request: HttpRequest, account: Account) -> HttpResponse:
    """Ask for a ZIP of the account's documents, see how far it is, fetch it."""
    return _page(request, account, BundleForm(offered_to(request, account)))


def _page(request: HttpRequest, account: Account, form: BundleForm, *, status: int = 200) -> HttpResponse:
    found = bundles_of(request.actor)  # type: ignore[attr-defined]
    running = any(one.running for one in found)
    offers = bool(form.fields["kinds"].choices)  # type: ignore[attr-defined]
    context = {
        "form": form, "bundles": found, "running": running, "refresh": REFRESH, "offers": offers,
        "file_url": "portal-download-file",
    }  # fmt: skip
    return page(request, account, "portal/downloads.html", context, status=status)


@access("portal")
@require_POST
@within(EVERY_ROLE)
def start_download(request: HttpRequest, account: Account) -> HttpResponse:
    """Put the chosen documents together in the background. Asked twice, one is made."""
    form = BundleForm(offered_to(request, account), request.POST)
    if not form.is_valid():
        return _page(request, account, form, status=422)
    parts = parts_of(account.actor, form.cleaned_data["kinds"], since(form.cleaned_data["span"], today_of(request)))
    try:
        start(parts, name=f"{account.customer.code} {today_of(request)}", actor=account.actor, at=request.now)  # type: ignore[attr-defined]
    except Refused as reason:
        messages.warning(request, str(reason))
    return redirect("portal-downloads")


def since(span: str, today: date) -> date | None:
    return None if span == "all" else today - timedelta(days=int(span))


@access("portal")
@require_safe
@within(EVERY_ROLE)  # type: ignore[arg-type]
def download_file(request: HttpRequest, account: Account, uid: UUID) -> FileResponse:
    """One's own finished ZIP; 404 for everybody else, and when it has expired."""
    found = bundle_for(request.actor, uid, request.now)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return bundle_response(found)

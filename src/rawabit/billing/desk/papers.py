"""Papers at the desk: the PDF of every document, of a statement, of a sample; and the ZIPs one has asked for."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rawabit.billing.papers import paper_of, sample_paper, statement_paper
from rawabit.company.desk.papers import SAMPLES
from rawabit.company.queries import local_day
from rawabit.crm.models import Customer
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.paper.bundles import bundle_for, bundles_of
from rawabit.kit.paper.doors import bundle_response, paper_response
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import all_screens, screens_of
from rawabit.ledger.desk import allowed, period
from rawabit.ledger.queries import currencies_of
from rawabit.trade.editor.documents import ON_PAPER

REFRESH = "3"


def languages_asked(request: Request) -> tuple[str, ...] | None:
    """``?languages=ar_en``: as the settings name them; nothing is the company's choice."""
    return SAMPLES.get(request.GET.get("languages", ""))


@access("staff")
@require_safe
def document_paper(request: Request, slug: str, pk: int) -> HttpResponse:
    """The PDF of a document whose page the person may open."""
    screens = next((one for one in all_screens() if one.slug == slug and slug in ON_PAPER), None)
    if screens is None:
        raise Http404
    record = screens.row(screens.allow(request, "view"), pk)
    return paper_response(paper_of(record, languages=languages_asked(request), at=request.now))


@access("staff")
@require_safe
def statement(request: Request, customer: int) -> HttpResponse:
    """The PDF of a customer's account in the days of its page."""
    actor = allowed(request)
    screens = screens_of(Customer)
    assert screens is not None
    owner = screens.row(actor, customer)
    start, end, _form = period(request, local_day(request.now, request.company))
    currency = request.GET.get("currency", "")
    code = currency if currency in currencies_of(owner) else ""
    paper = statement_paper(owner, start, end, languages=languages_asked(request), at=request.now, currency=code)
    return paper_response(paper)


@access("staff")
@require_safe
def sample(request: Request, languages: str) -> HttpResponse:
    """How papers look in these languages."""
    request.actor.require("company.change_company")
    if languages not in SAMPLES:
        raise Http404
    return paper_response(sample_paper(request.company, SAMPLES[languages], request.now))


@access("staff")
@require_safe
def downloads(request: Request) -> HttpResponse:
    """The person's own ZIPs: how far they are, and the files. For whoever has a list to select from."""
    if not any(screens.may(request, "view") for screens in all_screens() if screens.slug in ON_PAPER):
        raise PermissionDenied
    found = bundles_of(request.actor)
    context = {
        "bundles": found, "running": any(one.running for one in found), "refresh": REFRESH,
        "page_title": _("Downloads"), "section": "downloads", "file_url": "desk-download-file",
    }  # fmt: skip
    return render(request, "kit_paper/desk_downloads.html", context)


@access("staff")
@require_safe
def download_file(request: Request, uid: UUID) -> HttpResponseBase:
    """One's own finished ZIP; nobody else's."""
    found = bundle_for(request.actor, uid, request.now)
    if found is None:
        raise Http404
    return bundle_response(found)

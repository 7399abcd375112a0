"""Documents both ways: ours to read and to confirm, and what the customer sends us."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from rawabit.crm.policies import EVERY_ROLE
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.states import Refused
from rawabit.portal.account import Account
from rawabit.portal.actions.documents import agree_to_document, digest_of, receive_document
from rawabit.portal.contact import contact_of
from rawabit.portal.models import ReceivedDocument, SharedDocument
from rawabit.portal.pages import page, within
from rawabit.portal.queries import documents as asked
from rawabit.portal.switches import may
from rawabit.portal.views.invoices import today_of

MOST_FILES = 5


class SendForm(forms.Form):
    """A file for us."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=ReceivedDocument.KINDS)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    file = forms.FileField(label=_("File"), help_text=_("A PDF, an image, an office document or text, up to 20 MB."))
    widths = {"kind": 6, "note": 6}


@access("portal")
@require_safe
@within(EVERY_ROLE)
def documents(request: HttpRequest, account: Account) -> HttpResponse:
    """Policies, certificates and forms for this customer, and what he sent us."""
    return shown(request, account, SendForm())


def shown(request: HttpRequest, account: Account, form: SendForm, status: int = 200) -> HttpResponse:
    rows = document_rows(request, account)
    sent = asked.sent_by_customer(account.actor)
    files = asked.files_by_record(ReceivedDocument, [row.pk for row in sent])
    context = {
        "to_agree": [row for row in rows if row["ask"]],
        "documents": [row for row in rows if not row["ask"]],
        "sent": [{"row": row, "files": files.get(row.pk, ())} for row in sent],
        "form": form if may(request, "upload_document", account) else None,
        "contact": contact_of(request, account),
    }
    return page(request, account, "portal/documents.html", context, status=status)


def document_rows(request: HttpRequest, account: Account) -> list[dict[str, Any]]:
    """Each document with its files, and whether this customer has confirmed the version that is shown."""
    today = today_of(request)
    found = asked.documents_for(account.actor)
    files = asked.files_by_record(SharedDocument, [row.pk for row in found])
    agreed = asked.agreed_digests(account.actor)
    rows = []
    for document in found:
        own = files.get(document.pk, [])
        digest = digest_of(own) if own else ""
        over = asked.is_over(document, today)
        kept = agreed.get((document.pk, digest))
        rows.append({
            "document": document, "files": own, "digest": digest, "over": over, "agreed": kept,
            "ask": document.must_agree and kept is None and bool(own) and not over,
        })  # fmt: skip
    return rows


@access("portal")
@require_http_methods(["GET", "HEAD", "POST"])
@within(EVERY_ROLE)
def agree(request: HttpRequest, account: Account, uid: UUID) -> HttpResponse:
    """The person has read a document, and says so for the customer."""
    document = asked.document_for(account.actor, uid)
    if document is None:
        raise Http404
    if request.method != "POST":
        return redirect("portal-documents")
    if request.POST.get("read") != "1":
        messages.error(request, _("Tick the box when you have read the document."))
        return redirect("portal-documents")
    agree_to_document(
        document, account.customer, digest=request.POST.get("digest", "")[:64], actor=account.actor,
        at=request.now,  # type: ignore[attr-defined]
    )  # fmt: skip
    messages.success(request, _("Thank you. Your confirmation is kept."))
    return redirect("portal-documents")


@access("portal")
@require_http_methods(["GET", "HEAD", "POST"])
@within(EVERY_ROLE)
def send(request: HttpRequest, account: Account) -> HttpResponse:
    """A file for us."""
    if request.method != "POST":
        return redirect("portal-documents")
    form = SendForm(request.POST, request.FILES)
    if not form.is_valid():
        return shown(request, account, form, 422)
    data = form.cleaned_data
    try:
        receive_document(
            account.customer, data["file"], kind=data["kind"], note=data["note"], actor=account.actor,
            at=request.now,  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as reason:
        form.add_error("file", str(reason))
        return shown(request, account, form, 422)
    messages.success(request, _("Thank you. We have received your document."))
    return redirect("portal-documents")

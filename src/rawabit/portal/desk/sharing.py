"""The sheet by which a colleague gives a document to somebody: WhatsApp, e-mail, or the address to copy; and what was
given before, with when it was opened. Works without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST

from rawabit.billing.models import Invoice, Payment
from rawabit.company.models import LANGUAGES
from rawabit.crm.models import Customer
from rawabit.kit.access import access
from rawabit.kit.links.actions import address_of
from rawabit.kit.links.logic import Holder
from rawabit.kit.links.models import Link
from rawabit.kit.links.queries import link_of, links_of
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.phones import whatsapp_link
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import screens_of
from rawabit.kit.screens.fields import PhoneField
from rawabit.kit.screens.panels import Panel
from rawabit.kit.states import Refused
from rawabit.portal.actions.links import SHARE, Letter, mail_link, share_document, take_back
from rawabit.portal.queries.links import Choice, links_about, recipients_of, record_for
from rawabit.portal.share_letters import chat_text, kind_for, words_for
from rawabit.sales.models import Order, Quotation
from rawabit.shipping.models import Delivery

MODELS: Mapping[str, Any] = {
    "quotation": Quotation, "order": Order, "delivery": Delivery, "invoice": Invoice, "payment": Payment,
    "customer": Customer,
}  # fmt: skip
WAYS = ("whatsapp", "email", "copy")
OTHER = "other"
SHOWN = 30


class OtherForm(forms.Form):
    """Somebody who is no contact."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = PhoneField(label=_("Mobile"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    widths = {"name": 6, "email": 6, "phone": 6, "language": 6}

    def holder(self) -> Holder:
        data = self.cleaned_data
        return Holder(data["name"].strip(), data["email"], data["phone"] or "", data["language"])


class MailForm(forms.Form):
    """What stands in the e-mail."""

    subject = forms.CharField(label=pgettext_lazy("message", "Subject"), max_length=200)
    body = forms.CharField(label=_("Text"), max_length=5000, widget=forms.Textarea(attrs={"rows": 7}))
    paper = forms.BooleanField(label=_("Attach the PDF"), required=False, initial=True)


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: Request, kind: str, pk: int) -> HttpResponse:
    """To whom and how (GET); make or find his link (POST). The next page shows what to send."""
    record = _record(request, kind, pk)
    choices = recipients_of(record)
    if request.method != "POST":
        return _sheet(request, record, choices)
    chosen, way = request.POST.get("to", ""), request.POST.get("by", "")
    form = OtherForm(request.POST if chosen == OTHER else None, initial={"language": _language(record)})
    holder = next((choice.holder for choice in choices if choice.key == chosen), None)
    if holder is None and not (chosen == OTHER and form.is_valid()):
        problem = "" if chosen == OTHER else _("Choose whom to send it to.")
        return _sheet(request, record, choices, other=form, problem=str(problem), status=422)
    try:
        link = share_document(record, holder=holder or form.holder(), actor=request.actor, at=request.now)
    except Refused as reason:
        return _sheet(request, record, choices, other=form, problem=str(reason), status=409)
    query = urlencode({"link": link.pk, "by": way if way in WAYS else WAYS[0]})
    return redirect(f"{_url(record)}?{query}#send")


@access("staff")
@require_POST
def mail(request: Request, kind: str, pk: int, key: int) -> HttpResponse:
    """Send the link by e-mail with the words typed."""
    record = _record(request, kind, pk)
    link = _link(record, key)
    form = MailForm(request.POST)
    if not form.is_valid():
        return _sheet(request, record, recipients_of(record), link=link, way="email", mail_form=form, status=422)
    try:
        letter = Letter(form.cleaned_data["subject"], form.cleaned_data["body"], form.cleaned_data["paper"])
        mail_link(link, letter, kind=kind_for(record).code, actor=request.actor, at=request.now)
    except Refused as reason:
        return _sheet(
            request, record, recipients_of(record), link=link, way="email", mail_form=form, problem=str(reason),
            status=409,
        )  # fmt: skip
    messages.success(request, _("The e-mail is on its way."))
    return redirect(_url(record))


@access("staff")
@require_POST
def revoke(request: Request, kind: str, pk: int, key: int) -> HttpResponse:
    """The link shows nothing from now on."""
    record = _record(request, kind, pk)
    take_back(_link(record, key), actor=request.actor, at=request.now)
    messages.success(request, _("The link shows nothing any more."))
    return redirect(_url(record))


def _record(request: Request, kind: str, pk: int) -> Any:
    request.actor.require(SHARE)
    model = MODELS.get(kind)
    record = record_for(model, request.actor, pk) if model else None
    if record is None:
        raise Http404
    return record


def _link(record: Any, key: int) -> Link:
    link = link_of(record, key)
    if link is None:
        raise Http404
    return link


def _url(record: Any) -> str:
    return reverse("share", args=[record._meta.model_name, record.pk])


def _language(record: Any) -> str:
    customer = record if isinstance(record, Customer) else record.customer
    return str(customer.language)


def _sheet(
    request: Request, record: Any, choices: list[Choice], *, link: Link | None = None, way: str = "",
    other: OtherForm | None = None, mail_form: MailForm | None = None, problem: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    key = request.GET.get("link", "")
    if link is None and key.isascii() and key.isdigit() and len(key) < 19:
        link = link_of(record, int(key))
    way = way or (request.GET.get("by", "") if request.GET.get("by") in WAYS else WAYS[0])
    screens: Any = screens_of(type(record))
    chosen = request.POST.get("to") or (choices[0].key if choices else OTHER)
    context = {
        "record": record, "kind": record._meta.model_name, "screens": screens, "section": screens.slug,
        "name": screens.name_of(record), "choices": choices, "chosen": chosen, "problem": problem,
        "paper_url": _paper_url(record, screens),
        "other": other or OtherForm(initial={"language": _language(record)}), "way": way,
        "links": [_row(one, request) for one in links_of(record)[:SHOWN]],
        **(_ready(link, record, way, mail_form) if link is not None and link.is_valid(request.now) else {}),
    }  # fmt: skip
    return render(request, "portal/desk/share.html", context, status=status)


def _paper_url(record: Any, screens: Any) -> str:
    """The PDF, for whoever sends it in a way of his own."""
    if isinstance(record, Customer):
        return reverse("desk-statement-paper", args=[record.pk])
    return reverse("desk-paper", args=[screens.slug, record.pk])


def _ready(link: Link, record: Any, way: str, mail_form: MailForm | None) -> dict[str, Any]:
    """The text and addresses of a link that was just made."""
    words = words_for(record, link.holder)
    text, language = chat_text(words, link), link.holder_language or _language(record)
    initial = {"subject": words.subject, "body": words.body, "paper": not isinstance(record, Customer)}
    form = mail_form or MailForm(initial=initial)
    if isinstance(record, Customer):
        del form.fields["paper"]
    return {
        "link": link, "text": text, "text_lang": language, "text_dir": "ltr" if language == "en" else "rtl",
        "address": address_of(link), "whatsapp": whatsapp_link(link.holder_phone, text), "mail_form": form,
    }  # fmt: skip


def _row(link: Link, request: Request) -> dict[str, Any]:
    tag, tone = state_of(link, request)
    return {"link": link, "tag": tag, "tone": tone, "valid": link.is_valid(request.now)}


def state_of(link: Link, request: Request) -> tuple[Any, str]:
    """(words, tone) of a link."""
    if link.revoked_at is not None:
        return pgettext_lazy("link", "Taken back"), ""
    if not link.is_valid(request.now):
        return pgettext_lazy("link", "Expired"), "warn"
    return (pgettext_lazy("link", "Opened"), "ok") if link.opened_count else (pgettext_lazy("link", "Not opened"), "")


urlpatterns = [
    path("share/<slug:kind>/<int:pk>/", share, name="share"),
    path("share/<slug:kind>/<int:pk>/<int:key>/mail/", mail, name="share-mail"),
    path("share/<slug:kind>/<int:pk>/<int:key>/revoke/", revoke, name="share-revoke"),
]


# On the pages of documents and customers


def with_sharing(screens: Any) -> Any:
    """Screens of documents with a button that leads to the sheet, for whoever may share and once customers see it."""
    usual = screens.buttons

    def buttons(self: Any, request: Request, record: Any) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = usual(self, request, record)
        if not request.actor.may(SHARE) or getattr(record, "state", "") == "draft":
            return shown
        customer = isinstance(record, Customer)
        label = _("Send the statement") if customer else pgettext_lazy("a document by link", "Send")
        one = {
            "name": "share", "label": label, "tone": "default", "confirm": None, "asks": True, "icon": "send",
            "why_not": None, "url": _url(record),
        }  # fmt: skip
        return [*shown, one]

    screens.buttons = buttons
    return screens


def given(customer: Any, request: Request) -> list[Any]:
    """The latest links to the customer's documents."""
    if not request.actor.may(SHARE):
        return []
    rows = links_about(customer, request.actor)
    for link in rows:
        link.tag, link.tone = state_of(link, request)  # type: ignore[attr-defined]
        link.share_url = _url(link.subject) if link.subject is not None else ""  # type: ignore[attr-defined]
    return rows


LINKS_PANEL = Panel(_("Links sent"), given, template="portal/desk/links_panel.html", permission=SHARE)

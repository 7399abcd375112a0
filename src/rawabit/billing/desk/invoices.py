"""Invoices and credit notes: list, editor for manual ones, paper, issuing, crediting, paying."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.forms import ModelForm
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rawabit.billing.actions import (
    allocate_credit_note,
    credit_in_full,
    credit_invoice,
    delete_draft,
    post_invoice,
    record_payment,
    refund_credit_note,
    save_invoice,
    save_invoice_lines,
)
from rawabit.billing.desk.forms import (
    CreditNote,
    InvoiceForm,
    Receipt,
    Refund,
    Shares,
    Whole,
    offer_creditable,
    offer_left,
    offer_open,
    offer_shares,
)
from rawabit.billing.desk.settled import settled_by
from rawabit.billing.logic.asking import DISPUTE, TRANSFER, UNDER_QUESTION
from rawabit.billing.logic.states import DUE_SOON_DAYS, INVOICE
from rawabit.billing.models import Invoice, Payment
from rawabit.billing.queries import questioned, reports_for, situation_of, under_question
from rawabit.company.queries import local_day
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Amount, Choice, Code, Column, Day, Linked, Status
from rawabit.kit.screens.columns import When as Moment
from rawabit.kit.screens.editing import FormPages
from rawabit.kit.screens.filters import Days, Of, OneOf, Situation
from rawabit.kit.screens.masters import Sure
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.verbs import Verb
from rawabit.trade.editor.columns import DocumentLink, OneCustomer
from rawabit.trade.editor.columns import Number as DocumentNumber
from rawabit.trade.editor.columns import Situation as SituationTag
from rawabit.trade.editor.documents import DocumentScreens, note


def today(request: Request) -> date:
    return local_day(request.now, request.company)


OWED = Q(kind=Invoice.INVOICE, state="posted", open_amount__gt=0)
SITUATIONS = (
    ("overdue", pgettext_lazy("invoice", "Overdue"), lambda request: OWED & Q(due_date__lt=today(request))),
    ("due_soon", pgettext_lazy("invoice", "Due soon"),
     lambda request: OWED & Q(due_date__range=(today(request), today(request) + timedelta(days=DUE_SOON_DAYS)))),
    ("open", pgettext_lazy("invoice", "Open"), lambda request: OWED),
    ("paid", pgettext_lazy("invoice", "Paid"),
     lambda request: Q(kind=Invoice.INVOICE, state="posted", open_amount=0)),
    ("draft", pgettext_lazy("invoice", "Draft"), lambda request: Q(state="draft")),
    ("unused", _("Credit notes not yet used"),
     lambda request: Q(kind=Invoice.CREDIT_NOTE, state="posted", open_amount__gt=0)),
    ("questioned", UNDER_QUESTION.label,
     lambda request: under_question()),
)  # fmt: skip


def is_open(invoice: Invoice) -> bool:
    return invoice.kind == Invoice.INVOICE and invoice.state == "posted" and invoice.open_amount > 0


def may_be_credited(invoice: Invoice) -> bool:
    return invoice.kind == Invoice.INVOICE and invoice.state == "posted" and invoice.credited < invoice.total


def is_unused_note(invoice: Invoice) -> bool:
    return invoice.kind == Invoice.CREDIT_NOTE and invoice.state == "posted" and invoice.open_amount > 0


def pay_invoice(
    invoice: Invoice, *, amount: Money, day: date, method: str, reference: str, note: str, actor: Actor, at: datetime
) -> Payment:
    """Record money for this invoice; what is more than its open amount stays as the customer's credit."""
    share = min(amount, invoice.money("open_amount"), key=lambda one: one.minor)
    return record_payment(
        invoice.customer, amount, actor=actor, at=at, day=day, method=method, reference=reference, note=note,
        shares={invoice.pk: share},
    )  # fmt: skip


def credit_notes(invoice: Invoice, request: Request) -> list[Any]:
    rows = list(invoice.credit_notes.visible_to(request.actor).order_by("pk"))
    for row in rows:
        row.situation = situation_of(row, today(request))
    return rows


class Standing(SituationTag):
    """How an invoice stands, and whether the customer has asked about it."""

    __slots__ = ()

    def cell(self, record: Any) -> SafeString:
        tag = SituationTag.cell(self, record)
        if not getattr(record, "questioned", False):
            return tag
        return format_html('{} <span class="tag" data-s="{}">{}</span>', tag, UNDER_QUESTION.tone, UNDER_QUESTION.label)


def questions(invoice: Invoice, request: Request) -> list[Any]:
    return list(invoice.disputes.visible_to(request.actor).select_related("line").order_by("-pk"))


def reports(invoice: Invoice, request: Request) -> list[Any]:
    """The transfers that the customer reported for the invoice."""
    return reports_for(request.actor, invoice)


class InvoiceScreens(DocumentScreens):
    model = Invoice
    slug = "invoices"
    icon = "invoice"
    form = InvoiceForm
    save = staticmethod(save_invoice)
    save_head = staticmethod(save_invoice)
    save_rows = staticmethod(save_invoice_lines)
    lifecycle = INVOICE
    related = ("customer", "owner", "contact", "order", "corrects")
    columns = (
        DocumentNumber(), Linked("customer", sort="customer__name"), Standing(), Day("date"), Day("due_date"),
        Amount("total"), Amount("open_amount"), DocumentLink("order", sort="order__number"), Choice("kind"),
        Column("owner", sort="owner__full_name"),
    )  # fmt: skip
    hidden_columns = ("kind", "owner")
    filters = (
        Situation("is", _("Situation"), choices=SITUATIONS), OneOf("kind"), Of("owner", narrow=Q(kind="staff")),
        Days("date"), OneCustomer(),
    )  # fmt: skip
    default_order = ("-date", "-pk")
    tags = (Standing(),)
    paper_facts = (
        Day("date"), Day("due_date"), Day("supply_date"), DocumentLink("order"), DocumentLink("corrects"),
        Code("customer_reference"), Column("owner"),
    )  # fmt: skip
    verbs = (
        Verb("post", post_invoice, form=Sure, icon="check"),
        Verb("pay", pay_invoice, label=_("Record payment"), form=Receipt, prepare=offer_open, when=is_open, icon="card",
             tone="primary", permission="billing.add_payment"),
        Verb("credit", credit_invoice, label=_("Credit note"), form=CreditNote, prepare=offer_creditable,
             when=may_be_credited, icon="return"),
        Verb("credit-all", credit_in_full, label=_("Credit in full"), form=Whole, when=may_be_credited,
             permission="billing.credit_invoice"),
        Verb("allocate", allocate_credit_note, label=_("Set against invoices"), form=Shares, prepare=offer_shares,
             when=is_unused_note, icon="coins", tone="primary", permission="billing.allocate_payment"),
        Verb("refund", refund_credit_note, label=_("Pay out"), form=Refund, prepare=offer_left, when=is_unused_note,
             permission="billing.refund_payment"),
        Verb("delete", delete_draft, label=_("Delete"), when=lambda invoice: invoice.state == "draft", form=Sure,
             icon="trash", tone="danger-quiet"),
    )  # fmt: skip
    bulk = ("post",)
    panels = (
        Panel(
            _("Settled with"), settled_by,
            (DocumentLink("other", _("Document")), Day("date", _("Date")), Amount("amount", _("Amount"))),
            permission="billing.view_payment",
        ),
        Panel(
            _("Credit notes"), credit_notes,
            (DocumentNumber(), SituationTag(), Day("date"), Column("reason"), Amount("total")),
        ),
        Panel(
            _("Transfer reports"), reports,
            (Code("reference", _("Bank reference")), Status(lifecycle=TRANSFER), Day("date"), Amount("amount")),
            permission="billing.view_transferreport",
        ),
        Panel(
            _("Invoice questions"), questions,
            (Choice("topic"), Status(lifecycle=DISPUTE), Column("line__title", _("Line")), Moment("asked_at")),
            permission="billing.view_dispute",
        ),
    )  # fmt: skip

    def prepare(self, rows: Sequence[Any], request: Request) -> None:
        day, asked = self.today(request), questioned([row.pk for row in rows])
        for row in rows:
            row.situation, row.questioned = situation_of(row, day), row.pk in asked

    def paper_title(self, record: Invoice) -> Any:
        if record.kind == Invoice.CREDIT_NOTE:
            return _("Credit note")
        return _("Tax invoice") if record.tax else _("Invoice")

    def paper_more(self, record: Invoice) -> Any:
        if record.kind == Invoice.CREDIT_NOTE or record.state == "draft":
            return ()
        paid = (_("Paid or credited"), record.paid, "") if record.paid else None
        due = (_("Amount due"), record.money("open_amount"), "due" if record.open_amount else "")
        return [row for row in (paid, due) if row]

    def remarks(self, record: Invoice) -> Any:
        return [(_("Reason"), record.reason)]

    def notes(self, record: Invoice, request: Request) -> list[dict[str, Any]]:
        told = []
        if record.state == "draft" and record.order_id:
            told.append(note("info", _("Its lines come from the order.")))
        if is_open(record) and record.due_date and record.due_date < self.today(request):
            told.append(note("bad", _("This invoice is overdue.")))
        if record.origin == "imported":
            told.append(note("mute", _("Brought over from another program with its own number.")))
        return told

    def edit(self, request: Request, record: Any) -> HttpResponse:
        """The editor; of an invoice made from an order only the head is open, its lines are the order's."""
        if record is not None and record.order_id:
            return FormPages.edit(self, request, record)
        return super().edit(request, record)

    def prepare_form(self, form: ModelForm[Any], request: Request) -> None:
        super().prepare_form(form, request)  # type: ignore[arg-type]
        if form.instance.order_id:
            for name in ("customer", "currency", "price_list"):
                form.fields.pop(name, None)

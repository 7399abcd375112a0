"""Questions of customers about invoices: what waits for an answer, the thread, the end of it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse

from rawabit.billing.actions import answer_dispute, close_dispute
from rawabit.billing.logic.asking import CLOSED, DISPUTE, OPEN
from rawabit.billing.models import Dispute, Invoice
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Choice, Column, Linked, Status
from rawabit.kit.screens.columns import When as Moment
from rawabit.kit.screens.filters import InState, OneOf
from rawabit.kit.screens.screens import Screens
from rawabit.kit.screens.verbs import Verb
from rawabit.trade.editor.columns import DocumentLink, OneCustomer


class Answer(forms.Form):
    body = forms.CharField(
        label=pgettext_lazy("dispute", "Answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The customer reads it."),
    )  # fmt: skip


class Closing(forms.Form):
    """How it ends. A customer's withdrawal is his own."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[one for one in Dispute.OUTCOMES if one[0] != "withdrawn"], widget=forms.RadioSelect
    )
    body = forms.CharField(
        label=_("A last word to the customer"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


def not_closed(dispute: Dispute) -> bool:
    return dispute.state != CLOSED


class DisputeScreens(Screens):
    model = Dispute
    slug = "disputes"
    icon = "question"
    lifecycle = DISPUTE
    related = ("customer", "invoice", "payment", "line")
    columns = (
        DocumentLink("invoice"), Linked("customer", sort="customer__name"), Status(lifecycle=DISPUTE), Choice("topic"),
        Column("by_name"), Moment("asked_at"), Choice("outcome"),
    )  # fmt: skip
    hidden_columns = ("by_name",)
    filters = (InState("state", lifecycle=DISPUTE), OneOf("topic"), OneOf("outcome"), OneCustomer())
    default_order = ("waits", "-pk")
    tags = (Status(lifecycle=DISPUTE),)
    facts = (
        (
            _("Question"),
            (
                Linked("customer"), DocumentLink("invoice"), Column("line__title", _("Line")), DocumentLink("payment"),
                Column("row"), Choice("topic"), Column("by_name"), Moment("asked_at"), Moment("answered_at"),
                Moment("closed_at"), Choice("outcome"),
            ),
        ),
    )  # fmt: skip
    verbs = (
        Verb("answer", answer_dispute, form=Answer, when=not_closed, icon="send", permission="billing.answer_dispute"),
        Verb("close", close_dispute, form=Closing, when=not_closed, icon="check", permission="billing.answer_dispute"),
    )  # fmt: skip

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """What waits for our answer stands first."""
        waits = Case(When(Q(state=OPEN), then=Value(0)), default=Value(1), output_field=IntegerField())
        return super().rows(actor).annotate(waits=waits)

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        context = super().detail_context(request, record)
        verb = self.verb("answer")
        assert verb is not None
        if not_closed(record) and self.may_do(request, verb):
            context |= {"answering": Answer(None), "once": uuid4().hex}
        return context | {"said": list(record.messages.order_by("pk")), "credit_url": self.credit_url(request, record)}

    def buttons(self, request: Request, record: Any) -> list[dict[str, Any]]:
        """The answer is written below the thread, on the same page."""
        return [one for one in super().buttons(request, record) if one["name"] != "answer"]

    def credit_url(self, request: Request, record: Any) -> str:
        """The way to a credit note for the line in question; "" where none can be written."""
        invoice = record.invoice
        if invoice is None or not not_closed(record) or not request.actor.may("billing.credit_invoice"):
            return ""
        if invoice.kind != Invoice.INVOICE or invoice.credited >= invoice.total:
            return ""
        line = f"?line={record.line_id}" if record.line_id else ""
        return reverse("invoices-do", args=[invoice.pk, "credit"]) + line

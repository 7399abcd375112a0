"""The accountant's queue of transfers that customers reported: the slip beside the invoices it fits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import render

from rawabit.billing.actions import accept_transfer, refuse_transfer
from rawabit.billing.desk.forms import Shares, balance_note
from rawabit.billing.logic.asking import REPORTED, TRANSFER
from rawabit.billing.models import TransferReport
from rawabit.billing.queries import open_invoices, payments_like, reports_like, suggested_shares
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Amount, Choice, Code, Column, Day, Linked, Status, Words
from rawabit.kit.screens.columns import When as Moment
from rawabit.kit.screens.fields import DateField3, MoneyField
from rawabit.kit.screens.filters import Days, InState, OneOf
from rawabit.kit.screens.screens import Screens
from rawabit.kit.screens.templatetags.kit import date_l, money
from rawabit.kit.screens.verbs import Verb
from rawabit.kit.text import fsi
from rawabit.trade.editor.asking import Asked
from rawabit.trade.editor.columns import DocumentLink, OneCustomer
from rawabit.trade.editor.documents import note


class Matching(Shares):
    """The amount that came in, its day, and how it is set against the open invoices."""

    widths: ClassVar[dict[str, int]] = {"amount": 6, "day": 6}
    heads = ((_("Invoice"), ""), (_("Due date"), ""), (_("Open"), "num"), (_("Customer says"), "num"))
    amount = forms.Field()
    day = DateField3(label=_("Date"))

    def answer(self) -> dict[str, Any]:
        found = super().answer()
        amount: Money | None = self.cleaned_data.get("amount")
        if amount is not None and amount.minor <= 0:
            self.add_error("amount", _("A payment is more than nothing."))
        elif amount is not None and sum(share.minor for share in found["shares"].values()) > amount.minor:
            left = fsi(active().money_text(amount))
            self.add_error(None, _("Only %(left)s is left to allocate.") % {"left": left})
        return found


def offer_matching(form: Any, report: TransferReport, request: Request) -> None:
    """The customer's open invoices, prefilled as he ticked them, else by the exact amount, else oldest first."""
    form.fields["amount"] = MoneyField(
        currency=report.currency, label=_("Amount received"), initial=report.money("amount")
    )
    form.fields["day"].initial = report.date
    rows = list(open_invoices(report.customer, report.currency))
    meant = dict(report.shares.values_list("invoice_id", "amount"))
    given = suggested_shares(report, rows)
    form.ask(
        Asked(
            one.pk,
            [one.number, date_l(one.due_date), money(one.money("open_amount")),
             money(Money(meant[one.pk], one.currency)) if one.pk in meant else ""],
            {"share": MoneyField(currency=one.currency, least=0, most=one.money("open_amount").amount, label=one.number,
                                 initial=Money(given[one.pk], one.currency) if one.pk in given else None)},
        )
        for one in rows
    )  # fmt: skip
    owed = Money(sum(one.open_amount for one in rows), report.currency)
    form.notes = [balance_note(report.money("amount"), owed)]


class Refusal(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The customer reads it."),
    )  # fmt: skip


def accept(report: TransferReport, *, amount: Money, day: Any, shares: Any, actor: Actor, at: datetime) -> Any:
    """Record the payment; its receipt is the page to go on with."""
    return accept_transfer(report, amount=amount, day=day, shares=shares, actor=actor, at=at).payment


def is_waiting(report: TransferReport) -> bool:
    return report.state == REPORTED


class TransferScreens(Screens):
    model = TransferReport
    slug = "transfers"
    icon = "coins"
    lifecycle = TRANSFER
    related = ("customer", "payment")
    columns = (
        Code("reference"), Linked("customer", sort="customer__name"), Status(lifecycle=TRANSFER), Day("date"),
        Choice("method"), Amount("amount"), Column("by_name"), DocumentLink("payment"),
    )  # fmt: skip
    hidden_columns = ("by_name",)
    filters = (InState("state", lifecycle=TRANSFER), OneOf("method"), Days("date"), OneCustomer())
    default_order = ("waits", "-pk")
    tags = (Status(lifecycle=TRANSFER),)
    facts = (
        (
            _("What the customer says"),
            (
                Linked("customer"), Amount("amount"), Day("date"), Choice("method"), Code("reference"), Code("sayad"),
                Column("sender_bank"), Code("sender_iban"), Column("by_name"), Moment("created_at", _("Reported on")),
                Words("note"),
            ),
        ),
        (
            _("What became of it"),
            (DocumentLink("payment"), Words("reason"), Column("decided_by"), Moment("decided_at")),
        ),
    )  # fmt: skip
    verbs = (
        Verb("accept", accept, form=Matching, prepare=offer_matching, when=is_waiting, icon="check",
             permission="billing.accept_transfer"),
        Verb("refuse", refuse_transfer, form=Refusal, when=is_waiting, icon="x",
             permission="billing.accept_transfer"),
    )  # fmt: skip

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """What waits stands first."""
        waits = Case(When(Q(state=REPORTED), then=Value(0)), default=Value(1), output_field=IntegerField())
        return super().rows(actor).annotate(waits=waits)

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        context = super().detail_context(request, record)
        if not record.decided_at:
            context["facts"] = context["facts"][:1]
        verb = self.verb("accept")
        assert verb is not None
        if is_waiting(record) and self.may_do(request, verb):
            context["matching"] = Matching(None)
            offer_matching(context["matching"], record, request)
            context["once"] = uuid4().hex
        twins = [note("warn", _("A payment like this one was recorded before:"), url=self.page("payments", one.pk),
                      link=f"{one.number} · {one.reference}") for one in payments_like(record)]  # fmt: skip
        twins += [note("warn", _("Another report names the same reference:"), url=self.page("transfers", one.pk),
                       link=str(one.customer)) for one in reports_like(record)]  # fmt: skip
        context["notes"] = twins if is_waiting(record) else []
        context["slips"] = [(file, file.mime.startswith("image/")) for file in context["files"]]
        return context

    def page(self, slug: str, pk: int) -> str:
        from django.urls import reverse

        return reverse(f"{slug}-detail", args=[pk])

    def buttons(self, request: Request, record: Any) -> list[dict[str, Any]]:
        """Accepting stands below the matching, on the same page."""
        return [one for one in super().buttons(request, record) if one["name"] != "accept"]

    def render(self, request: Request, part: str, *, status: int = 200, **context: Any) -> HttpResponse:
        return in_trade(self, request, part, status, context)


def in_trade(screens: Any, request: Request, part: str, status: int, context: dict[str, Any]) -> HttpResponse:
    """A page of these screens, where the page of a verb may hold a table of amounts."""
    names: Sequence[str] = [f"{screens.app}/{screens.model._meta.model_name}_{part}.html", f"kit/{part}.html"]
    if part == "action":
        names = ["trade/document_action.html"]
    response = render(request, names, {"screens": screens, "section": screens.slug, **context}, status=status)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response

"""Payments: recorded and set against invoices, taken back, refunded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from rawabit.billing.actions import allocate_payment, record_payment, refund_payment, reverse_payment, unallocate
from rawabit.billing.desk.forms import (
    Refund,
    Reversal,
    Shares,
    TakeBack,
    offer_left,
    offer_settled,
    offer_shares,
)
from rawabit.billing.desk.settled import settled_of
from rawabit.billing.logic.states import PAYMENT
from rawabit.billing.models import Invoice, Payment
from rawabit.billing.queries import open_invoices, situation_of
from rawabit.kit.access import access
from rawabit.kit.display import active
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money, digits_of
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Amount, Choice, Code, Day, Linked
from rawabit.kit.screens.fields import ComboboxField, DateField3, NumberField
from rawabit.kit.screens.filters import Days, OneOf, Situation
from rawabit.kit.screens.masters import currency_choices
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.templatetags.kit import words
from rawabit.kit.screens.verbs import Verb
from rawabit.kit.states import Refused
from rawabit.kit.text import fsi
from rawabit.ledger.desk import ledger_urls
from rawabit.trade.editor.columns import DocumentLink, OneCustomer
from rawabit.trade.editor.columns import Number as DocumentNumber
from rawabit.trade.editor.columns import Situation as SituationTag
from rawabit.trade.editor.documents import PaperScreens, note, page_of
from rawabit.trade.editor.header import customers_by_words
from rawabit.trade.editor.paper import Paper, facts_of
from rawabit.trade.queries import buyer_of, seller_of


class PaymentForm(ModelForm):
    """Money that came in. The amount is read in the chosen currency."""

    widths = {"customer": 6, "amount": 3, "currency": 3, "date": 4, "method": 4, "reference": 4}
    amount = NumberField(label=_("Amount"), places=3)
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)

    class Meta:
        model = Payment
        fields = ["customer", "amount", "currency", "date", "method", "reference", "note"]
        field_classes = {"date": DateField3}
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = self.fields["customer"].queryset  # type: ignore[attr-defined]
        self.fields["customer"] = ComboboxField(
            queryset=rows, label=_("Customer"), find=customers_by_words, url=reverse("customers-options")
        )

    def clean(self) -> dict[str, Any]:
        """``money``: the amount in minor units; more decimals than the currency has are refused."""
        data = super().clean() or {}
        amount, currency = data.get("amount"), data.get("currency")
        if amount is not None and currency:
            data["money"] = Money.of(amount, currency)
            data["amount"] = data["money"].minor
            if data["money"].amount != amount:
                self.add_error("amount", _("At most %(places)s decimals.") % {"places": digits_of(currency)})
            elif amount <= 0:
                self.add_error("amount", _("A payment is more than nothing."))
        return data


# What decides which invoices are offered, and how far the money goes.
DECIDING = ("customer", "amount", "currency")


def refunds(payment: Payment, request: Request) -> Any:
    return payment.refunds.visible_to(request.actor).order_by("pk")


def take_back(payment: Payment, *, invoice: Invoice, actor: Actor, at: datetime) -> Payment:
    unallocate(payment, invoice, actor=actor, at=at)
    return payment


def has_left(payment: Payment) -> bool:
    return payment.state == "posted" and payment.direction == "in" and payment.unallocated > 0


def has_settled(payment: Payment) -> bool:
    return payment.state == "posted" and payment.direction == "in" and payment.unallocated < payment.amount


class PaymentScreens(PaperScreens):
    model = Payment
    slug = "payments"
    icon = "payment"
    form = PaymentForm
    lifecycle = PAYMENT
    editable_while = ()
    related = ("customer", "owner", "refund_of", "refund_note")
    columns = (
        DocumentNumber(), Linked("customer", sort="customer__name"), SituationTag(), Day("date"), Choice("method"),
        Code("reference"), Amount("amount"), Amount("unallocated"), Choice("direction"),
    )  # fmt: skip
    hidden_columns = ("direction",)
    filters = (
        Situation("is", _("Situation"), choices=(
            ("left", _("Not yet allocated"), lambda request: Q(state="posted", unallocated__gt=0)),
            ("refunds", _("Refunds"), lambda request: Q(direction="out")),
            ("reversed", _("Reversed"), lambda request: Q(state="reversed")),
        )),
        OneOf("method"), Days("date"), OneCustomer(),
    )  # fmt: skip
    default_order = ("-date", "-pk")
    tags = (SituationTag(),)
    paper_facts = (
        Day("date"), Choice("method"), Code("reference"), DocumentLink("refund_of", _("Refund of")),
        DocumentLink("refund_note", _("Refund of")),
    )  # fmt: skip
    verbs = (
        Verb("allocate", allocate_payment, label=_("Set against invoices"), form=Shares, prepare=offer_shares,
             when=has_left, icon="coins", tone="primary"),
        Verb("unallocate", take_back, label=_("Take back an allocation"), form=TakeBack, prepare=offer_settled,
             when=has_settled, icon="undo", permission="billing.allocate_payment"),
        Verb("refund", refund_payment, label=_("Refund"), form=Refund, prepare=offer_left, when=has_left,
             icon="return"),
        Verb("reverse", reverse_payment, form=Reversal, when=lambda payment: payment.direction == "in"),
    )  # fmt: skip
    panels = (
        Panel(
            _("Settled invoices"), settled_of,
            (DocumentLink("other", _("Invoice")), Day("date", _("Date")), Amount("amount", _("Amount"))),
            empty=_("Not set against any invoice yet."), permission="billing.view_invoice",
        ),
        Panel(_("Refunds"), refunds, (DocumentNumber(), Day("date"), Choice("method"), Amount("amount"))),
    )  # fmt: skip

    def more_urls(self) -> list[URLPattern]:
        return [
            path(f"{self.slug}/shares/", require_POST(self.shares), name=f"{self.slug}-shares"),
            *ledger_urls(), *super().more_urls(),
        ]  # fmt: skip

    def prepare(self, rows: Sequence[Any], request: Request) -> None:
        for row in rows:
            row.situation = situation_of(row, self.today(request))

    def paper(self, record: Payment, request: Request) -> Paper:
        """A receipt: no lines, the amount in words."""
        title = _("Refund") if record.direction == "out" else _("Receipt voucher")
        company, customer = request.company, record.customer
        payer = ({**buyer_of(customer), "more": ()}, page_of(customer, request))
        payee = ({**seller_of(company), "more": ()}, "")
        giver, taker = (payee, payer) if record.direction == "out" else (payer, payee)
        parties = [(pgettext_lazy("party", "From"), *giver), (pgettext_lazy("party", "To"), *taker)]
        return Paper(title, facts_of(record, self.paper_facts), parties, (), None, words(record.money("amount")))

    def detail_context(self, request: Request, record: Payment) -> dict[str, Any]:
        amount, left = record.money("amount"), record.money("unallocated")
        sums = {"amount": amount, "left": left, "settled": amount - left}
        return {**super().detail_context(request, record), **sums}

    # A new payment, with the open invoices of its customer below it

    def prepare_form(self, form: ModelForm[Any], request: Request) -> None:
        company = request.company
        if not form.is_bound:
            form.initial = {"date": self.today(request), "currency": company.currency, **form.initial}

    def edit(self, request: Request, record: Any) -> HttpResponse:
        form = self.build_form(request, record)
        shares = self.offered(form) if request.method == "POST" else None
        if request.method != "POST" or request.POST.get("op") == "shares":
            return self.page(request, form, shares)
        if not form.is_valid() or (shares is not None and not shares.is_valid()):
            return self.page(request, form, shares, status=422)
        try:
            saved = self.record(form.cleaned_data, shares, request)
        except Refused as reason:
            form.add_error(None, str(reason))
            return self.page(request, form, shares, status=422)
        messages.success(request, str(_("Saved")))
        return redirect(self.url("detail", saved.pk))

    def record(self, data: dict[str, Any], shares: Shares | None, request: Request) -> Payment:
        given = shares.cleaned_data["shares"] if shares is not None else None
        return record_payment(
            data["customer"], data["money"], actor=request.actor, at=request.now, day=data["date"],
            method=data["method"], reference=data["reference"], note=data["note"], shares=given,
            idempotency_key=_key(request),
        )  # fmt: skip

    def offered(self, form: ModelForm[Any], *, anew: bool = False) -> Shares | None:
        """The open invoices of the chosen customer, as they were filled in, or prefilled oldest first when the form has
        not shown them yet (then None is answered to a save: oldest first)."""
        form.is_valid()
        customer, currency = form.cleaned_data.get("customer"), form.cleaned_data.get("currency")
        if customer is None or not currency:
            return None
        typed = any(name.startswith("share-") for name in form.data) and not anew
        shares = Shares(form.data if typed else None)
        money = form.cleaned_data.get("money") or Money.zero(currency)
        shares.offer(open_invoices(customer, currency), money)
        wanted = form.data.get("op") == "shares" or typed or anew
        return shares if wanted else None

    def page(self, request: Request, form: Any, shares: Shares | None, *, status: int = 200) -> HttpResponse:
        deciding = [form[name] for name in DECIDING]
        others = [field for field in form.visible_fields() if field.name not in DECIDING]
        context = {"form": form, "record": None, "shares": shares, "key": _new_key(request)}
        return self.render(request, "form", status=status, deciding=deciding, others=others, **context)

    @access("staff")
    def shares(self, request: Request) -> HttpResponse:
        """The open invoices below a new payment, prefilled; or only how the sums compare while amounts are typed."""
        self.allow(request, "add")
        form = self.build_form(request, None)
        part = request.GET.get("part", "")
        shares = self.offered(form, anew=part != "sum")
        if shares is not None and part == "sum":
            given = sum(one.minor for one in shares.cleaned_data["shares"].values()) if shares.is_valid() else 0
            money = form.cleaned_data.get("money") or Money.zero(form.cleaned_data["currency"])
            shares.notes = [given_note(money, Money(given, money.currency))]
        name = "billing/payment_sum.html" if part == "sum" else "billing/payment_shares.html"
        return render(request, name, {"shares": shares})


def given_note(money: Money, given: Money) -> dict[str, Any]:
    """How what is given out compares with the payment, while it is typed."""
    shown = {"given": fsi(active().money_text(given)), "money": fsi(active().money_text(money))}
    if given > money:
        return note("bad", _("%(given)s is more than the payment of %(money)s.") % shown)
    left = {**shown, "left": fsi(active().money_text(money - given))}
    if given < money:
        return note("info", _("%(given)s of %(money)s is set against invoices; %(left)s stays as credit.") % left)
    return note("ok", _("The whole payment is set against invoices."))


def _new_key(request: Request) -> str:
    """The same form sent twice records one payment."""
    return request.POST.get("key", "") or request.now.strftime("%Y%m%d%H%M%S%f")


def _key(request: Request) -> str | None:
    key = request.POST.get("key", "")[:40]
    return f"desk:{request.actor.user_id}:{key}" if key else None

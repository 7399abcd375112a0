"""What the verbs of invoices and payments ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from rawabit.billing.desk.settled import sums_by
from rawabit.billing.logic.sharing import Open, oldest_first
from rawabit.billing.models import Invoice, Payment
from rawabit.billing.queries import creditable, invoiceable_lines, open_invoices
from rawabit.company.queries import local_day
from rawabit.kit.display import active
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.numbers import whole
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import DateField3, MoneyField, NumberField
from rawabit.kit.screens.templatetags.kit import date_l, money, num
from rawabit.kit.text import fsi
from rawabit.sales.models import Order
from rawabit.trade.editor.asking import Asked, TableForm, item_cell
from rawabit.trade.editor.documents import note, seen
from rawabit.trade.editor.header import COMMON, HeadForm


class InvoiceForm(HeadForm):
    widths = HeadForm.widths | dict.fromkeys(("date", "supply_date", "due_date", "currency"), 3)

    class Meta(HeadForm.Meta):
        model = Invoice
        fields = [*COMMON, "supply_date", "due_date"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["due_date"].help_text = _("Empty: by the customer's payment terms.")


# An order's invoice


class InvoiceOrder(TableForm):
    widths = {"day": 4}
    heads = ((_("Item"), ""), (_("Ordered"), "num"), (_("Shipped"), "num"), (_("Invoiced"), "num"))
    asks = {"quantity": pgettext_lazy("verb", "Invoice")}
    empty = _("Nothing can be invoiced now.")
    day = DateField3(label=_("Date"))

    def answer(self) -> dict[str, Any]:
        return {"quantities": {key: quantity for key, quantity in self.answers("quantity").items() if quantity}}


def offer_invoiceable(form: Any, order: Order, request: Request) -> None:
    company = request.company
    form.fields["day"].initial = local_day(request.now, company)
    form.ask(
        Asked(
            row.line.pk, [item_cell(row.line), num(row.line.quantity), num(row.line.shipped), num(row.line.invoiced)],
            {"quantity": NumberField(places=3, least=0, most=row.left, unit=row.line.unit, label=row.line.title,
                                     initial=row.left)},
        )
        for row in invoiceable_lines(order, company.invoice_from) if row.left > 0
    )  # fmt: skip


# Credit notes


class CreditNote(TableForm):
    """Per line a quantity that comes back, or an amount that is taken off."""

    heads = ((_("Item"), ""), (_("Invoiced"), "num"), (_("Credited"), "num"), (_("Left before VAT"), "num"))
    asks = {"quantity": _("Quantity back"), "amount": _("Or amount off, before VAT")}
    empty = _("Nothing is left to credit.")
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is printed on the credit note."),
    )  # fmt: skip

    def answer(self) -> dict[str, Any]:
        taken: dict[int, Any] = {key: back for key, back in self.answers("quantity").items() if back}
        for key, amount in self.answers("amount").items():
            if amount and key in taken:
                self.add_error(f"amount-{key}", _("Give a quantity or an amount, not both."))
            elif amount:
                taken[key] = amount
        if not taken and not self.errors:
            self.add_error(None, _("Say for at least one line what is credited."))
        return {"taken": taken}


def offer_creditable(form: Any, invoice: Invoice, request: Request) -> None:
    """``?line=`` in the address names the line that a customer has questioned: it comes back whole unless changed."""
    left, questioned = creditable(invoice), whole(request.GET.get("line", ""))
    form.ask(
        Asked(
            line.pk,
            [item_cell(line), num(line.quantity), num(left[line.pk].quantity_before), money(left[line.pk].net_left)],
            {"quantity": NumberField(places=3, least=0, most=left[line.pk].quantity_left, unit=line.unit,
                                     label=line.title,
                                     initial=left[line.pk].quantity_left if line.pk == questioned else None),
             "amount": MoneyField(currency=invoice.currency, least=0, label=line.title)},
        )
        for line in invoice.lines.filter(pk__in=left).order_by("position")
        if left[line.pk].net_left or left[line.pk].quantity_left > 0
    )  # fmt: skip
    form.notes = [note("warn", _("It is numbered and issued at once, and can never be changed."))]


class Whole(forms.Form):
    reason = CreditNote.base_fields["reason"]


# Payments


class Receipt(forms.Form):
    """Money that came in for one invoice."""

    widths = {"amount": 6, "day": 6, "method": 6, "reference": 6}
    amount = forms.Field()
    day = DateField3(label=_("Date"))
    method = forms.ChoiceField(label=_("Method"), choices=Payment.METHODS)
    reference = forms.CharField(label=_("Reference"), max_length=60, required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


def offer_open(form: Any, invoice: Invoice, request: Request) -> None:
    left = invoice.money("open_amount")
    form.fields["amount"] = MoneyField(
        currency=invoice.currency, label=_("Amount"), initial=left,
        help_text=_("%(open)s is open. What is more stays as the customer's credit.")
        % {"open": fsi(active().money_text(left))},
    )  # fmt: skip
    form.fields["day"].initial = local_day(request.now, request.company)


class Refund(forms.Form):
    widths = {"amount": 6, "method": 6}
    amount = forms.Field()
    method = forms.ChoiceField(label=_("Method"), choices=Payment.METHODS)
    reference = forms.CharField(label=_("Reference"), max_length=60, required=False)


def offer_left(form: Any, source: Any, request: Request) -> None:
    """What is left of a payment or a credit note, to be paid out."""
    left = source.money("unallocated" if isinstance(source, Payment) else "open_amount")
    form.fields["amount"] = MoneyField(currency=source.currency, label=_("Amount"), initial=left)


class Reversal(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class Shares(TableForm):
    """How an amount is given out over open invoices."""

    heads = ((_("Invoice"), ""), (_("Date"), ""), (_("Due date"), ""), (_("Open"), "num"))
    asks = {"share": _("Settle")}
    empty = _("No invoice is open.")

    def answer(self) -> dict[str, Any]:
        return {"shares": {key: amount for key, amount in self.answers("share").items() if amount}}

    def offer(self, invoices: Iterable[Invoice], left: Money) -> None:
        """Prefilled with the oldest due first, as far as the money goes."""
        rows = list(invoices)
        given = oldest_first(left.minor, [Open(one.pk, one.open_amount, one.due_date) for one in rows])
        self.ask(
            Asked(
                one.pk, [one.number, date_l(one.date), date_l(one.due_date), money(one.money("open_amount"))],
                {"share": MoneyField(currency=one.currency, least=0, most=one.money("open_amount").amount,
                                     label=one.number, initial=_share(given, one))},
            )
            for one in rows
        )  # fmt: skip
        owed = sum(one.open_amount for one in rows)
        self.notes = [balance_note(left, Money(owed, left.currency))]


def _share(given: Mapping[int, int], invoice: Invoice) -> Money | None:
    return Money(given[invoice.pk], invoice.currency) if invoice.pk in given else None


def balance_note(left: Money, owed: Money) -> dict[str, Any]:
    """How the money compares with what is owed: too much, too little, just right."""
    shown = {"left": fsi(active().money_text(left)), "owed": fsi(active().money_text(owed))}
    if left > owed:
        over = fsi(active().money_text(left - owed))
        words = _("%(left)s against %(owed)s of open invoices: %(over)s stays as the customer's credit.")
        return note("info", words % {**shown, "over": over})
    if left < owed:
        under = fsi(active().money_text(owed - left))
        words = _("%(left)s against %(owed)s of open invoices: %(under)s stays open.")
        return note("info", words % {**shown, "under": under})
    return note("ok", _("%(left)s pays all open invoices.") % shown)


def offer_shares(form: Any, source: Any, request: Request) -> None:
    left = source.money("unallocated" if isinstance(source, Payment) else "open_amount")
    form.offer(open_invoices(source.customer, source.currency), left)


class TakeBack(forms.Form):
    invoice: Any = forms.ModelChoiceField(queryset=None, label=_("Invoice"), widget=forms.RadioSelect, empty_label=None)


def offer_settled(form: Any, payment: Payment, request: Request) -> None:
    settled = sums_by(payment.allocations, "invoice_id")
    form.fields["invoice"].queryset = seen(Invoice, request).filter(pk__in=settled).order_by("date", "pk")

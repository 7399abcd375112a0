"""What a customer fills in about money: "I have paid", "I will pay", a question about an invoice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from rawabit.billing.actions.transfers import SLIPS, Told
from rawabit.billing.logic.sharing import Open, oldest_first
from rawabit.billing.models import Dispute, Invoice, TransferReport
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.records.sniff import check_upload
from rawabit.kit.screens.fields import CodeField, DateField3, IdentifierField, MoneyField
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text

METHODS = dict(TransferReport.METHODS)
IRANIAN = ("card_to_card", "transfer", "cheque", "deposit")
USUAL = ("transfer", "deposit", "cheque")
SLIP_MB = 10


class SharesForm(forms.Form):
    """An amount, and how much of it is for which invoice. Amounts that the customer has not touched follow the whole:
    whoever pays half of two invoices need only write the half."""

    amount: Any = forms.Field()

    def __init__(self, currency: str, invoices: Sequence[Invoice], *, ticked: bool, **options: Any) -> None:
        super().__init__(**options)
        self.currency, self.invoices, self.ticked = currency, list(invoices), ticked
        due = sum(one.open_amount for one in self.invoices) if ticked else 0
        initial = Money(due, currency) if due else None
        self.fields["amount"] = MoneyField(currency=currency, label=_("Amount"), initial=initial)
        self.order_fields(["amount"])
        if not self.alone:
            for one in self.invoices:
                left = one.money("open_amount")
                self.fields[f"share-{one.pk}"] = MoneyField(
                    currency=currency, least=0, most=left.amount, label=one.number, required=False,
                    initial=left if ticked else None,
                )  # fmt: skip

    @property
    def alone(self) -> bool:
        """One invoice, which the whole is for."""
        return self.ticked and len(self.invoices) == 1

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith("share-")]

    @property
    def share_rows(self) -> list[tuple[Invoice, Money, forms.BoundField]]:
        if self.alone:
            return []
        return [(one, one.money("open_amount"), self[f"share-{one.pk}"]) for one in self.invoices]

    def clean_amount(self) -> Money:
        amount: Money = self.cleaned_data["amount"]
        if amount.minor <= 0:
            raise forms.ValidationError(_("A payment is more than nothing."))
        return amount

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        amount = data.get("amount")
        if amount is None:
            return data
        shares = self._typed(data)
        if sum(shares.values()) > amount.minor:
            if not self._untouched(shares):
                self.add_error(None, _("The amounts of the invoices together are more than the amount paid."))
            debts = [Open(one.pk, one.open_amount, one.due_date) for one in self.invoices]
            shares = oldest_first(amount.minor, debts)
        data["shares"] = {key: Money(minor, self.currency) for key, minor in shares.items()}
        return data

    def _typed(self, data: Mapping[str, Any]) -> dict[int, int]:
        if self.alone:
            return {self.invoices[0].pk: self.invoices[0].open_amount}
        typed = {one.pk: data.get(f"share-{one.pk}") for one in self.invoices}
        return {key: money.minor for key, money in typed.items() if money}

    def _untouched(self, shares: Mapping[int, int]) -> bool:
        return self.ticked and shares == {one.pk: one.open_amount for one in self.invoices}

    def told(self, **fields: Any) -> Told:
        data = self.cleaned_data
        return Told(data["amount"], data["date"], note=data["note"], **fields)


class ReportForm(SharesForm):
    """A transfer that was made."""

    date = DateField3(label=_("Date of the transfer"))
    method = forms.ChoiceField(label=_("How"), choices=())
    reference = CodeField(label=_("Bank reference"), max_length=60, required=False)
    sayad = IdentifierField(kind="ir_sayad", label=_("Sayad cheque number"), required=False)
    sender_bank = forms.CharField(label=_("Your bank"), max_length=100, required=False)
    sender_iban = IdentifierField(kind="iban", label=_("Your IBAN"), required=False)
    slip = forms.FileField(
        label=_("Photo or PDF of the slip"), required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    widths = {"amount": 6, "date": 6, "method": 6, "reference": 6, "sayad": 6, "sender_bank": 6, "sender_iban": 6,
              "slip": 6}  # fmt: skip

    def __init__(self, *args: Any, iran: bool, today: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["method"]
        field.choices = [(code, METHODS[code]) for code in (IRANIAN if iran else USUAL)]
        self.fields["date"].initial = today
        self.fields["slip"].help_text = _("At most %(limit)s MB.") % {"limit": SLIP_MB}
        if not iran:
            del self.fields["sayad"]

    def clean_slip(self) -> UploadedFile[Any] | None:
        slip: UploadedFile[Any] | None = self.cleaned_data.get("slip")
        if not slip:
            return None
        if (slip.size or 0) > SLIP_MB * 2**20:
            raise forms.ValidationError(_("The file is too large: %(limit)s MB at most."), params={"limit": SLIP_MB})
        try:
            kind = check_upload(slip)
        except Refused as reason:
            raise forms.ValidationError(str(reason))
        if kind not in SLIPS:
            raise forms.ValidationError(_("Send the slip as a photo or a PDF."))
        return slip

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        named = data.get("reference") or data.get("sayad") or data.get("slip")
        if not named and not {"reference", "sayad", "slip"} & set(self.errors):
            self.add_error("reference", _("Write the bank's reference, or send a photo of the slip."))
        return data

    def told(self, **fields: Any) -> Told:
        names = ("method", "reference", "sayad", "sender_bank", "sender_iban")
        return super().told(**{name: self.cleaned_data.get(name, "") for name in names}, **fields)


class PromiseForm(SharesForm):
    """A transfer that will be made."""

    date = DateField3(label=_("I will pay on"))
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    widths = {"amount": 6, "date": 6}


class DisputeForm(forms.Form):
    """What is not right."""

    topic = forms.ChoiceField(label=_("What is it about?"), choices=Dispute.TOPICS, widget=forms.RadioSelect)
    body = forms.CharField(
        label=_("Your question"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )

    def clean_body(self) -> str:
        return said(self.cleaned_data["body"])


class ReplyForm(forms.Form):
    body = forms.CharField(
        label=_("Write again"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )

    def clean_body(self) -> str:
        return said(self.cleaned_data["body"])


def said(text: str) -> str:
    if not (words := clean_user_text(text).strip()):
        raise forms.ValidationError(_("Write something first."))
    return words

"""What the verbs of deliveries ask for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import ModelForm

from rawabit.company.queries import local_day
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import CodeField, DateField3, NumberField
from rawabit.kit.screens.templatetags.kit import num
from rawabit.sales.models import Order
from rawabit.shipping.models import Carrier, Delivery, TrackingEvent
from rawabit.shipping.queries import Remaining, remaining
from rawabit.trade.editor.asking import Asked, TableForm, item_cell
from rawabit.trade.editor.documents import seen


class DeliveryForm(ModelForm):
    widths = {"date": 4, "promised_date": 4, "parcels": 4, "carrier": 6, "tracking_number": 6}

    class Meta:
        model = Delivery
        fields = ["date", "promised_date", "parcels", "carrier", "tracking_number", "deliver_to", "note"]
        field_classes = {"date": DateField3, "promised_date": DateField3, "tracking_number": CodeField}
        widgets = {"deliver_to": forms.Textarea(attrs={"rows": 3}), "note": forms.Textarea(attrs={"rows": 2})}


class Quantities(TableForm):
    """How much of each line goes on a delivery note."""

    heads = ((_("Item"), ""), (_("Ordered"), "num"), (_("Shipped"), "num"), (_("On other notes"), "num"))
    asks = {"quantity": _("Deliver")}
    empty = _("Nothing is left to deliver.")

    def answer(self) -> dict[str, Any]:
        return {"quantities": self.answers("quantity")}

    def offer(self, rows: Sequence[Remaining], now: dict[int, Decimal] | None = None) -> None:
        """Prefill with what is left, or with what the note holds ``now``; more than that is refused beside the cell."""
        held = now or {}
        self.ask(
            Asked(
                row.line.pk,
                [item_cell(row.line), num(row.line.quantity), num(row.line.shipped),
                 num(row.planned - held.get(row.line.pk, Decimal(0)))],
                {"quantity": NumberField(
                    places=3, least=0, most=row.left + held.get(row.line.pk, Decimal(0)), unit=row.line.unit,
                    label=row.line.title, initial=held.get(row.line.pk, Decimal(0)) if now is not None else row.left,
                )},
            )
            for row in rows
            if row.left + held.get(row.line.pk, Decimal(0)) > 0
        )  # fmt: skip


class DeliverOrder(Quantities):
    widths = {"day": 4}
    day = DateField3(label=_("Date"))


def offer_remaining(form: Any, order: Order, request: Request) -> None:
    form.fields["day"].initial = local_day(request.now)
    form.offer(remaining(order))


def offer_held(form: Any, delivery: Delivery, request: Request) -> None:
    form.offer(remaining(delivery.order), dict(delivery.lines.values_list("order_line_id", "quantity")))


class Shipment(forms.Form):
    widths = {"carrier": 6, "tracking_number": 6, "parcels": 4}
    carrier: Any = forms.ModelChoiceField(queryset=None, label=_("Carrier"), required=False)
    tracking_number = CodeField(label=_("Tracking number"), max_length=60, required=False)
    parcels = NumberField(label=_("Parcels"), places=0, least=1, most=9999, required=False)

    def clean_parcels(self) -> int | None:
        count = self.cleaned_data["parcels"]
        return None if count is None else int(count)


def offer_carriers(form: Any, delivery: Delivery | None, request: Request) -> None:
    form.fields["carrier"].queryset = seen(Carrier, request).filter(is_active=True).order_by("name")
    if delivery is not None:
        form.initial = {
            "carrier": delivery.carrier_id, "tracking_number": delivery.tracking_number,
            "parcels": Decimal(delivery.parcels),
        }  # fmt: skip


class Arrival(forms.Form):
    received_by = forms.CharField(label=_("Received by"), max_length=200, required=False)
    proof = forms.FileField(
        label=_("Proof of delivery"), required=False,
        help_text=_("A signed note or a photo. The customer sees it on his order."),
    )  # fmt: skip


class Return(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class Tracking(forms.Form):
    widths = {"kind": 6, "place": 6}
    kind = forms.ChoiceField(label=_("Status"), choices=TrackingEvent.KINDS, initial="in_transit")
    place = forms.CharField(label=_("Place"), max_length=100, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False, help_text=_("The customer reads it."))

"""Carriers."""

from __future__ import annotations

from typing import Any

from rawabit.kit.marking import _
from rawabit.kit.screens.columns import Code, Column, Day, Linked, Phone, Status, Yes
from rawabit.kit.screens.fields import PhoneField
from rawabit.kit.screens.filters import Flag
from rawabit.kit.screens.masters import NAMES, MasterScreens, NameColumn, NamedForm
from rawabit.kit.screens.panels import Panel
from rawabit.shipping.actions import save_carrier
from rawabit.shipping.logic.states import DELIVERY, ON_THE_WAY
from rawabit.shipping.models import Carrier


class CarrierForm(NamedForm):
    widths = {**NamedForm.widths, "phone": 6}

    class Meta:
        model = Carrier
        fields = [*NAMES, "phone", "tracking_url", "is_active"]
        field_classes = {"phone": PhoneField}
        help_texts = {"tracking_url": _("Write {number} where the tracking number goes.")}

    def clean_tracking_url(self) -> str:
        address: str = self.cleaned_data["tracking_url"].strip()
        if address and not address.startswith(("https://", "http://")):
            self.add_error("tracking_url", _("The address begins with https://."))
        return address


def on_the_way(carrier: Carrier, request: Any) -> Any:
    rows = carrier.delivery_set.visible_to(request.actor).filter(state__in=ON_THE_WAY)
    return rows.select_related("customer").order_by("-pk")[:20]


class CarrierScreens(MasterScreens):
    model = Carrier
    slug = "carriers"
    icon = "truck"
    columns = (NameColumn(), Phone("phone"), Column("tracking_url"), Yes("is_active"))
    filters = (Flag("is_active"),)
    form = CarrierForm
    save = staticmethod(save_carrier)
    panels = (
        Panel(
            _("On the way"), on_the_way,
            (Code("number"), Linked("customer"), Status(lifecycle=DELIVERY), Code("tracking_number"),
             Day("promised_date")),
            empty=_("Nothing is on the way."), permission="shipping.view_delivery",
        ),
    )  # fmt: skip

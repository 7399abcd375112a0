"""What selling adds to the page of an opportunity: its quotations and orders, and the ways to new ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from rawabit.crm.desk.shared import choose_contact, choose_customer
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Amount, Day, Status
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.verbs import Verb
from rawabit.pipeline.desk.forms import WinForm, ask_value
from rawabit.pipeline.logic.states import LOST, OPEN
from rawabit.pipeline.models import Opportunity
from rawabit.pipeline.queries import papers_of
from rawabit.sales.actions import order_from, quotation_from, win_deal
from rawabit.sales.logic.states import ORDER, QUOTATION
from rawabit.trade.editor.columns import Number


class ForWhom(forms.Form):
    """Asks whose deal it is; nothing when that is known, so that the page only asks "are you sure?"."""

    def __bool__(self) -> bool:
        return bool(self.fields)


def ask_customer(form: Any, opportunity: Opportunity, request: Request) -> None:
    if opportunity.customer_id is None:
        form.fields["customer"] = choose_customer(
            request, _("Customer"), help_text=_("Not there yet? Make the customer first, then come back.")
        )
        form.fields["contact"] = choose_contact(request, _("Contact"), required=False)


class WonForm(WinForm):
    make_order = forms.BooleanField(label=_("Begin the sales order at once"), required=False)


def ask_won(form: Any, opportunity: Opportunity, request: Request) -> None:
    ask_value(form, opportunity, request)
    if opportunity.customer_id is None or not request.actor.may("sales.add_order"):
        del form.fields["make_order"]


def papers(name: str) -> Callable[[Any, Request], Any]:
    return lambda deal, request: papers_of(deal, name, request.actor)


WIN = Verb("win", win_deal, form=WonForm, prepare=ask_won, icon="check")
DEAL_VERBS = (
    Verb("quotation", quotation_from, label=_("Quotation"), form=ForWhom, prepare=ask_customer, icon="quotation",
         when=lambda deal: deal.state == OPEN, permission="sales.add_quotation"),
    Verb("order", order_from, label=_("Sales order"), form=ForWhom, prepare=ask_customer, icon="order",
         when=lambda deal: deal.state != LOST, permission="sales.add_order"),
)  # fmt: skip
DEAL_PANELS = (
    Panel(
        _("Quotations"), papers("quotations"),
        (Number(), Status(lifecycle=QUOTATION), Day("date"), Day("valid_until"), Amount("net")),
        permission="sales.view_quotation",
    ),
    Panel(
        _("Sales orders"), papers("orders"),
        (Number(), Status(lifecycle=ORDER), Day("date"), Day("promised_date"), Amount("net")),
        permission="sales.view_order",
    ),
)  # fmt: skip

"""What the pipeline knows of a customer, put on his page: his opportunities, and those that a partner shares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from rawabit.crm.desk.customers import Figure, Shortcut
from rawabit.crm.models import Customer
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Amount, Column, Day, Linked
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.templatetags import kit as shown
from rawabit.pipeline.desk.columns import NextStep, StageTag
from rawabit.pipeline.queries import opportunities_of, partner_figures, shared_with

LATEST = 6
VIEW = "pipeline.view_opportunity"


def own_deals(customer: Any, request: Request) -> Iterable[Any]:
    return opportunities_of(customer, request.actor)[:LATEST]


def shared_deals(customer: Any, request: Request) -> Iterable[Any]:
    """Deals of others in which this partner takes part."""
    return shared_with(customer, request.actor)[:LATEST] if customer.kind == Customer.PARTNER else ()


def all_deals(customer: Any) -> str:
    return f"{reverse('opportunities-list')}?customer={customer.pk}"


def new_deal(customer: Any, request: Request) -> str:
    if not request.actor.may("pipeline.add_opportunity"):
        return ""
    return f"{reverse('opportunities-create')}?customer={customer.pk}"


CUSTOMER_DEALS = (
    Panel(
        _("Opportunities"), own_deals,
        (Column("title"), StageTag(), Amount("value", label=_("Value")), Day("expected_close"), NextStep()),
        empty=_("Nothing here yet"), more=all_deals, add=new_deal, permission=VIEW,
    ),
    Panel(
        _("Opportunities as a partner"), shared_deals,
        (Column("title"), Linked("customer"), StageTag(), Amount("value", label=_("Value"))), permission=VIEW,
    ),
)  # fmt: skip


def together(customer: Customer, request: Request) -> Iterable[Figure]:
    """Of a partner: how the deals pursued together ended, and what the won ones came to."""
    if customer.kind != Customer.PARTNER or not request.actor.may(VIEW):
        return
    found = partner_figures(customer, request.actor)
    number = active().number
    counted = {"won": number(found.won), "lost": number(found.lost), "open": number(found.open)}
    note = _("won: %(won)s · lost: %(lost)s · open: %(open)s") % counted
    rate = "—" if found.rate is None else active().percent(found.rate)
    yield Figure(_("Win rate together"), shown.num(rate), "", note)
    for value in found.values:
        yield Figure(_("Won together"), shown.money(value))


DEAL_SHORTCUT = Shortcut(_("Opportunity"), "opportunities-create", "target", "pipeline.add_opportunity")

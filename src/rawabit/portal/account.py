"""On whose behalf a customer's user looks: one customer at a time, chosen by him."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from rawabit.crm.models import Customer
from rawabit.kit.records.actor import Actor
from rawabit.portal.queries.accounts import customer_of
from rawabit.portal.queries.seeing import alone

CHOSEN = "portal_customer"  # the key in the session
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Account:
    """A customer and the person's role there. ``actor`` is the person seeing this customer alone."""

    customer: Customer
    role: str
    actor: Actor


def account_of(record: Any, actor: Actor) -> Account:
    """The account that a record of one of the person's customers belongs to."""
    customer = record.customer
    return account_of_customer(customer, alone(actor, customer.pk, actor.customer_roles[customer.pk]))


def account_of_customer(customer: Customer, narrowed: Actor) -> Account:
    return Account(customer, narrowed.customer_roles[customer.pk], narrowed)


def chosen_account(request: HttpRequest) -> Account | None:
    """The account the person looks at now: the one he switched to, else his first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    mine = actor.customer_ids or frozenset()
    if not mine:
        return None
    chosen = request.session.get(CHOSEN) if len(mine) > 1 else None
    key = chosen if chosen in mine else min(mine)
    narrowed = alone(actor, key, actor.customer_roles[key])
    customer = customer_of.first(narrowed)
    return account_of_customer(customer, narrowed) if customer else None


def within(roles: Collection[str]) -> Callable[[View], View]:
    """Give the view the account the person looks at now, if his role there is among ``roles``; else words and 403."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            account = chosen_account(request)
            if account is None:
                return page(request, None, "portal/no_account.html", status=403)
            if account.role not in roles:
                return page(request, account, "portal/closed.html", status=403)
            return view(request, account, *args, **kwargs)

        return inner

    return wrap


def anywhere(roles: Collection[str]) -> Callable[[View], View]:
    """For pages of one record: 403 with words when the person has none of the roles at any of his customers."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not set(roles) & set(request.actor.customer_roles.values()):  # type: ignore[attr-defined]
                return page(request, chosen_account(request), "portal/closed.html", status=403)
            return view(request, *args, **kwargs)

        return inner

    return wrap


def page(
    request: HttpRequest,
    account: Account | None,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A page of the portal, with the name of the account and, for a person with several, the way to switch."""
    several = len(request.actor.customer_ids or ()) > 1  # type: ignore[attr-defined]
    frame = {
        "account": account,
        "account_name": str(account.customer) if account else "",
        "account_switch_url": reverse("portal-switch") if several else "",
    }
    return render(request, template, frame | (context or {}), status=status)

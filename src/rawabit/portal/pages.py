"""What every page of the portal begins and ends with: who may open it, and the frame around it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from rawabit.portal.account import Account, chosen_account
from rawabit.portal.contact import contact_of
from rawabit.portal.switches import Offered, key_of, may, open_to

View = Callable[..., HttpResponse]


def within(roles: Collection[str]) -> Callable[[View], View]:
    """Give the view the account the person looks at now, if his role there is among ``roles`` and the page is offered
    to that customer; else words and 403."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            account = chosen_account(request)
            if account is None:
                return closed(request, None)
            if account.role not in roles:
                return closed(request, account)
            if not may(request, key_of(request), account):
                return not_offered(request, account)
            return view(request, account, *args, **kwargs)

        return inner

    return wrap


def anywhere(roles: Collection[str]) -> Callable[[View], View]:
    """For pages of one record: 403 with words when the person has none of the roles at any of his customers, or none of
    them is offered this page. ``request.actor`` then stands only for those who are offered it."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not set(roles) & set(request.actor.customer_roles.values()):  # type: ignore[attr-defined]
                return closed(request, chosen_account(request))
            narrowed = open_to(request, key_of(request))
            if not set(roles) & set(narrowed.customer_roles.values()):
                return not_offered(request, chosen_account(request))
            request.actor = narrowed  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return inner

    return wrap


def closed(request: HttpRequest, account: Account | None) -> HttpResponse:
    """403 in words: the page is not for this role, or the sign-in belongs to no customer (any more)."""
    template = "portal/closed.html" if account else "portal/no_account.html"
    return page(request, account, template, {"contact": contact_of(request, account)}, status=403)


def not_offered(request: HttpRequest, account: Account | None) -> HttpResponse:
    """403 in words: the company does not offer this to the customer."""
    if account is None:
        return closed(request, None)
    return page(request, account, "portal/not_offered.html", {"contact": contact_of(request, account)}, status=403)


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
    if account is not None and not getattr(request, "link", None):
        request.watched = {"customer": account.customer.pk}  # type: ignore[attr-defined]
    frame = {
        "account": account,
        "account_name": str(account.customer) if account else "",
        "account_switch_url": reverse("portal-switch") if several and not getattr(request, "link", None) else "",
        "offered": Offered(request.company, account),  # type: ignore[attr-defined]
    }
    if account is not None:
        request.portal_group = account.customer.group_id  # type: ignore[attr-defined]
    return render(request, template, frame | (context or {}), status=status)

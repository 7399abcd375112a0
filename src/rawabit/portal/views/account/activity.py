"""The log: what people of the company did here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from rawabit.crm.models import PortalAccess
from rawabit.crm.policies import EVERY_ROLE, OWNING
from rawabit.kit.access import access
from rawabit.kit.numbers import whole
from rawabit.kit.records.models import Event
from rawabit.portal.account import Account
from rawabit.portal.addresses import url_to
from rawabit.portal.event_words import BY_LINK, CUSTOMER_WORDS
from rawabit.portal.pages import within
from rawabit.portal.queries import activity as asked
from rawabit.portal.views.account.tabs import tab

ROLES = dict(PortalAccess.ROLES)
PAGES = {
    "sales.quotation": "portal-quotation", "sales.order": "portal-order", "billing.invoice": "portal-invoice",
    "crm.changerequest": "portal-change-request",
    "billing.transferreport": "portal-transfer", "billing.dispute": "portal-dispute",
}  # fmt: skip


@access("portal")
@require_safe
@within(EVERY_ROLE)
def activity(request: HttpRequest, account: Account) -> HttpResponse:
    """Twenty doings at a time, of everybody for the account owner, else one's own."""
    owner = account.role in OWNING
    people = asked.people_of(account.actor) if owner else []
    person = whole(request.GET.get("person", ""))
    person = person if person in {one.pk for one in people} else None
    before = whole(request.GET.get("before", ""))
    found = asked.activity_of(account.actor, person=person, before=before)
    rows = [doing(event) for event in found[: asked.PAGE]]
    kept = {"person": str(person)} if person else {}
    more = urlencode({**kept, "before": str(found[asked.PAGE - 1].pk)}) if len(found) > asked.PAGE else ""
    context = {
        "rows": rows,
        "people": [(one.pk, one.full_name, one.pk == person) for one in people],
        "owner": owner,
        "more_query": more,
        "first_query": urlencode(kept),
        "resumed": before is not None,
    }
    return tab(request, account, "portal-activity", "activity", context)


def doing(event: Event) -> dict[str, Any]:
    """One line: who, what, about which paper, when. Of the facts only what the customer's people wrote themselves."""
    subject: Any = event.subject
    label = f"{event.subject_type.app_label}.{event.subject_type.model}"
    page = PAGES.get(label)
    return {
        "who": event.actor_name,
        "what": CUSTOMER_WORDS[event.name],
        "about": about(event, subject),
        "url": url_to(page, subject.uid) if page and subject is not None else "",
        "at": event.at,
        "by_link": BY_LINK if event.door == "link" else "",
    }


def about(event: Event, subject: Any) -> str:
    """The number of a paper, the kind of a request, the address of a person."""
    say: Callable[[], str] | None = {
        "change.requested": lambda: str(subject.get_kind_display()),
        "change.withdrawn": lambda: str(subject.get_kind_display()),
        "portal.granted": lambda: str(event.facts.get("email") or ""),
        "portal.held": lambda: str(event.facts.get("email") or ""),
        "portal.revoked": lambda: str(event.facts.get("email") or ""),
        "portal.role_changed": lambda: str(ROLES.get(str(event.facts.get("role")), "")),
        "file.attached": lambda: str(event.facts.get("file") or ""),
    }.get(event.name)
    if say is not None and subject is not None:
        return say()
    return str(getattr(subject, "number", "") or event.facts.get("number") or "")

"""The room of an offer or an order: what was asked and answered, what changed between versions, who has signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.text import masked_email
from rawabit.portal.account import Account
from rawabit.portal.addresses import url_to
from rawabit.portal.queries import quotations as asked
from rawabit.portal.queries.links import address_on_file
from rawabit.sales.actions.signing import AboveLimit, require_limit
from rawabit.sales.logic.compare import compare
from rawabit.sales.logic.signing import path_of
from rawabit.sales.models import Acceptance, Order, Question, Quotation
from rawabit.sales.queries import (
    acceptances_of,
    has_asked_approval,
    questions_on_offer,
    questions_on_order,
    root_of,
    with_replies,
)
from rawabit.trade.logic.lines import SECTION

HEADS = (
    ("net", _("Total before VAT")), ("discount", _("Discount included")), ("tax", _("VAT")),
    ("total", _("Total including VAT")),
)  # fmt: skip


def signer_of(request: HttpRequest) -> str:
    """The key that tells this person from others: his own, wherever he comes from, as far as it is known."""
    link = link_of(request)
    if link is None:
        return f"user:{request.actor.user_id}"  # type: ignore[attr-defined]
    if link.user_id:
        return f"user:{link.user_id}"
    return f"contact:{link.contact_id}" if link.contact_id else f"link:{link.uid}"


def link_of(request: HttpRequest) -> Any:
    """The link by which the visitor came; None for somebody who signed in."""
    return getattr(request, "link", None)


def address_for(request: HttpRequest) -> str:
    """Where a code goes: the signed-in person's address, by link the holder's."""
    link = link_of(request)
    return address_on_file(link) if link is not None else str(getattr(request.user, "email", "") or "")


# Questions


def offer_thread(found: Quotation) -> list[dict[str, Any]]:
    """What was asked about any version of the offer, with the answers."""
    return [thread_row(one, found.pk) for one in with_replies(questions_on_offer(root=root_of(found)))]


def order_thread(found: Order) -> list[dict[str, Any]]:
    """What was asked about the order, with the answers."""
    return [thread_row(one, None) for one in with_replies(questions_on_order(order=found.pk))]


def thread_row(one: Question, quotation: int | None) -> dict[str, Any]:
    """One question as both sides read it; ``edition`` when it was asked about another version."""
    other = one.quotation.edition if one.quotation_id and one.quotation_id != quotation and one.quotation else None
    return {
        "uid": one.uid,
        "pk": one.pk,
        "kind": one.kind,
        "label": one.get_kind_display() if one.kind != "question" else "",
        "about": one.about,
        "body": one.body,
        "by": one.asked_by,
        "at": one.at,
        "edition": other,
        "open": one.answered_at is None,
        "replies": one.said,  # type: ignore[attr-defined]  # by with_replies
    }


# What changed


def changes_since(account: Account, found: Quotation, lines: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """What changed since the version before that the customer was sent; None for a first version."""
    if found.edition < 2:
        return None
    older = asked.version_before.first(account.actor, found.edition, first_id=root_of(found))
    if older is None:
        return None
    before = [SimpleNamespace(**line) for line in asked.lines_of(quotation_id=older.pk)]
    after = [SimpleNamespace(**{**line, "net": 0}) for line in lines]
    rows = [row for row in compare(before, after) if row.kind != "same"]
    heads = [
        (label, older.money(name), found.money(name))
        for name, label in HEADS
        if getattr(older, name) != getattr(found, name)
    ]
    terms = older.terms != found.terms
    until = (older.valid_until, found.valid_until) if older.valid_until != found.valid_until else None
    return {
        "edition": older.edition, "url": url_to("portal-quotation", older.uid), "rows": [_shown(row) for row in rows],
        "heads": heads, "terms": terms, "old_terms": older.terms if terms else "", "until": until,
        "nothing": not (rows or heads or terms or until),
    }  # fmt: skip


def _shown(row: Any) -> dict[str, Any]:
    return {"kind": row.kind, "title": row.line.title, "section": row.line.kind == SECTION, "line": row.line,
            "changes": row.changes}  # fmt: skip


# Signatures


def signatures(found: Quotation) -> list[dict[str, Any]]:
    """Who has signed, how and when."""
    return [signature_row(one) for one in acceptances_of(found)]


def signature_row(one: Acceptance) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "at": one.at,
        "method": one.get_method_display(),
        "path": path_of(one.strokes),
        "typed": one.method == "typed",
        "signer": one.signer,
        "code": masked_email(one.verified_address) if one.verified_address else "",
        "digest": one.digest[:16],
        "reference": one.customer_reference,
        "total": Money(one.total, one.currency),
        "edition": one.edition,
    }


def needed_words(found: Quotation, signed: int) -> str:
    """How many signatures are there, of how many; "" when one is enough."""
    if found.signatures_needed < 2:
        return ""
    shown = {"n": active().number(signed), "all": active().number(found.signatures_needed)}
    return gettext("%(n)s of %(all)s signatures") % shown


def above_limit(request: HttpRequest, found: Quotation) -> dict[str, Any] | None:
    """Why this person may not accept the offer alone, and whether he asked his colleagues; None when he may."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        require_limit(actor, found)
    except AboveLimit as why:
        return {"words": str(why), "asked": has_asked_approval(found, actor)}
    return None

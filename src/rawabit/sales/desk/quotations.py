"""Quotations: list, editor, paper, versions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from rawabit.company.queries import local_day
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Amount, Code, Column, Day, Linked, Number, Status, When
from rawabit.kit.screens.filters import Days, InState, Of, Situation
from rawabit.kit.screens.masters import Sure
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.verbs import Verb
from rawabit.ledger.logic.credit import CreditStatus
from rawabit.ledger.queries import credit_status
from rawabit.sales.actions import (
    accept_quotation,
    decline_quotation,
    delete_draft,
    new_version,
    order_quotation,
    save_lines,
    save_quotation,
    send_quotation,
    withdraw_quotation,
)
from rawabit.sales.desk.forms import Acceptance, QuotationForm, Refusal, offer_options
from rawabit.sales.desk.rooms import OfDeal, RoomScreens, Waiting
from rawabit.sales.logic.compare import compare
from rawabit.sales.logic.states import ORDER, QUOTATION, RENEWABLE
from rawabit.sales.models import Quotation
from rawabit.sales.queries import on_order, unanswered, versions_of
from rawabit.trade.editor.columns import Number as DocumentNumber
from rawabit.trade.editor.columns import OneCustomer, PageLink
from rawabit.trade.editor.documents import note

SOON_DAYS = 3


def may(request: Request, permission: str) -> bool:
    return bool(request.actor.may(permission))


def today(request: Request) -> Any:
    return local_day(request.now, request.company)


def expiring(request: Request) -> Q:
    day = today(request)
    return Q(state="sent", valid_until__range=(day, day + timedelta(days=7)))


def asked(request: Request) -> Q:
    return unanswered("quotation")


def mine(request: Request) -> Q:
    return Q(owner_id=request.actor.user_id)


def versions_seen(quotation: Quotation, request: Request) -> Any:
    """The versions of an offer that the person may see, newest first."""
    rows: Any = versions_of(quotation)
    return rows.visible_to(request.actor)


def other_versions(quotation: Quotation, request: Request) -> list[Any]:
    """All versions, when there is more than one; each knows the address of its comparison with this one."""
    rows = list(versions_seen(quotation, request))
    for row in rows:
        row.against = quotation
    return rows if len(rows) > 1 else []


def comparison(row: Any) -> str:
    if row.pk == row.against.pk:
        return ""
    older, newer = sorted((row, row.against), key=lambda one: one.edition)
    return reverse("quotations-compare", args=[newer.pk, older.pk])


def orders_of(quotation: Quotation, request: Request) -> Any:
    return quotation.orders.visible_to(request.actor).order_by("pk")


class Several(Number):
    """A count that is told only where it is more than the usual one."""

    def value(self, record: Any) -> Any:
        found = super().value(record)
        return found if found and found > 1 else None


class QuotationScreens(RoomScreens):
    model = Quotation
    slug = "quotations"
    icon = "quotation"
    form = QuotationForm
    save_head = staticmethod(save_quotation)
    save_rows = staticmethod(save_lines)
    optional_lines = True
    lifecycle = QUOTATION
    related = ("customer", "owner", "contact", "opportunity")
    columns = (
        DocumentNumber(), Linked("customer", sort="customer__name"), Status(lifecycle=QUOTATION), Waiting(),
        Day("date"), Day("valid_until"), Amount("total"), Code("customer_reference"),
        Column("owner", sort="owner__full_name"),
    )  # fmt: skip
    hidden_columns = ("customer_reference",)
    filters = (
        InState(lifecycle=QUOTATION),
        Situation("is", _("Situation"), choices=(
            ("asked", _("With open questions"), asked), ("expiring", _("Expires within a week"), expiring),
            ("mine", _("Mine"), mine),
        )),
        Of("owner", narrow=Q(kind="staff")), Days("date"), OneCustomer(),
    )  # fmt: skip
    tags = (Status(lifecycle=QUOTATION),)
    paper_facts = (
        Day("date"), Day("valid_until"), Code("customer_reference"), OfDeal("opportunity"), Number("edition"),
        Several("signatures_needed"),
        Column("owner"), When("sent_at", label=_("Sent")), When("decided_at", label=_("Decided")),
        Column("decided_by", label=_("Decided by")),
    )  # fmt: skip
    verbs = (
        Verb("send", send_quotation, icon="send"),
        Verb("accept", accept_quotation, form=Acceptance, prepare=offer_options, icon="check"),
        Verb("decline", decline_quotation, form=Refusal),
        Verb("order", order_quotation, label=_("Go to the order"), when=lambda q: q.state == "accepted", icon="order",
             tone="primary", permission="sales.add_order"),
        Verb("renew", new_version, label=_("New version"), when=lambda q: q.state in RENEWABLE, icon="copy",
             permission="sales.change_quotation"),
        Verb("withdraw", withdraw_quotation, form=Sure),
        Verb("delete", delete_draft, label=_("Delete"), when=lambda q: q.state == "draft", form=Sure, icon="trash",
             tone="danger-quiet"),
    )  # fmt: skip
    bulk = ("send",)
    panels = (
        Panel(
            _("Versions"), other_versions,
            (DocumentNumber(), Number("edition"), Status(lifecycle=QUOTATION), Day("date"), Amount("total"),
             PageLink("compare", _("Differences"), url=comparison, text=_("Compare"))),
        ),
        Panel(
            _("Sales orders"), orders_of,
            (DocumentNumber(), Status(lifecycle=ORDER), Day("date"), Day("promised_date"), Amount("total")),
            permission="sales.view_order",
        ),
    )  # fmt: skip

    def more_urls(self) -> list[URLPattern]:
        compared = require_GET(self.compare)
        address = f"{self.slug}/<int:pk>/compare/<int:other>/"
        return [path(address, compared, name=f"{self.slug}-compare"), *super().more_urls()]

    def start(self, request: Request) -> dict[str, Any]:
        days = request.company.quotation_days
        return {"valid_until": self.today(request) + timedelta(days=days)}

    def credit(self, document: Any, total: Any, today: Any) -> CreditStatus:
        extra = on_order(document.customer)
        return credit_status(document.customer, extra + total if total.currency == extra.currency else extra, today)

    def remarks(self, record: Quotation) -> Any:
        return [(_("Reason for declining"), record.decline_reason)]

    def notes(self, record: Quotation, request: Request) -> list[dict[str, Any]]:
        if record.state == "superseded":
            newest = versions_seen(record, request).first()
            url = self.url("detail", newest.pk) if newest else ""
            return [note("info", _("A newer version has taken its place."), url=url, link=newest or "")]
        left = (record.valid_until - self.today(request)).days if record.valid_until else None
        if record.state == "sent" and left is not None and left < 0:
            return [note("warn", _("Its term has passed; the customer can no longer accept it."))]
        if record.state == "sent" and left is not None and left <= SOON_DAYS:
            return [note("warn", _("The term of this quotation ends soon."))]
        return []

    @access("staff")
    def compare(self, request: Request, pk: int, other: int) -> HttpResponse:
        """Two versions of one offer side by side: what was added, dropped and changed."""
        actor = self.allow(request, "view")
        newer = self.row(actor, pk)
        older = get_object_or_404(versions_seen(newer, request), pk=other)
        found = compare(list(older.lines.order_by("position")), list(newer.lines.order_by("position")))
        heads = [(label, older.money(name), newer.money(name)) for name, label in TOTALS]
        return self.render(request, "compare", record=newer, older=older, rows=found, totals=heads)


TOTALS = (("net", _("Total before VAT")), ("tax", _("VAT")), ("total", _("Total including VAT")))

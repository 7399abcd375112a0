"""Writing lines, adding up, freezing: what quotations, orders and invoices do alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.forms import ModelForm

from rawabit.company.models import Company
from rawabit.crm.policies import require_on
from rawabit.kit.marking import _
from rawabit.kit.records.actions import Conflict, emit, lock, save_form, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from rawabit.kit.text import search_key
from rawabit.trade.logic.lines import SECTION, PricedLine
from rawabit.trade.logic.totals import LineAmounts, add_up
from rawabit.trade.models import Document, Line
from rawabit.trade.queries import buyer_of, seller_of, tax_percents

D = TypeVar("D", bound=Document)
TOTAL_FIELDS = ("net", "discount", "tax", "total", "tax_summary")


def require_draft(document: Document) -> None:
    """What has left draft is never edited."""
    if document.state != "draft":
        raise Refused(_("This document can no longer be changed. Make a correcting document instead."))


def change_permission(document: Document) -> str:
    return f"{document._meta.app_label}.change_{document._meta.model_name}"


def document_key(document: Document) -> str:
    """What a document is found by: its number, the customer's names and number, his order number."""
    customer = document.customer
    return search_key(
        document.number, customer.name, customer.name_ar, customer.name_fa, customer.name_en, customer.code,
        document.customer_reference,
    )  # fmt: skip


@transaction.atomic
def replace_lines(
    document: D, lines: Sequence[PricedLine], *, actor: Actor, at: datetime, seen_version: int | None = None
) -> D:
    """Write all lines of a draft anew, as ``trade.queries.price_rows`` prepared them, and add up."""
    document = lock(document)
    require_on(actor, change_permission(document), document)
    require_draft(document)
    if seen_version is not None and document.version != seen_version:
        raise Conflict(document, Event.objects.about(document).select_related("actor").order_by("-id").first())
    kept = write_lines(document, lines)
    touch(document, at)
    document.save(update_fields=[*TOTAL_FIELDS, "version", "updated_at"])
    name = f"{document._meta.model_name}.lines_changed"
    emit(name, document, actor=actor, at=at, lines=count_lines(kept), total=document.total, currency=document.currency)
    return document


def write_lines(document: Document, lines: Sequence[PricedLine]) -> list[Line]:
    """Put the lines in the place of the old ones and set the totals on the document, which the caller saves."""
    rows: Any = document.lines  # type: ignore[attr-defined]
    rows.all().delete()
    made = [line_of(rows.model, document, number, line) for number, line in enumerate(lines, 1)]
    set_totals(document, made)
    rows.model.objects.bulk_create(made)
    getattr(document, "_prefetched_objects_cache", {}).pop("lines", None)
    return made


def count_lines(lines: Sequence[Line]) -> int:
    return sum(line.kind != SECTION for line in lines)


def line_of(model: type[Line], document: Document, position: int, line: PricedLine) -> Line:
    """An unsaved row of a document's line model."""
    row: Any = model(
        position=position, item_id=line.item_id, sku=line.sku, title=line.title, details=line.details, kind=line.kind,
        unit=line.unit, quantity=line.quantity, unit_price=line.unit_price, discount_percent=line.discount_percent,
        tax_rule_id=line.tax_rule_id, tax_category=line.tax_category, tax_percent=line.tax_percent,
        tax_reason=line.tax_reason, tax_reason_code=line.tax_reason_code,
    )  # fmt: skip
    row.document = document
    if hasattr(row, "optional"):
        row.optional, row.chosen = line.optional, not line.optional
    return row  # type: ignore[no-any-return]


def amounts_of(line: Line) -> LineAmounts:
    return LineAmounts(
        line.quantity, line.unit_price, line.discount_percent, line.tax_percent, line.tax_category,
        line.tax_reason_code, line.tax_reason,
    )  # fmt: skip


def set_totals(document: Document, lines: Sequence[Line]) -> None:
    """Net and tax on each line, sums on the document; nothing is saved. Optional lines that were not chosen show what
    they would cost alone and do not count."""
    counted = [line for line in lines if getattr(line, "chosen", True) and line.kind != SECTION]
    for line in lines:
        if not getattr(line, "chosen", True):
            _set_line(line, add_up([amounts_of(line)], document.currency), 0)
    totals = add_up([amounts_of(line) for line in counted], document.currency)
    for place, line in enumerate(counted):
        _set_line(line, totals, place)
    document.net, document.discount = totals.net.minor, totals.discount.minor
    document.tax, document.total = totals.tax.minor, totals.total.minor
    document.tax_summary = [rate.as_json() for rate in totals.rates]


def _set_line(line: Line, totals: Any, place: int) -> None:
    line.net, line.tax = totals.nets[place].minor, totals.taxes[place].minor


def add_up_again(document: Document) -> None:
    """Set the totals from the saved lines and save the lines; the caller saves the document."""
    rows: Any = document.lines  # type: ignore[attr-defined]
    lines = list(rows.order_by("position"))
    set_totals(document, lines)
    rows.model.objects.bulk_update(lines, ["net", "tax"])


def freeze(document: Document, company: Company, at: datetime) -> None:
    """Write down the parties as they stand now, the texts and the moment; the caller saves the document."""
    document.seller, document.buyer = seller_of(company), buyer_of(document.customer)
    document.posted_at = at
    document.search_text = document_key(document)
    touch(document, at)


@transaction.atomic
def save_header(form: ModelForm[D], *, actor: Actor, at: datetime, seen_version: int | None = None) -> D:
    """Change the head of a draft: customer, dates, currency, texts. Another date brings the tax rates of that date,
    another currency its number of decimals."""
    document = form.instance
    before: Any = lock(type(document)._default_manager.get(pk=document.pk))
    require_on(actor, change_permission(document), before)
    require_draft(before)
    document.search_text = document_key(document)
    saved: D = save_form(form, actor=actor, at=at, seen_version=seen_version)
    if (before.date, before.currency) != (saved.date, saved.currency):
        _retax(saved)
        add_up_again(saved)
        saved.save(update_fields=TOTAL_FIELDS)
    return saved


def _retax(document: Document) -> None:
    lines: Any = document.lines  # type: ignore[attr-defined]
    for tax, percent in tax_percents(document, document.date).items():
        lines.filter(tax_rule=tax).update(tax_percent=percent)


@transaction.atomic
def delete_draft(document: Document, *, actor: Actor, at: datetime) -> None:
    """Throw a draft away. It never had a number, so none is missing."""
    document = lock(document)
    meta = document._meta
    require_on(actor, f"{meta.app_label}.delete_{meta.model_name}", document)
    if document.state != "draft":
        raise Refused(_("Only drafts can be deleted."))
    emit(f"{meta.model_name}.deleted", document, actor=actor, at=at, customer=document.customer.name)
    document.delete()

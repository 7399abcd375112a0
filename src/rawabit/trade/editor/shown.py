"""Totals and credit as the editor's templates show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.ledger.logic.credit import CreditStatus
from rawabit.trade.editor.grid import Checked
from rawabit.trade.logic.totals import RateTotal

_TONES = {"ok": "ok", "warn": "warn", "block": "bad"}
_UNTAXED = {"Z": _("Zero rate"), "E": _("Exempt"), "O": _("Out of scope")}


@dataclass(frozen=True)
class ShownRate:
    label: str
    tax: Money


@dataclass(frozen=True)
class ShownTotals:
    """For ``trade/totals.html``; ``more``: ``(label, amount, css class)`` below the total."""

    net: Money
    discount: Money
    tax: Money
    total: Money
    rates: Sequence[ShownRate]
    lines: int = 0
    more: Sequence[tuple[Any, Money, str]] = ()


def totals_of(checked: Checked) -> ShownTotals:
    """Totals while the document is written."""
    sums = checked.totals
    rates = [_rate(rate) for rate in sums.rates]
    return ShownTotals(sums.net, sums.discount, sums.tax, sums.total, rates, checked.count)


def _rate(rate: RateTotal) -> ShownRate:
    return ShownRate(rate_label(rate.category, rate.percent), rate.tax)


def rate_label(category: str, percent: Any) -> str:
    """The rate in words: VAT 15%, or why there is none."""
    if category in _UNTAXED:
        return str(_UNTAXED[category])
    return str(_("VAT %(percent)s") % {"percent": active().percent(percent)})


def credit_note(status: CreditStatus) -> dict[str, Any] | None:
    """The banner of a customer's credit; None where there is nothing to say."""
    if status.level == "ok" and status.limit is None:
        return None
    amounts = [(_("Balance"), status.used), (_("Overdue"), status.overdue)]
    if status.limit is not None and status.available is not None:
        amounts = [(_("Credit limit"), status.limit), *amounts, (_("Left with this document"), status.available)]
    return {"tone": _TONES[status.level], "title": status.words, "amounts": amounts}


def options_html(field: BoundField) -> str:
    """The options of a select for a script that replaces them."""
    chosen = str(getattr(field.value(), "pk", field.value()) or "")
    mark = {True: mark_safe(" selected"), False: ""}
    choices: Any = field.field
    rows = ((value, mark[str(value) == chosen], label) for value, label in choices.choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)

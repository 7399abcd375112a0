"""What a message may say of a record, in the reader's language, digits and calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from rawabit.billing.models import Invoice, Payment
from rawabit.crm.models import Customer
from rawabit.kit.display import active
from rawabit.kit.money import Money
from rawabit.shipping.models import Delivery
from rawabit.telling.logic.kinds import Kind

Facts = dict[str, str]


def customer_of(record: Any) -> Customer | None:
    """Whose record it is."""
    return record if isinstance(record, Customer) else getattr(record, "customer", None)


def facts_of(kind: Kind, record: Any, told: Mapping[str, Any]) -> Facts:
    """The values of the kind's placeholders; empty where there is none. ``told``: the facts of the event."""
    found: Facts = {}
    for name in kind.says:
        value = _READ[name](record, told)
        found[name] = " ".join(_text(value).split()) if value not in (None, "") else ""
    return found


def _text(value: Any) -> str:
    if isinstance(value, Money):
        return active().money_text(value)
    if isinstance(value, date):
        return active().date_medium(value)
    return str(value)


def _number(record: Any, told: Mapping[str, Any]) -> Any:
    about = getattr(record, "invoice", None)  # objections and reports of transfers speak of their invoice
    own = getattr(record, "number", "") or told.get("number") or getattr(about, "number", "")
    return own or getattr(record, "code", "")  # of an account, the customer's


def _amount(record: Any, told: Mapping[str, Any]) -> Any:
    amount = getattr(record, "amount", None)
    amount = told.get("amount") if amount is None else amount
    currency = getattr(record, "currency", "") or told.get("currency", "")
    return Money(int(amount), currency) if amount is not None and currency else ""


def _money(field: str) -> Any:
    def read(record: Any, told: Mapping[str, Any]) -> Any:
        value = getattr(record, field, None)
        return Money(int(value), record.currency) if value is not None else ""

    return read


def _attribute(name: str) -> Any:
    return lambda record, told: getattr(record, name, None) or ""


def _day(record: Any, told: Mapping[str, Any]) -> Any:
    return getattr(record, "promised_date", None) or ""


def _due(record: Any, told: Mapping[str, Any]) -> Any:
    return getattr(record, "due_date", None) or ""


def _order(record: Any, told: Mapping[str, Any]) -> Any:
    return record.order.number if isinstance(record, Delivery) else getattr(record, "number", "")


def _invoice(record: Any, told: Mapping[str, Any]) -> Any:
    return record.corrects.number if isinstance(record, Invoice) and record.corrects else told.get("invoice", "")


def _reason(record: Any, told: Mapping[str, Any]) -> Any:
    return told.get("reason") or getattr(record, "promise_change_reason", "")


def _by(record: Any, told: Mapping[str, Any]) -> Any:
    return told.get("by") or getattr(record, "received_by", "") or getattr(record, "decided_by", "")


def _what(record: Any, told: Mapping[str, Any]) -> Any:
    return told.get("what") or told.get("name") or told.get("title") or told.get("file") or str(record)


def _kept_day(name: str) -> Any:
    return lambda record, told: date.fromisoformat(told[name]) if told.get(name) else ""


def _balance(record: Any, told: Mapping[str, Any]) -> Any:
    return Money(int(told["balance"]), told["currency"]) if "balance" in told else ""


_READ: Mapping[str, Any] = {
    "number": _number, "date": _attribute("date"), "total": _money("total"), "until": _attribute("valid_until"),
    "due": _due, "open": _money("open_amount"), "amount": _amount, "day": _day, "order": _order, "invoice": _invoice,
    "carrier": _attribute("carrier"), "tracking": _attribute("tracking_number"), "reason": _reason, "by": _by,
    "what": _what, "first": _kept_day("first"), "last": _kept_day("last"), "balance": _balance,
}  # fmt: skip


def still_wanted(kind: str, record: Any) -> bool:
    """Whether the message is still true when its turn comes, hours later perhaps."""
    if kind == "invoice_reminder":
        return bool(record.state == "posted" and record.open_amount > 0)
    if kind == "quotation_sent":
        return bool(record.state not in ("draft", "withdrawn", "superseded"))
    if kind == "payment_receipt":
        return isinstance(record, Payment) and record.state == "posted"
    return True

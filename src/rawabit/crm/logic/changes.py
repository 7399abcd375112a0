"""The life of a change request, and what each kind of it may touch. Pure."""

from __future__ import annotations

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.states import Lifecycle, Move, State

ASKED, ACCEPTED, REFUSED, WITHDRAWN = "asked", "accepted", "refused", "withdrawn"

CHANGE = Lifecycle(
    [
        State(ASKED, pgettext_lazy("change request", "Waiting"), "info"),
        State(ACCEPTED, pgettext_lazy("change request", "Accepted"), "ok"),
        State(REFUSED, pgettext_lazy("change request", "Refused"), "bad"),
        State(WITHDRAWN, pgettext_lazy("change request", "Withdrawn")),
    ],
    [
        Move("accept", (ASKED,), ACCEPTED, pgettext_lazy("change request", "Accept"), tone="primary"),
        Move("refuse", (ASKED,), REFUSED, pgettext_lazy("change request", "Refuse")),
        Move("withdraw", (ASKED,), WITHDRAWN, pgettext_lazy("change request", "Withdraw")),
    ],
    not_while=_("%(move)s is not possible any more: %(state)s."),
)

NUMBER = "number_"  # before the kind of an official number
NAMES = ("name", "name_ar", "name_fa", "name_en", "trade_name")
REACHED = ("phone", "email", "website")
PLACE = (
    "building", "street", "secondary", "unit", "district", "city", "province", "postal_code", "short_code", "lines",
)  # fmt: skip
ACCOUNTS = ("iban", "sa_iban", "ir_iban", "ir_card")


def allowed(kind: str, field: str) -> bool:
    """Whether a request of this kind may speak of the field: what was asked decides how strictly it was checked."""
    number = field.removeprefix(NUMBER) if field.startswith(NUMBER) else ""
    if number:
        return (kind == "bank") if number in ACCOUNTS else (kind == "legal")
    fields = {"legal": NAMES, "contact": REACHED, "address": PLACE}.get(kind, ())
    return field in fields


def differences(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    """``{field: [before, after]}`` of what is to become different."""
    return {name: [before.get(name, ""), value] for name, value in after.items() if value != before.get(name, "")}

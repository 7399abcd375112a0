"""May a customer order more on account? One definition for the editor, the order, the customer's page. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rawabit.kit.display import active
from rawabit.kit.marking import _, ngettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.text import fsi

OK, WARN, BLOCK = "ok", "warn", "block"


@dataclass(frozen=True, slots=True)
class CreditStatus:
    """``level`` ok | warn | block and the figures behind it, all in one currency.

    ``used``: balance owed. ``extra``: orders not yet invoiced, with the one in question. ``limit`` None: no limit.
    ``overdue``: what should have been paid, ``overdue_days`` the age of the oldest. ``reason`` "" | on_hold |
    over_limit | overdue."""

    level: str
    reason: str
    limit: Money | None
    used: Money
    extra: Money
    overdue: Money
    overdue_days: int

    @property
    def available(self) -> Money | None:
        """What may still be ordered; negative when more is used than allowed; None without a limit."""
        return None if self.limit is None else self.limit - self.used - self.extra

    @property
    def words(self) -> str:
        """The situation in a sentence, in the reader's language and digits."""
        return str(_WORDS[self.reason](self))

    def facts(self) -> dict[str, Any]:
        """For storage: minor units and codes, no words."""
        return {
            "level": self.level,
            "reason": self.reason,
            "currency": self.used.currency,
            "limit": self.limit.minor if self.limit is not None else None,
            "used": self.used.minor,
            "extra": self.extra.minor,
            "overdue": self.overdue.minor,
            "overdue_days": self.overdue_days,
        }

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> CreditStatus:
        """The status as :meth:`facts` wrote it."""
        currency = facts["currency"]
        limit = None if facts["limit"] is None else Money(facts["limit"], currency)
        return cls(
            facts["level"], facts["reason"], limit, Money(facts["used"], currency), Money(facts["extra"], currency),
            Money(facts["overdue"], currency), facts["overdue_days"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """What the ledger and the customer's row say. ``on_hold``: no orders at all."""

    limit: Money | None
    used: Money
    overdue: Money
    overdue_days: int
    on_hold: bool = False


def judge(account: Account, extra: Money, policy: str) -> CreditStatus:
    """The credit status when ``extra`` is added to what is owed. ``policy``: what happens above the limit, warn or
    block; a customer on hold is blocked under either; an overdue amount alone warns."""
    level, reason = OK, ""
    if account.on_hold:
        level, reason = BLOCK, "on_hold"
    elif account.limit is not None and account.used + extra > account.limit:
        level, reason = policy, "over_limit"
    elif account.overdue.minor > 0:
        level, reason = WARN, "overdue"
    return CreditStatus(level, reason, account.limit, account.used, extra, account.overdue, account.overdue_days)


def _shown(money: Money) -> str:
    return fsi(active().money_text(money))


def _fine(status: CreditStatus) -> Any:
    if status.limit is None:
        return _("No credit limit is set.")
    assert status.available is not None
    return _("%(available)s of the credit limit of %(limit)s is left.") % {
        "available": _shown(status.available), "limit": _shown(status.limit),
    }  # fmt: skip


def _on_hold(status: CreditStatus) -> Any:
    return _("Orders of this customer are on hold.")


def _over(status: CreditStatus) -> Any:
    assert status.limit is not None and status.available is not None
    return _(
        "The credit limit is %(limit)s. %(used)s is owed already and %(extra)s is on order: %(over)s too much."
    ) % {
        "limit": _shown(status.limit), "used": _shown(status.used), "extra": _shown(status.extra),
        "over": _shown(-status.available),
    }  # fmt: skip


def _overdue(status: CreditStatus) -> Any:
    shown = {"overdue": _shown(status.overdue), "days": active().number(status.overdue_days)}
    return (
        ngettext_lazy(
            "%(overdue)s is overdue, the oldest for %(days)s day.",
            "%(overdue)s is overdue, the oldest for %(days)s days.",
            status.overdue_days,
        )
        % shown
    )


_WORDS = {"": _fine, "on_hold": _on_hold, "over_limit": _over, "overdue": _overdue}

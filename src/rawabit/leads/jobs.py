"""Work in the background."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rawabit.leads.actions import remind_quiet, rescore_all
from rawabit.leads.actions.setting_up import RESCORE

__all__ = ["RESCORE", "remind", "rescore_open"]


def rescore_open(args: Mapping[str, Any], at: datetime) -> None:
    rescore_all(at)


rescore_open.own_transactions = True  # type: ignore[attr-defined]  # many rows: no lock is held for long


def remind(at: datetime) -> None:
    remind_quiet(at)

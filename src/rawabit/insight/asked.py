"""What customers have said about money and what waits for a colleague: transfers to check, questions to answer."""

from __future__ import annotations

from typing import Any

from rawabit.billing.logic.asking import OPEN, REPORTED
from rawabit.billing.models import Dispute, TransferReport
from rawabit.kit.records.actor import Actor
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.screens.templatetags import kit as shown

ROWS = 4
Listed = list[tuple[Any, Any, Any, str]]


def transfers_waiting(actor: Actor) -> tuple[int, Listed]:
    """How many reported transfers wait, and the first of them. Two queries."""
    rows = TransferReport.objects.visible_to(actor).filter(state=REPORTED)
    first = rows.select_related("customer").order_by("pk")[:ROWS]
    return rows.count(), [(str(one), one.customer, shown.money(one.money("amount")), url_of(one)) for one in first]


def questions_waiting(actor: Actor) -> tuple[int, Listed]:
    """How many questions wait for an answer, and the first of them. Two queries."""
    rows = Dispute.objects.visible_to(actor).filter(state=OPEN)
    first = rows.select_related("customer", "invoice", "payment").order_by("pk")[:ROWS]
    return rows.count(), [(str(one), one.customer, one.get_topic_display(), url_of(one)) for one in first]

"""How far an order's lines have come. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rawabit.trade.logic.lines import SECTION


@dataclass(frozen=True, slots=True)
class LineProgress:
    """A line's quantities. ``kind`` goods, service or section: services are invoiced, never delivered; a section is
    only a heading."""

    kind: str
    quantity: Decimal
    shipped: Decimal
    delivered: Decimal
    invoiced: Decimal


@dataclass(frozen=True, slots=True)
class OrderProgress:
    """none | partly | fully for each; no_goods where there is nothing to deliver."""

    shipping: str
    delivery: str
    invoicing: str

    @property
    def complete(self) -> bool:
        return self.delivery in ("fully", "no_goods") and self.invoicing == "fully"


def progress(lines: Sequence[LineProgress]) -> OrderProgress:
    """The order's progress from its lines."""
    goods = [line for line in lines if line.kind == "goods"]
    return OrderProgress(
        _how_far([(line.shipped, line.quantity) for line in goods], "no_goods"),
        _how_far([(line.delivered, line.quantity) for line in goods], "no_goods"),
        _how_far([(line.invoiced, line.quantity) for line in lines if line.kind != SECTION], "none"),
    )


def _how_far(pairs: Sequence[tuple[Decimal, Decimal]], nothing: str) -> str:
    if not pairs:
        return nothing
    if all(done >= whole for done, whole in pairs):
        return "fully"
    return "partly" if any(done > 0 for done, _whole in pairs) else "none"


def invoiceable(line: LineProgress, basis: str) -> Decimal:
    """How much of a line may be invoiced now. ``basis`` ordered, or delivered: what has left the house; a service
    counts as delivered when it is ordered."""
    reached = line.quantity if basis == "ordered" or line.kind != "goods" else line.shipped
    return max(reached - line.invoiced, Decimal(0))

"""What each invoice of the synthetic company is, by its place in the row of all invoices. Pure.

Two customers stand out and are the same in every build, however large the rest is: the *measured* one, whose pages are
compared between sizes, and the *busy* one with many papers of his own.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from decimal import Decimal

MEASURED, BUSY = 1, 2
OWN_INVOICES, BUSY_INVOICES = 60, 2_000
DAYS = 5 * 365
FRESH_DAYS, UNPAID_DAYS, TERM_DAYS = 4, 40, 30
CURRENCY, VAT = "SAR", Decimal(15)
BASKETS, ITEMS = 60, 400


@dataclass(frozen=True, slots=True)
class Plan:
    """How many customers and invoices, and how many of the invoices the two outstanding customers have."""

    customers: int
    invoices: int

    @property
    def measured(self) -> int:
        return min(OWN_INVOICES, self.invoices // 2)

    @property
    def busy(self) -> int:
        return min(BUSY_INVOICES, self.invoices // 5)


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One line; ``item`` counts from 0, amounts in halalas. Prices are whole riyals, so that 15 % is exact."""

    item: int
    quantity: int
    price: int
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class Deal:
    """One order, its delivery, its invoice and what was paid. ``day`` counts from the first day of the company."""

    place: int
    sequence: int
    customer: int
    day: int
    fresh: bool
    paid: Decimal  # 1 all, 0 nothing

    @property
    def basket(self) -> int:
        return self.sequence % BASKETS


def baskets() -> list[tuple[BasketLine, ...]]:
    """What people buy: 60 lists of three to five lines."""
    return [tuple(_line(number, place) for place in range(3 + number % 3)) for number in range(BASKETS)]


def _line(number: int, place: int) -> BasketLine:
    item = (number * 17 + place * 101) % ITEMS
    quantity, price = 1 + (number + place * 3) % 12, price_of(item)
    net = quantity * price * 100
    return BasketLine(item, quantity, price, net, net * 15 // 100)


def price_of(item: int) -> int:
    """In riyals."""
    return 20 + item * 7 % 480


def deals(plan: Plan) -> Iterator[Deal]:
    """All invoices of the company, the oldest first."""
    own = spread(plan.measured, plan.invoices, taken={})
    busy = spread(plan.busy, plan.invoices, taken=own)
    for place in range(plan.invoices):
        day = place * DAYS // plan.invoices
        if place in own:
            sequence, customer, count = own[place], MEASURED, plan.measured
        elif place in busy:
            sequence, customer, count = busy[place], BUSY, plan.busy
        else:
            sequence, customer, count = place, other_customer(place, plan.customers), 0
        fresh = DAYS - day <= FRESH_DAYS or (count > 0 and sequence == count - 1)
        yield Deal(place, sequence, customer, day, fresh, _paid(sequence, DAYS - day))


def spread(count: int, total: int, *, taken: Container[int]) -> dict[int, int]:
    """``{place: sequence}``: ``count`` places evenly over ``total``, the next one where a place is taken."""
    places: dict[int, int] = {}
    for sequence in range(count):
        place = (2 * sequence + 1) * total // (2 * count)
        while place in taken or place in places:
            place += 1
        places[place] = sequence
    return places


def other_customer(place: int, customers: int) -> int:
    """Everybody else; a fifth of the invoices go to every hundredth customer, so that a few are large."""
    others = max(1, customers - 2)
    mixed = place * 2_654_435_761 % 2**32
    few = max(1, others // 100)
    return 3 + (mixed % few if mixed % 5 == 0 else mixed // 5 % others)


def _paid(sequence: int, age: int) -> Decimal:
    if age > UNPAID_DAYS:
        return Decimal("0.5") if sequence % 23 == 11 else Decimal(1)
    return Decimal(1) if sequence % 3 == 1 else Decimal(0)

"""Orders, deliveries, invoices, payments and the ledger: the many rows, written in batches, the oldest first."""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from bench.build.bulk import Bulk, column, uids
from bench.build.customers import Party, as_json
from bench.build.story import CURRENCY, DAYS, TERM_DAYS, VAT, BasketLine, Deal, Plan, baskets, deals
from rawabit.billing.models import Allocation, Invoice, InvoiceLine, Payment
from rawabit.catalog.models import Item
from rawabit.company.logic.numbering import SERIES, counter_name
from rawabit.kit.calendars import fiscal_year_label
from rawabit.kit.records.models import Counter, Event
from rawabit.ledger.models import Balance, Entry
from rawabit.sales.models import Order, OrderLine
from rawabit.shipping.models import Carrier, Delivery, DeliveryLine, TrackingEvent
from rawabit.trade.logic.totals import LineAmounts, add_up

BATCH = 10_000
LEAD, ROAD = 6, 3  # days from order to invoice, from dispatch to arrival
TRACKING = (("packed", 4), ("picked_up", 3), ("in_transit", 2), ("out", 0), ("delivered", 0))


class Days:
    """Dates as the driver wants them, by their number from the company's first day. Early papers may lie before it."""

    def __init__(self, last: date) -> None:
        days = [last - timedelta(days=DAYS - number) for number in range(-LEAD, DAYS + TERM_DAYS + 1)]
        noon = [datetime.combine(day, time(9), UTC) for day in days]
        self._dates = column(Order, "date", days)
        self._moments = column(Order, "created_at", noon)
        self._years = [fiscal_year_label(day, "gregorian") for day in days]

    def date(self, number: int) -> Any:
        return self._dates[number + LEAD]

    def moment(self, number: int) -> Any:
        return self._moments[number + LEAD]

    def year(self, number: int) -> str:
        return self._years[number + LEAD]


class Numbers:
    """Gapless numbers per series and year, as the product's own counters give them."""

    def __init__(self, days: Days) -> None:
        self.days = days
        self.given: Count[tuple[str, str]] = Count()

    def next(self, kind: str, day: int) -> str:
        year = self.days.year(day)
        self.given[kind, year] += 1
        return f"{SERIES[kind].prefix}-{year}-{self.given[kind, year]:05}"

    def keep(self) -> None:
        """The counter rows, so that the product counts on from here."""
        rows = [
            Counter(name=counter_name(kind, SERIES[kind], date(int(year), 6, 30), "gregorian"), last=last)
            for (kind, year), last in self.given.items()
        ]
        Counter.objects.bulk_create(rows)


@dataclass(frozen=True, slots=True)
class Sums:
    """What a basket comes to, in halalas, and its summary of taxes for the driver."""

    net: int
    tax: int
    summary: Any

    @property
    def total(self) -> int:
        return self.net + self.tax


def sums_of(lines: Sequence[BasketLine]) -> Sums:
    """By the product's own arithmetic."""
    totals = add_up(
        [LineAmounts(Decimal(line.quantity), Decimal(line.price), tax_percent=VAT) for line in lines], CURRENCY
    )
    summary = as_json(Order, "tax_summary", [rate.as_json() for rate in totals.rates])
    return Sums(totals.net.minor, totals.tax.minor, summary)


SUMS = ("net", "tax", "total", "tax_summary")
TIMES = ("created_at", "updated_at", "posted_at")
PARTIES = ("customer_id", "contact_id", "owner_id", "buyer")
LINE = ("id", "document_id", "position", "item_id", "sku", "title", "quantity", "unit_price", "net", "tax")


class Office:
    """Writes every deal of a plan."""

    def __init__(
        self, days: Days, parties: Sequence[Party], items: Sequence[Item], carriers: Sequence[Carrier], seller: Any
    ) -> None:
        self.days, self.parties, self.numbers = days, parties, Numbers(days)
        self.carriers = [carrier.pk for carrier in carriers]
        self.baskets = baskets()
        self.sums = [sums_of(lines) for lines in self.baskets]
        self.lines = [[line_values(line, place, items) for place, line in enumerate(lines)] for lines in self.baskets]
        self.quantities = [[line[4] for line in lines] for lines in self.lines]
        self.balances: Count[int] = Count()
        self.uid = [uids(salt) for salt in range(20, 24)]
        self.line = self.tracked = self.payment = self.entry = 0
        self._tables(seller)

    def _tables(self, seller: Any) -> None:
        paper = {"currency": CURRENCY, "language": "ar", "seller": seller}
        tax = {"tax_category": "S", "tax_percent": VAT, "unit": "قطعة"}
        head = ("id", "uid", "number", "state", "date", "search_text", *PARTIES, *SUMS, *TIMES)
        self.orders = Bulk(
            Order,
            (*head, "confirmed_at", "promised_date", "first_promised_date", "delivery_state", "deliver_to",
             "delivery_address_id"),
            shipping_state="fully", invoice_state="fully", **paper,
        )  # fmt: skip
        self.order_lines = Bulk(OrderLine, (*LINE, "shipped", "delivered", "invoiced"), **tax)
        self.deliveries = Bulk(
            Delivery,
            ("id", "uid", "number", "state", "order_id", "customer_id", "owner_id", "date", "carrier_id",
             "tracking_number", "promised_date", "deliver_to", "search_text", "shipped_at", "delivered_at",
             "created_at", "updated_at"),
        )  # fmt: skip
        self.delivery_lines = Bulk(DeliveryLine, ("id", "delivery_id", "order_line_id", "quantity"))
        self.tracking = Bulk(TrackingEvent, ("id", "delivery_id", "at", "kind", "place"))
        self.invoices = Bulk(Invoice, (*head, "order_id", "supply_date", "due_date", "open_amount"), **paper)
        self.invoice_lines = Bulk(InvoiceLine, (*LINE, "order_line_id"), **tax)
        self.payments = Bulk(
            Payment, ("id", "uid", "number", "customer_id", "owner_id", "date", "amount", "search_text", *TIMES),
            state="posted", currency=CURRENCY, method="transfer",
        )  # fmt: skip
        self.allocations = Bulk(Allocation, ("id", "invoice_id", "payment_id", "amount", "at"))
        self.entries = Bulk(
            Entry,
            ("id", "customer_id", "date", "due_date", "kind", "number", "document_uid", "debit", "credit", "open",
             "at"),
            currency=CURRENCY,
        )  # fmt: skip
        self.events = Bulk(Event, ("id", "name", "subject_type_id", "subject_id", "at", "told_at"), actor_name="Bench")
        self.told = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.kinds: dict[type[Model], int] = {
            model: ContentType.objects.get_for_model(model).pk for model in (Order, Invoice)
        }
        self.tables = (
            self.orders, self.order_lines, self.deliveries, self.delivery_lines, self.tracking, self.invoices,
            self.invoice_lines, self.payments, self.allocations, self.entries, self.events,
        )  # fmt: skip

    def work(self, plan: Plan, tell: Callable[[int], None]) -> None:
        """Everything that ever happened in the company."""
        for deal in deals(plan):
            self._deal(deal)
            if (deal.place + 1) % BATCH == 0:
                self._write()
                tell(deal.place + 1)
        self._write()
        self.numbers.keep()
        Balance.objects.bulk_create(
            [Balance(customer_id=key, currency=CURRENCY, amount=amount) for key, amount in self.balances.items()],
            batch_size=5_000,
        )

    def _write(self) -> None:
        for table in self.tables:
            table.write()

    def _deal(self, deal: Deal) -> None:
        party, first_line = self.parties[deal.customer - 1], self.line + 1
        self._order(deal, party)
        self._delivery(deal, party, first_line)
        self._invoice(deal, party, first_line)

    def _order(self, deal: Deal, party: Party) -> None:
        days, key, sums, day = self.days, deal.place + 1, self.sums[deal.basket], deal.day - LEAD
        number, now, promised = self.numbers.next("order", day), days.moment(day), days.date(deal.day)
        self.orders.add(
            key, next(self.uid[0]), number, "confirmed" if deal.fresh else "done", days.date(day),
            f"{number.lower()} {party.search}", party.key, party.contact, party.owner, party.buyer,
            sums.net, sums.tax, sums.total, sums.summary, now, now, now, now, promised, promised,
            "none" if deal.fresh else "fully", party.deliver_to, party.address,
        )  # fmt: skip
        self._tell("order.confirmed", Order, key, now)
        for line in self.lines[deal.basket]:
            self.line += 1
            self.order_lines.add(self.line, key, *line, line[4], 0 if deal.fresh else line[4], line[4])

    def _delivery(self, deal: Deal, party: Party, first_line: int) -> None:
        days, key, day = self.days, deal.place + 1, deal.day - ROAD
        number = self.numbers.next("delivery", day)
        arrived = None if deal.fresh else days.moment(deal.day)
        self.deliveries.add(
            key, next(self.uid[1]), number, "out" if deal.fresh else "delivered", key, party.key, party.owner,
            days.date(day), self.carriers[deal.sequence % len(self.carriers)], f"TR{key:010}", days.date(deal.day),
            party.deliver_to, f"{number.lower()} tr{key:010} {party.search}", days.moment(day), arrived,
            days.moment(day), days.moment(deal.day),
        )  # fmt: skip
        for place, quantity in enumerate(self.quantities[deal.basket]):
            self.delivery_lines.add(first_line + place, key, first_line + place, quantity)
        for kind, before in TRACKING[: 4 if deal.fresh else 5]:
            self.tracked += 1
            self.tracking.add(self.tracked, key, days.moment(deal.day - before), kind, "الرياض")

    def _invoice(self, deal: Deal, party: Party, first_line: int) -> None:
        days, key, sums, uid = self.days, deal.place + 1, self.sums[deal.basket], next(self.uid[2])
        number, today, now = self.numbers.next("invoice", deal.day), days.date(deal.day), days.moment(deal.day)
        due, paid = days.date(deal.day + TERM_DAYS), int(sums.total * deal.paid)
        self.invoices.add(
            key, uid, number, "posted", today, f"{number.lower()} {party.search}", party.key, party.contact,
            party.owner, party.buyer, sums.net, sums.tax, sums.total, sums.summary, now, now, now, key, today, due,
            sums.total - paid,
        )  # fmt: skip
        self._tell("invoice.posted", Invoice, key, now)
        for place, line in enumerate(self.lines[deal.basket]):
            self.invoice_lines.add(first_line + place, key, *line, first_line + place)
        self._enter(party, today, due, "invoice", number, uid, sums.total, sums.total - paid, now)
        if paid:
            self._payment(deal, party, paid)

    def _payment(self, deal: Deal, party: Party, paid: int) -> None:
        self.payment += 1
        days, day, uid = self.days, min(deal.day + TERM_DAYS, DAYS), next(self.uid[3])
        number, today, now = self.numbers.next("payment", day), days.date(day), days.moment(day)
        self.payments.add(
            self.payment,
            uid,
            number,
            party.key,
            party.owner,
            today,
            paid,
            f"{number.lower()} {party.search}",
            now,
            now,
            now,
        )
        self.allocations.add(self.payment, deal.place + 1, self.payment, paid, now)
        self._enter(party, today, None, "payment", number, uid, -paid, 0, now)

    def _tell(self, name: str, model: type[Model], key: int, at: Any) -> None:
        self.told += 1
        self.events.add(self.told, name, self.kinds[model], key, at, at)

    def _enter(
        self, party: Party, day: Any, due: Any, kind: str, number: str, uid: str, owed: int, left: int, at: Any
    ) -> None:
        self.entry += 1
        self.balances[party.key] += owed
        self.entries.add(self.entry, party.key, day, due, kind, number, uid, max(owed, 0), max(-owed, 0), left, at)


def line_values(line: BasketLine, place: int, items: Sequence[Item]) -> tuple[Any, ...]:
    """Position, item, texts and amounts of a line, in the order of LINE and as the driver wants them."""
    item = items[line.item]
    quantity, price = line.quantity * 1000, line.price * 1_000_000
    return (place + 1, item.pk, item.sku, item.name, quantity, price, line.net, line.tax)

"""Eleven months of business, told day by day through the ordinary actions, so that every number stands in its place."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from rawabit.billing.actions import (
    credit_invoice,
    invoice_order,
    post_invoice,
    record_payment,
)
from rawabit.billing.models import Invoice
from rawabit.crm.models import Customer
from rawabit.demo.setting import Setting
from rawabit.identity.queries import actor_of
from rawabit.kit.records.actions import assign, comment
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.sales.actions import (
    accept_quotation,
    confirm_order,
    decline_quotation,
    expire_quotations,
    promise_order,
    send_quotation,
    start_order,
    start_quotation,
)
from rawabit.sales.models import Order, Quotation
from rawabit.shipping.actions import (
    deliver_delivery,
    deliver_order,
    out_delivery,
    pack_delivery,
    ship_delivery,
    track,
)
from rawabit.shipping.models import Carrier, Delivery
from rawabit.shipping.queries import remaining
from rawabit.trade.logic.lines import LineInput

DEALS = 170
MONTHS = 11
REFERENCES = ("PO-{n}", "PO/{n}/26", "م-{n}", "")
COMMENTS = (
    "العميل يطلب التوريد قبل نهاية الشهر.",
    "تم الاتصال بالعميل، ينتظر موافقة الإدارة المالية.",
    "لطفاً پیش از ارسال با انبار هماهنگ شود.",
    "Customer asked for the installation manual in English.",
)
REASONS = ("السعر أعلى من الميزانية", "تأجيل المشروع", "قیمت بالاتر از بودجه است")


class Story:
    """A calendar of things to do, done in the order of their time until ``now``."""

    def __init__(self, setting: Setting, now: datetime) -> None:
        self.setting, self.now, self.dice = setting, now, Random(20261)  # noqa: S311 -- the same story every time, no secret
        self.plan: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.awaited: set[int] = set()  # orders that are on the road today
        self.unpaid: set[int] = set()  # orders whose invoices are still open
        self.order_of_entry = itertools.count()
        self.carriers = [
            Carrier.objects.create(name=name, name_en=english, phone=phone, tracking_url=url)
            for name, english, phone, url in (
                ("سمسا إكسبرس", "SMSA Express", "+966920009999", "https://track.example/{number}"),
                ("أرامكس", "Aramex", "+966920027447", "https://track.example/{number}"),
                ("توصيل الشركة", "Own delivery", "", ""),
            )
        ]
        staff = [actor_of(user) for user in setting.staff]
        self.manager, self.accountant = staff[1], staff[5]
        self.owners: dict[int | None, Actor] = {
            user.pk: actor for user, actor in zip(setting.staff, staff, strict=True)
        }

    def at(self, moment: datetime, work: Callable[[datetime], None]) -> None:
        heapq.heappush(self.plan, (moment, next(self.order_of_entry), work))

    def later(self, moment: datetime, low: float, high: float) -> datetime:
        """Some days later, at an hour of work; never before what it follows."""
        day = moment + timedelta(days=self.dice.uniform(low, high))
        found = day.replace(hour=self.dice.randint(6, 13), minute=self.dice.randint(0, 59), second=0, microsecond=0)
        return max(found, moment + timedelta(hours=2)) if low >= 0 else found

    def tell(self) -> None:
        start = self.now - timedelta(days=30 * MONTHS)
        weights = [9, 8, 6, 3, 6, 4, 4, 1, 5, 5, 5, 3, 3, 2, 3, 4]
        for number in range(DEALS):
            # More deals towards today: the company grows, and the present is busy.
            share = (number + self.dice.random()) / DEALS
            moment = self.later(start + timedelta(days=30 * MONTHS * share**0.8), -0.5, 0.5)
            customer = self.dice.choices(self.setting.customers, weights)[0]
            self.at(moment, lambda at, c=customer: self.deal(c, at))  # type: ignore[misc]
        self.lately()
        while self.plan and self.plan[0][0] <= self.now:
            moment, _entry, work = heapq.heappop(self.plan)
            work(moment)
        expire_quotations(actor=self.manager, at=self.now)

    def lately(self) -> None:
        """The last days, so that there is something on its way and something to decide."""
        days = timedelta(days=1)
        for place, customer in enumerate(self.setting.customers[:8]):
            begin = self.awaits if place < 2 else self.order
            ago = 4.4 if place < 2 else self.dice.uniform(1, 6)
            self.at(self.now - ago * days, lambda at, c=customer, b=begin: b(c, at))  # type: ignore[misc]
        for customer in self.setting.customers[:2]:
            self.at(self.now - 3 * days, lambda at, c=customer: self.offer(c, at, wait=True))  # type: ignore[misc]
            for ago in (43, 29):  # one invoice is overdue by now, the other falls due soon
                self.at(self.now - ago * days, lambda at, c=customer: self.owes(c, at))  # type: ignore[misc]

    def owner(self, customer: Customer) -> Actor:
        return self.owners[customer.owner_id]

    def lines(self, most: int = 6) -> list[LineInput]:
        goods = self.dice.sample(list(self.setting.items), self.dice.randint(1, most))
        rows = []
        for item in goods:
            small = item.sku[:2] in ("PP", "EL", "TE", "UN")
            quantity = self.dice.choice((20, 50, 60, 100, 240)) if small else self.dice.choice((1, 1, 2, 3, 5, 8))
            discount = Decimal(self.dice.choice((0, 0, 0, 0, 5)))
            rows.append(LineInput(item_id=item.pk, sku=item.sku, quantity=Decimal(quantity), discount_percent=discount))
        return rows

    # From offer to order

    def deal(self, customer: Customer, at: datetime) -> None:
        if self.dice.random() < 0.35:
            self.order(customer, at)
        else:
            self.offer(customer, at)

    def offer(self, customer: Customer, at: datetime, *, wait: bool = False) -> None:
        actor = self.owner(customer)
        quotation = start_quotation(customer, actor=actor, at=at, rows=self.lines())
        if self.dice.random() < 0.06 and not wait:
            return  # left as a draft
        quotation = send_quotation(quotation, actor=actor, at=at + timedelta(minutes=20))
        if self.dice.random() < 0.3:
            comment(quotation, self.dice.choice(COMMENTS), mentions=[], actor=actor, at=at + timedelta(hours=1))
        if wait:
            return
        chance, answer = self.dice.random(), self.later(at, 1, 9)
        if chance < 0.68:
            self.at(answer, lambda moment: self.accepted(quotation, moment))
        elif chance < 0.84:
            self.at(answer, lambda moment: self.declined(quotation, moment))

    def accepted(self, quotation: Quotation, at: datetime) -> None:
        actor = self.owner(quotation.customer)
        reference = self.dice.choice(REFERENCES).format(n=self.dice.randint(1000, 9999))
        name = quotation.customer.name
        accept_quotation(quotation, name=name, actor=actor, at=at, customer_reference=reference)
        order = Order.objects.get(quotation=quotation)
        self.at(at + timedelta(hours=1), lambda moment: self.confirmed(order, moment))

    def declined(self, quotation: Quotation, at: datetime) -> None:
        actor = self.owner(quotation.customer)
        decline_quotation(quotation, reason=self.dice.choice(REASONS), actor=actor, at=at)

    def order(self, customer: Customer, at: datetime) -> None:
        order = start_order(customer, actor=self.owner(customer), at=at, rows=self.lines(4))
        self.at(at + timedelta(minutes=30), lambda moment: self.confirmed(order, moment))

    def awaits(self, customer: Customer, at: datetime) -> None:
        """An order whose goods are with the carrier today: whoever signs in finds an answer to "where is it?"."""
        self.awaited.add(self.sure(customer, at).pk)

    def owes(self, customer: Customer, at: datetime) -> None:
        """An order whose invoice stays open: whoever signs in finds an answer to "what do I owe?"."""
        self.unpaid.add(self.sure(customer, at).pk)

    def sure(self, customer: Customer, at: datetime) -> Order:
        """A small order that nothing stops."""
        order = start_order(customer, actor=self.manager, at=at, rows=self.pumps())
        self.at(at + timedelta(minutes=30), lambda moment: self.confirmed(order, moment))
        return order

    def pumps(self) -> list[LineInput]:
        """Two kinds of goods, in numbers that no credit limit stops."""
        goods = [item for item in self.setting.items if item.kind == "goods"][:2]
        return [LineInput(item_id=item.pk, sku=item.sku, quantity=Decimal(2)) for item in goods]

    def confirmed(self, order: Order, at: datetime) -> None:
        actor = self.manager if order.pk in self.awaited | self.unpaid else self.owner(order.customer)
        try:
            order = confirm_order(order, actor=actor, at=at)
        except Refused:
            return  # over the credit limit: the draft stays, for a person to decide
        promise_order(order, (at + timedelta(days=6)).date(), actor=actor, at=at)
        if self.dice.random() < 0.15:
            assign(order, self.manager.user_id or 0, "للمتابعة مع المستودع", actor=actor, at=at)
        packed = self.now - timedelta(hours=50) if order.pk in self.awaited else self.later(at, 1, 4)
        self.at(packed, lambda moment: self.packed(order, moment))

    # From order to money

    def packed(self, order: Order, at: datetime) -> None:
        order.refresh_from_db()
        left = remaining(order)
        quantities = {one.line.pk: one.left for one in left if one.left}
        if order.pk not in self.awaited | self.unpaid and self.dice.random() < 0.2 and len(quantities) > 1:
            quantities.popitem()
            self.at(self.later(at, 4, 10), lambda moment: self.packed(order, moment))
        try:
            delivery = deliver_order(order, quantities, actor=self.manager, at=at)
        except Refused:
            self.at(self.later(at, 0.5, 2), lambda moment: self.invoiced(order, moment))
            return
        delivery = pack_delivery(delivery, actor=self.manager, at=at + timedelta(minutes=50))
        leaves = self.now - timedelta(hours=28) if order.pk in self.awaited else self.later(at, 0.2, 1.2)
        self.at(leaves, lambda moment: self.shipped(delivery, moment))
        if order.pk not in self.awaited and self.dice.random() < 0.1:
            day = (at + timedelta(days=9)).date()
            promise_order(order, day, reason="تأخر وصول الشحنة من المورد", actor=self.manager, at=at)

    def shipped(self, delivery: Delivery, at: datetime) -> None:
        number = str(7000000000 + self.dice.randint(1, 99999999))
        carrier = self.dice.choice(self.carriers)
        ship_delivery(
            delivery,
            carrier=carrier,
            tracking_number=number,
            parcels=self.dice.randint(1, 3),
            actor=self.manager,
            at=at,
        )
        moves = self.now - timedelta(hours=6) if delivery.order_id in self.awaited else self.later(at, 0.6, 1.4)
        self.at(moves, lambda moment: self.moving(delivery, moment))

    def moving(self, delivery: Delivery, at: datetime) -> None:
        track(delivery, "in_transit", place="الرياض", actor=self.manager, at=at)
        if delivery.order_id not in self.awaited:
            self.at(self.later(at, 0.6, 2), lambda moment: self.arrived(delivery, moment))

    def arrived(self, delivery: Delivery, at: datetime) -> None:
        delivery.refresh_from_db()
        out_delivery(delivery, actor=self.manager, at=at - timedelta(hours=1))
        receiver = delivery.customer.affiliations.select_related("contact").first()
        name = receiver.contact.full_name if receiver else delivery.customer.name
        deliver_delivery(delivery, received_by=name, actor=self.manager, at=at)
        order = Order.objects.get(pk=delivery.order_id)
        self.at(self.later(at, 0.3, 2), lambda moment: self.invoiced(order, moment))

    def invoiced(self, order: Order, at: datetime) -> None:
        try:
            invoice = invoice_order(Order.objects.get(pk=order.pk), actor=self.accountant, at=at)
        except Refused:
            return  # another delivery's invoice has taken everything
        invoice = post_invoice(invoice, actor=self.accountant, at=at)
        if order.pk in self.unpaid:
            return
        if self.dice.random() < 0.05:
            self.at(self.later(at, 3, 8), lambda moment: self.credited(invoice, moment))
        patience = {0: (20, 33), 1: (25, 55)}.get(order.customer_id % 3, (5, 75))
        self.at(self.later(at, *patience), lambda moment: self.paid(invoice, moment))

    def credited(self, invoice: Invoice, at: datetime) -> None:
        line = invoice.lines.order_by("position").first()
        assert line is not None
        quantity = min(line.quantity, Decimal(1))
        credit_invoice(invoice, {line.pk: quantity}, reason="قطعة تالفة عند الاستلام", actor=self.accountant, at=at)

    def paid(self, invoice: Invoice, at: datetime) -> None:
        invoice.refresh_from_db()
        if invoice.open_amount <= 0:
            return
        money = invoice.money("open_amount")
        if self.dice.random() < 0.15:
            money = money.times(Decimal("0.5"))
        method = self.dice.choice(("transfer", "transfer", "transfer", "cash", "card", "cheque"))
        record_payment(
            invoice.customer, money, method=method, reference=str(self.dice.randint(10**7, 10**8)),
            actor=self.accountant, at=at, shares={invoice.pk: money},
        )  # fmt: skip

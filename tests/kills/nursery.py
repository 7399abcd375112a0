"""A program that raises children and kills them: the other half of ``test_kills.py``, run as a process of its own.

It sets up a database once (``DATABASE_URL``, else SQLite in ``RAWABIT_DATA``), then for each order read from standard
input forks a child that does business until it is killed, and looks through the books afterwards. An order is a line
of JSON: ``{"after_ms": 40}`` kills from outside after that time; ``{"point": "module.function", "when": "after",
"nth": 1}`` lets the child kill itself around a named function; ``"loose": true`` makes the child forget its
transactions (the control run). The answer is a line of JSON: ``{"killed": bool, "problems": [...], "papers": n}``.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rawabit.config.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from rawabit.billing import actions as billing  # noqa: E402
from rawabit.billing.models import Invoice, Payment, TransferReport  # noqa: E402
from rawabit.billing.queries import verify_books  # noqa: E402
from rawabit.kit.money import Money  # noqa: E402
from rawabit.kit.states import Refused  # noqa: E402
from rawabit.sales import actions as sales  # noqa: E402
from rawabit.sales.models import Order, Quotation  # noqa: E402
from rawabit.shipping import actions as shipping  # noqa: E402
from rawabit.shipping.models import Delivery  # noqa: E402
from rawabit.trade.logic.lines import LineInput  # noqa: E402
from tests import makers  # noqa: E402
from tests.makers import NOW, SYSTEM  # noqa: E402

CUSTOMERS, ITEMS = 3, 5


def set_up() -> None:
    call_command("migrate", verbosity=0)
    for _ in range(CUSTOMERS):
        makers.make_customer()
    for _ in range(ITEMS):
        makers.make_item()


# What a child does: the next step of whatever was left unfinished, by whichever child.


def work(seed: int, loose: bool) -> None:
    chance = random.Random(seed)
    steps: list[Callable[[random.Random], Any]] = [start, decide, confirm, ship, arrive, bill, issue, pay, correct,
                                                         tell, believe]  # fmt: skip
    if loose:
        steps = [issue_loosely]
    while True:
        step = steps[chance.randrange(len(steps))]
        try:
            step(chance)
        except Refused:
            continue


def start(chance: random.Random) -> None:
    customer = chance.choice(list(makers.Customer.objects.all()))
    items = chance.sample(list(makers.Item.objects.values_list("pk", flat=True)), 2)
    rows = [LineInput(item_id=item, quantity=makers.Decimal(chance.randrange(1, 5))) for item in items]
    sales.send_quotation(sales.start_quotation(customer, actor=SYSTEM, at=NOW, rows=rows), actor=SYSTEM, at=NOW)


def decide(chance: random.Random) -> None:
    for quotation in Quotation.objects.filter(state="sent")[:1]:
        sales.accept_quotation(quotation, name="x", actor=SYSTEM, at=NOW)


def confirm(chance: random.Random) -> None:
    for order in Order.objects.filter(state="draft")[:1]:
        sales.confirm_order(order, actor=SYSTEM, at=NOW)


def ship(chance: random.Random) -> None:
    note = Delivery.objects.filter(state="draft").first()
    if note is not None:
        shipping.ship_delivery(note, actor=SYSTEM, at=NOW)
        return
    for order in Order.objects.filter(state="confirmed").exclude(shipping_state="fully")[:1]:
        keys = list(order.lines.values_list("pk", flat=True))
        shipping.deliver_order(order, dict.fromkeys(keys, makers.Decimal(1)), actor=SYSTEM, at=NOW)


def arrive(chance: random.Random) -> None:
    for note in Delivery.objects.filter(state="shipped")[:1]:
        if chance.random() < 0.2:
            shipping.return_delivery(note, actor=SYSTEM, at=NOW)
        else:
            shipping.deliver_delivery(note, actor=SYSTEM, at=NOW)


def bill(chance: random.Random) -> None:
    for order in Order.objects.filter(state__in=("confirmed", "done")).exclude(invoice_state="fully")[:3]:
        billing.invoice_order(order, actor=SYSTEM, at=NOW)


def issue(chance: random.Random) -> None:
    for invoice in Invoice.objects.filter(state="draft", kind="invoice")[:1]:
        billing.post_invoice(invoice, actor=SYSTEM, at=NOW)


def issue_loosely(chance: random.Random) -> None:
    """The control: the same verb without the transaction around it."""
    invoice = makers.make_invoice(makers.Customer.objects.first())
    billing.post_invoice.__wrapped__(invoice, actor=SYSTEM, at=NOW)  # type: ignore[attr-defined]


def pay(chance: random.Random) -> None:
    customer = chance.choice(list(makers.Customer.objects.all()))
    billing.record_payment(customer, Money(chance.randrange(1, 60_000), "SAR"), actor=SYSTEM, at=NOW)


def tell(chance: random.Random) -> None:
    makers.make_transfer(makers.Customer.objects.first(), str(chance.randrange(1, 600)), reference=os.urandom(6).hex())


def believe(chance: random.Random) -> None:
    for report in TransferReport.objects.filter(state="reported")[:1]:
        billing.accept_transfer(report, shares={}, actor=SYSTEM, at=NOW)


def correct(chance: random.Random) -> None:
    payment = Payment.objects.filter(state="posted", direction="in").order_by("?").first()
    invoice = Invoice.objects.filter(state="posted", kind="invoice").order_by("?").first()
    if payment is not None and chance.random() < 0.5:
        billing.reverse_payment(payment, reason="x", actor=SYSTEM, at=NOW)
    elif invoice is not None:
        billing.credit_in_full(invoice, reason="x", actor=SYSTEM, at=NOW)


# Killing


def die_around(point: str, when: str, nth: int) -> None:
    """Put a kill before or after the nth call of a function, named by the module that calls it."""
    path, _dot, name = point.rpartition(".")
    module = import_module(path)
    real, calls = getattr(module, name), iter(range(1, 1_000_000))

    def deadly(*args: Any, **kwargs: Any) -> Any:
        last = next(calls) == nth
        if last and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = real(*args, **kwargs)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(module, name, deadly)


def raise_and_kill(order: dict[str, Any], seed: int) -> bool:
    """Whether the child died by the signal (and not of an error of its own)."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            if "point" in order:
                die_around(order["point"], order.get("when", "after"), order.get("nth", 1))
            work(seed, order.get("loose", False))
        finally:
            os._exit(3)
    deadline = time.monotonic() + order.get("after_ms", 90_000) / 1000
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "after_ms" in order


def main() -> None:
    set_up()
    print(json.dumps({"ready": True}), flush=True)
    for seed, line in enumerate(sys.stdin):
        killed = raise_and_kill(json.loads(line), seed)
        papers = Invoice.objects.exclude(number="").count() + Payment.objects.exclude(number="").count()
        print(json.dumps({"killed": killed, "problems": verify_books(), "papers": papers}), flush=True)


if __name__ == "__main__":
    main()

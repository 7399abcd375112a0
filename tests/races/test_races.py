"""What several people do at the same moment ends as if they had done it one after the other."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Sum

from rawabit.billing.actions import (
    allocate_payment,
    credit_in_full,
    post_invoice,
    record_payment,
    reverse_payment,
    unallocate,
)
from rawabit.billing.actions import allocations as allocating
from rawabit.billing.models import Allocation, Invoice, Payment
from rawabit.billing.queries import verify_books
from rawabit.company.actions import next_document_number
from rawabit.crm.actions import set_credit
from rawabit.identity.actions import set_team_members
from rawabit.identity.models import Team, User
from rawabit.identity.queries import team_mates_of
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Counter, Event
from rawabit.kit.states import Refused
from rawabit.ledger.models import Balance, Entry
from rawabit.sales.actions import accept_quotation, confirm_order, new_version, send_quotation
from rawabit.sales.models import Order, Quotation
from rawabit.shipping.actions import deliver_order, ship_delivery
from rawabit.shipping.models import Delivery, DeliveryLine
from tests.makers import (
    NOW,
    SYSTEM,
    TODAY,
    confirmed_order,
    make_company,
    make_customer,
    make_customer_user,
    make_delivery,
    make_invoice,
    make_order,
    make_payment,
    make_user,
    posted_invoice,
    sar,
    sent_quotation,
)
from tests.races.harness import WRITERS, Gate, gated, race, require_postgresql, without_locks

pytestmark = [pytest.mark.race, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
both = pytest.mark.parametrize("locked", [True, False], ids=["locks on", "control: locks off"])


@pytest.fixture(autouse=True)
def on_postgresql(db, transactional_db):
    require_postgresql()
    make_company()


@both
def test_numbers(monkeypatch, locked):
    if not locked:
        without_locks(monkeypatch)
    gated(monkeypatch, "rawabit.kit.records.models.Counter.save", Gate())
    Counter.objects.create(name="invoice:2026", last=1)

    def draw(_number: int) -> str:
        with transaction.atomic():
            return next_document_number("invoice", TODAY)

    numbers = sorted(race(draw).answers)

    if locked:
        assert numbers == [f"INV-2026-{count:05}" for count in range(2, WRITERS + 2)]
    else:
        assert len(set(numbers)) < len(numbers), "without the lock numbers must be given twice"


def test_the_first_number_of_a_series():
    def draw(_number: int) -> str:
        with transaction.atomic():
            return next_document_number("invoice", TODAY)

    assert sorted(race(draw).answers) == [f"INV-2026-{count:05}" for count in range(1, WRITERS + 1)]


@both
def test_accepting_a_quotation_on_two_devices(monkeypatch, locked):
    if not locked:
        without_locks(monkeypatch)
    person = make_customer_user(make_customer())
    quotation, actor = sent_quotation(person.customer), person.actor
    gated(monkeypatch, "rawabit.sales.actions.signing.order_of", Gate())

    done = race(lambda number: accept_quotation(quotation, name=f"{number}", actor=actor, at=NOW))

    assert Order.objects.count() == 1
    if locked:
        assert (len(done.answers), done.errors) == (WRITERS, [])
        assert len({answer.decided_by for answer in done.answers}) == 1
        assert Event.objects.filter(name="quotation.accepted").count() == 1
    else:
        assert done.raised(IntegrityError) == WRITERS - 1, "only the database's own rule stood in the way"


@both
def test_delivering_the_same_goods_twice(monkeypatch, locked):
    if not locked:
        without_locks(monkeypatch)
    order = confirmed_order()
    gated(monkeypatch, "rawabit.shipping.actions._write_lines", Gate())

    done = race(lambda _number: deliver_order(order, actor=SYSTEM, at=NOW))

    planned = DeliveryLine.objects.aggregate(sum=Sum("quantity"))["sum"]
    if locked:
        assert (len(done.answers), done.raised(Refused), planned) == (1, WRITERS - 1, 2)
    else:
        assert planned > 2, "without the lock the same goods must stand on several notes"


def test_shipping_a_note_twice():
    order = confirmed_order()
    note = make_delivery(order)

    done = race(lambda _number: ship_delivery(note, actor=SYSTEM, at=NOW))

    assert (len(done.answers), done.raised(Refused)) == (1, WRITERS - 1)
    assert Delivery.objects.get().number == "DN-2026-00001"
    assert order.lines.get().shipped == 2
    assert verify_books() == []


def naive_settlement(gate: Gate):
    """Read, wait, write back: what a program does that trusts its own memory."""

    def settle(payment: Payment, invoice: Invoice, share, at) -> None:
        gate.wait()
        Allocation.objects.create(invoice=invoice, payment=payment, amount=share.minor, at=at)
        payment.unallocated -= share.minor
        payment.save(update_fields=["unallocated"])

    return settle


@both
def test_spending_a_payment_twice(monkeypatch, locked):
    """The lock alone, with a naive settlement behind it."""
    if not locked:
        without_locks(monkeypatch)
    customer = make_customer()
    payment = make_payment(customer, "100")
    invoices = [posted_invoice(customer) for _ in range(WRITERS)]
    monkeypatch.setattr(allocating, "_settle_payment", naive_settlement(Gate()))

    done = race(lambda number: allocate_payment(payment, {invoices[number].pk: sar(60)}, actor=SYSTEM, at=NOW))

    spent = Allocation.objects.aggregate(sum=Sum("amount"))["sum"]
    if locked:
        assert (len(done.answers), spent) == (1, 6000)
    else:
        assert spent > payment.amount, "without the lock the same money must be spent twice"


def test_conditional_updates_hold_where_locks_fail(monkeypatch):
    """The second belt: with every lock off, the real settlement still never gives out more than there is."""
    customer = make_customer()
    payment = make_payment(customer, "100")
    invoices = [posted_invoice(customer) for _ in range(WRITERS)]
    without_locks(monkeypatch)
    gated(monkeypatch, "rawabit.billing.actions.allocations._settle_payment", Gate())

    done = race(lambda number: allocate_payment(payment, {invoices[number].pk: sar(60)}, actor=SYSTEM, at=NOW))

    assert (len(done.answers), done.raised(Refused)) == (1, WRITERS - 1)
    assert verify_books() == []


def test_paying_an_invoice_twice():
    customer = make_customer()
    invoice = posted_invoice(customer)

    done = race(lambda _number: make_payment(customer, "230", shares={invoice.pk: sar(230)}))

    assert (len(done.answers), done.raised(Refused)) == (1, WRITERS - 1)
    assert (Payment.objects.count(), Invoice.objects.get().open_amount) == (1, 0)
    assert verify_books() == []


def test_the_same_payment_told_many_times():
    customer = make_customer()
    posted_invoice(customer)

    done = race(lambda _number: record_payment(customer, sar(230), actor=SYSTEM, at=NOW, idempotency_key="bank-7"))

    assert done.errors == []
    assert len({payment.pk for payment in done.answers}) == 1
    assert Entry.objects.filter(kind="payment").count() == 1
    assert verify_books() == []


@both
def test_issuing_an_invoice_twice(monkeypatch, locked):
    if not locked:
        without_locks(monkeypatch)
    invoice = make_invoice()
    gated(monkeypatch, "rawabit.billing.actions.invoices.enter", Gate())

    done = race(lambda _number: post_invoice(invoice, actor=SYSTEM, at=NOW))

    assert len(done.answers) == 1
    if locked:
        assert done.raised(Refused) == WRITERS - 1
    else:
        assert done.raised(IntegrityError) == WRITERS - 1, "only the database's own rules stood in the way"
    assert verify_books() == []


@both
def test_the_credit_limit_is_not_used_twice(monkeypatch, locked):
    make_company(credit_policy="block")
    customer = set_credit(make_customer(), sar(300), False, actor=SYSTEM, at=NOW)
    orders = [make_order(customer) for _ in range(WRITERS)]
    Balance.objects.get_or_create(customer=customer, currency="SAR")  # its insertion would be a lock of its own
    actor = may_confirm_only(make_user("sales"))
    if not locked:
        without_locks(monkeypatch)
    gated(monkeypatch, "rawabit.sales.actions.orders.credit_for_order", Gate(), after=True)

    done = race(lambda number: confirm_order(orders[number], actor=actor, at=NOW))

    if locked:
        assert (len(done.answers), done.raised(Refused)) == (1, WRITERS - 1)
    else:
        assert len(done.answers) > 1, "without the lock several orders must pass the limit at once"


def may_confirm_only(user: User) -> Actor:
    return Actor(user.pk, "seller", grants={"sales.confirm_order": "all", "sales.discount_over_limit": "all"})


@both
def test_crediting_a_line_twice(monkeypatch, locked):
    if not locked:
        without_locks(monkeypatch)
    invoice = posted_invoice()
    gated(monkeypatch, "rawabit.billing.actions.credit_notes._note_of", Gate())

    done = race(lambda _number: credit_in_full(invoice, reason="x", actor=SYSTEM, at=NOW))

    credited = Invoice.objects.filter(kind="credit_note", state="posted").aggregate(sum=Sum("total"))["sum"]
    if locked:
        assert (len(done.answers), done.raised(Refused), credited) == (1, WRITERS - 1, invoice.total)
        assert verify_books() == []
    else:
        assert credited > invoice.total or done.errors


def test_two_new_versions_of_one_offer():
    quotation = sent_quotation()
    done = race(lambda _number: new_version(quotation, actor=SYSTEM, at=NOW))
    assert done.errors == []
    assert Quotation.objects.count() == 2
    sent = race(lambda number: send_quotation(done.answers[number], actor=SYSTEM, at=NOW))
    assert (len(sent.answers), sent.raised(Refused)) == (1, WRITERS - 1)


def test_team_changes_add_up():
    people = [make_user("sales") for _ in range(4)]
    teams = [Team.objects.create(name=f"T{number}") for number in range(4)]
    done = race(lambda number: set_team_members(teams[number], people, actor=SYSTEM, at=NOW), writers=4)
    assert done.errors == []
    for user in User.objects.all():
        assert user.team_user_ids == team_mates_of(user)


def test_everything_at_once_ends_in_right_books_without_deadlock():
    """Eight clerks on one customer: issuing, paying, crediting, taking back, reversing, in any order."""
    customer = make_customer()
    invoices = [posted_invoice(customer) for _ in range(4)]
    drafts = [make_invoice(customer) for _ in range(24)]
    payments = [make_payment(customer, "50", shares={}) for _ in range(6)]

    def clerk(number: int) -> int:
        chance, done = random.Random(number), 0
        for step in range(8):
            verb = chance.choice(["post", "pay", "credit", "allocate", "back", "reverse"])
            try:
                _one_step(verb, chance, customer, invoices, drafts, payments)
                done += 1
            except Refused:
                continue
            except OperationalError as error:
                raise AssertionError(f"deadlock in step {step}: {verb}") from error
        return done

    outcome = race(clerk)

    assert outcome.errors == []
    assert sum(outcome.answers) > WRITERS
    assert verify_books() == []
    assert not Payment.objects.filter(unallocated__gt=F("amount")).exists()


def _one_step(verb, chance, customer, invoices, drafts, payments) -> None:
    invoice, payment = chance.choice(invoices), chance.choice(payments)
    if verb == "post":
        post_invoice(chance.choice(drafts), actor=SYSTEM, at=NOW)
    elif verb == "pay":
        make_payment(customer, str(Decimal(chance.randrange(1, 40000)) / 100))
    elif verb == "credit":
        credit_in_full(invoice, reason="x", actor=SYSTEM, at=NOW)
    elif verb == "allocate":
        allocate_payment(payment, actor=SYSTEM, at=NOW)
    elif verb == "back":
        unallocate(payment, invoice, actor=SYSTEM, at=NOW)
    else:
        reverse_payment(payment, reason="x", actor=SYSTEM, at=NOW)

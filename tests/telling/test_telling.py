"""Who is told of what, how, and when not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from rawabit.billing import actions as billing
from rawabit.crm.models import PortalAccess
from rawabit.kit.outbox.models import Message, PushSubscription
from rawabit.kit.records.actions import emit
from rawabit.kit.records.actor import system
from rawabit.kit.records.models import Event, Notice
from rawabit.kit.states import Refused
from rawabit.kit.text import latn
from rawabit.portal.actions.mailing import want_monthly
from rawabit.sales import actions as sales
from rawabit.shipping import actions as shipping
from rawabit.telling.actions import (
    remind_of_invoices,
    send_document,
    send_statements,
    set_preferences,
    tell_customers,
)
from rawabit.telling.models import Reminder
from tests import makers
from tests.makers import NOW, SYSTEM
from tests.outbox.postoffice import text_of
from tests.outbox.working import work

pytestmark = pytest.mark.django_db
ONE_DAY = timedelta(days=1)


def kinds() -> list[str]:
    return sorted(Message.objects.filter(channel="email").values_list("kind", flat=True))


def to(office) -> set[str]:
    return {mail["To"].addresses[0].addr_spec for mail in office.mails}


def test_each_step_of_a_sale_is_told_once(office):
    customer = makers.make_customer(email="info@customer.example")
    quotation = makers.sent_quotation(customer)
    sales.accept_quotation(quotation, name="نورة", actor=SYSTEM, at=NOW)
    order = sales.confirm_order(makers.make_order(customer), actor=SYSTEM, at=NOW)
    delivery = makers.make_delivery(order)
    shipping.ship_delivery(delivery, actor=SYSTEM, at=NOW)
    shipping.out_delivery(delivery, actor=SYSTEM, at=NOW)
    shipping.deliver_delivery(delivery, actor=SYSTEM, at=NOW)
    invoice = makers.posted_invoice(customer)
    billing.record_payment(customer, invoice.money("total"), actor=SYSTEM, at=NOW)
    billing.credit_in_full(invoice, reason="x", actor=SYSTEM, at=NOW)
    work()
    work(NOW + timedelta(minutes=5))

    wanted = [
        "told.credit_note_posted", "told.delivery_delivered", "told.delivery_out", "told.delivery_shipped",
        "told.invoice_posted", "told.order_confirmed", "told.payment_receipt", "told.quotation_accepted",
        "told.quotation_sent",
    ]  # fmt: skip
    assert [kind for kind in kinds() if kind in wanted] == wanted
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert len(office.mails) == Message.objects.count() and to(office) == {"info@customer.example"}


def test_money_goes_to_finance_and_offers_to_purchasing(office):
    customer = makers.make_customer(email="info@customer.example")
    makers.make_contact(customer, role="finance", email="money@customer.example")
    makers.make_contact(customer, role="purchasing", email="buy@customer.example")
    makers.make_contact(customer, role="technical", email="tech@customer.example")
    makers.make_contact(customer, role="finance", email="gone@customer.example", is_active=False)
    makers.posted_invoice(customer)
    makers.sent_quotation(customer)
    work()

    by_kind = {m.kind: m.address for m in Message.objects.all()}
    assert by_kind == {"told.invoice_posted": "money@customer.example", "told.quotation_sent": "buy@customer.example"}


def test_another_customers_people_never_get_it(office, amina, babak):
    makers.make_contact(babak.customer, role="finance", email="other@customer.example")
    makers.posted_invoice(amina.customer)
    work()

    assert to(office) == {amina.user.email}
    assert {notice.user_id for notice in Notice.objects.filter(kind="told.invoice_posted")} == {amina.user.pk}


@pytest.mark.parametrize(("role", "told"), [("owner", True), ("finance", True), ("buyer", False), ("support", False)])
def test_portal_users_are_told_by_their_role(office, role, told):
    person = makers.make_customer_user(makers.make_customer(), role)
    makers.posted_invoice(person.customer)
    work()

    assert (person.user.email in to(office)) is told
    assert Notice.objects.filter(user=person.user, kind="told.invoice_posted").exists() is told


def test_one_who_is_contact_and_user_is_told_once_as_the_user(office):
    customer = makers.make_customer()
    contact = makers.make_contact(customer, "نورة", role="finance", email="noura@customer.example", language="fa")
    person = makers.make_customer_user(customer, "finance")
    PortalAccess.objects.filter(user=person.user).update(contact=contact)
    type(person.user).objects.filter(pk=person.user.pk).update(language="")
    makers.posted_invoice(customer)
    work()

    [mail] = office.mails
    assert mail["To"].addresses[0].addr_spec == person.user.email
    assert Message.objects.get().language == "fa"


def test_the_readers_calendar_and_digits(office):
    person = makers.make_customer_user(makers.make_customer(), "owner")
    type(person.user).objects.filter(pk=person.user.pk).update(language="fa", calendar="jalali", digits="arabext")
    invoice = makers.make_invoice(person.customer)
    invoice.due_date = date(2026, 3, 5)
    invoice.save()
    billing.post_invoice(invoice, actor=SYSTEM, at=NOW)
    work()

    text = text_of(office.mails[0])
    assert "۱۴ اسفند ۱۴۰۴" in text and "۲۳۰" in text
    assert "March" not in text and "مارس" not in text


def test_preference_off_means_no_message_and_the_others_stay(office, amina):
    set_preferences({("invoice", "bell"), ("order", "email")}, actor=amina.actor, at=NOW)
    makers.posted_invoice(amina.customer)
    makers.confirmed_order(amina.customer)
    work()

    assert kinds() == ["told.order_confirmed"]
    rung = Notice.objects.exclude(kind="told.portal_granted").values_list("kind", flat=True)
    assert list(rung) == ["told.invoice_posted"]


def test_what_happened_long_ago_and_imports_are_not_told(office):
    customer = makers.make_customer(email="info@customer.example")
    makers.posted_invoice(customer)
    work(NOW + timedelta(days=3))
    invoice = makers.posted_invoice(customer)
    event = Event.objects.filter(name="invoice.posted").last()
    Event.objects.filter(pk=event.pk).update(door="import", told_at=None)
    work(NOW)
    assert Message.objects.count() == 0 and invoice.pk


def test_the_same_event_told_twice_is_one_message(office):
    customer = makers.make_customer(email="info@customer.example")
    makers.posted_invoice(customer)
    event = Event.objects.get(name="invoice.posted")
    for _ in range(3):
        tell_customers(event, NOW)
    work()
    assert Message.objects.count() == 1 and len(office.mails) == 1


def test_night_and_friday_hold_a_message_until_the_morning(office):
    customer = makers.make_customer(email="info@customer.example")
    makers.posted_invoice(customer)
    night = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)  # Thursday 23:00 in Riyadh; Friday is quiet
    work(night)
    morning = datetime(2026, 3, 7, 5, 0, tzinfo=UTC)  # Saturday 8:00
    assert Message.objects.get().not_before == morning and office.mails == []
    work(morning - timedelta(seconds=1))
    assert office.mails == []
    work(morning)
    assert len(office.mails) == 1


def test_what_a_customer_does_himself_at_night_is_confirmed_at_once(office, amina):
    quotation = makers.sent_quotation(amina.customer)
    night = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)
    Event.objects.update(told_at=NOW)
    emit("quotation.accepted", quotation, actor=amina.actor, at=night, number=quotation.number, by="أمينة")
    work(night)
    assert [mail["To"].addresses[0].addr_spec for mail in office.mails] == [amina.user.email]


def test_colleagues_hear_of_what_customers_do(office, amina, seller):
    type(amina.customer).objects.filter(pk=amina.customer.pk).update(owner=seller.user)
    quotation = makers.sent_quotation(amina.customer)
    emit("quotation.question_asked", quotation, actor=amina.actor, at=NOW, number=quotation.number)
    work()

    notice = Notice.objects.get(user=seller.user)
    from rawabit.kit.records.event_words import words_of_notice

    assert quotation.number in latn(words_of_notice(notice)) and notice.url.endswith(f"/quotations/{quotation.pk}/")


def test_a_failed_mail_rings_at_the_account_manager(office, seller):
    customer = makers.make_customer(email="gone@customer.example", owner=seller.user)
    office.answers = ["550 no such user"]
    makers.posted_invoice(customer)
    work()
    work()
    assert Notice.objects.get(user=seller.user).kind == "told.message.failed"


# Reminders


def overdue(days: int, **fields):
    """An invoice that is due so many days before today, with nobody else to be told."""
    customer = fields.pop("customer", None) or makers.make_customer(email="info@customer.example")
    invoice = makers.make_invoice(customer)
    invoice.due_date = makers.TODAY - timedelta(days=days)
    invoice.save()
    posted = billing.post_invoice(invoice, actor=SYSTEM, at=NOW)
    type(posted).objects.filter(pk=posted.pk).update(due_date=makers.TODAY - timedelta(days=days))
    Event.objects.update(told_at=NOW)
    return posted


@pytest.mark.parametrize(("days", "steps"), [
    (-4, []), (-3, [-3]), (-1, [-3]), (0, []), (1, [1]), (3, [1]), (4, []), (7, [7]), (9, [7]), (14, [14]), (40, []),
])  # fmt: skip
def test_reminders_come_on_their_days_and_old_ones_never(days, steps):
    overdue(days)
    remind_of_invoices(actor=system(), at=NOW)
    assert list(Reminder.objects.values_list("step", flat=True)) == steps


def test_a_reminder_goes_out_once_per_step(office):
    invoice = overdue(1)
    for hour in range(4):
        remind_of_invoices(actor=system(), at=NOW + timedelta(hours=hour))
    work()
    assert kinds() == ["told.invoice_reminder"] and len(office.mails) == 1
    assert invoice.number in latn(office.mails[0]["Subject"])


def test_no_reminder_when_paid_switched_off_or_under_question(office, amina):
    paid = overdue(1)
    billing.record_payment(paid.customer, paid.money("total"), actor=SYSTEM, at=NOW)
    asked = overdue(1, customer=amina.customer)
    makers.make_dispute(amina.customer, invoice=asked) if _takes_invoice() else _question(asked)
    assert remind_of_invoices(actor=system(), at=NOW) == 0
    overdue(1)
    makers.make_company(reminders_on=False)
    assert remind_of_invoices(actor=system(), at=NOW) == 0


def _takes_invoice() -> bool:
    import inspect

    return "invoice" in inspect.signature(makers.make_dispute).parameters


def _question(invoice) -> None:
    from rawabit.billing.models import Dispute

    Dispute.objects.create(customer=invoice.customer, invoice=invoice, asked_at=NOW)


def test_a_reminder_that_is_paid_before_its_turn_is_not_sent(office):
    invoice = overdue(1)
    night = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)
    remind_of_invoices(actor=system(), at=night - timedelta(hours=4))
    work(night)
    billing.record_payment(invoice.customer, invoice.money("total"), actor=SYSTEM, at=NOW)
    Event.objects.filter(name="payment.recorded").update(told_at=NOW)
    work(datetime(2026, 3, 7, 6, 0, tzinfo=UTC))
    assert Message.objects.get().state == "cancelled" and office.mails == []


# Statements and sending by hand


def test_a_statement_every_month_to_those_who_asked_once(office, amina, babak):
    want_monthly(amina.user, True, actor=amina.actor, at=NOW)
    makers.posted_invoice(amina.customer)
    Event.objects.update(told_at=NOW)
    first = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
    for hour in range(3):
        send_statements(actor=system(), at=first + timedelta(hours=hour))
    assert send_statements(actor=system(), at=first + timedelta(days=9)) == 0
    work(first)

    [mail] = office.mails
    assert mail["To"].addresses[0].addr_spec == amina.user.email
    assert next(mail.iter_attachments()).get_content().startswith(b"%PDF")
    want_monthly(amina.user, False, actor=amina.actor, at=NOW)
    assert send_statements(actor=system(), at=datetime(2026, 5, 1, 9, 0, tzinfo=UTC)) == 0


def test_sending_by_hand_goes_at_once_and_only_to_the_customers_people(office, clerk):
    customer = makers.make_customer()
    makers.make_contact(customer, role="finance", email="money@customer.example")
    stranger = makers.make_customer()
    makers.make_contact(stranger, role="finance", email="stranger@customer.example")
    invoice = makers.posted_invoice(customer)
    Event.objects.update(told_at=NOW)
    night = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)
    send_document(invoice, emails=["MONEY@customer.example", "stranger@customer.example"], other="boss@else.example",
                  actor=clerk.actor, at=night)  # fmt: skip
    work(night)

    assert to(office) == {"money@customer.example", "boss@else.example"}
    for emails, other in (((), ""), (("stranger@customer.example",), ""), ((), "no address")):
        with pytest.raises(Refused):
            send_document(invoice, emails=emails, other=other, actor=clerk.actor, at=night)
    with pytest.raises(Refused):
        send_document(makers.make_invoice(customer), emails=["money@customer.example"], actor=clerk.actor, at=night)


def test_the_link_is_one_per_person_and_document(office):
    customer = makers.make_customer()
    for name in ("a", "b"):
        makers.make_contact(customer, role="finance", email=f"{name}@customer.example")
    invoice = makers.posted_invoice(customer)
    work()
    send_document(invoice, emails=["a@customer.example"], actor=SYSTEM, at=NOW)
    work()

    links: dict[str, set[str]] = {}
    import re

    for mail in office.mails:
        links.setdefault(mail["To"].addresses[0].addr_spec, set()).add(re.search(r"/l/([^/\s]+)/", text_of(mail))[1])
    assert [len(found) for found in links.values()] == [1, 1]
    assert len(set.union(*links.values())) == 2


def test_a_customer_who_is_only_a_payment_refund_gets_no_receipt(office):
    customer = makers.make_customer(email="info@customer.example")
    payment = makers.make_payment(customer, "100")
    Event.objects.update(told_at=NOW)
    billing.refund_payment(payment, payment.money("amount"), actor=SYSTEM, at=NOW)
    work()
    assert "told.payment_receipt" not in kinds()


def test_quiet_settings_of_the_company_are_followed(office):
    makers.make_company(quiet_from=time(0), quiet_until=time(0), quiet_days=[])
    customer = makers.make_customer(email="info@customer.example")
    makers.posted_invoice(customer)
    work(datetime(2026, 3, 5, 22, 0, tzinfo=UTC))
    assert len(office.mails) == 1 and Decimal(1)


def test_devices_get_their_own_messages(office, amina):
    PushSubscription.objects.create(user=amina.user, endpoint="https://push.example/1", p256dh="x", auth="y", at=NOW)
    makers.posted_invoice(amina.customer)
    tell_customers(Event.objects.get(name="invoice.posted"), NOW)
    assert sorted(Message.objects.values_list("channel", flat=True)) == ["email", "push"]

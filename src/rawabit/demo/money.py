"""What the demo's customers say about money: transfers that wait, were accepted or refused, a promise, a question."""

from __future__ import annotations

import struct
import zlib
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from rawabit.billing.actions import (
    About,
    Told,
    accept_transfer,
    open_dispute,
    promise_transfer,
    refuse_transfer,
    report_transfer,
)
from rawabit.billing.actions.transfers import attach_slip
from rawabit.billing.models import Invoice
from rawabit.billing.queries import open_invoices
from rawabit.company.queries import local_day
from rawabit.crm.models import Customer, PortalAccess
from rawabit.demo.setting import Setting
from rawabit.identity.queries import actor_of
from rawabit.kit.money import Money
from rawabit.kit.records.actor import Actor

SLIP_WIDTH, SLIP_HEIGHT = 240, 320


def tell_money(setting: Setting, now: datetime) -> None:
    """For the first customer of the demo, who signs in."""
    customer = setting.customers[0]
    payer = actor_of(PortalAccess.objects.filter(customer=customer).select_related("user")[0].user, "portal")
    tell_of_money(customer, payer, actor_of(setting.staff[5]), now)


def tell_of_money(customer: Customer, payer: Actor, accountant: Actor, now: datetime) -> None:
    """All of it for one customer, as far as he has open invoices."""
    debts = list(open_invoices(customer, customer.currency)[:4])
    if not debts:
        return
    _refused(customer, payer, accountant, now)
    _accepted(customer, debts[0], payer, accountant, now)
    if len(debts) > 1:
        _waiting(customer, debts[1], payer, now)
        _question(customer, debts[1], payer, now)
    if len(debts) > 2:
        _promised(customer, debts[2], payer, now)


def _told(amount: Money, now: datetime, days: int, **fields: str) -> Told:
    return Told(amount, local_day(now) - timedelta(days=days), sender_bank="مصرف الراجحي", **fields)


def _waiting(customer: Customer, invoice: Invoice, payer: Actor, now: datetime) -> None:
    due = invoice.money("open_amount")
    told = _told(due, now, 1, reference="FT2604517720")
    report = report_transfer(customer, told, {invoice.pk: due}, actor=payer, at=now - timedelta(hours=5))
    attach_slip(report, SimpleUploadedFile("إيصال-التحويل.png", slip()), actor=payer, at=now - timedelta(hours=5))


def _accepted(customer: Customer, invoice: Invoice, payer: Actor, accountant: Actor, now: datetime) -> None:
    part = Money(invoice.open_amount // 2 or 1, invoice.currency)
    told = _told(part, now, 6, reference="FT2603990112")
    report = report_transfer(customer, told, {invoice.pk: part}, actor=payer, at=now - timedelta(days=6))
    accept_transfer(report, shares={invoice.pk: part}, actor=accountant, at=now - timedelta(days=5))


def _refused(customer: Customer, payer: Actor, accountant: Actor, now: datetime) -> None:
    told = _told(Money.of(1250, customer.currency), now, 9, reference="FT2603650007")
    report = report_transfer(customer, told, {}, actor=payer, at=now - timedelta(days=9))
    reason = "لم يصل المبلغ إلى حسابنا، يرجى مراجعة البنك."
    refuse_transfer(report, reason=reason, actor=accountant, at=now - timedelta(days=8))


def _promised(customer: Customer, invoice: Invoice, payer: Actor, now: datetime) -> None:
    due = invoice.money("open_amount")
    promise_transfer(customer, _told(due, now, -4), {invoice.pk: due}, actor=payer, at=now - timedelta(hours=4))


def _question(customer: Customer, invoice: Invoice, payer: Actor, now: datetime) -> None:
    line = invoice.lines.exclude(kind="section").order_by("position").first()
    about = About(invoice, line)
    words = "وصلت كمية أقل من المذكور في الفاتورة. نرجو المراجعة."
    open_dispute(customer, about, topic="quantity", body=words, actor=payer, at=now - timedelta(hours=3))


def slip() -> bytes:
    """A picture that looks like a bank's slip from afar: grey lines on white, drawn without any library."""
    rows = bytearray()
    for y in range(SLIP_HEIGHT):
        ink = 90 if y < 40 else 170 if y % 28 < 6 and 60 < y < 290 else 255
        edge = SLIP_WIDTH - (30 if ink == 90 else 60 + (y * 7) % 70)
        rows += b"\0" + bytes(ink if 20 <= x < edge else 255 for x in range(SLIP_WIDTH))
    head = struct.pack(">IIBBBBB", SLIP_WIDTH, SLIP_HEIGHT, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

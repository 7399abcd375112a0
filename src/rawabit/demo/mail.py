"""Some mail that came in, taken over and read as it would be from a server."""

from __future__ import annotations

from datetime import datetime, timedelta

from rawabit.crm.models import Contact
from rawabit.demo.setting import Setting
from rawabit.mailroom.actions.fetching import store
from rawabit.mailroom.actions.reading import read_mail
from rawabit.mailroom.models import Mailbox

STRANGERS = (
    ("سعاد المطيري <suad@rawdah.example>", "استفسار عن مضخات المياه",
     "السلام عليكم،\n\nنحتاج عرض سعر لعشرين مضخة غاطسة مع التركيب في جدة.\nهل يشمل السعر التوصيل؟\n\nسعاد المطيري"),
    ("Kaveh Rostami <kaveh@sepehr.example>", "درخواست کاتالوگ",
     "سلام،\nلطفاً کاتالوگ و لیست قیمت پمپ‌های صنعتی را بفرستید.\nبا احترام، کاوه رستمی"),
)  # fmt: skip
PROGRAMS = (
    ("News <news@fair.example>", "The fair opens its doors", "Twenty new halls.", "List-Id: <news.fair.example>\n"),
    ("Leila <leila@nobody.example>", "رد تلقائي: خارج المكتب", "أعود يوم الأحد.", "Auto-Submitted: auto-replied\n"),
)


def tell_mail(setting: Setting, now: datetime) -> None:
    """Two strangers, two customers, two programs."""
    box = Mailbox.objects.create(
        name="المبيعات", address="sales@demo.example", host="imap.demo.example", username="sales@demo.example",
        plus=True, is_active=False,
    )  # fmt: skip
    people = Contact.objects.filter(affiliations__customer__in=setting.customers, is_active=True).exclude(email="")
    letters = [(sender, subject, text, "") for sender, subject, text in STRANGERS]
    letters += [
        (f"{one.full_name} <{one.email}>", "بخصوص التوريد", "نرجو تأكيد موعد التسليم.\n\nشكراً لكم", "")
        for one in people.order_by("pk").distinct()[:2]
    ]
    for number, (sender, subject, text, more) in enumerate((*letters, *PROGRAMS), 1):
        at = now - timedelta(hours=9 - number)
        raw = (
            f"From: {sender}\nTo: {box.address}\nSubject: {subject}\nMessage-ID: <{number}@mail.example>\n{more}"
            f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        )
        mail = store(box, 1, number, raw.encode(), len(raw), at)
        read_mail({"mail": mail.pk}, at)

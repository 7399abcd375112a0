"""Chats as telephones export them: Android and iOS, three languages, three calendars; and hostile files."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rawabit.kit.states import Refused
from rawabit.talks import actions
from rawabit.talks.logic.chats import MOST_BYTES, NotAChat, read_chat, text_of
from rawabit.talks.models import Activity, ChatFile
from tests import makers
from tests.makers import NOW, make_contact, make_customer

ANDROID_EN = """05/03/2026, 4:07 pm - Messages and calls are end-to-end encrypted. No one outside can read them.
05/03/2026, 4:07 pm - Noura: Good afternoon
13/03/2026, 12:00 am - Fahd: <Media omitted>
13/03/2026, 12:30 pm - Fahd: The offer: 3 pumps
for the new plant
"""
ANDROID_AR = (
    "٥\u200f/٣\u200f/٢٠٢٦، ٤:٠٧ م - الرسائل والمكالمات مشفرة تماماً.\n"
    "٥\u200f/٣\u200f/٢٠٢٦، ٤:٠٧ م - نورة العتيبي: السلام عليكم\n"
    "٥\u200f/٣\u200f/٢٠٢٦، ١٢:٠٥ ص - فهد: <تم استبعاد الوسائط>\n"
    "٢٥\u200f/٣\u200f/٢٠٢٦، ٩:٠٠ ص - فهد: تفضلوا العرض\n"
)
IOS_AR = (
    "\u200f[٥\u200f/٣\u200f/٢٠٢٦، ٤:٠٧:٣٣ م] نورة: مرحبا\n"
    "\u200e[٥\u200f/٣\u200f/٢٠٢٦، ٤:٠٨:٠٠ م] فهد: \u200eتم استبعاد الصورة\n"
)
ANDROID_FA = "۱۴۰۴/۱۲/۱۴،\u200f ۱۶:۰۷ - سارا: سلام\n۱۴۰۴/۱۲/۱۴،\u200f ۱۶:۰۹ - بابک: <رسانه حذف شد>\n"
IOS_FA = "[۱۴۰۴/۱۲/۱۴،\u200f ۴:۰۷:۳۳ ب.ظ] سارا: سلام\n[۱۴۰۴/۱۲/۱۵،\u200f ۹:۰۰:۰۰ ق.ظ] بابک: صبح بخیر\n"
IOS_US = "[3/5/26, 4:07:33\u202fPM] Noura: hello\n[3/13/26, 9:00:00\u202fAM] Fahd: image omitted\n"
HIJRI = "١٦/٩/١٤٤٧، ١٠:٠٠ - نورة: رمضان كريم\n"


def said(text):
    return [(f"{one.at:%Y-%m-%d %H:%M:%S}", one.sender, one.text, one.media) for one in read_chat(text).said]


def test_android_in_english_with_several_lines_media_and_the_programs_own():
    assert said(ANDROID_EN) == [
        ("2026-03-05 16:07:00", "Noura", "Good afternoon", False),
        ("2026-03-13 00:00:00", "Fahd", "<Media omitted>", True),
        ("2026-03-13 12:30:00", "Fahd", "The offer: 3 pumps\nfor the new plant", False),
    ]
    assert read_chat(ANDROID_EN).notices == 1 and read_chat(ANDROID_EN).people == ["Noura", "Fahd"]


def test_android_in_arabic_with_its_digits_and_marks():
    assert said(ANDROID_AR) == [
        ("2026-03-05 16:07:00", "نورة العتيبي", "السلام عليكم", False),
        ("2026-03-05 00:05:00", "فهد", "<تم استبعاد الوسائط>", True),
        ("2026-03-25 09:00:00", "فهد", "تفضلوا العرض", False),
    ]


def test_ios_in_arabic():
    assert said(IOS_AR) == [
        ("2026-03-05 16:07:33", "نورة", "مرحبا", False),
        ("2026-03-05 16:08:00", "فهد", "تم استبعاد الصورة", True),
    ]


def test_persian_telephones_write_jalali():
    assert said(ANDROID_FA) == [
        ("2026-03-05 16:07:00", "سارا", "سلام", False),
        ("2026-03-05 16:09:00", "بابک", "<رسانه حذف شد>", True),
    ]
    assert [row[0] for row in said(IOS_FA)] == ["2026-03-05 16:07:33", "2026-03-06 09:00:00"]


def test_american_order_and_short_years_are_told_by_the_file():
    assert [row[0] for row in said(IOS_US)] == ["2026-03-05 16:07:33", "2026-03-13 09:00:00"]
    runs_forward = "01/02/2026, 10:00 - A: x\n01/03/2026, 10:00 - A: y\n02/01/2026, 10:00 - A: z\n"
    assert [row[0][:10] for row in said(runs_forward)] == ["2026-01-02", "2026-01-03", "2026-02-01"]
    assert [row[0][:10] for row in said("05/03/2026, 10:00 - A: x\n")] == ["2026-03-05"]


def test_umm_al_qura_dates():
    assert said(HIJRI)[0][0] == "2026-03-05 10:00:00"


@pytest.mark.parametrize("text", ["", "hello\nworld", "99/99/2026, 10:00 - A: x", "05/03/2026, 99:99 - A: x"])
def test_what_is_no_chat_is_refused(text):
    with pytest.raises(NotAChat):
        read_chat(text)


def zipped(name: str, content: bytes) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(name, content)
    return box.getvalue()


def test_files_and_archives():
    assert text_of("chat.txt", ANDROID_FA.encode()) == ANDROID_FA
    assert text_of("chat.txt", b"\xef\xbb\xbf" + ANDROID_FA.encode()) == ANDROID_FA
    assert text_of("chat.zip", zipped("_chat.txt", IOS_AR.encode())) == IOS_AR
    assert text_of("chat.txt", ANDROID_EN.encode("utf-16")) == ANDROID_EN


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xff\xd8\xff\xe0 picture", "encoding"),
        (b"a\x00b", "encoding"),
        (b"x" * (MOST_BYTES + 1), "too_big"),
        (b"PK\x03\x04 broken", "not_a_zip"),
        (zipped("picture.jpg", b"x"), "no_text"),
        (zipped("_chat.txt", b"\x30" * (200 * 1024 * 1024)), "too_big"),  # 200 MB in 200 KB
    ],
)
def test_hostile_files(content, code):
    with pytest.raises(NotAChat) as caught:
        text_of("chat.txt", content)
    assert caught.value.code == code


def test_an_archive_that_lies_about_its_size():
    honest = zipped("_chat.txt", b"0" * (MOST_BYTES * 3))
    size = (MOST_BYTES * 3).to_bytes(4, "little")
    with pytest.raises(NotAChat) as caught:
        text_of("chat.zip", honest.replace(size, (10).to_bytes(4, "little")))
    assert caught.value.code in ("too_big", "not_a_zip")


# On a contact


def chat_on(contact, text, by) -> ChatFile:
    return actions.keep_chat(contact, SimpleUploadedFile("chat.txt", text.encode()), actor=by.actor, at=NOW)


@pytest.fixture
def contact(seller):
    return make_contact(make_customer(owner=seller.user), "نورة")


def test_a_chat_becomes_a_day_on_the_contact_and_twice_is_once(contact, seller):
    text = ANDROID_FA.replace("سارا", "نورة").replace("۱۲/۱۴", "۱۲/۱۰")
    chat = chat_on(contact, text, seller)
    assert Activity.objects.count() == 0
    assert actions.import_chat(chat, "نورة", actor=seller.actor, at=NOW) == (1, 0)
    day = Activity.objects.get()
    assert (day.kind, day.contact, day.customer_id, day.direction) == (
        "whatsapp", contact, contact.affiliations.get().customer_id, "in",
    )  # fmt: skip
    assert day.body.splitlines()[0] == "16:07 نورة: سلام" and "رسانه" not in day.body
    assert day.at == datetime.fromisoformat("2026-03-01T16:07:00+03:00")
    assert actions.import_chat(chat_on(contact, text, seller), "نورة", actor=seller.actor, at=NOW) == (0, 0)
    more = text + "۱۴۰۴/۱۲/۱۰،\u200f ۱۷:۰۰ - نورة: ممنون\n۱۴۰۴/۱۲/۱۱،\u200f ۱۷:۰۰ - نورة: خداحافظ\n"
    assert actions.import_chat(chat_on(contact, more, seller), "نورة", actor=seller.actor, at=NOW) == (1, 1)
    assert Activity.objects.count() == 2 and ChatFile.objects.count() == 0
    assert "ممنون" in Activity.objects.get(pk=day.pk).body


def test_the_contact_must_be_named_and_in_sight(contact, seller):
    with pytest.raises(Refused):
        actions.import_chat(chat_on(contact, ANDROID_FA, seller), "somebody", actor=seller.actor, at=NOW)
    other = makers.Person(makers.make_user("sales"))
    with pytest.raises(Exception, match="talks"):
        chat_on(contact, ANDROID_FA, other)


def test_the_pages(contact, seller, client):
    client.force_login(seller.user, backend="django.contrib.auth.backends.ModelBackend")
    page = f"/desk/contacts/{contact.pk}/chat/"
    assert client.get(page).status_code == 200
    bad = client.post(page, {"file": SimpleUploadedFile("x.txt", b"no chat")})
    assert bad.status_code == 422
    hostile = ANDROID_FA.replace("سلام", "<script>alert(1)</script>\u202egnp.exe")
    answer = client.post(page, {"file": SimpleUploadedFile("chat.txt", hostile.encode())})
    preview = client.get(answer.url)
    assert preview.status_code == 200 and b"<script>alert" not in preview.content
    other = makers.Person(makers.make_user("sales"))
    client.force_login(other.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(answer.url).status_code == 404
    client.force_login(seller.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(answer.url, {"them": "سارا"}).status_code == 302
    kept = Activity.objects.get()
    assert "\u202e" not in kept.body and "<script>" in kept.body
    shown = client.get(f"/desk/contacts/{contact.pk}/")
    assert b"<script>alert" not in shown.content and b"&lt;script&gt;" in shown.content

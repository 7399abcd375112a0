"""Mails read right to left in any client: the rules that every mail keeps."""

from __future__ import annotations

import re

import pytest
from django.core import mail as django_mail

from rawabit.identity.mailing import SUBJECTS, message
from rawabit.kit.brand import contrast
from rawabit.kit.outbox.letters import Letterhead
from rawabit.telling.logic.kinds import KINDS
from tests import makers
from tests.makers import NOW

pytestmark = pytest.mark.django_db
FACTS = {
    "code": "123456", "at": NOW, "ip": "192.0.2.1", "password_reset_url": "https://x.example/r", "inviter": "خالد",
    "url": "https://x.example/in", "minutes": 10, "purpose": "",
}  # fmt: skip


def samples(language: str):
    """(name, text, html) of every mail that the program can send."""
    from rawabit.kit.outbox.models import Message
    from rawabit.telling.letters import sample
    from rawabit.telling.logic.defaults import default_words

    for kind in KINDS.values():
        made = sample(
            kind, default_words(kind.code, language), Message(name="نورة Noura", language=language, reader={})
        )
        yield kind.code, made.text, made.html
    person = makers.make_user("manager")
    for kind in SUBJECTS:
        made = message(kind, "a@b.example", language, {**FACTS, "person": person})
        yield kind, made.body, made.alternatives[0].content


@pytest.mark.parametrize(("language", "direction", "side"), [
    ("ar", "rtl", "right"), ("fa", "rtl", "right"), ("en", "ltr", "left"),
])  # fmt: skip
def test_every_mail_keeps_the_rules(language, direction, side):
    makers.make_company(vat_number="300000000000003")
    for name, text, html in samples(language):
        assert f'<html lang="{language}" dir="{direction}">' in html, name
        assert f'<body dir="{direction}"' in html
        for tag in re.findall(r"<(?:table|td)\b[^>]*>", html):
            assert f'dir="{direction}"' in tag, (name, tag)
        for tag in re.findall(r"<td\b[^>]*>", html):
            assert f'align="{side}"' in tag or 'align="center"' in tag, (name, tag)
        assert "class=" not in html and "<script" not in html and "<style" not in html and "<form" not in html
        assert not re.search(r"(?:margin|padding|border)-inline|flex|grid|@font-face|inset", html)
        assert "Tahoma" in html and "max-width:600px" in html
        assert "300000000000003" in html and "300000000000003" in text
        assert re.search(r"display:none[^>]*>\s*\S", html), name  # what a list of mails shows
        assert len(re.findall(r"<a ", html)) <= 1, name
        if direction == "rtl":
            for line in text.splitlines():
                if re.match(r"[\u2066-\u2069]*[A-Za-z0-9]", line):
                    assert line.startswith(("http://", "https://")), (name, line)
        for line in text.splitlines():
            if "://" in line:
                assert re.fullmatch(r"https?://\S+", line), (name, line)  # an address stands on its own line


def test_texts_are_readable_on_their_ground_whatever_the_brand():
    for colour in ("#0e5a6b", "#ffffff", "#000000", "#ffcc00", "#7f7f7f", "#c8102e"):
        head = Letterhead("x", colour=colour)
        assert contrast(head.ink, head.colour) >= 4.5, colour
    for text, ground in (
        ("#1a1c1f", "#ffffff"),
        ("#55575c", "#ffffff"),
        ("#55575c", "#f7f6f3"),
        ("#1a1c1f", "#f7f6f3"),
    ):
        assert contrast(text, ground) >= 4.5


def test_a_mail_about_signing_in_comes_from_the_company_and_is_marked_as_automatic():
    makers.make_company(mail_from_name="شركة\r\nBcc: x@y.example", brand_color='"><b x')
    made = message("login_code", "a@b.example", "ar", FACTS)
    made.send()
    raw = django_mail.outbox[0].message()
    assert raw["Bcc"] is None and raw["Auto-Submitted"] == "auto-generated"
    assert "<b x" not in made.alternatives[0].content

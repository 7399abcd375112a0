# ruff: noqa: E501 -- samples of texts stand as they are
"""Messages that are written to do harm: nothing is lost, nothing dies, nothing acts."""

from __future__ import annotations

import base64
import io
import os
import time

import pytest

from rawabit.mailroom.logic.charsets import codec_of, text_of
from rawabit.mailroom.logic.quotes import split_quote
from rawabit.mailroom.logic.sanitise import harmless
from rawabit.mailroom.parsing import parsed
from tests.mailroom.posts import make_box, post, receive


def read(raw: bytes):
    with parsed(io.BytesIO(raw)) as message:
        return message.readable, message.facts, [(n, path.read_bytes()) for n, _k, path in message.files]


def deep(levels: int) -> bytes:
    head = b"From: a@b.example\r\nSubject: deep\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n"
    inner = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(levels)
    )
    return head + inner + b"--b%d\r\n\r\nhi" % levels


def html(body: str) -> bytes:
    return f"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}".encode()


CORPUS = {
    "parentheses": b"From: " + b"(" * 200_000 + b"\r\nTo: " + b"(" * 5000 + b"\r\nSubject: x\r\n\r\nhello",
    "comments": b"From: " + b"(a" * 3000 + b")" * 3000 + b" <a@b.example>\r\n\r\nhello",
    "deep": deep(3000),
    "recipients": b"From: a@b.example\r\nTo: " + b",\r\n ".join(b"u%d@x.example" % n for n in range(10_000)) + b"\r\n\r\nhello",
    "nul": b"From: a@b.example\r\nSubject: a\x00b\r\n\r\nhel\x00lo",
    "empty": b"",
    "noise": os.urandom(200_000),
    "one line": b"From: a@b.example\r\n\r\n" + b"a" * (10 * 2**20),
    "many parts": b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 50_000,
    "no end": b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello",
    "base64 of nothing": b"From: a@b.example\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!! not base64 !!!!",
    "headers": b"From: a@b.example\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(50_000)) + b"\r\nhello",
    "date": b"From: a@b.example\r\nDate: Mon, 99 Foo 99999 99:99:99 +9999\r\n\r\nhello",
    "charset": b"From: a@b.example\r\nContent-Type: text/plain; charset=idna\r\n\r\n" + b"a." * 100_000,
    "html depth": html("<div>" * 100_000 + "hello"),
    "html lists": html("<ul><li><b><p>" * 20_000 + "hello"),
    "html attributes": html("<a " + "x=y " * 100_000 + ">hello</a>"),
    "words": b"From: a@b.example\r\nSubject: " + b"=?utf-8?Q?=41?= " * 30_000 + b"\r\n\r\nhello",
}  # fmt: skip


@pytest.mark.parametrize("name", CORPUS)
def test_nothing_hangs_and_nothing_raises(name):
    begun = time.monotonic()
    _readable, facts, _files = read(CORPUS[name])
    assert time.monotonic() - begun < 20
    assert len(facts["subject"]) <= 300 and len(facts["to"]) <= 60 and "\x00" not in facts["fresh"] + facts["subject"]


def test_a_bomb_that_cannot_be_read_is_kept_with_its_head_and_its_raw_text(db):
    make_box()
    mail = receive(deep(3000))
    assert (mail.place, mail.reason, mail.sender) == ("other", "unreadable", "a@b.example")
    assert mail.raw.read() == deep(3000) and mail.handled_at is None


def test_a_child_that_takes_too_long_is_killed(monkeypatch):
    monkeypatch.setattr("rawabit.mailroom.parsing.PROGRAM", "timeit")
    monkeypatch.setattr("rawabit.mailroom.parsing.WALL_SECONDS", 0.05)
    with parsed(io.BytesIO(b"x")) as message:
        assert not message.readable and message.facts["sender"] == ""


def test_the_limits_of_the_child_hold():
    import subprocess
    import sys

    program = "from rawabit.mailroom.child import limit; limit(); x = 'a' * (400 * 2**20)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, env={"PYTHONPATH": "src"})
    assert b"MemoryError" in ended.stderr


ARABIC = "السلام عليكم ورحمة الله"


@pytest.mark.parametrize("charset", ["windows-1256", "iso-8859-6", "utf-16", "utf-8", "utf-16-le", "x-mac-arabic"])
def test_arabic_in_every_old_charset(charset):
    codec = codec_of(charset)
    raw = base64.encodebytes(ARABIC.encode(codec))
    subject = f"=?{charset}?B?{base64.b64encode(ARABIC.encode(codec)).decode()}?=".encode()
    head = b"From: a@b.example\r\nSubject: " + subject + b"\r\nContent-Type: text/plain; charset=" + charset.encode()
    _ok, facts, _files = read(head + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + raw)
    assert facts["fresh"] == facts["subject"] == ARABIC


@pytest.mark.parametrize("declared", ["klingon", "", "us-ascii", "utf-8", "zip", "rot13", "idna", "unicode_escape"])
def test_arabic_of_windows_under_a_false_name(declared):
    assert text_of(ARABIC.encode("cp1256"), declared) == ARABIC


def test_a_forwarded_message_is_a_file():
    inner = b"From: x@y.example\r\nSubject: inner\r\n\r\ninner words"
    raw = (b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nouter\r\n"
           b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--b--\r\n")  # fmt: skip
    _ok, facts, files = read(raw)
    assert facts["fresh"] == "outer" and files[0][0].endswith(".eml") and b"inner words" in files[0][1]


def test_eighteen_megabytes_of_attachment_are_read():
    content = os.urandom(18 * 2**20)
    raw = (b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n--b\r\n"
           b'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="../../x.pdf"\r\n'
           b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content) + b"--b--\r\n")  # fmt: skip
    ok, _facts, files = read(raw)
    assert ok and files == [(".._.._x.pdf", content)]


XSS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<a href=javascript:alert(1)>x</a>",
    "<a href='jAvA&#9;script:alert(1)'>x</a>", "<a href='data:text/html,<script>1</script>'>x</a>",
    "<iframe srcdoc='<script>1</script>'></iframe>", "<form action=http://evil.example><input name=p></form>",
    "<base href=http://evil.example>", "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<div style='background:url(http://evil.example/x);position:fixed;inset:0'>x</div>",
    "<style>@import 'http://evil.example';</style>", "<link rel=stylesheet href=http://evil.example>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<object data=http://evil.example></object>",
    "<img src=http://evil.example/pixel.gif>", "<body background=http://evil.example onload=alert(1)>x",
    "<video src=http://evil.example autoplay></video>", "<template><script>1</script></template>",
]  # fmt: skip


@pytest.mark.parametrize("attack", XSS)
def test_html_cannot_act_nor_load(attack):
    from html.parser import HTMLParser

    clean = harmless(f"<p>before</p>{attack}<p>after</p>")
    found: list[tuple[str, list[tuple[str, str | None]]]] = []

    class Look(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.append((tag, attrs))

    Look().feed(clean)
    tags = {tag for tag, _attrs in found}
    assert not tags & {
        "script",
        "img",
        "svg",
        "iframe",
        "form",
        "base",
        "meta",
        "style",
        "link",
        "object",
        "math",
        "input",
    }
    for _tag, attrs in found:
        for name, value in attrs:
            assert not name.startswith("on") and name not in ("src", "srcdoc", "background", "action")
            assert (
                "javascript" not in (value or "").lower()
                and "url(" not in (value or "")
                and "position" not in (value or "")
            )
    assert harmless(clean) == clean  # what is harmless stays as it is


QUOTES = [
    "في الأحد، 1 مارس 2026 في 10:00 ص كتب شركة الروابط <x@y.example>:",
    "بتاريخ الأحد 1 مارس 2026 في 10:00 ص، كتب <sales@y.example>:",
    "كتب أحمد في 2026/03/01 10:00:", "تمت كتابة ما يلي بواسطة أحمد في 01/03/2026:",
    "در تاریخ یکشنبه ۱۰ اسفند ۱۴۰۴ ساعت ۱۰:۰۰ شرکت روابط <x@y.example> نوشت:",
    "On Sun, Mar 1, 2026 at 10:00 AM Sales <x@y.example> wrote:", "On Sun, Mar 1, 2026 at 10:00 AM Sales\n<x@y.example> wrote:",
    "من: أحمد <x@y.example>\nتم الإرسال: 1 مارس 2026\nإلى: نورة", "از: احمد <x@y.example>\nارسال شده: ۱ مارس\nبه: نورا",
    "From: Ahmad <x@y.example>\nSent: Sunday\nTo: Noura", "-----Original Message-----", "— الرد أعلى هذا السطر —",
    "— پاسخ را بالای این خط بنویسید —", "---------- Forwarded message ---------", "> quoted\n> more",
]  # fmt: skip


@pytest.mark.parametrize("head", QUOTES)
def test_quotations_are_folded(head):
    fresh, quoted = split_quote(
        f"موافق، شكراً\n\n{head}\nالنص القديم" if ">" not in head[:1] else f"موافق، شكراً\n\n{head}"
    )
    assert fresh == "موافق، شكراً" and quoted.startswith(head.split("\n")[0])


@pytest.mark.parametrize("text", [
    "كتب لي المدير أن السعر مناسب", "او به من نوشت که قیمت مناسب است", "I wrote: please call me\nthanks", "> all quoted",
    "> question?\nanswer\n> question two?\nanswer two", "من: السوق",
])  # fmt: skip
def test_words_that_only_look_like_quotations_stay(text):
    assert split_quote(text) == (text, "")


@pytest.mark.parametrize("text", ["> " * 50_000, "كتب " * 25_000, "\n".join(["من: x"] * 20_000), "On " * 33_000 + "wrote:",
                                  "_" * 100_000, "<" * 50_000 + "@" * 50_000, "\n" * 100_000])  # fmt: skip
def test_no_text_makes_the_folding_slow(text):
    begun = time.process_time()
    split_quote(text)
    assert time.process_time() - begun < 0.5


def test_links_to_documents_do_not_travel_in_quotations(db):
    make_box()
    link = f"https://portal.example/l/{'A' * 43}/"
    mail = receive(post(f"شكراً\r\n\r\nOn Mon, Mar 2, 2026 at 1:00 PM Sales <s@x.example> wrote:\r\n> {link}"))
    assert mail.text == "شكراً" and "/l/" not in mail.quoted and "[…]" in mail.quoted


def test_files_are_sniffed_limited_and_named_when_left_out(db):
    make_box()
    raw = (b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n--b\r\n"
           b'Content-Disposition: attachment; filename="a.pdf"\r\n\r\n%PDF-1.7 x\r\n--b\r\n'
           b'Content-Disposition: attachment; filename="run.exe"\r\n\r\nMZ\x00\r\n--b\r\n'
           b'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="page.pdf"\r\n\r\n<script>1</script>\r\n'
           b"--b--\r\n")  # fmt: skip
    mail = receive(raw)
    from rawabit.kit.records.queries import files_on
    from tests.makers import SYSTEM

    assert [file.name for file in files_on(mail, SYSTEM)] == ["a.pdf"]
    assert [name for name, _why in mail.left_out] == ["run.exe", "page.pdf"]

"""Papers that break engines, as pictures and as words. ``RENEW_PAPERS=1`` draws the pictures anew (docs/papers.md)."""

from __future__ import annotations

import re

import pypdfium2
import pytest

from rawabit.kit.paper import glyphs
from rawabit.kit.paper.typesetting import TEMPLATE, fonts, inputs_of, typeset
from rawabit.kit.paper.writing import LRI, PDI, breakable, user
from tests.paper.looking import differs, pages_of, pages_text, text_of, words_of
from tests.paper.torture import torture

LANGUAGES = ("ar", "fa", "en", "ar_en")


def pdf(language: str, repeat: int = 1) -> bytes:
    sheet = torture(language, repeat)
    return typeset(inputs_of(sheet), sheet)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", [0, 1])
def test_the_torture_page_looks_as_it_was_approved(language, page):
    assert differs(pdf(language), f"torture-{language}-{page}", page) < 0.01


def test_another_picture_would_be_noticed():
    """The comparison is worth something: the Persian page is not taken for the Arabic one."""
    assert differs(pdf("fa"), "torture-ar-0", renew=False) > 0.02


def test_words_can_be_read_back_whole():
    found = words_of(pdf("ar"))
    # pdfium turns the pieces of Latin runs around within Arabic lines, so codes are looked for by their pieces.
    for word in ("2026/00001", "0003XP", "جديد", "4567", "7519", "ورقة", "نهاية", "Acme", "ABC"):
        assert any(word in one for one in found), word
    assert {"INV-2026/00001", "XP-0003", "1,250.00"} <= words_of(pdf("en"))
    assert {"1,250.00", "15%", "310122393500003"} <= found


def test_user_text_is_never_code():
    found = text_of(pdf("en"))
    assert "<script>alert(1)</script>" in found
    assert "#let x =" in found and "$a^2$" in found and "*bold*" in found and "@ref" in found


def test_pdf_a_with_title_language_and_tags():
    content = pdf("ar")
    assert content.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>3</pdfaid:part>" in content and b"<pdfaid:conformance>B</pdfaid:conformance>" in content
    assert b"/OutputIntent" in content and b"/StructTreeRoot" in content and b"/MarkInfo" in content
    assert re.search(rb"/Lang\s*\(ar\)", content) and b"<dc:title>" in content
    assert b"/JavaScript" not in content and b"/Launch" not in content and b"/URI" not in content


def test_the_same_sheet_is_the_same_file():
    assert pdf("ar") == pdf("ar")


def test_long_papers_repeat_their_heads_and_cut_no_row():
    content = pdf("ar", 12)
    count = pages_of(content)
    assert count >= 10
    pages = text_of_pages(content)
    assert all("سعر الوحدة" in page or "الوحدة" in page for page in pages[:-1])
    # The first row of a page begins with its number, never with the rest of a cut one.
    assert sum(len(re.findall(r"-00\d\dXP|-01\d\dXP", page)) for page in pages) == 14 * 12
    assert f"{count} / {count}" in pages[-1] and f"1 / {count}" in pages[0]


def text_of_pages(content: bytes) -> list[str]:
    return pages_text(pypdfium2.PdfDocument(content))


def test_local_digits_count_pages_and_amounts_in_persian():
    found = text_of(pdf("fa"))
    assert "۱ / ۲" in found or "۲ / ۱" in found
    assert "۳۱۲٬۵۰۰" in found


def test_phones_ranges_and_codes_keep_their_order_within_arabic():
    assert f"{LRI}+966 50 123 4567{PDI}" in user("اتصل على +966 50 123 4567 قبل")
    assert f"{LRI}120 × 60 × 75{PDI}" in user("مقاس 120 × 60 × 75 سم")
    assert f"{LRI}15%–20%{PDI}" in user("خصم 15%–20% فقط")
    assert f"{LRI}−1,250.00{PDI}" in user("خصم −1,250.00 ريال")
    assert f"{LRI}ABC-12!{PDI}" in user("صنف ABC-12! أصلي")
    assert f"{LRI}C++{PDI}" in user("لغة C++ متقدمة")
    assert f"{LRI}Acme Ltd.{PDI}" in user("Acme Ltd. مورّد الكمية")
    assert user("A4 - شد 50 ورقة").startswith("\u2067")  # Arabic, whatever letter comes first
    assert user("Acme Ltd. (KSA)").startswith("\u2068")


def test_overrides_are_taken_out():
    assert "\u202e" not in user("abc\u202efdp.exe")
    assert user("\u2066\u2066 لا تُغلق").count("\u2066") == 0


def test_long_words_get_places_to_break_and_stay_joined():
    assert breakable("قصير") == "قصير"
    long = breakable("ا" + "بيت" * 20)
    assert "\u200d\u200b\u200d" in long and long.replace("\u200d\u200b\u200d", "") == "ا" + "بيت" * 20
    assert "\u200b" in breakable("W" * 40) and "\u200d" not in breakable("W" * 40)


def test_every_character_has_a_glyph_or_a_replacement():
    assert 0x20C1 in glyphs.known() and ord("گ") in glyphs.known() and 0x200C in glyphs.known()
    assert glyphs.drawn("فاتورة ⃁ 5") == "فاتورة ⃁ 5"
    assert glyphs.drawn("漢🙂") == "??"
    assert glyphs.missing("ab漢🙂؟") == {"漢", "🙂"}
    assert glyphs.drawn("Ⅷ①") == "VIII1"  # what is only another form of letters is written with these
    assert glyphs.drawn("\u2066x\u2069") == "\u2066x\u2069"


def test_the_template_reads_nothing_but_its_data():
    text = TEMPLATE.read_text(encoding="utf-8")
    ways_out = ("import", "include", "read(", "@preview", "eval(", "plugin(", "http")
    assert [word for word in ways_out if word in text] == []


def test_only_our_fonts_are_read_and_once():
    assert fonts() is fonts()
    assert sorted(set(fonts().families())) == ["Rawabit Riyal", "Vazirmatn"]


def test_the_fonts_come_with_their_licences():
    assert (glyphs.FONTS / "OFL.txt").read_text().count("SIL OPEN FONT LICENSE") >= 1
    assert (glyphs.FONTS / "riyal-OFL.txt").exists()


def test_the_character_table_is_read_as_fonttools_reads_it():
    ttlib = pytest.importorskip("fontTools.ttLib")
    for path in glyphs.FONTS.glob("*.ttf"):
        assert glyphs.characters(path.read_bytes()) == set(ttlib.TTFont(path).getBestCmap())

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.kit.text import (
    avatar_letter,
    clean_user_text,
    digits,
    fold,
    fold_token,
    fsi,
    highlight,
    latn,
    local_digits,
    names_after_at,
    search_key,
    search_terms,
    sort_key,
)

ARABIC = st.text(alphabet="ابةتثجحخدذرزسشصضطظعغفقكلمنهويىءأإآؤئکگپچژی ـًُِّ‌٠١۲۳abcÉ.-", max_size=40)


def test_digits_both_ways() -> None:
    assert latn("١٬٢٣٤٫٥ ۶۷ \u202b8\u202c") == "1,234.5 67 8"
    assert digits("1,234.50", "arabext") == "۱٬۲۳۴٫۵۰"
    assert digits("1,234.50", "arab") == "١٬٢٣٤٫٥٠"
    assert digits("1,234.50", "latn") == "1,234.50"
    assert local_digits("1.5", "arab") == "١.٥"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد", "احمد"),
        ("إدارة", "اداره"),
        ("مُحَمَّد", "محمد"),
        ("مكتبة", "مكتبه"),
        ("على", "علي"),
        ("علی", "علي"),
        ("کتاب", "كتاب"),
        ("شرکت‌ها", "شركت ها"),
        ("مـــديـــر", "مدير"),
        ("ﻻ", "لا"),
        ("٠٥٠١٢٣", "050123"),
        ("۰۹۱۲", "0912"),
        ("Café Élan", "cafe elan"),
        ("مسؤول", "مسوول"),
        ("رئيس", "رييس"),
        ("خانهٔ", "خانه"),
        ("خانۀ", "خانه"),
        ("آب", "اب"),
        ("عبد الله", "عبدالله"),
        ("عبد الرحمن", "عبدالرحمن"),
        ("أبو فهد", "ابوفهد"),
        ("ＳＯ－１", "so-1"),
        ("الشركة، المحدودة", "الشركه المحدوده"),
        ("\u202eevil", "evil"),
    ],
)
def test_people_spell_differently_and_mean_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_codes_stay_readable() -> None:
    assert fold("SO-2026-00123") == "so-2026-00123"
    assert fold("a@b.com +9665") == "a@b.com +9665"


def test_the_article_is_dropped_but_never_below_three_letters() -> None:
    assert fold_token(fold("الشركة")) == fold_token(fold("شركة"))
    assert fold_token("الم") == "الم"
    assert fold_token("الله") == "الله"


def test_search_key_finds_with_and_without_article() -> None:
    key = search_key("الشركة العربية", None, "", "SO-1")
    assert key == "الشركه العربيه so-1 شركه عربيه"
    for query in ("شركة", "الشركه", "عربية", "so-1"):
        assert all(term in key for term in search_terms(query))
    assert all(term in search_key("شركة") for term in search_terms("الشركة"))


@given(ARABIC)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=40))
def test_fold_is_idempotent_on_any_text(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_code_point_folds_to_something_stable() -> None:
    step = 7  # a sample over all planes; coprime with the blocks' sizes
    for code in range(0, sys.maxunicode, step):
        once = fold(f"a{chr(code)}b")
        assert fold(once) == once


def test_deceiving_characters_are_dropped() -> None:
    assert clean_user_text("invoice\u202efdp.exe") == "invoicefdp.exe"
    assert clean_user_text("a\x00b\x07c\r\nd\te") == "abc\nd\te"
    assert clean_user_text("\u2069a\u2068b\u2069c\u2067d") == "a\u2068b\u2069cd"
    assert clean_user_text("\ud800x") == "x"
    assert clean_user_text("\u200f\u200b ") == ""
    assert clean_user_text("می\u200cخواهم \u200f") == "می\u200cخواهم \u200f"
    assert clean_user_text(" \n") == " \n"


def test_fsi_cannot_be_broken_out_of() -> None:
    assert fsi("Acme") == "\u2068Acme\u2069"
    assert fsi("a\u2069b") == "\u2068ab\u2069"
    assert latn(fsi("Acme")) == "Acme"


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("أحمد", "أ"),
        ("العربية", "ع"),
        ("عبد الرحمن", "ر"),
        ("عبدالله", "ل"),
        ("acme", "A"),
        ("«النور»", "ا"),
        ("عبد", "ع"),
        ("ال", "ا"),
        ("123", "1"),
        ("", "#"),
        ("پارسا", "پ"),
    ],
)
def test_one_letter_for_a_picture(name: str, letter: str) -> None:
    assert avatar_letter(name) == letter


def shuffled(names: list[str]) -> list[str]:
    return names[1::2] + names[::2]


def test_persian_order() -> None:
    names = ["آرش", "احمد", "پارسا", "چای", "ژاله", "کتاب", "گلستان", "واحد", "هادی", "یاسمن"]
    assert sorted(shuffled(names), key=lambda n: sort_key(n, "fa")) == names
    assert sort_key("كتاب", "fa") == sort_key("کتاب", "fa")


def test_arabic_order() -> None:
    names = ["2 أ", "Zed", "أحمد", "بدر", "تركي", "جاسم", "شركة", "صالح", "كريم", "لؤي", "محمد", "نور", "هند", "وليد"]
    assert sorted(shuffled(names), key=lambda n: sort_key(n, "ar")) == names
    assert sort_key("مُحَمَّد", "ar") == sort_key("محمد", "ar")
    assert sort_key("Zed", "ar") < sort_key("ا", "ar")
    assert sort_key("Élan", "en") == "elan"


def test_highlight_marks_the_original_letters() -> None:
    assert highlight("الشَّركة العربية", "شركه") == [("ال", False), ("شَّركة", True), (" العربية", False)]
    assert highlight("شركة النور", "الشركة") == [("شركة", True), (" النور", False)]
    assert highlight("عبد الله", "عبدالله") == [("عبد الله", True)]
    assert highlight("SO-٢٠٢٦", "2026") == [("SO-", False), ("٢٠٢٦", True)]
    assert highlight("abc", "") == [("abc", False)]
    assert highlight("", "x") == []


@given(ARABIC, ARABIC)
def test_highlight_loses_nothing(text: str, query: str) -> None:
    assert "".join(piece for piece, _ in highlight(text, query)) == text


def test_names_after_an_at():
    names = {1: "أحمد", 2: "أحمد السبيعي", 3: "Omar Haddad", 4: ""}

    assert names_after_at("@احمد السبيعى please", names) == {2}
    assert names_after_at("@أحمد و @omar haddad", names) == {1, 3}
    assert names_after_at("mail a@b.example about Omar Haddad @", names) == set()

import pytest

from rawabit.kit.currency_names import CURRENCIES
from rawabit.kit.money import Money
from rawabit.kit.words import TooLarge, UnknownCurrency, amount_in_words, bare_words, count_words

RIYALS = {
    "0": "صفر ريال سعودي",
    "1": "ريال سعودي واحد",
    "2": "ريالان سعوديان",
    "3": "ثلاثة ريالات سعودية",
    "10": "عشرة ريالات سعودية",
    "11": "أحد عشر ريالاً سعودياً",
    "12": "اثنا عشر ريالاً سعودياً",
    "20": "عشرون ريالاً سعودياً",
    "21": "واحد وعشرون ريالاً سعودياً",
    "99": "تسعة وتسعون ريالاً سعودياً",
    "100": "مائة ريال سعودي",
    "101": "مائة ريال سعودي وريال سعودي واحد",
    "102": "مائة ريال سعودي وريالان سعوديان",
    "103": "مائة وثلاثة ريالات سعودية",
    "111": "مائة وأحد عشر ريالاً سعودياً",
    "200": "مائتا ريال سعودي",
    "500": "خمسمائة ريال سعودي",
    "1000": "ألف ريال سعودي",
    "1200": "ألف ومائتا ريال سعودي",
    "2000": "ألفا ريال سعودي",
    "3000": "ثلاثة آلاف ريال سعودي",
    "11000": "أحد عشر ألف ريال سعودي",
    "100000": "مائة ألف ريال سعودي",
    "200000": "مائتا ألف ريال سعودي",
    "2000000": "مليونا ريال سعودي",
    "1250000": "مليون ومائتان وخمسون ألف ريال سعودي",
    "21500.10": "واحد وعشرون ألفاً وخمسمائة ريال سعودي وعشر هللات",
    "115.05": "مائة وخمسة عشر ريالاً سعودياً وخمس هللات",
    "102.02": "مائة ريال سعودي وريالان سعوديان وهللتان",
    "1234.56": "ألف ومائتان وأربعة وثلاثون ريالاً سعودياً وست وخمسون هللةً",
    "0.05": "خمس هللات",
    "0.02": "هللتان",
    "0.01": "هللة واحدة",
    "999999.99": "تسعمائة وتسعة وتسعون ألفاً وتسعمائة وتسعة وتسعون ريالاً سعودياً وتسع وتسعون هللةً",
    "18.18": "ثمانية عشر ريالاً سعودياً وثماني عشرة هللةً",
}

OTHER_ARABIC = [
    ("15.125", "KWD", "خمسة عشر ديناراً كويتياً ومائة وخمسة وعشرون فلساً"),
    ("3.005", "OMR", "ثلاثة ريالات عمانية وخمس بيسات"),
    ("5", "AED", "خمسة دراهم إماراتية"),
    ("15.12", "AED", "خمسة عشر درهماً إماراتياً واثنا عشر فلساً"),
    ("0.005", "KWD", "خمسة فلوس"),
    ("2.002", "BHD", "ديناران بحرينيان وفلسان"),
    ("11.50", "QAR", "أحد عشر ريالاً قطرياً وخمسون درهماً"),
    ("15.12", "USD", "خمسة عشر دولاراً أمريكياً واثنا عشر سنتاً"),
    ("2", "GBP", "جنيهان إسترلينيان"),
    ("1", "EUR", "يورو واحد"),
    ("1250000", "IRR", "مليون ومائتان وخمسون ألف ريال إيراني"),
]

PERSIAN_NUMBERS = {
    0: "صفر",
    1: "یک",
    11: "یازده",
    21: "بیست و یک",
    100: "یکصد",
    110: "یکصد و ده",
    200: "دویست",
    1000: "یک هزار",
    1001: "یک هزار و یک",
    1100: "یک هزار و یکصد",
    21000: "بیست و یک هزار",
    100000: "یکصد هزار",
    1000000: "یک میلیون",
    1250000: "یک میلیون و دویست و پنجاه هزار",
    12345678: "دوازده میلیون و سیصد و چهل و پنج هزار و ششصد و هفتاد و هشت",
    1000000000: "یک میلیارد",
    2500000000: "دو میلیارد و پانصد میلیون",
    1000000000000: "یک هزار میلیارد",
    1500000000000: "یک هزار و پانصد میلیارد",
    -15: "منفی پانزده",
}

ARABIC_NUMBERS = {
    0: "صفر",
    1: "واحد",
    2: "اثنان",
    21: "واحد وعشرون",
    102: "مائة واثنان",
    200: "مائتان",
    1002: "ألف واثنان",
    2000: "ألفان",
    11000: "أحد عشر ألفاً",
    2500000: "مليونان وخمسمائة ألف",
    -5: "سالب خمسة",
}


@pytest.mark.parametrize(("amount", "words"), RIYALS.items())
def test_riyals_in_arabic(amount: str, words: str) -> None:
    assert bare_words(Money.of(amount, "SAR"), "ar") == words


@pytest.mark.parametrize(("amount", "currency", "words"), OTHER_ARABIC)
def test_other_currencies_in_arabic(amount: str, currency: str, words: str) -> None:
    assert bare_words(Money.of(amount, currency), "ar") == words


def test_the_printed_form() -> None:
    assert amount_in_words(Money.of(500, "SAR"), "ar") == "فقط خمسمائة ريال سعودي لا غير"
    assert amount_in_words(Money.of(1250000, "IRR"), "fa") == "یک میلیون و دویست و پنجاه هزار ریال تمام"
    assert (
        amount_in_words(Money.of("1234.56", "SAR"), "en")
        == "Only one thousand two hundred thirty-four and 56/100 Saudi riyals"
    )


@pytest.mark.parametrize(("n", "words"), PERSIAN_NUMBERS.items())
def test_persian_numbers(n: int, words: str) -> None:
    assert count_words(n, "fa") == words


@pytest.mark.parametrize(("n", "words"), ARABIC_NUMBERS.items())
def test_arabic_numbers(n: int, words: str) -> None:
    assert count_words(n, "ar") == words


def test_english() -> None:
    assert count_words(0, "en") == "zero"
    assert count_words(1_000_013, "en") == "one million thirteen"
    assert amount_in_words(Money.of(1, "USD"), "en") == "Only one US dollar"
    assert amount_in_words(Money.of("15.125", "KWD"), "en") == "Only fifteen and 125/1000 Kuwaiti dinars"
    assert amount_in_words(Money.of("0.05", "SAR"), "en") == "Only zero and 05/100 Saudi riyals"


def test_persian_with_a_minor_unit() -> None:
    assert bare_words(Money.of("12.05", "SAR"), "fa") == "دوازده ریال سعودی و پنج هلله"
    assert bare_words(Money.of("0.05", "SAR"), "fa") == "پنج هلله"
    assert bare_words(Money.zero("IRR"), "fa") == "صفر ریال"


def test_tomans_are_ten_rials() -> None:
    assert amount_in_words(Money.of(1250000, "IRR"), "fa", rial_unit="toman") == "یکصد و بیست و پنج هزار تومان تمام"
    assert bare_words(Money.of(1007, "IRR"), "fa", rial_unit="toman") == "یکصد تومان و هفت ریال"
    assert bare_words(Money.of(1007, "IRR"), "ar", rial_unit="toman") == "مائة تومان وسبعة ريالات إيرانية"
    assert bare_words(Money.of(1007, "IRR"), "en", rial_unit="toman") == "one hundred and 7/10 tomans"
    assert bare_words(Money.of(1000, "SAR"), "fa", rial_unit="toman") == "یک هزار ریال سعودی"


def test_every_currency_is_itself_in_every_language() -> None:
    for language in ("ar", "fa", "en"):
        said = {bare_words(Money.of(5, code), language) for code in CURRENCIES}
        assert len(said) == len(CURRENCIES)


def test_what_has_no_words() -> None:
    with pytest.raises(UnknownCurrency):
        amount_in_words(Money.of(5, "XYZ"), "ar")
    with pytest.raises(ValueError, match="negative"):
        amount_in_words(Money.of(-5, "SAR"), "ar")
    with pytest.raises(TooLarge):
        count_words(10**21, "en")
    assert count_words(10**15, "ar") == "كوادريليون"

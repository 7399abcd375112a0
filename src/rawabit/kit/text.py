"""Text of three languages: digits, search folding, sort keys, bidi isolation, highlighting.

Sources: Unicode UAX #9 (isolates) and UAX #15 (NFKC/NFKD); CLDR collation order for ar and fa; the folding list
joins letters that Arabic and Persian writers type for one another (ي/ی, ك/ک, ة/ه, أ/ا, half-space/space).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

ARAB: Final = "٠١٢٣٤٥٦٧٨٩"
ARABEXT: Final = "۰۱۲۳۴۵۶۷۸۹"
FSI: Final = "\u2068"
PDI: Final = "\u2069"

_BIDI: Final[dict[int, str]] = dict.fromkeys(
    (0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF), ""
)
_TO_LATN: Final[dict[int, str]] = {
    **_BIDI,
    **{ord(c): str(i) for system in (ARAB, ARABEXT) for i, c in enumerate(system)},
    0x066B: ".",
    0x066C: ",",
}


def _display_table(system: str) -> dict[int, str]:
    return {ord(str(i)): c for i, c in enumerate(system)} | {ord("."): "٫", ord(","): "٬", ord("%"): "٪"}


_DISPLAY: Final = {"arab": _display_table(ARAB), "arabext": _display_table(ARABEXT)}


def latn(text: str) -> str:
    """Any digits and number separators to ASCII, bidi controls dropped. Run on every machine-read input."""
    return text.translate(_TO_LATN)


def digits(text: str, system: str) -> str:
    """ASCII number text to display digits; `system` is latn | arab (٠١٢) | arabext (۰۱۲). KeyError for others."""
    return text if system == "latn" else text.translate(_DISPLAY[system])


_ONLY_DIGITS: Final = {
    name: {ord(str(i)): c for i, c in enumerate(row)} for name, row in (("arab", ARAB), ("arabext", ARABEXT))
}


def local_digits(text: str, system: str) -> str:
    """0-9 to display digits, points and commas untouched: for dates, times and sentences."""
    return text if system == "latn" else text.translate(_ONLY_DIGITS[system])


# ---------------------------------------------------------------- folding for search
_LETTERS: Final = str.maketrans(
    {
        **dict.fromkeys("أإآٱٲٳ", "ا"),
        **dict.fromkeys("ىیئےېۍ", "ي"),
        **dict.fromkeys("کڪ", "ك"),
        **dict.fromkeys("ةۀۂەہھۃ", "ه"),
        "ؤ": "و",
        "ء": "",
        "ـ": "",
        "\u200c": " ",
        "\u200d": "",
    }
)
_MARKS: Final = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff]")
_NOT_WORD: Final = re.compile(r"[^\w\s@.+#/-]")
_JOINED: Final = re.compile(r"\b(عبد|ابو)\s+(?=\w{2,})")
_ARTICLE: Final = re.compile(r"^(?:وال|بال|كال|فال|لل|ال)(?=\w{3,})")


def _fold_once(text: str) -> str:
    text = latn(unicodedata.normalize("NFKC", text)).casefold().translate(_LETTERS)
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    text = "".join(c for c in text if not unicodedata.combining(c)).translate(_LETTERS)
    return _NOT_WORD.sub(" ", text)


class _FoldTable(dict[int, str]):
    """Code point to its folded text, worked out on first sight; translate() then runs at C speed."""

    def __missing__(self, code: int) -> str:
        before, after = "", chr(code)
        while before != after:
            before, after = after, _fold_once(after)
        # Bounded, or a visitor could fill the memory with a million rare characters.
        if len(self) < 16_384:
            self[code] = after
        return after


_FOLD: Final = _FoldTable()


def fold(text: str) -> str:
    """The search form of a text: used for the stored column and for the query alike. Idempotent.

    Case, accents, harakat, tatweel, hamza carriers, ya/kaf/ta-marbuta variants and digit systems are levelled,
    the half-space becomes a space, «عبد الله» becomes «عبدالله», other punctuation than `@.+#/-` becomes a space.
    """
    return _JOINED.sub(r"\1", " ".join(text.translate(_FOLD).split()))


def fold_token(token: str) -> str:
    """A folded word without its Arabic article (الشركه gives شركه); never leaves fewer than three letters."""
    return _ARTICLE.sub("", token)


def search_key(*parts: str | None) -> str:
    """The `search_text` of a record: its folded parts, then the article-less forms of their words."""
    folded = fold(" ".join(part for part in parts if part))
    words = folded.split()
    bare = dict.fromkeys(short for word in words if (short := fold_token(word)) != word)
    return " ".join([*words, *(word for word in bare if word not in words)])


def search_terms(query: str) -> list[str]:
    """Folded words of a query, articles dropped: a record matches when its search_key contains each of them."""
    return list(dict.fromkeys(fold_token(word) for word in fold(query).split()))


def names_after_at(text: str, names: Mapping[int, str]) -> set[int]:
    """The keys of the names that stand after an @ in a text, in any spelling; of two that begin alike the longer."""
    folded, found = fold(text), set()
    for key, name in sorted(names.items(), key=lambda pair: -len(pair[1])):
        called = f"@{fold(name)}"
        if len(called) > 1 and called in folded:
            found.add(key)
            folded = folded.replace(called, " ")
    return found


# ---------------------------------------------------------------- cleaning and isolation
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufeff]")
_OPENERS: Final = "\u2066\u2067\u2068"

_UNSEEN: Final = re.compile("[\\s\u00ad\u061c\u180e\u200b-\u200f\u2060-\u206f\u3164\uffa0]*")


def clean_user_text(text: str) -> str:
    """What a person typed, without what could deceive a reader or break storage.

    Drops NUL and other controls (line breaks become \\n, tabs stay), U+202A–202E (the «RLO file name» trick),
    lone surrogates and isolates without a partner. What shows nothing at all is nothing.
    """
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if _UNSEEN.fullmatch(text) and not text.isspace():
        return ""
    if not any(mark in text for mark in _OPENERS + PDI):
        return text
    return _paired_isolates(text)


def _paired_isolates(text: str) -> str:
    keep = list(text)
    open_at: list[int] = []
    for i, char in enumerate(text):
        if char in _OPENERS:
            open_at.append(i)
        elif char == PDI:
            if open_at:
                open_at.pop()
            else:
                keep[i] = ""
    for i in open_at:
        keep[i] = ""
    return "".join(keep)


def fsi(text: str) -> str:
    """Isolated for places without markup (titles, subjects, messages): U+2068 … U+2069."""
    return f"{FSI}{clean_user_text(text)}{PDI}"


_AVATAR_SKIP: Final = re.compile(r"^(?:عبد\s*(?=\w{2}))?(?:ال(?=\w{2}))?")


def masked_email(email: str) -> str:
    """``n***@acme.sa``: enough to know the address again, too little to learn it."""
    local, at, host = email.strip().partition("@")
    return f"{local[:1]}***@{host}" if at and host else ""


def avatar_letter(name: str) -> str:
    """One letter for a round picture, skipping «ال» and «عبد» (two Arabic letters would read as a word)."""
    plain = _MARKS.sub("", clean_user_text(name)).replace("ـ", "").strip()
    rest = _AVATAR_SKIP.sub("", plain)
    for source in (rest, plain):
        for char in source:
            if char.isalpha():
                return char.upper()
    return plain[:1] or "#"


# ---------------------------------------------------------------- ordering
# Two alphabets: ه stands before و in Arabic, after it in Persian; ة stands by ت in Arabic, with ه in Persian (CLDR).
_ORDER: Final = {
    "fa": "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
    "ar": "ابپةتثجچحخدذرزژسشصضطظعغفقكگلمنهوي",
}
_EQUAL: Final = {
    "fa": dict(zip("كيىةۀأإٱؤئ", "کییههاااوی", strict=True)),
    "ar": dict(zip("أإآٱؤئىکی", "ااااوييكي", strict=True)),
}
# Digits sort before letters in every database collation, so `z0` (Latin z) < `z1` (first Arabic letter) everywhere.
_RANKS: Final = "123456789abcdefghijklmnopqrstuvwxyz"


@lru_cache(maxsize=4)
def _sort_table(lang: str) -> dict[int, str]:
    order = _ORDER.get(lang, _ORDER["ar"])
    equal = _EQUAL.get(lang, _EQUAL["ar"])
    table = {ord(letter): f"z{_RANKS[i]}" for i, letter in enumerate(order)}
    table |= {ord(variant): table[ord(letter)] for variant, letter in equal.items()}
    return table | {ord("z"): "z0", ord("ء"): "", ord("ـ"): "", 0x200C: "", 0x200D: ""}


def sort_key(text: str, lang: str) -> str:
    """A string that a database orders as readers of `lang` (ar | fa; others as ar) expect: پ after ب, گ after ک.

    Latin and digits come first, then Arabic script. Each Arabic letter takes two ASCII characters.
    """
    plain = latn(unicodedata.normalize("NFKC", text)).casefold()
    plain = _MARKS.sub("", unicodedata.normalize("NFC", plain)).translate(_sort_table(lang))
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c)).strip()


# ---------------------------------------------------------------- highlighting
def _folded_with_map(text: str) -> tuple[str, list[int]]:
    """Folded text and, for each of its characters, the index of the original character it came from."""
    out: list[str] = []
    origin: list[int] = []
    for i, char in enumerate(text):
        for piece in char.translate(_FOLD):
            if piece.isspace() and (not out or out[-1] == " "):
                continue
            out.append(" " if piece.isspace() else piece)
            origin.append(i)
    folded = "".join(out)
    gaps = {m.end(1) for m in _JOINED.finditer(folded)}
    kept = [i for i in range(len(folded)) if i not in gaps]
    return "".join(folded[i] for i in kept), [origin[i] for i in kept]


def _marked(text: str, query: str) -> list[bool]:
    folded, origin = _folded_with_map(text)
    marks = [False] * len(text)
    for word in fold(query).split():
        needle = word if word in folded else fold_token(word)
        at = folded.find(needle)
        while at >= 0:
            last = at + len(needle)
            until = origin[last] if last < len(origin) else len(text)
            # Silent characters (harakat, tatweel) after the match belong to it; a following letter does not.
            for i in range(origin[at], max(until, origin[last - 1] + 1)):
                marks[i] = marks[i] or i <= origin[last - 1] or not text[i].translate(_FOLD)
            at = folded.find(needle, last)
    return marks


def highlight(original: str, query: str) -> list[tuple[str, bool]]:
    """The original text in pieces (piece, is_match), matched in folded form; the pieces join to the original."""
    pieces: list[tuple[str, bool]] = []
    for char, mark in zip(original, _marked(original, query), strict=True):
        if pieces and pieces[-1][1] == mark:
            pieces[-1] = (pieces[-1][0] + char, mark)
        else:
            pieces.append((char, mark))
    return pieces

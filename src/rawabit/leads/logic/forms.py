"""What a web form may ask, and what a program may hand in. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rawabit.kit.marking import _, pgettext_lazy

TEXT, LONG, CHOICE, YES, PHONE, EMAIL, COUNTRY = "text", "long", "choice", "yes", "phone", "email", "country"

# Fields of the lead that may be filled from outside, and how each is asked. Owner, score, state and the like never are.
KNOWN: Mapping[str, tuple[Any, str, int]] = {
    "name": (_("Full name"), TEXT, 200),
    "company_name": (_("Company"), TEXT, 200),
    "job_title": (_("Job title"), TEXT, 100),
    "email": (_("E-mail"), EMAIL, 254),
    "phone": (_("Mobile"), PHONE, 40),
    "website": (_("Website"), TEXT, 200),
    "official_number": (_("Official number"), TEXT, 40),
    "country": (_("Country"), COUNTRY, 2),
    "city": (_("City"), TEXT, 100),
    "interest": (_("Interested in"), LONG, 5_000),
}
FREE: Mapping[str, Any] = {
    TEXT: pgettext_lazy("form field", "Own question: a line of text"),
    LONG: pgettext_lazy("form field", "Own question: a longer text"),
    CHOICE: pgettext_lazy("form field", "Own question: one of several answers"),
    YES: pgettext_lazy("form field", "Own question: yes or no"),
}
KEYS: Sequence[tuple[str, Any]] = (
    *((key, label) for key, (label, _kind, _most) in KNOWN.items()),
    *((f"own_{kind}", label) for kind, label in FREE.items()),
)
WHO = frozenset({"name", "company_name", "email", "phone"})  # one of these says who it is
MOST_FIELDS, MOST_OPTIONS, MOST_LINKS = 25, 40, 4
_LINK = re.compile(r"(?:https?://|www\.|\[url)", re.IGNORECASE)


def kind_of(key: str) -> str:
    """How a field is asked. KeyError for an unknown key."""
    return KNOWN[key][1] if key in KNOWN else {f"own_{kind}": kind for kind in FREE}[key]


def lines(text: str) -> list[str]:
    """What stands on the lines of a text, without empty ones and repetitions."""
    return list(dict.fromkeys(line.strip()[:200] for line in text.splitlines() if line.strip()))[:MOST_OPTIONS]


def options_in(own: str, translated: str) -> list[tuple[str, str]]:
    """``(kept, shown)`` answers: kept as the owner wrote them, shown in the reader's language where there are as many
    translations as answers."""
    kept, shown = lines(own), lines(translated)
    return list(zip(kept, shown if len(shown) == len(kept) else kept, strict=True))


def links_in(texts: Iterable[str]) -> int:
    """How many addresses of the web somebody has written."""
    return sum(len(_LINK.findall(text)) for text in texts)


# What other programs call the same things.
USUAL: Mapping[str, str] = {
    "full_name": "name", "fullname": "name", "contact_name": "name", "your_name": "name",
    "company": "company_name", "organization": "company_name", "organisation": "company_name",
    "email_address": "email", "mail": "email", "e-mail": "email", "phone_number": "phone", "mobile": "phone",
    "mobile_number": "phone", "telephone": "phone", "tel": "phone", "message": "interest", "comments": "interest",
    "notes": "interest", "job": "job_title", "position": "job_title", "title": "job_title", "url": "website",
    "web": "website", "town": "city", "vat_number": "official_number", "campaign": "source_detail",
    "campaign_name": "source_detail", "utm_campaign": "source_detail", "language": "language", "lang": "language",
    "source_detail": "source_detail",
}  # fmt: skip
TARGETS = (*KNOWN, "source_detail", "language")
EXTRA = "extra"  # kept beside the lead under its own name


class NotAMapping(ValueError):
    """A line that says of no name which field it is; the text is the line."""


def read_mapping(text: str) -> dict[str, str]:
    """``{their name: our field}`` of lines like ``full_name = name``. NotAMapping for a line that is none."""
    found: dict[str, str] = {}
    for line in lines(text):
        theirs, equals, ours = (part.strip() for part in line.partition("="))
        if not (theirs and equals) or ours not in (*TARGETS, EXTRA):
            raise NotAMapping(line)
        found[theirs.lower()] = ours
    return found


@dataclass(frozen=True, slots=True)
class Sorted:
    """``values`` by our fields, ``given`` beside them as (name, words), ``ignored`` names, ``wrong`` ones with why."""

    values: dict[str, str]
    given: list[tuple[str, str]]
    ignored: list[str]
    wrong: dict[str, str]


def flat(body: Mapping[str, Any], before: str = "", depth: int = 4) -> dict[str, Any]:
    """A nested object with dotted names: ``{"data": {"email": "x"}}`` is ``{"data.email": "x"}``."""
    found: dict[str, Any] = {}
    for name, value in body.items():
        if isinstance(value, Mapping) and depth:
            found |= flat(value, f"{before}{name}.", depth - 1)
        else:
            found[f"{before}{name}"] = value
    return found


def sort_out(body: Mapping[str, Any], mapping: Mapping[str, str]) -> Sorted:
    """What a program has handed in, by our fields. What nobody declared is named and not kept."""
    found = Sorted({}, [], [], {})
    for name, value in flat(body).items():
        key = name.lower()
        ours = mapping.get(key) or (key if key in TARGETS else USUAL.get(key, ""))
        if not ours:
            found.ignored.append(name[:100])
        elif isinstance(value, list | Mapping):
            found.wrong[name[:100]] = "not_text"
        elif ours == EXTRA:
            found.given.append((name[:100], _text(value)[:2_000]))
        else:
            found.values.setdefault(ours, _text(value))
    return found


def _text(value: Any) -> str:
    return {None: "", True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool | None) else str(value)

"""The staff's gallery: each component in each state, in the three languages, light and dark, both densities."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from rawabit.kit.access import access
from rawabit.kit.display import PRESETS, Display, active, using
from rawabit.kit.money import Money
from rawabit.kit.request import Request
from rawabit.kit.screens.fields import (
    DateField3,
    IdentifierField,
    MoneyField,
    NumberField,
    OneTimeCodeField,
    PhoneField,
    SearchField,
)
from rawabit.kit.screens.gallery_words import words_in
from rawabit.kit.screens.templatetags.kit import ltr, money
from rawabit.kit.screens.widgets import Combobox, PasswordInput, Switch

_COUNTRY = {"ar": "SA", "fa": "IR", "en": "GB"}
_CURRENCY = {"ar": "SAR", "fa": "IRR", "en": "SAR"}
_NAMES = {"ar": "العربية", "fa": "فارسی", "en": "English"}


@access("staff")
@require_safe
def gallery(request: Request) -> HttpResponse:
    """GET: `lang` ar|fa|en, `theme` auto|light|dark, `density` compact; without them the reader's own."""
    language = request.GET.get("lang", "")
    language = language if language in _COUNTRY else active().language
    request.theme = request.GET.get("theme", "") or getattr(request, "theme", "auto")
    request.density = request.GET.get("density", "")
    with using(_display(language)), translation.override(language):
        context = _context(request, language)
        return render(request, "kit/gallery.html", context)


def _display(language: str) -> Display:
    second = "hijri" if language != "fa" else None
    return replace(PRESETS[_COUNTRY[language]], language=language, second_calendar=second)


def _context(request: Request, language: str) -> dict[str, Any]:
    words, currency = words_in(language), _CURRENCY[language]
    return {
        "w": words,
        "page_lang": language,
        "page_dir": "ltr" if language == "en" else "rtl",
        "languages": [(code, name, code == language) for code, name in _NAMES.items()],
        "themes": [(code, words[code], code == request.theme) for code in ("auto", "light", "dark")],
        "density": request.density,
        "form": _SampleForm(words, currency, initial=_initial(currency)),
        "faulty": _faulty(words, currency),
        "rows": _rows(words, currency),
        "amounts": {name: Money.of(value, currency) for name, value in _AMOUNTS.items()},
        "minus": Money.of("-1250.00", currency),
        "ageing": _ageing(words, currency),
        "steps": _steps(words),
        "moves": [(words["draft"], "done"), (words["sent"], "current"), (words["paid"], "")],
        "day": date(2026, 3, 5),
        "icons": _icons(),
        "pager": {
            "first": active().number(1), "last": active().number(20), "total": active().number(248),
            "prev_url": "?page=1", "next_url": "?page=3",
            "pages": [
                {"label": active().number(n), "url": f"?page={n}", "current": n == 2} if n else {}
                for n in (1, 2, 3, 0, 13)
            ],
        },
    }  # fmt: skip


_AMOUNTS = {
    "due": "14772.50", "limit": "50000", "sales": "1248300", "balance": "38400", "price": "1290", "line1": "3870",
    "line2": "900", "net": "4770", "tax": "715.50", "grand": "5485.50",
}  # fmt: skip


class _SampleForm(forms.Form):
    """One of each kind of field; labels come from the sample words."""

    widths = dict.fromkeys("name phone email vat due quantity amount customer terms file code password".split(), 6)

    def __init__(self, words: dict[str, str], currency: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in _fields(words, currency).items():
            field.label = field.label or words[name]
            self.fields[name] = field


def _fields(words: dict[str, str], currency: str) -> dict[str, forms.Field]:
    choices = [("30", words["days30"]), ("0", words["cash"])]
    return {
        "name": forms.CharField(help_text=words["name_hint"]),
        "phone": PhoneField(),
        "email": forms.EmailField(),
        "vat": IdentifierField(kind="sa_vat"),
        "due": DateField3(),
        "quantity": NumberField(unit=words["piece"]),
        "amount": MoneyField(currency=currency),
        "customer": forms.CharField(widget=Combobox(url="/desk/gallery/")),
        "terms": forms.ChoiceField(choices=choices),
        "file": forms.FileField(required=False),
        "code": OneTimeCodeField(required=False),
        "password": forms.CharField(widget=PasswordInput, required=False),
        "channel": forms.MultipleChoiceField(
            choices=[("w", words["whatsapp"]), ("e", words["email"]), ("c", words["call"])],
            widget=forms.CheckboxSelectMultiple,
        ),
        "note": forms.CharField(
            widget=forms.Textarea(attrs={"rows": 3, "placeholder": words["note_ph"]}), required=False
        ),
        "disabled": forms.CharField(disabled=True, required=False),
        "search": SearchField(label=words["search"]),
        "agree": forms.BooleanField(),
        "notify": forms.BooleanField(widget=Switch, required=False),
    }


def _initial(currency: str) -> dict[str, Any]:
    return {
        "phone": "+966501234567",
        "email": "nora@example.com",
        "due": date(2026, 3, 5),
        "quantity": 1250,
        "amount": Money.of("38400", currency),
        "disabled": "Q-2026-0078",
        "channel": ["w"],
        "notify": True,
    }


def _faulty(words: dict[str, str], currency: str) -> forms.Form:
    data = {"name": "", "phone": "0501", "vat": "123", "due": "30/02/2026", "quantity": "1,23", "amount": "x"}
    form = _SampleForm(words, currency, data, prefix="bad")
    for name in list(form.fields):
        if name not in data:
            del form.fields[name]
    form.data = {f"bad-{name}": value for name, value in data.items()}
    form.is_valid()
    return form


def _rows(words: dict[str, str], currency: str) -> list[dict[str, Any]]:
    states = [("ok", "paid"), ("bad", "overdue"), ("warn", "waiting"), ("info", "sent"), ("draft", "draft")]
    names = [words["buyer_name"], "Acme Ltd.", words["customer_name"], words["seller_name"], "C++ Systems"]
    values = ["4772.50", "38400", "912.05", "1250000", "75"]
    return [
        {
            "number": f"INV-2026-{412 - n:05}", "customer": names[n], "state": state, "label": words[label],
            "day": date(2026, 3, 5 + n), "total": Money.of(values[n], currency),
        }
        for n, (state, label) in enumerate(states)
    ]  # fmt: skip


def _ageing(words: dict[str, str], currency: str) -> list[dict[str, Any]]:
    shares = [("current", 46), ("1–30", 24), ("31–60", 16), ("61–90", 9), ("90+", 5)]
    buckets, start = [], 0
    for label, share in shares:
        amount = money(Money.of(share * 1000, currency))
        buckets.append({"label": ltr(words.get(label, label)), "amount": amount, "share": share, "start": start})
        start += share
    return buckets


def _steps(words: dict[str, str]) -> list[dict[str, Any]]:
    day = active().date_medium
    return [
        {"label": words["confirmed"], "state": "done", "when": day(date(2026, 3, 2))},
        {"label": words["packed"], "state": "done", "when": day(date(2026, 3, 4))},
        {"label": words["shipping"], "state": "current", "when": day(date(2026, 3, 6))},
        {"label": words["delivery"], "state": ""},
    ]


@cache
def _icons() -> list[str]:
    sprite = (Path(__file__).parent / "static" / "kit" / "icons.svg").read_text(encoding="utf-8")
    return [part.partition('"')[0] for part in sprite.split('<symbol id="')[1:]]

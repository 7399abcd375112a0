"""Filters that turn values into text or markup for the active reader: the one place where templates meet `Display`.

Every filter escapes what it is given and answers "" for None and "", so a template needs no guards.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from rawabit.kit.display import Display, active
from rawabit.kit.identifiers import by_fours, compact
from rawabit.kit.money import Money
from rawabit.kit.phones import format_phone
from rawabit.kit.text import fsi as isolate
from rawabit.kit.words import TooLarge, UnknownCurrency, amount_in_words

register = template.Library()

_NOTHING = SafeString("")


def escaped(value: Any) -> str:
    """Text for HTML. What is plain text, as nearly everything, takes the short way."""
    return escape(value) if type(value) is str else conditional_escape(value)


@register.filter(is_safe=True)
def money(value: Money | None) -> SafeString:
    """An amount with its sign and, for the ear, its currency's name; `.money` is LTR, `.money-after` as the page."""
    return _NOTHING if value is None else _money(value, active())


@lru_cache(maxsize=8192)
def _money(value: Money, display: Display) -> SafeString:
    parts = display.money_parts(value)
    sign = f'<span class="cur" aria-hidden="true">{escape(parts.symbol)}</span>'
    spoken = f'<span class="sr">{escape(parts.spoken_name)}</span>'
    # Digits come from the number formatter and hold nothing to escape.
    if parts.position == "before":
        return SafeString(f'<span class="money">{sign}{parts.digits}</span>{spoken}')
    return SafeString(f'<span class="money-after"><bdi dir="ltr">{parts.digits}</bdi> {sign}</span>{spoken}')


@register.filter(is_safe=True)
def num(value: Decimal | int | str | None, places: int | None = None) -> SafeString:
    """A number in the reader's digits, LTR-isolated; text that is no number is shown as it is."""
    if value is None or value == "":
        return _NOTHING
    return ltr(active().number(value, places) if isinstance(value, Decimal | int) else value)


@register.filter(is_safe=True)
def price(value: Decimal | None, currency: str) -> SafeString:
    """A unit price with at least the decimals of its currency."""
    return _NOTHING if value is None else ltr(active().unit_price(value, currency))


@register.filter(is_safe=True)
def pct(value: Decimal | int | None, places: int | None = None) -> SafeString:
    """Percent points with the sign of the reader's digits."""
    return _NOTHING if value is None else ltr(active().percent(value, places))


def _time_tag(value: date, title: str, shown: str) -> SafeString:
    return SafeString(f'<time datetime="{value.isoformat()}" title="{escape(title)}">{escape(shown)}</time>')


@register.filter(is_safe=True)
def date_l(value: date | datetime | None, style: str = "short") -> SafeString:
    """A day in the reader's calendar (short | medium | long | dual | month); the tooltip tells the other calendars."""
    if not value:
        return _NOTHING
    display = active()
    return _day(display.local(value).date() if isinstance(value, datetime) else value, style, display)


_STYLES = {
    "short": Display.date,
    "medium": Display.date_medium,
    "long": Display.date_long,
    "dual": Display.date_dual,
    "month": Display.month,
}


@lru_cache(maxsize=8192)
def _day(day: date, style: str, display: Display) -> SafeString:
    return _time_tag(day, display.date_title(day), _STYLES[style](display, day))


@register.filter(is_safe=True)
def datetime_l(value: datetime | None) -> SafeString:
    """A moment in the reader's zone and calendar."""
    if not value:
        return _NOTHING
    display = active()
    return _time_tag(value, display.date_title(display.local(value).date()), display.datetime(value))


@register.filter(is_safe=True)
def time_l(value: datetime | None) -> SafeString:
    """The hour of a moment in the reader's zone."""
    if not value:
        return _NOTHING
    return _time_tag(value, active().datetime(value), active().time(value))


@register.filter(is_safe=True)
def ago(value: datetime | None, now: datetime) -> SafeString:
    """How long ago or ahead, `{{ ticket.opened_at|ago:request.now }}`; the tooltip tells the moment."""
    if not value:
        return _NOTHING
    return _time_tag(value, active().datetime(value), active().ago(value, now))


@register.filter(is_safe=True)
def phone(value: str | None) -> SafeString:
    """A stored E.164 number as the reader dials it, with a tel: link."""
    if not value:
        return _NOTHING
    shown = format_phone(value, active().region)
    return SafeString(f'<bdi class="phone" dir="ltr"><a href="tel:{escaped(value)}">{escape(shown)}</a></bdi>')


@register.filter(is_safe=True)
def iban(value: str | None) -> SafeString:
    """An account number in groups of four."""
    return SafeString(f'<bdi class="iban" dir="ltr">{escape(by_fours(compact(value)))}</bdi>') if value else _NOTHING


@register.filter(is_safe=True)
def ltr(value: object) -> SafeString:
    """Codes, ranges, dimensions, addresses of the web: always left to right."""
    return _NOTHING if value is None or value == "" else SafeString(f'<bdi dir="ltr">{escaped(value)}</bdi>')


@register.filter(is_safe=True)
def bdi(value: object) -> SafeString:
    """Text that a person wrote, isolated from the sentence around it."""
    return _NOTHING if value is None or value == "" else SafeString(f"<bdi>{escaped(value)}</bdi>")


@register.filter
def fsi(value: object) -> str:
    """The same without markup, for titles, attributes and subjects. Escaped by the template as usual."""
    return "" if value is None or value == "" else isolate(str(value))


@register.filter
def words(value: Money | None, language: str = "") -> str:
    """An amount in words in `language` (the reader's own by default); "" where no words are written."""
    if value is None:
        return ""
    display = active()
    try:
        return amount_in_words(value, language or display.language, rial_unit=display.rial_unit)
    except (UnknownCurrency, TooLarge, ValueError):
        return ""

"""Filters that turn values into text or markup for the active reader: the one place where templates meet `Display`.

Every filter escapes what it is given and answers "" for None and "", so a template needs no guards.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from rawabit.kit.display import active
from rawabit.kit.identifiers import by_fours, compact
from rawabit.kit.money import Money
from rawabit.kit.phones import format_phone
from rawabit.kit.text import fsi as isolate
from rawabit.kit.words import TooLarge, UnknownCurrency, amount_in_words

register = template.Library()

_NOTHING = mark_safe("")


@register.filter(is_safe=True)
def money(value: Money | None) -> SafeString:
    """An amount with its sign and, for the ear, its currency's name; `.money` is LTR, `.money-after` as the page."""
    if value is None:
        return _NOTHING
    parts = active().money_parts(value)
    sign = f'<span class="cur" aria-hidden="true">{escape(parts.symbol)}</span>'
    spoken = f'<span class="sr">{escape(parts.spoken_name)}</span>'
    # Digits come from the number formatter and hold nothing to escape.
    if parts.position == "before":
        return mark_safe(f'<span class="money">{sign}{parts.digits}</span>{spoken}')
    return mark_safe(f'<span class="money-after"><bdi dir="ltr">{parts.digits}</bdi> {sign}</span>{spoken}')


@register.filter(is_safe=True)
def num(value: Decimal | int | str | None, places: int | None = None) -> SafeString:
    """A number in the reader's digits, LTR-isolated; text that is no number is shown as it is."""
    if value is None or value == "":
        return _NOTHING
    shown = active().number(value, places) if isinstance(value, Decimal | int) else value
    return format_html('<bdi dir="ltr">{}</bdi>', shown)


@register.filter(is_safe=True)
def pct(value: Decimal | int | None, places: int | None = None) -> SafeString:
    """Percent points with the sign of the reader's digits."""
    if value is None:
        return _NOTHING
    return format_html('<bdi dir="ltr">{}</bdi>', active().percent(value, places))


def _time_tag(value: date, title: str, shown: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), title, shown)


@register.filter(is_safe=True)
def date_l(value: date | datetime | None, style: str = "short") -> SafeString:
    """A day in the reader's calendar (short | medium | long | dual | month); the tooltip tells the other calendars."""
    if not value:
        return _NOTHING
    display = active()
    day = display.local(value).date() if isinstance(value, datetime) else value
    show = {
        "short": display.date,
        "medium": display.date_medium,
        "long": display.date_long,
        "dual": display.date_dual,
        "month": display.month,
    }[style]
    return _time_tag(day, display.date_title(day), show(day))


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
    return format_html('<bdi class="phone" dir="ltr"><a href="tel:{}">{}</a></bdi>', value, shown)


@register.filter(is_safe=True)
def iban(value: str | None) -> SafeString:
    """An account number in groups of four."""
    return format_html('<bdi class="iban" dir="ltr">{}</bdi>', by_fours(compact(value))) if value else _NOTHING


@register.filter(is_safe=True)
def ltr(value: object) -> SafeString:
    """Codes, ranges, dimensions, addresses of the web: always left to right."""
    return _NOTHING if value is None or value == "" else format_html('<bdi dir="ltr">{}</bdi>', value)


@register.filter(is_safe=True)
def bdi(value: object) -> SafeString:
    """Text that a person wrote, isolated from the sentence around it."""
    return _NOTHING if value is None or value == "" else format_html("<bdi>{}</bdi>", value)


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

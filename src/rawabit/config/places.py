"""Pages found by their names in any of the three languages, and what can be begun: the palette's first answers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation

from rawabit.config.menu import CREATE, GROUPS, Item, shown
from rawabit.config.setting_cards import SECTIONS, sections_for
from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.text import fold, fold_token

SHOWN = 6
BEGIN = "new create add جديد جديدة إنشاء إضافة جدید تازه ایجاد افزودن"
# What people call them besides.
ALIASES = {
    "desk": "home dashboard الرئيسية خانه",
    "customers-list": "clients accounts زبائن منشأة",
    "customers-create": "client account زبون منشأة",
    "quotations-list": "quotes offers كوتيشن تسعيرة عرض برفورما",
    "quotations-create": "quote offer كوتيشن تسعيرة عرض برفورما",
    "leads-list": "prospects enquiries استفسارات مهتمون سرنخ مشتری بالقوه",
    "leads-create": "prospect enquiry استفسار سرنخ",
    "deliveries-list": "shipments شحنات بیجک بی‌جک مرسوله",
    "invoices-list": "bills انفويس صورتحساب",
    "invoices-create": "bill انفويس صورتحساب",
    "receivables": "ageing balances debts أرصدة ديون بدهی مانده",
    "prices-list": "فی تسعير",
    "users-list": "staff colleagues موظفون همکاران",
    "audit": "log history سجل",
}


def places_for(words: str, request: Request) -> list[dict[str, Any]]:
    """``[{"title", "icon", "rows": [(label, url)]}]`` of what the person may open or begin and every word fits."""
    asked = [fold_token(token) for token in fold(words).split()]
    pages = _fitting(asked, (item for _label, items in GROUPS for item in items), request)
    begun = _fitting(asked, CREATE, request, BEGIN)
    new = [(_("New: %(what)s") % {"what": label}, url) for label, url in begun]
    cards = _cards(asked, request)
    found = ((_("Go to"), "list", pages), (_("Create"), "plus", new), (_("Settings"), "settings", cards))
    return [{"title": title, "icon": icon, "rows": rows[:SHOWN]} for title, icon, rows in found if rows]


def _fitting(asked: list[str], items: Iterable[Item], request: Request, more: str = "") -> list[tuple[str, str]]:
    entries = (shown(item, request) for item in items if _fits(asked, f"{names_of(item.url)} {fold(more)}"))
    return [(entry.label, entry.url) for entry in entries if entry]


def _cards(asked: list[str], request: Request) -> list[tuple[str, str]]:
    offered = (pair for _title, cards in sections_for(request) for pair in cards)
    return [(str(card.label), url) for card, url in offered if _fits(asked, names_of(card.url))]


def _fits(asked: list[str], names: str) -> bool:
    """Every asked word begins a word of the names."""
    return all(f" {word}" in f" {names}" for word in asked)


@cache
def names_of(url: str) -> str:
    """The folded names of a page in every language, without articles, and its other names."""
    items = [item for _label, items in (*GROUPS, ("", CREATE)) for item in items]
    cards = [card for _label, cards in SECTIONS for card in cards]
    one_too = (url, url.replace("-list", "-create"))  # the singular finds the list too
    labels = [item.label for item in items if item.url in one_too]
    labels += [card.label for card in cards if card.url == url]
    names = [ALIASES.get(url, "")]
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            names += [str(label) for label in labels]
    return " ".join(fold_token(token) for token in fold(" ".join(names)).split())

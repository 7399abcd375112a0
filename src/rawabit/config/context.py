"""What every page's frame needs: brand, menu, bell."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import QuerySet

from rawabit.config.menu import address, create_menu, menu, portal_menu
from rawabit.kit.live.watching import watching
from rawabit.kit.records.models import Notice
from rawabit.kit.records.prepared import prepared
from rawabit.kit.request import Request

MOST_COUNTED = 100


def shell(request: Request) -> dict[str, Any]:
    """Brand of the company, menu of the person, number of unread notices (asked only when a template shows it)."""
    company = getattr(request, "company", None)
    if company is None:
        return {}
    base = {
        "company": company,
        "brand_name": company.portal_name or str(company),
        "brand_version": company.version,
        "page_lang": request.display.language,
        "page_dir": "ltr" if request.display.language == "en" else "rtl",
        "density": getattr(request, "density", ""),
        "rail": request.COOKIES.get("rail", ""),
        # A name that is not there costs a template more than one that is empty.
        "home_url": "/",
        "help_url": "",
        "live": "",
    }
    if watched := getattr(request, "watched", None):
        base["live"] = watching(request, **watched)
    user = request.user
    if not user.is_authenticated:
        return base
    base["notice_count"] = unread_count(request)
    base["density"] = base["density"] or ("compact" if user.compact else "")
    if user.is_staff:
        return {**base, "menu": menu(request), "create_menu": create_menu(request)}
    return {**base, "portal_menu": portal_menu(request), "menu": (), "help_url": address("portal-help")}


def unread_count(request: Request) -> Any:
    """Counted when a template asks, once, so that pages without a bell pay nothing. Templates call what is callable."""
    return cache(lambda: len(_unread(user=request.user.pk)))


@prepared
def _unread(*, user: int) -> QuerySet[Notice, tuple[int]]:
    return Notice.objects.filter(user_id=user, read_at=None).values_list("pk")[:MOST_COUNTED]

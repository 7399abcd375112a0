"""A request as the program's middleware leaves it: who acts, when, and how things are shown to him."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from rawabit.kit.display import Display
    from rawabit.kit.records.actor import Actor


class Request(HttpRequest):
    """For annotations only; Django makes the requests, ``config.middleware`` sets these."""

    actor: Actor
    now: datetime
    display: Display
    company: Any
    theme: str
    density: str
    htmx: HtmxDetails
    viewing: Any  # set while a colleague looks at the portal as a customer
    link: Any  # the link to one document by which the visitor came, if any
    watched: dict[str, Any]  # what the page shows that may change: arguments of kit.live.watching.watching

"""The timeline as a panel of a record's page, with the composer above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from rawabit.crm.models import Contact, Customer
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import screens_of
from rawabit.kit.screens.panels import Panel
from rawabit.leads.models import Lead
from rawabit.pipeline.models import Opportunity
from rawabit.talks.models import NOTE
from rawabit.talks.queries.timeline import CHIPS, Row, timeline

WORDS = {
    "call": _("Calls"), "meeting": _("Meetings"), "note": _("Notes"), "task": _("Tasks"), "mail": _("E-mail"),
    "whatsapp": _("WhatsApp"), "file": _("Files"), "event": pgettext_lazy("of a timeline", "Events"),
}  # fmt: skip
PICTURES = {
    "call": "phone", "meeting": "users", "visit": "pin", "note": "note", "task": "check-circle", "mail": "mail",
    "whatsapp": "whatsapp", "document": "file", "message": "mail", "comment": "chat", "file": "attach",
    "event": "activity",
}  # fmt: skip


def chosen_kinds(request: Request) -> list[str]:
    return [kind for kind in request.GET.getlist("kind") if kind in CHIPS]


def timeline_context(record: Any, slug: str, request: Request) -> dict[str, Any]:
    """What the templates of the timeline need. The caller has proved that the person sees the record."""
    kinds = chosen_kinds(request)
    page = timeline(record, request.actor, kinds=kinds, after=request.GET.get("older", ""))
    base = reverse("timeline", args=[slug, record.pk])
    narrowed = "".join(f"&kind={kind}" for kind in kinds)
    return {
        "record": record,
        "slug": slug,
        "timeline": page,
        "rows": [(row, PICTURES.get(row.kind, "clock"), address_of(row)) for row in page.rows],
        "older": f"{base}?older={page.older}{narrowed}" if page.older else "",
        "chips": [(kind, words, kind in kinds) for kind, words in WORDS.items()],
        "kinds": kinds,
        "base": base,
        "seen_url": reverse("timeline-seen", args=[slug, record.pk]),
        "may_say": request.actor.may("talks.add_activity"),
        "section": slug,
    }


def address_of(row: Row) -> str:
    """The desk page of what a row hangs on; "" when it has none."""
    if row.url is None:
        return ""
    model = ContentType.objects.get_for_id(row.url[0]).model_class()
    screens = screens_of(model) if model else None
    return screens.url("detail", row.url[1]) if screens else ""


@dataclass(frozen=True)
class TimelinePanel(Panel):
    """Everything that was said with somebody, on his page."""

    title: Any = _("Timeline")
    rows: Any = None
    template: str = "talks/panels/timeline.html"
    permission: str | None = "talks.view_activity"

    def render(self, record: Any, request: Request) -> SafeString:
        screens = screens_of(type(record))
        if screens is None or not request.actor.may("talks.view_activity"):
            return mark_safe("")
        context = timeline_context(record, screens.slug, request)
        if context["may_say"]:
            from rawabit.talks.desk.forms import SayForm

            context |= {"say": SayForm(record, request, initial={"kind": NOTE}), "once": uuid4().hex}
        return render_to_string(self.template, {"panel": self, **context}, request=request)


TIMELINE = TimelinePanel()


def with_timeline(screens: Any) -> Any:
    """Give a kind of record its timeline, first of all panels; kinds that one does not speak with stay as they are."""
    if screens.model in (Contact, Customer, Lead, Opportunity) and TIMELINE not in screens.panels:
        screens.panels = (TIMELINE, *screens.panels)
    return screens

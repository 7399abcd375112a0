"""The delivery log: every message with what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from rawabit.kit.access import access
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.outbox.actions import cancel_message, resend_message
from rawabit.kit.outbox.models import Message
from rawabit.kit.outbox.states import MESSAGE
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import EMPTY, Choice, Code, Column, Linked, Number, Status, When
from rawabit.kit.screens.filters import InState, OneOf
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.screens import Screens
from rawabit.kit.screens.verbs import Verb
from rawabit.telling.letters import PREFIX
from rawabit.telling.logic.kinds import KINDS
from rawabit.telling.queries import with_customers

# The mail is shown as a page of its own that may do nothing: no script, no forms, nothing from elsewhere.
PREVIEW_POLICY = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


@dataclass(frozen=True, slots=True)
class KindColumn(Column):
    """What a message is about, in words."""

    def value(self, record: Any) -> Any:
        kind = KINDS.get(record.kind.removeprefix(PREFIX))
        return kind.label if kind else pgettext_lazy("message", "Sample")


@dataclass(frozen=True, slots=True)
class SubjectLine(Column):
    """The subject, once it is written; until then what it is about."""

    def cell(self, record: Any) -> SafeString:
        words = record.headline or KindColumn("kind").value(record)
        return format_html("<bdi>{}</bdi>", words) if words else EMPTY


def itself(message: Message, request: Request) -> Iterable[Message]:
    return [message] if message.text else []


class MessageScreens(Screens):
    model = Message
    slug = "messages"
    icon = "mail"
    columns = (
        SubjectLine("headline"), Linked("customer", label=_("Customer")), Column("name"), Column("address"),
        Choice("channel"), Status(lifecycle=MESSAGE),
        When("created_at", label=pgettext_lazy("message", "Written")), When("sent_at"),
    )  # fmt: skip
    facts = (
        (
            _("Details"),
            (
                KindColumn("kind"), Linked("customer", label=_("Customer")), Linked("subject", label=_("Document")),
                Column("name"), Column("address"),
                Choice("channel"), Status(lifecycle=MESSAGE),
                When("created_at", label=pgettext_lazy("message", "Written")),
                When("not_before"), When("sent_at"), Number("attempts"), Column("error"),
                Code("message_id", label=_("Message ID")),
            ),
        ),
    )  # fmt: skip
    filters = (InState(lifecycle=MESSAGE), OneOf("channel"))
    related = ("subject_type",)
    lifecycle = MESSAGE
    tags = (Status(lifecycle=MESSAGE),)
    verbs = (
        Verb("resend", resend_message, icon="refresh", permission="kit_outbox.resend_message"),
        Verb("cancel", cancel_message, icon="x", permission="kit_outbox.cancel_message"),
    )
    panels = (Panel(_("What was sent"), itself, template="telling/message_preview.html"),)

    def prepare(self, rows: Sequence[Any], request: Request) -> None:
        with_customers(rows)

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        with_customers([record])
        return super().detail_context(request, record)

    def name_of(self, record: Any) -> str:
        return record.headline or str(KindColumn("kind").value(record))

    def more_urls(self) -> list[URLPattern]:
        slug = self.slug
        return [path(f"{slug}/<int:pk>/preview/", require_GET(self.preview), name=f"{slug}-preview")]

    @access("staff")
    def preview(self, request: Request, pk: int) -> HttpResponse:
        """The HTML part as it went out."""
        return shown(self.row(self.allow(request, "view"), pk).html)


def shown(html: str) -> HttpResponse:
    """A mail as a harmless page, for a frame."""
    response = HttpResponse(html)
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response

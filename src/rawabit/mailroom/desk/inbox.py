"""The inbox: what came in, what nobody looks after first; and the page of one message with the way it went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Case, Q, QuerySet, Value
from django.db.models import When as DbWhen
from django.http import FileResponse, Http404, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from rawabit.kit.access import access
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.addresses import url_of
from rawabit.kit.screens.columns import EMPTY, Code, Column, Linked, When
from rawabit.kit.screens.filters import Of, OneOf, Situation
from rawabit.kit.screens.screens import Screens
from rawabit.kit.screens.verbs import Verb
from rawabit.mailroom import actions
from rawabit.mailroom.actions.sorting import file_to_customer
from rawabit.mailroom.desk.words import reason_of, trace_of
from rawabit.mailroom.models import OTHER, TOO_LARGE, WAITING, ReceivedMail
from rawabit.mailroom.policies import WRITE
from rawabit.mailroom.queries.choosing import KINDS, place_named, places_for
from rawabit.mailroom.queries.knowing import conversation

CHANGE = "mailroom.change_receivedmail"
# A page of its own that may do nothing: no script, no forms, nothing from elsewhere.
FRAME = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


class From(Column):
    """Who says he wrote it."""

    def value(self, record: Any) -> Any:
        return record.name or record.sender

    def cell(self, record: Any) -> SafeString:
        if not record.sender and not record.name:
            return EMPTY
        return format_html(
            '<bdi>{}</bdi> <bdi class="xs dim" dir="ltr">{}</bdi>', record.name or record.sender,
            record.sender if record.name else "",
        )  # fmt: skip


class About(Column):
    """Where it lies; why, when it lies nowhere."""

    def value(self, record: Any) -> Any:
        return record.subject or reason_of(record) or record.get_place_display()

    def cell(self, record: Any) -> SafeString:
        if record.subject is None:
            return format_html('<span class="dim">{}</span>', self.value(record))
        url = url_of(record.subject)
        words = format_html("<bdi>{}</bdi>", record.subject)
        return format_html('<a href="{}">{}</a>', url, words) if url else words


class Standing(Column):
    """Nobody's, somebody's, or dealt with, as a tag."""

    def cell(self, record: Any) -> SafeString:
        words, tone = standing_of(record)
        return format_html('<span class="tag" data-s="{}">{}</span>', tone, words)

    def export(self, record: Any) -> Any:
        return str(standing_of(record)[0])


def standing_of(mail: ReceivedMail) -> tuple[Any, str]:
    if mail.place in (WAITING, TOO_LARGE):
        return mail.get_place_display(), "warn" if mail.place == TOO_LARGE else "info"
    if mail.handled_at:
        return pgettext_lazy("received mail", "Dealt with"), "ok"
    return (pgettext_lazy("received mail", "Open"), "info") if mail.owner_id else (
        pgettext_lazy("received mail", "Nobody yet"), "warn",
    )  # fmt: skip


SITUATIONS = (
    ("open", pgettext_lazy("received mail", "Open"), lambda request: Q(handled_at=None)),
    ("unassigned", pgettext_lazy("received mail", "Nobody yet"), lambda request: Q(handled_at=None, owner=None)),
    ("mine", pgettext_lazy("received mail", "Mine"), lambda request: Q(handled_at=None, owner=request.actor.user_id)),
    ("done", pgettext_lazy("received mail", "Dealt with"), lambda request: Q(handled_at__isnull=False)),
    ("other", pgettext_lazy("received mail", "Other"), lambda request: Q(place=OTHER)),
)


class AnswerForm(forms.Form):
    headline = forms.CharField(label=pgettext_lazy("message", "Subject"), max_length=200,
                               widget=forms.TextInput(attrs={"dir": "auto"}))  # fmt: skip
    text = forms.CharField(
        label=pgettext_lazy("message", "Text"), max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )  # fmt: skip


class WhereForm(forms.Form):
    """One of the records that the person sees."""

    record = forms.ChoiceField(label=_("File under"))


def answer(mail: ReceivedMail, *, headline: str, text: str, actor: Actor, at: datetime) -> None:
    actions.answer(mail, headline=headline, text=text, actor=actor, at=at)


def prepare_answer(form: Any, mail: ReceivedMail, request: Request) -> None:
    already = mail.headline[:3].lower() == "re:"
    form.fields["headline"].initial = mail.headline if already else f"Re: {mail.headline}"[:200]


def offer_records(form: Any, mail: ReceivedMail, request: Request) -> None:
    """What the person sees and may mean: of the sender first, then the newest."""
    groups = [
        (str(KINDS[code]._meta.verbose_name_plural), [(f"{code}:{row.pk}", str(row)) for row in rows])
        for code, rows in places_for(mail, request.actor) if rows
    ]  # fmt: skip
    form.fields["record"].choices = [("", "—"), *groups]


def refile(mail: ReceivedMail, *, record: str, actor: Actor, at: datetime) -> None:
    """Lay it where the person says."""
    code, found = place_named(record, actor)
    moves: dict[str, Any] = {
        "contact": actions.file_to_contact, "lead": actions.file_to_lead, "deal": actions.file_to_deal,
        "customer": file_to_customer,
    }  # fmt: skip
    moves[code](mail, found, actor=actor, at=at)


def was_read(mail: ReceivedMail) -> bool:
    return mail.place not in (WAITING, TOO_LARGE)


class InboxScreens(Screens):
    model = ReceivedMail
    slug = "inbox"
    icon = "inbox"
    columns = (
        Column("headline"), From("name", label=pgettext_lazy("mail", "From"), sort="sender"),
        About("about", label=_("Filed under")), Standing("standing", label=_("Status")),
        Linked("owner", sort="owner__full_name"), When("fetched_at"), Code("sender"), Linked("customer"),
        Linked("mailbox"),
    )  # fmt: skip
    hidden_columns = ("sender", "customer", "mailbox")
    facts = (
        (_("Details"), (
            From("name", label=pgettext_lazy("mail", "From")), About("about", label=_("Filed under")),
            Linked("customer"), Linked("contact"), Linked("owner"), Linked("mailbox"), When("sent_at"),
            When("fetched_at"),
        )),
    )  # fmt: skip
    tags = (Standing("standing"),)
    filters = (Situation("is", _("Shown"), choices=SITUATIONS), OneOf("place"), Of("mailbox"))
    related = ("owner", "customer", "contact", "mailbox", "subject_type")
    default_order = ("place_in_line", "-pk")
    verbs = (
        Verb("answer", answer, label=_("Answer"), form=AnswerForm, prepare=prepare_answer, icon="reply",
             when=lambda mail: was_read(mail) and bool(mail.sender) and mail.subject_id is not None, permission=WRITE),
        Verb("lead", actions.make_lead, label=_("Make a lead"), icon="leads", permission="leads.add_lead",
             when=lambda mail: was_read(mail) and bool(mail.sender) and mail.subject_id is None),
        Verb("file", refile, label=_("File elsewhere"), form=WhereForm, prepare=offer_records, icon="link",
             when=was_read, permission=CHANGE),
        Verb("take", actions.take, label=pgettext_lazy("received mail", "Take over"), icon="user", permission=CHANGE,
             when=lambda mail: mail.owner_id is None),
        Verb("handled", actions.mark_handled, label=_("Dealt with"), icon="check", permission=CHANGE,
             when=lambda mail: mail.handled_at is None),
        Verb("reopen", actions.reopen, label=_("Open again"), icon="undo", permission=CHANGE,
             when=lambda mail: mail.handled_at is not None),
        Verb("aside", actions.set_aside, label=_("Belongs to no record"), icon="archive", permission=CHANGE,
             when=lambda mail: was_read(mail) and mail.subject_id is not None),
        Verb("undo", actions.undo, label=_("Undo the last move"), icon="history", permission=CHANGE,
             when=lambda mail: bool(mail.before)),
    )  # fmt: skip
    bulk = ("take", "handled", "aside")

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """What nobody looks after comes first, then what is open, then the rest."""
        order = Case(DbWhen(handled_at=None, owner=None, then=0), DbWhen(handled_at=None, then=1), default=Value(2))
        return super().rows(actor).annotate(place_in_line=order).prefetch_related("subject")

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        context = super().detail_context(request, record)
        talk = conversation(record, request.actor)
        return {
            **context, "trace": trace_of(record), "reason": reason_of(record),
            "talk": [(way, one, url_of(one) if way == "in" else url_of(one.activity)) for way, one in talk]
            if len(talk) > 1 else [],
        }  # fmt: skip

    def more_urls(self) -> list[URLPattern]:
        return [
            path("inbox/<int:pk>/page/", require_GET(self.page), name="inbox-page"),
            path("inbox/<int:pk>/raw/", require_GET(self.raw), name="inbox-raw"),
        ]

    @access("staff")
    def page(self, request: Request, pk: int) -> HttpResponse:
        """The HTML part, made harmless, for a frame that may do nothing."""
        mail = self.row(self.allow(request, "view"), pk)
        response = HttpResponse(format_html(
            '<!doctype html><html dir="auto"><meta charset="utf-8"><title>{}</title><body>{}</body></html>',
            mail.headline, SafeString(shown_safely(mail.html)),
        ))  # fmt: skip
        response.headers["Content-Security-Policy"] = FRAME
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response

    @access("staff")
    def raw(self, request: Request, pk: int) -> FileResponse:
        """The message as it came, to be kept as a file and never shown."""
        mail = self.row(self.allow(request, "view"), pk)
        if not mail.raw:
            raise Http404
        answer = FileResponse(
            mail.raw.open("rb"), as_attachment=True, filename=f"message-{mail.pk}.eml",
            content_type="application/octet-stream",
        )  # fmt: skip
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return answer


def shown_safely(html: str) -> str:
    """Made harmless once more: what was kept by an older program is no exception."""
    from rawabit.mailroom.logic.sanitise import harmless

    return harmless(html)

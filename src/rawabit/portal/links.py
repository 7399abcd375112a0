"""A visitor who comes by a link to one document: who he is to the rest of the program, for as long as it answers him.

Nothing of the browser's session counts here, and nothing of the link is left in it: both stand side by side."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import BaseStorage, Message
from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, reverse
from django.utils import translation

from rawabit.company.models import LANGUAGES
from rawabit.kit.display import ACTIVE, Display
from rawabit.kit.links.models import Link
from rawabit.kit.links.prefix import inside, outside
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.records.actor import Actor
from rawabit.portal.link_guard import (
    ACCEPT,
    AMOUNTS,
    CODE_VALID,
    FILES,
    PAPER,
    PAY,
    Guard,
    customer_of,
    kind_of,
    locked,
)
from rawabit.portal.queries.links import address_on_file, link_by_key, reader_of, seen_subject

CODES = tuple(code for code, _name in LANGUAGES)
LANGUAGE, CODE = "link_language", "link_code"  # cookies, each for this link's own addresses alone
SAID, SAID_AGE = "said", 300


def actor_for(link: Link) -> Actor | None:
    """The holder as an actor: one customer, the role that shows just this kind of document, no person of ours. None
    when links do not lead to this kind of record or it is gone."""
    record = link.subject
    kind = kind_of(record) if record is not None else None
    if record is None or kind is None:
        return None
    roles = MappingProxyType({customer_of(record).pk: kind.role})
    return Actor(None, str(link), "link", customer_ids=frozenset(roles), customer_roles=roles)


def actor_of_link(key: int) -> Actor | None:
    """The same for whoever knows the link's key alone (live pages); None when it is expired, revoked or gone."""
    from django.utils import timezone

    link = link_by_key(key)
    return actor_for(link) if link is not None and link.is_valid(timezone.now()) else None


class NoSession(SessionBase):
    """Stands where the session would be: empty, and forgotten with the answer."""

    def load(self) -> dict[str, Any]:
        return {}

    def exists(self, session_key: str) -> bool:
        return False

    def create(self) -> None:
        return None

    def save(self, must_create: bool = False) -> None:
        return None

    def delete(self, session_key: str | None = None) -> None:
        return None


class Said(BaseStorage):
    """Messages without a session: shown at once, or carried to the next page as a signed part of its address."""

    def __init__(self, request: HttpRequest, salt: str) -> None:
        super().__init__(request)
        self.salt = f"rawabit.link.said.{salt}"

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Message], bool]:
        try:
            told = signing.loads(self.request.GET.get(SAID, ""), salt=self.salt, max_age=SAID_AGE)
            return [Message(int(level), str(words)) for level, words in told], True
        except (signing.BadSignature, ValueError, TypeError):
            return [], True

    def _store(self, messages: Any, response: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return []

    def carried(self) -> str:
        """What was said and not shown yet, signed; "" for nothing."""
        waiting = [] if self.used else [[int(message.level), str(message.message)] for message in self._queued_messages]  # type: ignore[attr-defined]
        return signing.dumps(waiting, salt=self.salt, compress=True) if waiting else ""


def language_for(request: HttpRequest, link: Link | None) -> str:
    """As chosen on this link's pages, else the holder's, else the company's."""
    company: Any = request.company  # type: ignore[attr-defined]
    asked = (request.COOKIES.get(LANGUAGE, ""), link.holder_language if link else "")
    return next((code for code in asked if code in CODES), str(company.language))


def display_for(company: Any, language: str, reader: Any) -> Display:
    """The company's ways of writing in the holder's language, with the calendar and digits he chose as a user."""
    usual = "arabext" if language == "fa" else "latn" if company.digits == "arabext" else company.digits
    calendar, digits = (reader.calendar, reader.digits) if reader else ("", "")
    return Display(
        language, calendar or company.calendar, company.second_calendar or None, digits or usual, company.timezone,
        company.country, company.first_weekday, company.money_style, company.rial_unit,
    )  # fmt: skip


def coded_at(request: HttpRequest, link: Link) -> datetime | None:
    """When a right code was typed for this link in this browser, at most twelve hours ago."""
    try:
        kept = request.get_signed_cookie(CODE, salt=code_salt(link), max_age=CODE_VALID)
        return datetime.fromtimestamp(int(kept or ""), UTC)
    except (KeyError, signing.BadSignature, ValueError, OverflowError):
        return None


def code_salt(link: Link) -> str:
    return f"rawabit.link.code.{link.uid.hex}"


def remember_code(response: HttpResponse, request: Any, link: Link, prefix: str) -> None:
    """The proof of the code, for this link's addresses alone, out of reach of scripts."""
    response.set_signed_cookie(
        CODE, str(int(request.now.timestamp())), salt=code_salt(link), max_age=CODE_VALID, path=prefix, httponly=True,
        samesite="Lax", secure=request.is_secure(),
    )  # fmt: skip


# What a visitor must neither bring nor take away.
_SWAPPED = (
    "user", "actor", "session", "display", "theme", "density", "COOKIES", "_messages", "_cached_user", "link",
    "link_code_at", "link_prefix", "viewing", "path_info", "resolver_match", "watched", "portal_group", "LANGUAGE_CODE",
)  # fmt: skip
_GONE = object()


@contextlib.contextmanager
def visiting(request: Any, link: Link | None, prefix: str) -> Iterator[None]:
    """Within this the request is the holder's: anonymous, in his language, with addresses that begin with ``prefix``.
    Everything is put back afterwards, whatever happens."""
    before = {name: request.__dict__.get(name, _GONE) for name in _SWAPPED}
    display = display_for(request.company, language_for(request, link), reader_of(link) if link else None)
    actor = (actor_for(link) if link else None) or Actor(None, door="link")
    request.link_code_at = coded_at(request, link) if link else None
    request.user, request.actor, request.session = AnonymousUser(), actor, NoSession()
    request.COOKIES, request.theme, request.density, request.display = {}, "auto", "", display
    request.link, request.link_prefix, request.LANGUAGE_CODE = link, prefix, display.language
    request.viewing = None
    request._messages = Said(request, link.uid.hex if link else "")
    token = ACTIVE.set(display)
    try:
        with translation.override(display.language), inside(prefix):
            yield
    finally:
        ACTIVE.reset(token)
        for name, value in before.items():
            if value is _GONE:
                request.__dict__.pop(name, None)
            else:
                request.__dict__[name] = value
        request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False  # the page's forms need none, so the visitor gets none


def document_of(request: Any) -> Any:
    """The link's record as its holder may see it; None when it is gone or no longer for customers."""
    return seen_subject(request.link, request.actor)


def dress(request: Any, guard: Guard, match: ResolverMatch) -> None:
    """What the templates are told through ``request.link``: what still waits for a code (``hides_amounts``,
    ``locks``), and what the frame shows."""
    link, company, name = request.link, request.company, match.url_name or ""
    parts = (AMOUNTS, PAPER, PAY, ACCEPT, FILES)
    link.locks = {part: True for part in parts if locked(company, part, request.link_code_at, request.now)}
    link.hides_amounts = AMOUNTS in link.locks
    link.record = guard.record
    link.kind_words = WORDS.get(name) or WORDS.get(guard.kind.page, "")
    link.is_part = name in guard.kind.addresses and name != guard.kind.page
    link.back_words = WORDS.get(guard.kind.page, "")
    link.language_url, link.opened_url = reverse("link-language"), reverse("link-opened")
    link.sign_in_url = sign_in_url(guard, address_on_file(link))


WORDS: Mapping[str, Any] = {
    "portal-quotation": _("Quotation"),
    "portal-order": pgettext_lazy("portal", "Order"),
    "portal-delivery": _("Delivery note"),
    "portal-invoice": _("Invoice"),
    "portal-payment": _("Receipt voucher"),
    "portal-statement": _("Statement of account"),
}


def page_of(guard: Guard) -> str:
    """The document's own page."""
    return reverse(guard.kind.page, args=[] if guard.kind.page == "portal-statement" else [guard.record.uid])


def sign_in_url(guard: Guard, email: str) -> str:
    """The way into the whole account, and back to this document."""
    with outside():
        return f"{reverse('account_login')}?{urlencode({'email': email, 'next': page_of(guard)})}"


def hides_amounts(request: HttpRequest) -> bool:
    """Whether the page is looked at by a link that shows amounts only after a code."""
    return bool(getattr(getattr(request, "link", None), "hides_amounts", False))

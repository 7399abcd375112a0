"""From a message's row to what goes out: the words of its kind in the reader's language, a link, and the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from rawabit.billing.models import Dispute, Invoice, Payment, TransferReport
from rawabit.billing.papers import paper_of, statement_paper
from rawabit.billing.sheets import XLSX, statement_xlsx
from rawabit.company.models import Company
from rawabit.company.queries import company_now
from rawabit.crm.models import ChangeRequest, Customer
from rawabit.identity.mailing import letterhead, shown_to, site
from rawabit.kit.display import active, using
from rawabit.kit.links.actions import Holder, address_of, share
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.outbox.letters import File, Written, mail_context, one_line, plain
from rawabit.kit.outbox.models import Message
from rawabit.kit.records.actor import system
from rawabit.kit.screens.addresses import url_of
from rawabit.ledger.queries import statement
from rawabit.sales.models import Order, Quotation
from rawabit.shipping.models import Delivery
from rawabit.telling.logic.defaults import Words
from rawabit.telling.logic.filling import fill, paragraphs
from rawabit.telling.logic.kinds import KINDS, PLACEHOLDERS, Kind
from rawabit.telling.queries import customer_of, facts_of, still_wanted, words_of

PREFIX, SAMPLE = "told.", "sample."
PDF = "application/pdf"
PAGES: Mapping[type, str] = {
    Quotation: "portal-quotation", Order: "portal-order", Delivery: "portal-delivery", Invoice: "portal-invoice",
    Payment: "portal-payment", TransferReport: "portal-transfer", Dispute: "portal-dispute",
    ChangeRequest: "portal-change-request",
}  # fmt: skip
# What stands on a list alone, by its label, for it belongs to a module above.
LISTED: Mapping[str, str] = {"portal.shareddocument": "portal-documents", "crm.customer": "portal-statement"}
# Links to one document are for these; everything else is looked at in the portal.
SHARED = (Quotation, Order, Delivery, Invoice, Payment)
LINK_PURPOSE = "view"
SIGNED = "quotation_signed"  # the one kind that goes to a colleague
LABELS: Mapping[str, Any] = {"number": _("Number"), "order": pgettext_lazy("portal", "Order"), "invoice": _("Invoice")}
SAMPLE_DAY = date(2026, 3, 5)
SAMPLE_WORDS: Mapping[str, Mapping[str, str]] = {
    "ar": {
        "number": "INV-2026-00123", "order": "SO-2026-00077", "invoice": "INV-2026-00101",
        "carrier": "شركة الشحن السريع", "tracking": "SA123456789", "reason": "تأخر وصول البضاعة",
        "by": "نورة العتيبي", "what": "العقد.pdf", "customer": "شركة الأفق",
    },
    "fa": {
        "number": "INV-1404-00123", "order": "SO-1404-00077", "invoice": "INV-1404-00101",
        "carrier": "باربری تندرو", "tracking": "IR123456789", "reason": "دیر رسیدن کالا",
        "by": "سارا محمدی", "what": "قرارداد.pdf", "customer": "شرکت افق",
    },
    "en": {
        "number": "INV-2026-00123", "order": "SO-2026-00077", "invoice": "INV-2026-00101",
        "carrier": "Swift Carriers", "tracking": "GB123456789", "reason": "The goods came in late",
        "by": "Nora Smith", "what": "contract.pdf", "customer": "Horizon Ltd",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """Where the button leads. ``secret`` is the part of the address that must not be kept."""

    url: str
    secret: str = ""


def write(message: Message, at: datetime) -> Written | None:
    """The message in words, as they are now; None when it is no longer true. For ``kit.outbox``."""
    kind, record = KINDS[message.kind.removeprefix(PREFIX)], message.subject
    if record is None or not still_wanted(kind.code, record):
        return None
    way = way_to(record, message, at)
    words = words_of(kind.code, message.language)
    if message.channel == "push":
        return _notice(kind, words, record, message, way)
    return written(kind, words, record, message, way, files=_files(kind, record, message, at))


def written(
    kind: Kind, words: Words, record: Any, message: Message, way: Way, *, files: list[File] | None = None,
    facts: Mapping[str, str] | None = None,
) -> Written:  # fmt: skip
    """A mail of given words; ``facts`` for a sample."""
    company = company_now()
    with _reading(company, message):
        told = facts or {**facts_of(kind, record, message.facts), **_names(company, record, message)}
        head = letterhead(company, message.language)
        subject, body = one_line(fill(words.subject, told)), fill(words.body, told)
        context = mail_context(
            message.language, head, subject=subject, preview=_preview(body), paragraphs=paragraphs(body), body=body,
            rows=[(LABELS.get(name) or PLACEHOLDERS[name], told[name]) for name in kind.shows if told.get(name)],
            url=way.url, label=kind.button,
        )  # fmt: skip
        text = plain("telling/mail.txt", context)
        html = render_to_string("telling/mail.html", context)
    name = company.mail_from_name or head.name
    answers = company.mail_reply_to or company.email
    return Written(subject, text, html, way.url, files or [], name, answers, secret=way.secret)


def _notice(kind: Kind, words: Words, record: Any, message: Message, way: Way) -> Written:
    """Headline and one line for a device; the way leads into the portal, where a person signs in."""
    company = company_now()
    with _reading(company, message):
        told = {**facts_of(kind, record, message.facts), **_names(company, record, message)}
        rows = [told[name] for name in kind.shows if told.get(name)]
        return Written(one_line(fill(words.subject, told)), " · ".join(rows) or company.name_in(message.language),
                       url=way.url)  # fmt: skip


class _reading:
    """As the reader of a message reads: language, calendar, digits."""

    def __init__(self, company: Company, message: Message) -> None:
        reader = message.reader
        shown = shown_to(
            company, message.language, calendar=reader.get("calendar", ""), digits=reader.get("digits", "")
        )
        self._parts = (translation.override(message.language), using(shown))

    def __enter__(self) -> None:
        for part in self._parts:
            part.__enter__()

    def __exit__(self, *error: Any) -> None:
        for part in reversed(self._parts):
            part.__exit__(*error)


def _names(company: Company, record: Any, message: Message) -> dict[str, str]:
    customer = customer_of(record)
    own = company.name_in(message.language)
    return {
        "name": one_line(message.name) or own,
        "customer": customer.name_in(message.language) if customer else "",
        "company": company.trade_name or own,
    }


def _preview(body: str) -> str:
    """What a list of mails shows beside the subject: the first words after the greeting."""
    parts = paragraphs(body)
    first = parts[1] if len(parts) > 1 else parts[0] if parts else []
    return " ".join(first)[:140]


def write_sample(message: Message, at: datetime) -> Written:
    """A mail to oneself with words that are being written, of made-up facts."""
    kind = KINDS[message.kind.removeprefix(SAMPLE)]
    return sample(kind, Words(*message.facts["words"]), message)


def sample(kind: Kind, words: Words, message: Message) -> Written:
    """What a message of these words looks like. ``message`` tells language and reader; it need not be kept."""
    company = company_now()
    with _reading(company, message):
        facts = sample_facts(company, message)
    return written(kind, words, None, message, Way(site() + "/"), facts=facts)


def sample_facts(company: Company, message: Message) -> dict[str, str]:
    shown, language = active(), message.language
    day = SAMPLE_DAY
    known = {name: SAMPLE_WORDS[language][name] for name in SAMPLE_WORDS[language]}
    amounts = dict.fromkeys(
        ("total", "open", "amount", "balance"), shown.money_text(Money.of("1437.5", company.currency))
    )
    days = dict.fromkeys(("date", "due", "day", "until", "first", "last"), shown.date_medium(day))
    return {**known, **amounts, **days, **_names(company, None, message), "customer": known["customer"]}


# Where it leads


def way_to(record: Any, message: Message, at: datetime) -> Way:
    """A link to the one document for this person, the same as long as it is valid; for a device, and for what has no
    links, the page of the portal."""
    if message.kind == PREFIX + SIGNED:
        reverse("desk")  # builds the addresses, which a worker has not done yet
        return Way(settings.BASE_URL.rstrip("/") + url_of(record))
    by_link = isinstance(record, SHARED) or message.kind == f"{PREFIX}link_renewed"
    if message.channel == "push" or not by_link:
        return Way(_portal(record))
    company = company_now()
    holder = Holder(
        message.name, message.address, message.reader.get("phone", "") or "", message.language,
        message.reader.get("contact"), message.user_id,
    )  # fmt: skip
    link = share(record, purpose=LINK_PURPOSE, holder=holder, days=company.link_days, actor=system(), at=at)
    url = address_of(link)
    return Way(url, url.rstrip("/").rpartition("/")[2])


def portal_path(record: Any) -> str:
    """The record's own page in the portal, else the portal's first page."""
    name = PAGES.get(type(record))
    try:
        if listed := LISTED.get(record._meta.label_lower):
            return reverse(listed)
        return reverse(name, args=[record.uid]) if name else reverse("portal-home")
    except NoReverseMatch:
        return "/portal/"


def _portal(record: Any) -> str:
    return site() + portal_path(record)


# What is attached


def _files(kind: Kind, record: Any, message: Message, at: datetime) -> list[File]:
    if not kind.paper:
        return []
    if kind.code == "statement" and isinstance(record, Customer):
        first, last = (date.fromisoformat(message.facts[name]) for name in ("first", "last"))
        code = message.facts.get("currency", "")
        paper = statement_paper(record, first, last, languages=(message.language,), at=at, currency=code)
        return [File(paper.name, paper.content, PDF), _workbook(record, first, last, code, message)]
    if isinstance(record, SHARED):
        paper = paper_of(record, at=at)
    else:
        return []
    return [File(paper.name, paper.content, PDF)]


def _workbook(customer: Customer, first: date, last: date, code: str, message: Message) -> File:
    """The same statement to reckon with, in the reader's language."""
    with _reading(company_now(), message):
        book = statement_xlsx(statement(customer, code or customer.currency, first, last))
    return File(f"statement-{customer.code}-{first}-{last}.xlsx", book, XLSX)

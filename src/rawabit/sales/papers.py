"""Quotations and order confirmations on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rawabit.company.models import Company
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.paper.pictures import strokes_svg
from rawabit.kit.paper.sheet import Fact, Paper, Sheet, Sign
from rawabit.kit.paper.writing import Writer, ltr, user
from rawabit.sales.logic.signing import DRAWN, HEIGHT, WIDTH, path_of
from rawabit.sales.logic.states import CANCELLED, DECLINED, EXPIRED, ORDER, QUOTATION, SUPERSEDED, WITHDRAWN
from rawabit.sales.models import Acceptance, Order, Quotation
from rawabit.sales.queries import acceptances_of
from rawabit.trade.papers import (
    bank_box,
    buyers_of,
    currency_fact,
    day_fact,
    fact,
    finished,
    key_of,
    languages_of,
    line_columns,
    line_rows,
    party_group,
    sellers_of,
    sheet_of,
    text_blocks,
    total_rows,
    writer_of,
)

METHODS = dict(Acceptance.METHODS)
DEAD = (DECLINED, EXPIRED, SUPERSEDED, WITHDRAWN)


def quotation_paper(record: Quotation, company: Company, languages: Sequence[str] | None, at: datetime) -> Paper:
    """The offer, with its options and until when it holds."""
    writer = writer_of(company, languages_of(company, record.customer, languages))
    mark = QUOTATION.states[record.state].label if record.state in DEAD else None
    facts = [*day_fact(writer, _("Valid until"), record.valid_until), *_version(writer, record)]
    sheet = _sheet(
        writer, record, company, heading=_("Quotation"), facts=facts, mark=mark, signs=_signs(writer, record)
    )
    return finished(sheet, writer, key=key_of(record))


def _signs(writer: Writer, record: Quotation) -> list[Sign]:
    """The signatures that were given, each with how and when; without any, the places to sign by hand."""
    given = acceptances_of(record)
    if not given:
        return [
            Sign(writer.label(_("Accepted by")), user(record.decided_by) if record.state == "accepted" else ""),
            Sign(writer.label(_("Signature and date"))),
        ]
    return [_signature(writer, one) for one in given]


def _signature(writer: Writer, one: Acceptance) -> Sign:
    """A name, the drawing, and the digest that says which contents were signed."""
    title = f" · {user(one.title)}" if one.title else ""
    how = writer.label(METHODS[one.method])[0]
    below = [f"{how} · {writer.moment(one.at)}", ltr(one.verified_address), ltr(one.digest[:16])]
    path = path_of(one.strokes) if one.method == DRAWN else ""
    picture = strokes_svg(path, WIDTH, HEIGHT) if path else ""
    return Sign(writer.label(_("Accepted by")), user(one.name) + title, [text for text in below if text], picture)


def _version(writer: Writer, record: Quotation) -> list[Fact]:
    if record.edition < 2:
        return []
    return fact(writer, pgettext_lazy("quotation", "Version"), writer.number(record.edition))


def order_paper(record: Order, company: Company, languages: Sequence[str] | None, at: datetime) -> Paper:
    """What was ordered and promised."""
    writer = writer_of(company, languages_of(company, record.customer, languages))
    mark = ORDER.states[record.state].label if record.state == CANCELLED else None
    facts = day_fact(writer, _("Expected delivery"), record.promised_date)
    if record.quotation_id and record.quotation:
        facts += fact(writer, _("Quotation"), ltr(record.quotation.number))
    place = record.deliver_to or (str(record.delivery_address) if record.delivery_address_id else "")
    sheet = _sheet(
        writer, record, company, heading=_("Order confirmation"), facts=facts, mark=mark,
        more_blocks=((_("Delivery address"), place),),
    )  # fmt: skip
    return finished(sheet, writer, key=key_of(record))


def _sheet(
    writer: Writer, record: Any, company: Company, *, heading: Any, facts: Sequence[Fact], mark: Any = None,
    signs: Sequence[Sign] = (), more_blocks: Sequence[tuple[Any, str]] = (),
) -> Sheet:  # fmt: skip
    seller = sellers_of(record, company)
    lines = list(record.lines.order_by("position"))
    total = record.money("total")
    return sheet_of(
        writer, company, seller, heading=heading, number=record.number, day=record.date, draft=record.state == "draft",
        mark=mark,
        facts=[
            *day_fact(writer, _("Date"), record.date), *facts,
            *fact(writer, _("Customer purchase order"), user(record.customer_reference)),
            *fact(writer, pgettext_lazy("role", "Sales representative"), user(_name(record.owner))),
            *currency_fact(writer, record.currency),
        ],
        parties=[party_group(_("Seller"), seller, writer), party_group(_("Buyer"), buyers_of(record), writer)],
        columns=line_columns(writer, lines, taxes=False), rows=line_rows(writer, lines, record.currency, taxes=False),
        totals=total_rows(writer, record), words_label=writer.label(_("Amount in words")), words=writer.in_words(total),
        boxes=bank_box(seller, writer, record.number),
        blocks=text_blocks(
            writer, *more_blocks, (_("Note"), record.note), (_("Terms and conditions"), record.terms)
        ),
        signs=signs,
    )  # fmt: skip


def _name(person: Any) -> str:
    return str(person.full_name) if person else ""

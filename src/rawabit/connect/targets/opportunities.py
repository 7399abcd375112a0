"""Opportunities, open and decided ones, with their pipelines, stages and the road that they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from rawabit.catalog.models import Item
from rawabit.connect.logic.amounts import exact_minor
from rawabit.connect.logic.reasons import Rejected
from rawabit.connect.logic.units import Unit
from rawabit.connect.targets.base import Batch, Writer, day_in, given, text
from rawabit.connect.targets.lookups import by_key, label_of, one_of, people, values_of
from rawabit.connect.targets.stages import Stages, chosen, named_in_any_language
from rawabit.crm.models import Contact, Customer
from rawabit.identity.models import User
from rawabit.kit.importing import EntitySpec, FieldSpec
from rawabit.kit.money import Money
from rawabit.pipeline.actions.opening import FIRST_STEP, FIRST_STEP_DAYS, opportunity_key
from rawabit.pipeline.logic.states import LOST, OPEN, WON
from rawabit.pipeline.models import LostReason, Opportunity, OpportunityLine, Source, StageMove
from rawabit.trade.logic.totals import LineAmounts, line_net

SPEC = EntitySpec(
    "opportunity",
    (
        FieldSpec("external_id", required=True, limit=60),
        FieldSpec("number", limit=60),
        FieldSpec("title", limit=200),
        FieldSpec("customer", limit=200),
        FieldSpec("contact", limit=200),
        FieldSpec("owner", limit=254),
        FieldSpec("source", limit=200),
        FieldSpec("pipeline", limit=200),
        FieldSpec("stages", limit=1000),
        FieldSpec("stage", limit=200),
        FieldSpec("state", "choice", choices=(OPEN, WON, LOST)),
        FieldSpec("currency", limit=3),
        FieldSpec("value", "decimal", places=3),
        FieldSpec("probability", "integer"),
        FieldSpec("item", limit=200),
        FieldSpec("quantity", "decimal", places=3),
        FieldSpec("opened_on", "date"),
        FieldSpec("closed_on", "date"),
        FieldSpec("expected_close", "date"),
        FieldSpec("next_step", limit=200),
        FieldSpec("next_on", "date"),
        FieldSpec("lost_reason", limit=200),
        FieldSpec("competitor", limit=200),
        FieldSpec("description", limit=10_000),
    ),
)
LOST_REASON = "lost_reason"
NOT_STATED = {"name": "Not stated", "name_en": "Not stated", "name_ar": "غير مذكور", "name_fa": "گفته نشده"}
NOON = time(12)


@dataclass(slots=True)
class _Desk:
    customers: dict[str, int]
    customer_rows: dict[int, Any]
    contacts: dict[str, int]
    contact_rows: dict[int, Any]
    owners: dict[str, int]
    items: dict[str, int]
    item_names: dict[int, str]
    sources: dict[str, Any]
    stages: Stages
    taken: set[str]


class OpportunityWriter(Writer):
    entity = SPEC
    model = Opportunity
    permission = "pipeline.import_opportunity"

    def write(self, units: Sequence[Unit], batch: Batch) -> None:
        for unit in units:
            try:
                unit.amount = _worth(unit, batch)
                unit.state = text(unit.values, "state") or OPEN
                blank = unit.values.get("customer", "") in ("", None)
                unit.lacks = ("customer",) if blank else ()
                unit.stage = text(unit.values, "stage") if unit.state == OPEN else ""
            except Rejected as rejected:
                unit.fail(rejected.reason)
        super().write([unit for unit in units if unit.reason is None], batch)

    def prepare(self, units: list[Unit], batch: Batch) -> _Desk:
        customers = by_key(batch, "customer", Customer, "code", values_of(units, "customer"))
        contacts = {k: ref.pk for k, ref in batch.known.find("contact", values_of(units, "contact")).items()}
        items = by_key(batch, "item", Item, "sku", values_of(units, "item"))
        numbers = [number_of(unit) for unit in units]
        return _Desk(
            customers, Customer.objects.in_bulk(customers.values()), contacts,
            Contact.objects.in_bulk(contacts.values()), people(batch, values_of(units, "owner")), items,
            dict(Item.objects.filter(pk__in=items.values()).values_list("pk", "name")),
            named_in_any_language(batch, Source), Stages(batch, units),
            set(Opportunity.objects.filter(number__in=numbers).values_list("number", flat=True)),
        )  # fmt: skip

    def build(self, unit: Unit, batch: Batch, desk: _Desk) -> Opportunity:
        values = unit.values
        stage = desk.stages.of(unit)
        assert unit.amount is not None
        made = Opportunity(
            number=_number(unit, desk), stage=stage, pipeline=stage.pipeline, state=unit.state, currency=unit.amount[0],
            value=unit.amount[1], probability=_probability(unit), origin=unit.name,
            opened_on=day_in(values, "opened_on") or batch.as_of, created_at=batch.at, updated_at=batch.at,
            **given(values, "competitor", "description"),
        )  # fmt: skip
        made.customer = _row(Customer, desk.customer_rows, one_of(desk.customers, unit, "customer", _called(Customer)))
        made.contact = _row(Contact, desk.contact_rows, one_of(desk.contacts, unit, "contact", _called(Contact)))
        made.owner_id = one_of(desk.owners, unit, "owner", _called(User))
        made.source = chosen(desk.sources, unit, "source", _called(Source))
        unit.work = one_of(desk.items, unit, "item", _called(Item))
        made.title = _title(unit, made, desk)
        _time(made, unit, batch, desk)
        made.search_text = opportunity_key(made)
        return made

    def attach(self, made: list[tuple[Unit, Any]], batch: Batch, desk: _Desk) -> None:
        OpportunityLine.objects.bulk_create([line for unit, deal in made if (line := _line(unit, deal, desk))])
        StageMove.objects.bulk_create([move for _unit, deal in made for move in _moves(deal, batch)])


def _called(model: Any) -> Any:
    return model._meta.verbose_name


def _row(model: Any, rows: dict[int, Any], pk: int | None) -> Any:
    """The record itself; in a rehearsal only its key is left of one that an earlier batch would have made."""
    return None if pk is None else rows.get(pk) or model(pk=pk)


def number_of(unit: Unit) -> str:
    """The number here: what the map says, else the key in the source."""
    return (text(unit.values, "number") or unit.name)[:60]


def _number(unit: Unit, desk: _Desk) -> str:
    number = number_of(unit)
    if number in desk.taken:
        raise Rejected("document.number_taken", document=number)
    desk.taken.add(number)
    return number


def _worth(unit: Unit, batch: Batch) -> tuple[str, int]:
    currency = text(unit.values, "currency").upper() or batch.company.currency
    value = unit.values.get("value")
    if value is not None and Decimal(str(value)) < 0:
        raise Rejected("record.invalid", column=label_of(unit, "value"), value=value, reason="≥ 0")
    return currency, 0 if value is None else exact_minor(value, currency, label_of(unit, "value"))


def _probability(unit: Unit) -> int | None:
    chance = unit.values.get("probability")
    if chance is None:
        return None
    if not 0 <= int(str(chance)) <= 100:
        raise Rejected("record.invalid", column=label_of(unit, "probability"), value=chance, reason="0–100")
    return int(str(chance))


def _title(unit: Unit, deal: Opportunity, desk: _Desk) -> str:
    """As the file says, else what is wanted and by whom."""
    item = desk.item_names.get(unit.work, "") or text(unit.values, "item")
    who = deal.customer.name or text(unit.values, "customer") if deal.customer else ""
    parts = [part for part in (item, who) if part]
    return (text(unit.values, "title") or " – ".join(parts) or deal.number)[:200]


def _time(deal: Opportunity, unit: Unit, batch: Batch, desk: _Desk) -> None:
    """What is decided has a day and needs no next step; what is open has a next step."""
    values, closed = unit.values, day_in(unit.values, "closed_on")
    if deal.state == OPEN:
        deal.expected_close = day_in(values, "expected_close") or closed
        deal.next_step = text(values, "next_step") or str(FIRST_STEP)
        deal.next_on = day_in(values, "next_on") or batch.as_of + timedelta(days=FIRST_STEP_DAYS)
    elif closed is None:
        raise Rejected("value.missing", column=label_of(unit, "closed_on"), value="")
    else:
        deal.closed_on, deal.expected_close = closed, day_in(values, "expected_close")
    if deal.state == LOST:
        deal.lost_reason = _reason(text(values, "lost_reason"), batch)
    deal.stage_since = deal.touched_at = _moment(deal.closed_on or deal.opened_on, batch)


def _moment(day: date, batch: Batch) -> datetime:
    return datetime.combine(day, NOON, ZoneInfo(batch.company.timezone))


def _reason(name: str, batch: Batch) -> LostReason:
    """A reason by its name in any language; one that is not there yet is made and goes with the undo."""
    found = named_in_any_language(batch, LostReason)
    names = {"name": name} if name else NOT_STATED
    key = names["name"].casefold()
    if key not in found:
        made = LostReason.objects.create(created_at=batch.at, updated_at=batch.at, **names)
        batch.made_aside(LOST_REASON, names["name"], made.pk)
        found[key] = made
    reason: LostReason = found[key]
    return reason


def _line(unit: Unit, deal: Opportunity, desk: _Desk) -> OpportunityLine | None:
    """What is wanted, worth what the deal is worth. A quantity that does not come to that: one piece."""
    if unit.work is None:
        return None
    worth = Money(deal.value, deal.currency).amount
    quantity = Decimal(str(unit.values.get("quantity") or 1))
    price = round(worth / quantity, 6) if quantity > 0 else Decimal(0)
    if quantity <= 0 or line_net(LineAmounts(quantity, price), deal.currency).minor != deal.value:
        quantity, price = Decimal(1), worth
    title = desk.item_names.get(unit.work, "") or text(unit.values, "item")
    return OpportunityLine(
        opportunity=deal, position=1, item_id=unit.work, title=title, quantity=quantity, unit_price=price,
        net=deal.value,
    )  # fmt: skip


def _moves(deal: Opportunity, batch: Batch) -> list[StageMove]:
    """It entered its stage on the day it was opened, and was decided on the day it was closed."""
    place: dict[str, Any] = {"opportunity": deal, "to_stage": deal.stage, "currency": deal.currency}
    moves = [StageMove(from_stage=None, state=OPEN, value=deal.value, at=_moment(deal.opened_on, batch), **place)]
    if deal.state != OPEN:
        moves.append(StageMove(from_stage=deal.stage, state=deal.state, value=deal.value, at=deal.touched_at, **place))
    return moves

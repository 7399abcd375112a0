"""Opportunities: begun, changed, with their lines and people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import ModelForm

from rawabit.company.actions import next_document_number
from rawabit.company.queries import company_now, local_day
from rawabit.crm.models import Contact, Customer
from rawabit.crm.policies import may_on, require_on
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock, save_form, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text, search_key
from rawabit.pipeline.logic.states import OPEN, OPPORTUNITY
from rawabit.pipeline.models import (
    Opportunity,
    OpportunityContact,
    OpportunityLine,
    OpportunityPartner,
    Pipeline,
    Stage,
    StageMove,
)
from rawabit.trade.logic.lines import SECTION, LineInput, LineProblem, LineProblems, PricedLine
from rawabit.trade.logic.totals import line_net
from rawabit.trade.queries import price_rows

FIRST_STEP = _("First contact")
FIRST_STEP_DAYS = 2


def opportunity_key(opportunity: Opportunity) -> str:
    """What an opportunity is found by: number, title, the customer's names, the contact's name."""
    customer, contact = opportunity.customer, opportunity.contact
    names = (customer.name, customer.name_ar, customer.name_fa, customer.name_en, customer.code) if customer else ()
    people = (contact.full_name, contact.name_en) if contact else ()
    return search_key(opportunity.number, opportunity.title, *names, *people)


@transaction.atomic
def open_opportunity(opportunity: Opportunity, *, actor: Actor, at: datetime) -> Opportunity:
    """Begin a deal from an unsaved row: title and whatever else is known. It gets a number, the first stage of its
    pipeline, an owner, and a next step when it has none."""
    actor.require("pipeline.add_opportunity")
    _require_customer_seen(opportunity.customer, actor)
    begin(opportunity, actor, at)
    opportunity.save()
    _tell_begun(opportunity, actor, at)
    return opportunity


@transaction.atomic
def save_opportunity(
    form: ModelForm[Opportunity], *, actor: Actor, at: datetime, seen_version: int | None = None
) -> Opportunity:
    """Begin a deal from a form, or change one."""
    opportunity = form.instance
    _require_customer_seen(opportunity.customer, actor)
    if opportunity.contact is not None:
        require_contact_seen(opportunity.contact, actor)
    if opportunity.pk is None:
        actor.require("pipeline.add_opportunity")
        begin(opportunity, actor, at)
        saved = save_form(form, actor=actor, at=at)
        note_move(saved, None, at)
        return saved
    before = Opportunity.objects.get(pk=opportunity.pk)
    require_on(actor, "pipeline.change_opportunity", before)
    opportunity.search_text = opportunity_key(opportunity)
    opportunity.touched_at = at
    if opportunity.lines.exists():
        opportunity.value = before.value  # the lines say what it is worth
    return save_form(form, actor=actor, at=at, seen_version=seen_version)


def begin(opportunity: Opportunity, actor: Actor, at: datetime) -> None:
    """Fill in what a new deal takes from customer, pipeline and company; the caller saves."""
    customer, today = opportunity.customer, local_day(at)
    if opportunity.pipeline_id is None:
        opportunity.pipeline = usual_pipeline()
    if opportunity.stage_id is None or opportunity.stage.pipeline_id != opportunity.pipeline_id:
        opportunity.stage = first_stage(opportunity.pipeline)
    opportunity.owner_id = opportunity.owner_id or actor.user_id or (customer.owner_id if customer else None)
    opportunity.currency = opportunity.currency or (customer.currency if customer else company_now().currency)
    opportunity.number = opportunity.number or next_document_number("opportunity", today)
    opportunity.opened_on = opportunity.opened_on or today
    opportunity.created_at = opportunity.updated_at = opportunity.stage_since = opportunity.touched_at = at
    if not opportunity.next_step and opportunity.state == OPEN:
        opportunity.next_step = str(FIRST_STEP)
        opportunity.next_on = opportunity.next_on or today + timedelta(days=FIRST_STEP_DAYS)
    opportunity.search_text = opportunity_key(opportunity)


def _tell_begun(opportunity: Opportunity, actor: Actor, at: datetime) -> None:
    note_move(opportunity, None, at)
    customer = opportunity.customer.name if opportunity.customer else ""
    emit("opportunity.created", opportunity, actor=actor, at=at, name=opportunity.title, customer=customer)


def note_move(opportunity: Opportunity, before: Stage | None, at: datetime) -> None:
    """Keep the step in the ledger of moves."""
    StageMove.objects.create(
        opportunity=opportunity, from_stage=before, to_stage=opportunity.stage, state=opportunity.state,
        value=opportunity.value, currency=opportunity.currency, at=at,
    )  # fmt: skip


def require_open(opportunity: Opportunity) -> None:
    if opportunity.state != OPEN:
        words = _("This opportunity is decided: %(state)s. Open it again to change it.")
        raise Refused(words % {"state": OPPORTUNITY.states[opportunity.state].label})


def usual_pipeline() -> Pipeline:
    pipeline: Pipeline | None = Pipeline.objects.filter(is_active=True).order_by("-is_default", "pk").first()
    if pipeline is None:
        raise Refused(_("Set up a pipeline first."))
    return pipeline


def first_stage(pipeline: Pipeline) -> Stage:
    stage: Stage | None = pipeline.stages.order_by("position", "pk").first()
    if stage is None:
        raise Refused(_("This pipeline has no stages yet."))
    return stage


def require_contact_seen(contact: Contact, actor: Actor) -> None:
    if not Contact.objects.visible_to(actor).filter(pk=contact.pk).exists():
        raise PermissionDenied("crm.view_contact")


def _require_customer_seen(customer: Customer | None, actor: Actor) -> None:
    if customer is not None and not may_on(actor, "crm.view_customer", customer):
        raise PermissionDenied("crm.view_customer")


@transaction.atomic
def set_customer(
    opportunity: Opportunity, customer: Customer, contact: Contact | None = None, *, actor: Actor, at: datetime
) -> Opportunity:
    """Say whose deal it is, and with whom there it is talked about (None: as before)."""
    opportunity = lock(opportunity)
    require_on(actor, "pipeline.change_opportunity", opportunity)
    _require_customer_seen(customer, actor)
    if opportunity.customer_id == customer.pk and contact is None:
        return opportunity
    before = opportunity.customer.name if opportunity.customer else ""
    opportunity.customer, opportunity.contact = customer, contact or opportunity.contact
    opportunity.owner_id = opportunity.owner_id or customer.owner_id
    opportunity.search_text = opportunity_key(opportunity)
    opportunity.touched_at = at
    touch(opportunity, at)
    opportunity.save(
        update_fields=["customer", "contact", "owner", "search_text", "touched_at", "version", "updated_at"]
    )
    emit("opportunity.changed", opportunity, actor=actor, at=at, changes={"customer": [before, customer.name]})
    return opportunity


# Lines


@transaction.atomic
def set_lines(
    opportunity: Opportunity,
    rows: Sequence[LineInput],
    *,
    seen_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> Opportunity:
    """Write what is wanted anew; the value becomes what the lines come to before tax. No rows: the value stays as it
    is. :class:`LineProblems` says all that is wrong. Refused when the deal is another than was seen."""
    opportunity = lock(opportunity)
    require_on(actor, "pipeline.change_opportunity", opportunity)
    require_open(opportunity)
    if seen_version is not None and seen_version != opportunity.version:
        raise Refused(_("Somebody has changed this opportunity meanwhile. Open it again, so that nothing is lost."))
    if any(row.section for row in rows):
        raise LineProblems([LineProblem(0, "title", _("An opportunity has no sections."))])
    priced = price_rows(_Asking(opportunity, at), rows) if rows else []  # type: ignore[arg-type]
    lines = [_line(opportunity, place, line) for place, line in enumerate(priced, 1)]
    opportunity.lines.all().delete()
    OpportunityLine.objects.bulk_create(lines)
    if lines:
        opportunity.value = sum(line.net for line in lines)
    touch(opportunity, at)
    opportunity.touched_at = at
    opportunity.save(update_fields=["value", "version", "updated_at", "touched_at"])
    emit("opportunity.lines_changed", opportunity, actor=actor, at=at, lines=len(lines), total=opportunity.value,
         currency=opportunity.currency)  # fmt: skip
    return opportunity


class _Asking:
    """What the price list is asked with: a deal has no date and no language of its own, and may have no customer."""

    def __init__(self, opportunity: Opportunity, at: datetime) -> None:
        company = company_now()
        self.customer: Any = opportunity.customer or Customer(currency=opportunity.currency)
        self.currency = opportunity.currency
        self.date = local_day(at, company)
        self.language = opportunity.customer.language if opportunity.customer else company.language


def _line(opportunity: Opportunity, place: int, line: PricedLine) -> OpportunityLine:
    assert line.kind != SECTION
    return OpportunityLine(
        opportunity=opportunity, position=place, item_id=line.item_id, title=line.title, quantity=line.quantity,
        unit_price=line.unit_price, discount_percent=line.discount_percent,
        net=line_net(line.amounts, opportunity.currency).minor,
    )  # fmt: skip


# People and partners


@transaction.atomic
def add_person(opportunity: Opportunity, contact: Contact, role: str, *, actor: Actor, at: datetime) -> None:
    """A person has a say in the deal; adding again changes the role."""
    opportunity = lock(opportunity)
    require_on(actor, "pipeline.change_opportunity", opportunity)
    require_contact_seen(contact, actor)
    if role not in dict(OpportunityContact.ROLES):
        raise Refused(_("Choose a role."))
    OpportunityContact.objects.update_or_create(opportunity=opportunity, contact=contact, defaults={"role": role})
    emit("opportunity.person_added", opportunity, actor=actor, at=at, contact_id=contact.pk, name=contact.full_name,
         role=role)  # fmt: skip


@transaction.atomic
def remove_person(opportunity: Opportunity, contact_id: int, *, actor: Actor, at: datetime) -> None:
    """No longer. Nothing happens when he was not."""
    opportunity = lock(opportunity)
    require_on(actor, "pipeline.change_opportunity", opportunity)
    if opportunity.people.filter(contact=contact_id).delete()[0]:
        emit("opportunity.person_removed", opportunity, actor=actor, at=at, contact_id=contact_id)


@transaction.atomic
def add_partner(
    opportunity: Opportunity, partner: Customer, role: str, share: Decimal, *, actor: Actor, at: datetime
) -> None:
    """The deal is pursued together with a partner; the shares of all partners come to 100 per cent at most."""
    opportunity = lock(opportunity)
    require_on(actor, "pipeline.change_opportunity", opportunity)
    _require_customer_seen(partner, actor)
    if partner.kind != Customer.PARTNER:
        raise Refused(_("Choose a partner."))
    others = opportunity.partners.exclude(partner=partner).values_list("share", flat=True)
    if share < 0 or sum(others, share) > 100:
        raise Refused(_("The partners' shares cannot come to more than 100 per cent."))
    OpportunityPartner.objects.update_or_create(
        opportunity=opportunity, partner=partner,
        defaults={"role": clean_user_text(role).strip()[:100], "share": share},
    )  # fmt: skip
    emit("opportunity.partner_added", opportunity, actor=actor, at=at, customer_id=partner.pk, name=partner.name)


@transaction.atomic
def remove_partner(opportunity: Opportunity, partner_id: int, *, actor: Actor, at: datetime) -> None:
    """No longer together. Nothing happens when they were not."""
    opportunity = lock(opportunity)
    require_on(actor, "pipeline.change_opportunity", opportunity)
    if opportunity.partners.filter(partner=partner_id).delete()[0]:
        emit("opportunity.partner_removed", opportunity, actor=actor, at=at, customer_id=partner_id)

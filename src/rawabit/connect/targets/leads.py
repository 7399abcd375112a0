"""Leads: cleaned, scored and given to somebody as one typed in at the desk; known people are not doubled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower

from rawabit.connect.logic.reasons import Reason, Rejected
from rawabit.connect.logic.units import MATCHED, Unit
from rawabit.connect.targets.base import Batch, Found, Writer, day_in, given, text
from rawabit.connect.targets.customers import country_of, phone_of
from rawabit.connect.targets.lookups import one_of, people, values_of
from rawabit.connect.targets.stages import chosen, named_in_any_language
from rawabit.crm.models import LANGUAGES, Contact, Territory
from rawabit.identity.models import User
from rawabit.kit.importing import EntitySpec, FieldSpec
from rawabit.kit.records.actions import touch
from rawabit.kit.states import Refused
from rawabit.leads.actions import create_lead
from rawabit.leads.actions.creating import clean
from rawabit.leads.logic.states import OPEN
from rawabit.leads.models import PRIORITIES, Lead
from rawabit.pipeline.models import Source

REPORT, SKIP, ATTACH = "report", "skip", "attach"
WORDS = ("name", "company_name", "job_title", "email", "website", "official_number", "city", "interest")
SPEC = EntitySpec(
    "lead",
    (
        FieldSpec("external_id", required=True, limit=250),
        FieldSpec("name", limit=200),
        FieldSpec("company_name", limit=200),
        FieldSpec("job_title", limit=100),
        FieldSpec("email", limit=254),
        FieldSpec("phone", limit=40),
        FieldSpec("website", limit=200),
        FieldSpec("official_number", limit=40),
        FieldSpec("country", limit=2),
        FieldSpec("city", limit=100),
        FieldSpec("language", "choice", choices=tuple(code for code, _label in LANGUAGES)),
        FieldSpec("interest", limit=10_000),
        FieldSpec("source", limit=200),
        FieldSpec("campaign", limit=200),
        FieldSpec("territory", limit=200),
        FieldSpec("owner", limit=254),
        FieldSpec("priority", "choice", choices=tuple(code for code, _label in PRIORITIES)),
        FieldSpec("next_step", limit=200),
        FieldSpec("next_on", "date"),
        FieldSpec("duplicates", "choice", choices=(REPORT, SKIP, ATTACH)),
    ),
)
ADDRESS = "lead_address"  # under which a run remembers who its rows were; never a reference of the database


@dataclass(slots=True)
class _Desk:
    owners: dict[str, int]
    sources: dict[str, Any]
    territories: dict[str, Any]


class LeadWriter(Writer):
    entity = SPEC
    model = Lead
    permission = "leads.import_lead"

    def write(self, units: Sequence[Unit], batch: Batch) -> None:
        """Who is here already is reported, passed over, or told what the row says; the others are new."""
        here = batch.known.find(self.entity.name, (unit.key for unit in units))
        fresh = [unit for unit in units if unit.key not in here]
        for unit in fresh:
            _tidy(unit, batch)
        known = _Known(batch, [unit for unit in fresh if unit.reason is None])
        met: list[tuple[Unit, Any]] = []
        for unit in fresh:
            if unit.reason is None and (found := known.who(unit)) is not None:
                met.append((unit, found))
            elif unit.reason is None:
                known.remember(unit, unit)
        mine = {id(unit) for unit, _found in met}
        super().write([unit for unit in units if id(unit) not in mine and unit.reason is None], batch)
        for unit, found in met:
            self._meet(unit, found, batch)

    def _meet(self, unit: Unit, found: Any, batch: Batch) -> None:
        way = text(unit.values, "duplicates") or REPORT
        record = found.work if isinstance(found, Unit) else found
        if way == REPORT:
            unit.fail(Reason("lead.known", {"lead": str(record or unit.name)}))
            return
        unit.outcome = MATCHED
        if way == ATTACH and isinstance(record, Lead) and record.pk and (interest := text(unit.values, "interest")):
            _add_interest(record, interest, batch)

    def prepare(self, units: list[Unit], batch: Batch) -> _Desk:
        territories = {row.name.casefold(): row for row in Territory.objects.order_by("-pk")}
        return _Desk(
            people(batch, values_of(units, "owner")), named_in_any_language(batch, Source), territories
        )  # fmt: skip

    def build(self, unit: Unit, batch: Batch, desk: _Desk) -> Lead:
        lead: Lead = unit.work
        lead.owner_id = one_of(desk.owners, unit, "owner", User._meta.verbose_name)
        lead.source = chosen(desk.sources, unit, "source", Source._meta.verbose_name)
        lead.territory = chosen(desk.territories, unit, "territory", Territory._meta.verbose_name)
        return lead

    def keep(self, made: list[tuple[Unit, Any]], batch: Batch) -> None:
        """One by one: the rules of assignment look at what was given before."""
        for _unit, lead in made:
            lead.version = create_lead(lead, actor=batch.actor, at=batch.at).version
            for address in _addresses(lead.email, lead.phone):
                batch.known.add(ADDRESS, address, Found(lead.pk, batch.run.pk))


def _tidy(unit: Unit, batch: Batch) -> None:
    """The unsaved lead of a row, as :func:`create_lead` will keep it."""
    values = unit.values
    try:
        country = country_of(unit, batch)
        lead = Lead(
            country=country if text(values, "country") else "", phone=phone_of(unit, "phone", country),
            source_detail=text(values, "campaign"),
            next_on=day_in(values, "next_on"), **given(values, *WORDS, "language", "priority", "next_step"),
        )  # fmt: skip
        if not text(values, "language"):
            lead.language = batch.company.language
        clean(lead)
        unit.work = lead
    except Refused as refusal:
        unit.fail(Reason("record.refused", {"reason": str(refusal)}))
    except Rejected as rejected:
        unit.fail(rejected.reason)


def _addresses(email: str, phone: str) -> list[str]:
    return [mark + part.lower() for mark, part in (("e:", email), ("p:", phone)) if part]


class _Known:
    """Open leads and known contacts by e-mail and phone, looked up for a whole batch at once; rows of the file that
    came before count as well, also in a rehearsal, which keeps nothing."""

    def __init__(self, batch: Batch, units: Sequence[Unit]) -> None:
        self._found: dict[str, Any] = {}
        leads = [unit.work for unit in units]
        emails = {lead.email.lower() for lead in leads} - {""}
        phones = {lead.phone for lead in leads} - {""}
        earlier = batch.known.find(ADDRESS, {a for lead in leads for a in _addresses(lead.email, lead.phone)})
        self._found |= {address: Lead(pk=ref.pk, name=address[2:]) for address, ref in earlier.items()}
        for person in _with(Contact.objects.filter(is_active=True), emails, Q(phone__in=phones) | Q(mobile__in=phones)):
            self._put(person, person.email, (person.phone, person.mobile))
        for lead in _with(Lead.objects.filter(state__in=OPEN), emails, Q(phone__in=phones)):
            self._put(lead, lead.email, (lead.phone,))

    def _put(self, record: Any, email: str, phones: Iterable[str]) -> None:
        for phone in phones:
            self._found |= dict.fromkeys(_addresses(email, phone), record)

    def who(self, unit: Unit) -> Any:
        """The record (or the earlier row) that has this address or number; None for somebody new."""
        lead: Lead = unit.work
        return next((self._found[a] for a in _addresses(lead.email, lead.phone) if a in self._found), None)

    def remember(self, unit: Unit, record: Any) -> None:
        lead: Lead = unit.work
        self._found |= dict.fromkeys(_addresses(lead.email, lead.phone), record)


def _with(rows: Any, emails: set[str], phones: Q) -> Any:
    return rows.annotate(_email=Lower("email")).filter(Q(_email__in=emails) | phones).order_by("pk")


def _add_interest(lead: Lead, interest: str, batch: Batch) -> None:
    """What the row says is added to the lead that is here; twice the same words are said once."""
    held = Lead.objects.select_for_update().filter(pk=lead.pk).first()
    if held is None or interest in held.interest:
        return
    held.interest = f"{held.interest}\n{interest}".strip()[:20_000]
    held.touched_at = batch.at
    touch(held, batch.at)
    held.save(update_fields=["interest", "touched_at", "version", "updated_at"])

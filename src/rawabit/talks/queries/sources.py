"""Of which records a timeline tells, and which of their events. The modules above talks are added by the composition
root, for talks may not look upwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet

from rawabit.crm.models import Affiliation, Contact, Customer
from rawabit.kit.records.actor import Actor
from rawabit.leads.models import Lead
from rawabit.pipeline.models import Opportunity

OfCustomer = Callable[[Customer], models.Q]


def by_key(customer: Customer) -> models.Q:
    return models.Q(customer=customer.pk)


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of record of which the timeline tells the ``events``; ``of`` finds those of a customer."""

    model: type[Any]
    events: frozenset[str]
    of: OfCustomer = by_key

    def rows(self, customer: Customer, actor: Actor) -> QuerySet[Any]:
        """The customer's records of the kind, as far as the actor sees them."""
        rows: QuerySet[Any] = self.model.objects.visible_to(actor).filter(self.of(customer))
        return rows


_SOURCES: dict[type[Any], Source] = {}


def tell_of(model: type[Any], events: Iterable[str], of: OfCustomer = by_key) -> None:
    """Let timelines tell these events of a kind of record. Saying it again replaces what was said before."""
    _SOURCES[model] = Source(model, frozenset(events), of)


def sources() -> list[Source]:
    return list(_SOURCES.values())


def events_of(model: type[Any]) -> frozenset[str]:
    source = _SOURCES.get(model)
    return source.events if source else frozenset()


def _people(customer: Customer) -> models.Q:
    return models.Q(pk__in=Affiliation.objects.filter(customer=customer).values("contact_id"))


tell_of(
    Customer,
    ("customer.created", "customer.handed_over", "customer.credit_set", "portal.granted", "portal.revoked"),
    lambda customer: models.Q(pk=customer.pk),
)
tell_of(Contact, ("contact.created", "contact.affiliated", "contact.left", "contact.chat_imported"), _people)
tell_of(
    Lead,
    ("lead.created", "lead.taken", "lead.qualified", "lead.converted", "lead.dropped", "lead.revived", "lead.assigned",
     "lead.planned"),
)  # fmt: skip
tell_of(
    Opportunity,
    ("opportunity.created", "opportunity.moved", "opportunity.won", "opportunity.lost", "opportunity.reopened",
     "opportunity.handed_over", "opportunity.step_done"),
)  # fmt: skip

"""What people of a customer did: events of the customer's own records, told by people of his through his own doors."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache, reduce
from operator import or_

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet

from rawabit.crm.models import Customer, PortalAccess
from rawabit.crm.policies import OWNING, customers_as
from rawabit.identity.models import User
from rawabit.kit.records.actor import Actor, rule_of
from rawabit.kit.records.models import Event, Record
from rawabit.portal.event_words import CUSTOMER_WORDS

PAGE = 20
DOORS = ("portal", "link")  # what a colleague does is ours to know, not the customer's


@cache
def kinds() -> tuple[type[Model], ...]:
    """Every kind of record that belongs to one customer and has a row rule of its own."""
    return tuple(
        model for model in apps.get_models()
        if issubclass(model, Record) and rule_of(model) is not None and _of_a_customer(model)
    )  # fmt: skip


def _of_a_customer(model: type[Model]) -> bool:
    fields = {field.name: field for field in model._meta.fields}
    return "customer" in fields and fields["customer"].related_model is Customer


def activity_of(actor: Actor, *, person: int | None = None, before: int | None = None) -> Sequence[Event]:
    """At most one page of events and one more, newest first: for the account owner what everybody of the customer did,
    for others what they did themselves. ``actor`` stands for one customer; ``person`` narrows to one of his people."""
    rows = Event.objects.filter(_by_people_of(actor), _about_records_of(actor), door__in=DOORS, name__in=CUSTOMER_WORDS)
    if person is not None:
        rows = rows.filter(actor_id=person)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows.select_related("subject_type").prefetch_related("subject").order_by("-id")[: PAGE + 1])


def _by_people_of(actor: Actor) -> Q:
    if not customers_as(actor, OWNING):
        return Q(actor_id=actor.user_id or 0)
    return Q(actor_id__in=_people(actor)) | Q(actor_id=None, door="link")


def _people(actor: Actor) -> QuerySet[PortalAccess, int]:
    """Whoever stands or stood for the customer: what he did then stays in the log."""
    return PortalAccess.objects.filter(customer__in=customers_as(actor, OWNING)).values_list("user_id", flat=True)


def _about_records_of(actor: Actor) -> Q:
    customer = _seen(Customer, actor)
    return reduce(or_, (_seen(model, actor) for model in kinds()), customer)


def _seen(model: type[Model], actor: Actor) -> Q:
    rows = model._default_manager.visible_to(actor)  # type: ignore[attr-defined]
    kind = ContentType.objects.get_for_model(model)
    own = rows.filter(pk__in=actor.customer_ids) if model is Customer else rows.filter(customer__in=actor.customer_ids)
    return Q(subject_type=kind, subject_id__in=own.values("pk"))


def people_of(actor: Actor) -> Sequence[User]:
    """Whom the log can be narrowed to: the account owner's colleagues; nobody for others."""
    return list(User.objects.filter(pk__in=_people(actor)).only("pk", "full_name").order_by("full_name", "pk")[:100])


def names() -> Collection[str]:
    return CUSTOMER_WORDS.keys()

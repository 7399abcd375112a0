"""What the leak guard tries: as whom, and which records of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Max

from rawabit.crm.models import Customer, PortalAccess
from rawabit.identity.models import CUSTOMER, User
from rawabit.kit.records.models import Attachment, Record
from rawabit.portal.models import GuardRun, SharedDocument

MOST_CUSTOMERS, MOST_ROWS = 3, 2


def sample_people() -> Sequence[User]:
    """One person each of up to three customers, the most powerful role first, each standing for one customer alone."""
    rows = PortalAccess.objects.filter(is_active=True, user__is_active=True, user__kind=CUSTOMER)
    rows = rows.filter(customer__is_active=True).select_related("user").order_by("-role", "-pk")
    found: dict[int, User] = {}
    for row in sorted(rows[:500], key=lambda row: row.role != "owner"):
        if len(row.user.customer_roles) == 1 and row.customer_id not in found:
            found[row.customer_id] = row.user
        if len(found) == MOST_CUSTOMERS:
            break
    return list(found.values())


def kinds_of_customers() -> list[type[Record]]:
    """Every kind of record that belongs to a customer by a field of that name and has an address of its own."""
    return [
        model for model in apps.get_models()
        if issubclass(model, Record) and any(field.name == "customer" for field in model._meta.fields)
    ]  # fmt: skip


def uids_of_others(customer_id: int) -> dict[str, list[UUID]]:
    """The newest records of other customers by kind, and other customers themselves with their files."""
    found: dict[str, list[UUID]] = {}
    for model in kinds_of_customers():
        rows: Any = model.objects.all()
        rows = rows.exclude(customer=customer_id).exclude(customer=None).order_by("-pk")
        found[model._meta.label] = list(rows.values_list("uid", flat=True)[:MOST_ROWS])
        found[f"files of {model._meta.label}"] = _files_on(model, rows)
    others = Customer.objects.exclude(pk=customer_id).order_by("-pk")
    found[Customer._meta.label] = list(others.values_list("uid", flat=True)[:MOST_ROWS])
    return {kind: uids for kind, uids in found.items() if uids}


def _files_on(model: type[Any], rows: Any) -> list[UUID]:
    kind = ContentType.objects.get_for_model(model)
    files = Attachment.objects.filter(subject_type=kind, subject_id__in=rows.values("pk"), for_customer=True)
    return list(files.order_by("-pk").values_list("uid", flat=True)[:MOST_ROWS])


def names_of_others(customer_id: int) -> list[str]:
    """Words that must stand on no page of this customer: numbers of other customers."""
    rows = Customer.objects.exclude(pk=customer_id).order_by("-pk")
    return list(rows.values_list("code", flat=True)[:MOST_ROWS])


def meant_for_others(customer_id: int) -> list[UUID]:
    """Shared documents for one other customer."""
    rows = SharedDocument.objects.filter(audience="customer").exclude(customer=customer_id)
    return list(rows.values_list("uid", flat=True)[:MOST_ROWS])


def last_run() -> GuardRun | None:
    return GuardRun.objects.order_by("-at", "-pk").first()


def last_at() -> Any:
    return GuardRun.objects.aggregate(at=Max("at"))["at"]

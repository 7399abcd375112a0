"""How what an import made is removed again: only while nobody has changed it or built upon it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import ProtectedError, RestrictedError

from rawabit.billing.models import Allocation, Invoice, InvoiceLine, Payment
from rawabit.catalog.models import Item, ItemGroup, Price, PriceList
from rawabit.connect.models import ImportedRef
from rawabit.connect.targets.accounts import take_back
from rawabit.connect.targets.colleagues import TEAM
from rawabit.connect.targets.invoices import WALK_IN
from rawabit.connect.targets.opportunities import LOST_REASON
from rawabit.connect.targets.payments import move_open
from rawabit.connect.targets.prices import LIST
from rawabit.connect.targets.stages import PIPELINE, STAGE
from rawabit.crm.models import Contact, Customer, CustomerGroup
from rawabit.identity.models import Team, User
from rawabit.kit.records.models import Assignment, Attachment, Comment
from rawabit.leads.models import Lead
from rawabit.ledger.models import Balance
from rawabit.pipeline.models import LostReason, Opportunity, Pipeline, Stage


class Remover:
    """Removes records of one entity. A record stays when it was changed, talked about, or is in use."""

    def __init__(self, entity: str, model: type[models.Model]) -> None:
        self.entity = entity
        self.model = model

    def remove(self, refs: Sequence[ImportedRef]) -> set[int]:
        """Remove what may go, inside the caller's transaction; the keys that went (or were gone already)."""
        versions = {ref.record_id: ref.version for ref in refs if ref.created}
        rows: list[Any] = list(self.model._default_manager.select_for_update().filter(pk__in=versions).order_by("-pk"))
        talked = talked_about(self.model, [row.pk for row in rows])
        free = [row for row in rows if row.version == versions[row.pk] and row.pk not in talked]
        gone = set(versions) - {row.pk for row in rows}
        return gone | self.delete(free)

    def delete(self, rows: list[Any]) -> set[int]:
        """Delete rows that nothing stands on; at once when possible, else one by one."""
        try:
            with transaction.atomic():
                self.clear(rows)
                self.model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
        except (ProtectedError, RestrictedError):
            if len(rows) == 1:
                return set()
            return set().union(*(self.delete([row]) for row in rows))
        return {row.pk for row in rows}

    def clear(self, rows: list[Any]) -> None:
        """Take away what hangs on the rows and came with them."""


class CustomerRemover(Remover):
    def clear(self, rows: list[Any]) -> None:
        """A balance of nothing keeps no customer."""
        Balance.objects.filter(customer__in=rows, amount=0).delete()


class InvoiceRemover(Remover):
    """Posted documents of an import go only this way, with their ledger rows."""

    def clear(self, rows: list[Any]) -> None:
        used = Allocation.objects.filter(models.Q(invoice__in=rows) | models.Q(credit_note__in=rows))
        if blockers := list(used[:1]):
            raise ProtectedError("settled with a payment", set(blockers))
        InvoiceLine.objects.filter(document__in=rows).delete()
        take_back([row.uid for row in rows])


class PaymentRemover(Remover):
    def clear(self, rows: list[Any]) -> None:
        """What the import allocated is given back; what people allocated since keeps the payment."""
        since = Allocation.objects.filter(payment__in=rows).exclude(at=models.F("payment__created_at"))
        if blockers := list(since[:1]):
            raise ProtectedError("allocated since", set(blockers))
        for share in Allocation.objects.filter(payment__in=rows).select_related("invoice", "payment"):
            move_open(share.invoice_id, share.invoice.uid, share.payment.uid, share.amount)
        Allocation.objects.filter(payment__in=rows).delete()
        take_back([row.uid for row in rows])


def talked_about(model: type[models.Model], keys: Collection[int]) -> set[int]:
    """Records that people have commented, attached files to, or assigned."""
    kind = ContentType.objects.get_for_model(model)
    found: set[int] = set()
    for social in (Comment, Attachment, Assignment):
        rows = social._default_manager.filter(subject_type=kind, subject_id__in=keys)
        found.update(rows.values_list("subject_id", flat=True))
    return found


# What refers to others goes before what it refers to.
REMOVERS: tuple[Remover, ...] = (
    PaymentRemover("payment", Payment),
    InvoiceRemover("credit_note", Invoice),
    InvoiceRemover("invoice", Invoice),
    Remover("opportunity", Opportunity),
    Remover("lead", Lead),
    Remover(STAGE, Stage),
    Remover(PIPELINE, Pipeline),
    Remover(LOST_REASON, LostReason),
    Remover("price", Price),
    Remover(LIST, PriceList),
    Remover("contact", Contact),
    Remover("item", Item),
    Remover("item_group", ItemGroup),
    CustomerRemover(WALK_IN, Customer),
    CustomerRemover("customer", Customer),
    Remover("customer_group", CustomerGroup),
    Remover(TEAM, Team),
    Remover("colleague", User),
)

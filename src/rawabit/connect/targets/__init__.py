"""Everything that can be imported, in the order in which one refers to the other."""

from __future__ import annotations

from rawabit.connect.targets.base import Writer
from rawabit.connect.targets.colleagues import ColleagueWriter
from rawabit.connect.targets.contacts import ContactWriter
from rawabit.connect.targets.customers import CustomerWriter
from rawabit.connect.targets.groups import CustomerGroupWriter, ItemGroupWriter
from rawabit.connect.targets.invoices import CreditNoteWriter, InvoiceWriter
from rawabit.connect.targets.items import ItemWriter
from rawabit.connect.targets.leads import LeadWriter
from rawabit.connect.targets.opportunities import OpportunityWriter
from rawabit.connect.targets.payments import PaymentWriter
from rawabit.connect.targets.prices import PriceWriter
from rawabit.kit.importing import EntitySpec

WRITERS: tuple[Writer, ...] = (
    ColleagueWriter(),
    CustomerGroupWriter(),
    CustomerWriter(),
    ContactWriter(),
    ItemGroupWriter(),
    ItemWriter(),
    PriceWriter(),
    LeadWriter(),
    OpportunityWriter(),
    InvoiceWriter(),
    CreditNoteWriter(),
    PaymentWriter(),
)
ENTITIES: dict[str, EntitySpec] = {writer.entity.name: writer.entity for writer in WRITERS}

"""All permissions that the modules declare, by module, for the page on which roles are put together."""

from __future__ import annotations

from collections.abc import Sequence

from rawabit.billing import policies as billing
from rawabit.catalog import policies as catalog
from rawabit.company import policies as company
from rawabit.connect import policies as connect
from rawabit.crm import policies as crm
from rawabit.identity import policies as identity
from rawabit.identity.desk.matrix import PermissionGroup
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.leads import policies as leads
from rawabit.ledger import policies as ledger
from rawabit.mailroom import policies as mailroom
from rawabit.pipeline import policies as pipeline
from rawabit.portal import policies as portal
from rawabit.sales import policies as sales
from rawabit.shipping import policies as shipping
from rawabit.talks import policies as talks
from rawabit.telling import policies as telling

GROUPS: Sequence[PermissionGroup] = (
    (_("Customers and people"), crm.PERMISSIONS),
    (_("Leads"), leads.PERMISSIONS),
    (_("Opportunities"), pipeline.PERMISSIONS),
    (_("Conversations and tasks"), talks.PERMISSIONS),
    (_("Quotations and orders"), sales.PERMISSIONS),
    (_("Deliveries"), shipping.PERMISSIONS),
    (_("Invoices and payments"), [*billing.PERMISSIONS, *ledger.PERMISSIONS]),
    (pgettext_lazy("mail", "Messages"), telling.PERMISSIONS),
    (pgettext_lazy("mail", "Inbox"), mailroom.PERMISSIONS),
    (_("Customer portal"), portal.PERMISSIONS),
    (_("Catalogue"), catalog.PERMISSIONS),
    (_("Import"), connect.PERMISSIONS),
    (pgettext_lazy("settings", "Company"), company.PERMISSIONS),
    (_("Users and roles"), identity.PERMISSIONS),
)

"""All permissions that the modules declare, by module, for the page on which roles are put together."""

from __future__ import annotations

from collections.abc import Sequence

from rawabit.billing import policies as billing
from rawabit.catalog import policies as catalog
from rawabit.company import policies as company
from rawabit.crm import policies as crm
from rawabit.identity import policies as identity
from rawabit.identity.desk.matrix import PermissionGroup
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.ledger import policies as ledger
from rawabit.sales import policies as sales
from rawabit.shipping import policies as shipping

GROUPS: Sequence[PermissionGroup] = (
    (_("Customers and people"), crm.PERMISSIONS),
    (_("Quotations and orders"), sales.PERMISSIONS),
    (_("Deliveries"), shipping.PERMISSIONS),
    (_("Invoices and payments"), [*billing.PERMISSIONS, *ledger.PERMISSIONS]),
    (_("Catalogue"), catalog.PERMISSIONS),
    (pgettext_lazy("settings", "Company"), company.PERMISSIONS),
    (_("Users and roles"), identity.PERMISSIONS),
)

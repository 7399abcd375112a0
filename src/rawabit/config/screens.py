"""Every screen of the desk, in menu order. Addresses, menu and the laws of the tests read this list."""

from __future__ import annotations

from typing import Any

from rawabit.billing.desk import InvoiceScreens, OrderScreens, PaymentScreens
from rawabit.catalog.desk import (
    ItemGroupScreens,
    ItemScreens,
    PriceListScreens,
    PriceScreens,
    TaxScreens,
    UnitScreens,
)
from rawabit.config.panels import CUSTOMER_FIGURES, CUSTOMER_PANELS, CUSTOMER_SHORTCUTS, CreditTag, with_credit
from rawabit.config.permissions import GROUPS
from rawabit.crm.desk import (
    ContactScreens,
    CustomerGroupScreens,
    CustomerScreens,
    PaymentTermsScreens,
    TerritoryScreens,
)
from rawabit.crm.desk.customer_parts import PEOPLE
from rawabit.identity.desk import RoleScreens, TeamScreens, UserScreens
from rawabit.kit.request import Request
from rawabit.sales.desk import QuotationScreens
from rawabit.shipping.desk import CarrierScreens, DeliveryScreens


class CustomerDesk(CustomerScreens):
    """The customers, with what the modules above know of them."""

    panels = (PEOPLE, *CUSTOMER_PANELS, *(panel for panel in CustomerScreens.panels if panel is not PEOPLE))
    figures = CUSTOMER_FIGURES
    shortcuts = CUSTOMER_SHORTCUTS
    tags = (CreditTag(), *CustomerScreens.tags)

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        with_credit(record, request)
        return super().detail_context(request, record)


class RoleDesk(RoleScreens):
    """The roles, over the permissions of all modules."""

    permission_groups = GROUPS


SCREENS = (
    CustomerDesk,
    ContactScreens,
    QuotationScreens,
    OrderScreens,
    DeliveryScreens,
    InvoiceScreens,
    PaymentScreens,
    ItemScreens,
    PriceScreens,
    PriceListScreens,
    ItemGroupScreens,
    UnitScreens,
    TaxScreens,
    TerritoryScreens,
    CustomerGroupScreens,
    PaymentTermsScreens,
    CarrierScreens,
    UserScreens,
    TeamScreens,
    RoleDesk,
)

"""Every screen of the desk, in menu order. Addresses, menu and the laws of the tests read this list."""

from __future__ import annotations

from rawabit.catalog.desk import (
    ItemGroupScreens,
    ItemScreens,
    PriceListScreens,
    PriceScreens,
    TaxScreens,
    UnitScreens,
)
from rawabit.crm.desk import (
    ContactScreens,
    CustomerGroupScreens,
    CustomerScreens,
    PaymentTermsScreens,
    TerritoryScreens,
)

SCREENS = (
    CustomerScreens,
    ContactScreens,
    ItemScreens,
    PriceScreens,
    PriceListScreens,
    ItemGroupScreens,
    UnitScreens,
    TaxScreens,
    TerritoryScreens,
    CustomerGroupScreens,
    PaymentTermsScreens,
)

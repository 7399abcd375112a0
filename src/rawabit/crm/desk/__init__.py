"""Customers, the people behind them and what they are sorted by, on the desk."""

from rawabit.crm.desk.contacts import ContactScreens
from rawabit.crm.desk.customers import CustomerScreens
from rawabit.crm.desk.masters import CustomerGroupScreens, PaymentTermsScreens, TerritoryScreens

__all__ = [
    "ContactScreens", "CustomerGroupScreens", "CustomerScreens", "PaymentTermsScreens", "TerritoryScreens",
]  # fmt: skip

"""Customers, the people behind them and what they are sorted by, on the desk."""

from rawabit.crm.desk.changes import ChangeRequestScreens
from rawabit.crm.desk.contacts import ContactScreens
from rawabit.crm.desk.customers import CustomerScreens
from rawabit.crm.desk.masters import CustomerGroupScreens, PaymentTermsScreens, TerritoryRuleScreens, TerritoryScreens

__all__ = [
    "ChangeRequestScreens", "ContactScreens", "CustomerGroupScreens", "CustomerScreens", "PaymentTermsScreens",
    "TerritoryRuleScreens", "TerritoryScreens",
]  # fmt: skip

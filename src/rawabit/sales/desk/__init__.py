"""Quotations and orders on the desk. Deliveries and invoices add their part to the order's page from above."""

from rawabit.sales.desk.orders import OrderScreens
from rawabit.sales.desk.quotations import QuotationScreens

__all__ = ["OrderScreens", "QuotationScreens"]

"""Invoices and payments on the desk, and what they add to the order's page."""

from rawabit.billing.desk.invoices import InvoiceScreens
from rawabit.billing.desk.orders import OrderScreens
from rawabit.billing.desk.payments import PaymentScreens

__all__ = ["InvoiceScreens", "OrderScreens", "PaymentScreens"]

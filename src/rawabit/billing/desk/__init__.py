"""Invoices and payments on the desk, what customers report and ask, and what all that adds to the order's page."""

from rawabit.billing.desk.disputes import DisputeScreens
from rawabit.billing.desk.invoices import InvoiceScreens
from rawabit.billing.desk.orders import OrderScreens
from rawabit.billing.desk.payments import PaymentScreens
from rawabit.billing.desk.transfers import TransferScreens

__all__ = ["DisputeScreens", "InvoiceScreens", "OrderScreens", "PaymentScreens", "TransferScreens"]

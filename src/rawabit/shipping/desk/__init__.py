"""Deliveries and carriers on the desk, and what they add to the order's page."""

from rawabit.shipping.desk.carriers import CarrierScreens
from rawabit.shipping.desk.deliveries import DeliveryScreens
from rawabit.shipping.desk.orders import OrderScreens

__all__ = ["CarrierScreens", "DeliveryScreens", "OrderScreens"]

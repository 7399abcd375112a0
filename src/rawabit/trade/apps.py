"""The trade module."""

from django.apps import AppConfig


class TradeConfig(AppConfig):
    name = "rawabit.trade"
    label = "trade"

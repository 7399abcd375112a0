"""The shipping module."""

from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "rawabit.shipping"
    label = "shipping"

    def ready(self) -> None:
        from rawabit.shipping import policies  # noqa: F401 -- registers the row rules

"""The billing module."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "rawabit.billing"
    label = "billing"

    def ready(self) -> None:
        from rawabit.billing import policies  # noqa: F401 -- registers the row rules

"""The sales module."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "rawabit.sales"
    label = "sales"

    def ready(self) -> None:
        from rawabit.sales import policies  # noqa: F401 -- registers the row rules

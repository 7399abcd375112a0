"""The crm module."""

from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "rawabit.crm"
    label = "crm"

    def ready(self) -> None:
        from rawabit.crm import policies  # noqa: F401 -- registers the row rules

"""The crm module."""

from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "rawabit.crm"
    label = "crm"

    def ready(self) -> None:
        pass

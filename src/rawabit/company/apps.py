"""The company module."""

from django.apps import AppConfig


class CompanyConfig(AppConfig):
    name = "rawabit.company"
    label = "company"

    def ready(self) -> None:
        pass

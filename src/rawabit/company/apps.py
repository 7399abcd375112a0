"""The company module."""

from django.apps import AppConfig


class CompanyConfig(AppConfig):
    name = "rawabit.company"
    label = "company"

    def ready(self) -> None:
        from rawabit.company import policies  # noqa: F401 -- registers the row rules

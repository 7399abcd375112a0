"""The company module."""

from django.apps import AppConfig


class CompanyConfig(AppConfig):
    name = "rawabit.company"
    label = "company"

    def ready(self) -> None:
        from rawabit.company import policies  # noqa: F401 -- registers the row rules
        from rawabit.company.queries import portal_base
        from rawabit.kit.links.actions import addresses_begin_with

        addresses_begin_with(portal_base)

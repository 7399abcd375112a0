"""The catalog module."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "rawabit.catalog"
    label = "catalog"

    def ready(self) -> None:
        from rawabit.catalog import policies  # noqa: F401 -- registers the row rules

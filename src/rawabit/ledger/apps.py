"""The ledger module."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "rawabit.ledger"
    label = "ledger"

    def ready(self) -> None:
        from rawabit.ledger import policies  # noqa: F401 -- registers the row rules

"""The identity module."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "rawabit.identity"
    label = "identity"

    def ready(self) -> None:
        from rawabit.identity import policies  # noqa: F401 -- registers the row rules

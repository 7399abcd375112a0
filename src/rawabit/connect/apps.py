"""The connect module."""

from django.apps import AppConfig


class ConnectConfig(AppConfig):
    name = "rawabit.connect"
    label = "connect"

    def ready(self) -> None:
        from rawabit.connect import policies  # noqa: F401 -- registers the row rules
        from rawabit.connect.places import LARGEST_FILE
        from rawabit.kit.uploads import allow

        allow("imports", LARGEST_FILE)

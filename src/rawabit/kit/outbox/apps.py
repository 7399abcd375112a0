"""Messages to people outside: written with the change, sent after the commit."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "rawabit.kit.outbox"
    label = "kit_outbox"

"""The portal module."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "rawabit.portal"
    label = "portal"

    def ready(self) -> None:
        from rawabit.kit.outbox.letters import write_with
        from rawabit.portal import policies, welcome  # noqa: F401
        from rawabit.portal.actions.links import PREFIX
        from rawabit.portal.share_letters import write

        write_with(PREFIX, write)

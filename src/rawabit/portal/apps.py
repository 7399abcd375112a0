"""The portal module."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "rawabit.portal"
    label = "portal"

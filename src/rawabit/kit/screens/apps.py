"""The kit's screens."""

from django.apps import AppConfig


class ScreensConfig(AppConfig):
    name = "rawabit.kit.screens"
    label = "kit_screens"

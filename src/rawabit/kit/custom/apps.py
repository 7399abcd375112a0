"""Fields that a company adds itself."""

from django.apps import AppConfig


class CustomConfig(AppConfig):
    name = "rawabit.kit.custom"
    label = "kit_custom"

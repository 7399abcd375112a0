"""The kit's papers."""

from django.apps import AppConfig


class PaperConfig(AppConfig):
    name = "rawabit.kit.paper"
    label = "kit_paper"
    verbose_name = "Papers"

"""The insight module: figures over everything below it. It keeps no tables of its own."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "rawabit.insight"
    label = "insight"

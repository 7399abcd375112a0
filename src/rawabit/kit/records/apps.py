"""What every record shares."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "rawabit.kit.records"
    label = "kit_records"
    verbose_name = "Records"

"""The kit's jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "rawabit.kit.jobs"
    label = "kit_jobs"

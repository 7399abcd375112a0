"""The pipeline module."""

from django.apps import AppConfig


class PipelineConfig(AppConfig):
    name = "rawabit.pipeline"
    label = "pipeline"

    def ready(self) -> None:
        from rawabit.pipeline import policies  # noqa: F401 -- registers the row rules

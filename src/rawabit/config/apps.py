"""The composition root as an app: its templates and its start-up checks."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "rawabit.config"
    label = "rawabit_config"

    def ready(self) -> None:
        from rawabit.config import event_words, mail_documents, timeline

        event_words.install()
        timeline.install()
        mail_documents.install()

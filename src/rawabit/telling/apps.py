"""What customers and colleagues are told of, and how."""

from django.apps import AppConfig


class TellingConfig(AppConfig):
    name = "rawabit.telling"
    label = "telling"

    def ready(self) -> None:
        from rawabit.kit.outbox.letters import write_with
        from rawabit.kit.records.event_words import NOTICES
        from rawabit.telling import policies  # noqa: F401  # row rules register themselves
        from rawabit.telling.letters import PREFIX, SAMPLE, write, write_sample
        from rawabit.telling.logic.kinds import BELL_WORDS, COLLEAGUE_WORDS

        write_with(PREFIX, write)
        write_with(SAMPLE, write_sample)
        NOTICES.update({f"{PREFIX}{kind}": words for kind, words in BELL_WORDS.items()})
        NOTICES.update({f"{PREFIX}{event}": words for event, words in COLLEAGUE_WORDS.items()})

"""Every conversation: calls, meetings, mail, chat, notes, tasks."""

from django.apps import AppConfig


class TalksConfig(AppConfig):
    name = "rawabit.talks"
    label = "talks"

    def ready(self) -> None:
        from rawabit.kit.marking import _
        from rawabit.kit.outbox.letters import write_with
        from rawabit.kit.records.event_words import NOTICES
        from rawabit.talks import policies  # noqa: F401 -- registers the row rules
        from rawabit.talks.letters import PREFIX, write

        write_with(PREFIX, write)
        NOTICES.update(
            {
                "task_due": _("Reminder: %(what)s"),
                "task_given": _("%(who)s gave you a task: %(what)s"),
                "meeting_asked": _("%(who)s asks you to a meeting: %(what)s"),
            }
        )

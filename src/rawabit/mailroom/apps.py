"""Mail that comes in: fetched without loss or doubles, and filed; and letters that are written from a record."""

from django.apps import AppConfig


class MailroomConfig(AppConfig):
    name = "rawabit.mailroom"
    label = "mailroom"

    def ready(self) -> None:
        from rawabit.kit.marking import _
        from rawabit.kit.outbox.letters import write_with
        from rawabit.kit.records.event_words import NOTICES
        from rawabit.mailroom import policies  # noqa: F401 -- registers the row rules
        from rawabit.mailroom.letters import PREFIX, write

        write_with(PREFIX, write)
        NOTICES.update(
            {
                "mail_in": _("E-mail from %(who)s: %(what)s"),
                "mail_bounced": _("Your e-mail to %(who)s did not arrive: %(what)s"),
                "mailbox_failing": _("The mailbox %(what)s cannot be reached: %(why)s"),
            }
        )

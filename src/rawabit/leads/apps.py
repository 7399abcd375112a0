"""The leads module."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "rawabit.leads"
    label = "leads"

    def ready(self) -> None:
        from rawabit.kit.marking import _
        from rawabit.kit.records.event_words import NOTICES

        NOTICES.update(
            {
                "lead_assigned": _("A lead is yours now: %(what)s"),
                "lead_wrote": _("%(what)s wrote again"),
                "lead_quiet": _("Nobody has touched this lead for %(days)s days: %(what)s"),
            }
        )
        from rawabit.leads import policies  # noqa: F401 -- registers the row rules

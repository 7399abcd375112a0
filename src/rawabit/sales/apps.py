"""The sales module."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "rawabit.sales"
    label = "sales"

    def ready(self) -> None:
        from rawabit.kit.marking import _
        from rawabit.kit.records.event_words import NOTICES
        from rawabit.sales import policies  # noqa: F401 -- registers the row rules

        NOTICES.update(
            {
                "order_question": _("%(who)s asks something about order %(what)s"),
                "order_answer": _("Your question about order %(what)s was answered"),
                "order_delivery": _("%(who)s changed the delivery of order %(what)s"),
                "approval": _("%(who)s asks you to approve quotation %(what)s"),
            }
        )

"""Messages to people, with what became of each; and the browsers that asked to be told."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.outbox.states import MESSAGE
from rawabit.kit.records.models import Event, Record, Subject

USER = settings.AUTH_USER_MODEL
CHANNELS = [("email", _("E-mail")), ("push", _("Notice on a device"))]


class PushSubscription(models.Model):
    """A browser of a person that may be told by Web Push (RFC 8030). Gone as soon as its push service says so."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=60)
    device = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()


class Message(Subject, Record):
    """One message to one person by one channel. ``key`` makes queueing twice the same as once.

    ``owner_key`` is the key of whoever the message belongs to in the modules above (the customer): the kit knows none.
    ``handed_at`` is set just before the text leaves: what is lost after that may have arrived, and is ``held``.
    """

    key = models.CharField(max_length=250, unique=True, editable=False)
    channel = models.CharField(_("Channel"), max_length=5, choices=CHANNELS, default="email", editable=False)
    kind = models.CharField(pgettext_lazy("message", "Kind"), max_length=40, editable=False)
    state = models.CharField(_("Status"), max_length=9, default="waiting", choices=MESSAGE.choices, editable=False)
    owner_key = models.BigIntegerField(null=True, editable=False)
    event = models.ForeignKey(Event, models.SET_NULL, null=True, related_name="+", editable=False)

    name = models.CharField(_("Recipient"), max_length=200, blank=True, default="", editable=False)
    address = models.CharField(_("Address"), max_length=254, blank=True, default="", editable=False)
    language = models.CharField(_("Language"), max_length=2, default="ar", editable=False)
    user = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+", editable=False)
    subscription = models.ForeignKey(PushSubscription, models.SET_NULL, null=True, related_name="+", editable=False)
    reader = models.JSONField(default=dict, editable=False)  # calendar, digits, contact: how he reads, who he is
    facts = models.JSONField(default=dict, editable=False)

    not_before = models.DateTimeField(_("Not before"), null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    handed_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("Sent"), null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0, editable=False)
    error = models.TextField(_("Error"), blank=True, default="", editable=False)
    message_id = models.CharField(max_length=200, blank=True, default="", editable=False)

    headline = models.CharField(pgettext_lazy("message", "Subject"), max_length=300, blank=True, default="")
    text = models.TextField(blank=True, default="", editable=False)
    html = models.TextField(blank=True, default="", editable=False)
    files = models.JSONField(default=list, editable=False)  # names of what was attached

    class Meta:
        verbose_name = pgettext_lazy("mail", "Message")
        verbose_name_plural = pgettext_lazy("mail", "Messages")
        indexes = [
            models.Index(fields=["owner_key", "-id"], name="message_owner"),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="message_of_subject"),
            models.Index(
                fields=["lease_until"], name="message_under_way", condition=models.Q(state__in=("waiting", "sending"))
            ),
        ]

    def __str__(self) -> str:
        return self.headline or f"{self.kind} → {self.name or self.address}"

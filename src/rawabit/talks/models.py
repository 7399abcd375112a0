"""What was said and done with customers, and what is still to be done: calls, meetings, visits, notes, tasks, chats."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from rawabit.crm.models import Contact, Customer
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.records.models import Record, RecordQuerySet, SearchableRecord, Subject

USER = settings.AUTH_USER_MODEL
CALL, MEETING, VISIT, NOTE, TASK = "call", "meeting", "visit", "note", "task"
WHATSAPP, MAIL, DOCUMENT = "whatsapp", "mail", "document"
KINDS = [
    (CALL, pgettext_lazy("noun", "Call")), (MEETING, _("Meeting")), (VISIT, _("Visit")), (NOTE, _("Note")),
    (TASK, _("Task")), (WHATSAPP, _("WhatsApp")), (MAIL, _("E-mail")), (DOCUMENT, _("Document")),
]  # fmt: skip
DIRECTIONS = [
    ("in", pgettext_lazy("of a call or message", "Incoming")),
    ("out", pgettext_lazy("of a call or message", "Outgoing")),
]
CALL_OUTCOMES = [
    ("answered", pgettext_lazy("call", "Answered")), ("no_answer", pgettext_lazy("call", "No answer")),
    ("busy", pgettext_lazy("call", "Busy")), ("call_back", pgettext_lazy("call", "To be called back")),
]  # fmt: skip
MEETING_OUTCOMES = [
    ("held", pgettext_lazy("meeting", "Took place")), ("no_show", pgettext_lazy("meeting", "They did not come")),
]  # fmt: skip
OUTCOMES = [*CALL_OUTCOMES, *MEETING_OUTCOMES]
PRIORITIES = [
    ("high", pgettext_lazy("priority", "High")), ("normal", pgettext_lazy("priority", "Normal")),
    ("low", pgettext_lazy("priority", "Low")),
]  # fmt: skip


class Activity(SearchableRecord):
    """One thing that happened with somebody, or is planned.

    ``subject`` is the record it is about; ``customer`` and ``contact`` are taken from it, so that a timeline asks one
    table. ``at`` is when it happened or is to happen, ``done_at`` tells that it did: what has neither ``done_at`` nor
    ``cancelled_at`` is still to be done. ``owner`` has said or done it, ``assignee`` shall do it. ``key`` makes logging
    twice the same as once (a phone without network, a chat file imported again).
    """

    kind = models.CharField(pgettext_lazy("activity", "Kind"), max_length=8, choices=KINDS, editable=False)
    direction = models.CharField(
        pgettext_lazy("of a call", "Direction"), max_length=3, choices=DIRECTIONS, blank=True, default=""
    )
    subject_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+", editable=False)
    subject_id = models.BigIntegerField(null=True, editable=False)
    subject = GenericForeignKey("subject_type", "subject_id")
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("Customer"),
        editable=False,
    )  # fmt: skip
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("Contact"),
        editable=False,
    )  # fmt: skip
    owner = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("Colleague"),
        editable=False,
    )  # fmt: skip
    assignee = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("To be done by"),
        editable=False,
    )  # fmt: skip
    title = models.CharField(pgettext_lazy("activity", "About"), max_length=200, blank=True, default="")
    body = models.TextField(pgettext_lazy("of a conversation", "What was said"), blank=True, default="")
    decisions = models.TextField(_("Decisions"), blank=True, default="")
    outcome = models.CharField(_("Outcome"), max_length=9, choices=OUTCOMES, blank=True, default="")
    at = models.DateTimeField(_("When"))
    minutes = models.PositiveSmallIntegerField(_("Minutes"), null=True, blank=True)
    place = models.CharField(_("Place"), max_length=200, blank=True, default="")
    position = models.CharField(_("Position"), max_length=40, blank=True, default="", editable=False)  # "lat,long"
    due = models.DateTimeField(pgettext_lazy("of a task", "Due"), null=True, blank=True)
    remind_at = models.DateTimeField(_("Reminder"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, editable=False)
    priority = models.CharField(_("Priority"), max_length=6, choices=PRIORITIES, default="normal")
    done_at = models.DateTimeField(pgettext_lazy("of a task", "Done"), null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    pinned_at = models.DateTimeField(null=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)  # of the invitation: grows with every change
    key = models.CharField(max_length=120, null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("Activity")
        verbose_name_plural = _("Activities")
        indexes = [
            models.Index(fields=["customer", "-at"], name="activity_customer"),
            models.Index(fields=["contact", "-at"], name="activity_contact"),
            models.Index(fields=["subject_type", "subject_id", "-at"], name="activity_subject"),
            models.Index(fields=["owner", "kind", "-at"], name="activity_owner"),
            models.Index(fields=["assignee", "due"], name="activity_open", condition=models.Q(done_at=None)),
            models.Index(
                fields=["remind_at"], name="activity_remind", condition=models.Q(reminded_at=None, done_at=None)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(subject_type=None, subject_id=None)
                | models.Q(subject_type__isnull=False, subject_id__isnull=False),
                name="activity_subject_whole",
            ),
            models.CheckConstraint(condition=~models.Q(kind="task") | models.Q(due__isnull=False), name="task_has_due"),
            models.CheckConstraint(
                condition=models.Q(minutes=None) | models.Q(minutes__lte=1440), name="activity_minutes_sane"
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())

    @property
    def dial(self) -> str:
        """The number to call about it; "" when none is known."""
        person, customer = self.contact, self.customer
        own = (person.mobile or person.phone) if person else ""
        return own or (customer.phone if customer else "")

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.cancelled_at is None


class Attendee(models.Model):
    """Somebody who is asked to a meeting: a colleague, a contact, or an address."""

    STATUS = [
        ("asked", pgettext_lazy("invitation", "No answer yet")), ("accepted", pgettext_lazy("invitation", "Comes")),
        ("tentative", pgettext_lazy("invitation", "May come")),
        ("declined", pgettext_lazy("invitation", "Does not come")),
    ]  # fmt: skip
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="attendees")
    user = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("Full name"), max_length=200, blank=True, default="")
    email = models.EmailField(_("E-mail"), blank=True, default="")
    language = models.CharField(max_length=2, default="ar")
    status = models.CharField(_("Answer"), max_length=9, choices=STATUS, default="asked")

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "user"], name="colleague_asked_once"),
            models.UniqueConstraint(fields=["activity", "contact"], name="contact_asked_once"),
            models.UniqueConstraint(
                fields=["activity", "email"], name="address_asked_once", condition=~models.Q(email="")
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class LastLook(Subject):
    """When a person has last looked at the timeline of a record."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "subject_type", "subject_id"], name="looked_once")]


class ChatFile(Record):
    """A chat exported from a telephone, read and waiting for a yes. Forgotten after a day."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    owner = models.ForeignKey(USER, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    text = models.TextField()

"""Mailboxes that are looked into, what was found there, and what was written from here."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from rawabit.crm.models import Contact, Customer
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.outbox.models import Message
from rawabit.kit.records.models import Record, SearchableRecord
from rawabit.talks.models import Activity

USER = settings.AUTH_USER_MODEL
SALES, SUPPORT = "sales", "support"
WAITING, FILED, OTHER, TOO_LARGE = "waiting", "filed", "other", "large"
PLACES = [
    (WAITING, pgettext_lazy("received mail", "Being read")), (FILED, pgettext_lazy("received mail", "Filed")),
    (OTHER, pgettext_lazy("received mail", "Other")), (TOO_LARGE, pgettext_lazy("received mail", "Left on the server")),
]  # fmt: skip


class Mailbox(Record):
    """A mailbox of the company on somebody's server. ``last_uid`` is the last message taken over under ``uidvalidity``;
    ``sealed`` is the password, readable with the program's secret key alone."""

    PURPOSES = [
        (SALES, pgettext_lazy("mailbox", "Sales: unknown senders become leads")),
        (SUPPORT, pgettext_lazy("mailbox", "Support: unknown senders wait in the inbox")),
    ]  # fmt: skip
    SECURITY = [("tls", "TLS (993)"), ("starttls", "STARTTLS (143)")]
    name = models.CharField(_("Name"), max_length=100)
    address = models.EmailField(_("E-mail address"), unique=True)
    host = models.CharField(_("IMAP server"), max_length=253)
    port = models.PositiveIntegerField(_("Port"), default=993)
    security = models.CharField(_("Encryption"), max_length=8, choices=SECURITY, default="tls")
    username = models.CharField(_("User name"), max_length=200)
    sealed = models.TextField(blank=True, default="", editable=False)
    folder = models.CharField(_("Folder"), max_length=200, default="INBOX")
    purpose = models.CharField(pgettext_lazy("mailbox", "Purpose"), max_length=7, choices=PURPOSES, default=SALES)
    plus = models.BooleanField(_("Answers come back under this address with a plus sign"), default=False)
    from_beginning = models.BooleanField(_("Also take over what is there already"), default=False)
    is_active = models.BooleanField(_("Active"), default=True)
    uidvalidity = models.BigIntegerField(null=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    fetched_at = models.DateTimeField(_("Last looked into"), null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    error = models.CharField(_("Error"), max_length=500, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("Mailbox")
        verbose_name_plural = _("Mailboxes")

    def __str__(self) -> str:
        return self.name


def raw_path(mail: ReceivedMail, name: str) -> str:
    """A generated place: nothing that a stranger wrote reaches the disk's names."""
    return f"mail/{mail.uid.hex[:2]}/{mail.uid.hex}"


class ReceivedMail(SearchableRecord):
    """One message from a mailbox. ``raw`` is kept as it came, before anything was read of it. Who it says it is from is
    a claim. ``trace`` tells rule by rule why it lies where it lies, as [{"rule", "hit", "why", "facts"}]; ``before`` is
    where it lay before somebody moved it."""

    mailbox = models.ForeignKey(
        Mailbox, models.PROTECT, related_name="mails", verbose_name=_("Mailbox"), editable=False
    )
    uidvalidity = models.BigIntegerField(editable=False)
    server_uid = models.BigIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    size = models.PositiveBigIntegerField(_("Size"), default=0, editable=False)
    raw = models.FileField(upload_to=raw_path, max_length=120, blank=True, editable=False)
    fetched_at = models.DateTimeField(_("Fetched"), editable=False)
    marked_at = models.DateTimeField(null=True, editable=False)  # as read, on the server

    message_id = models.CharField(max_length=255, blank=True, default="", editable=False)
    thread = models.CharField(max_length=255, blank=True, default="", editable=False)
    name = models.CharField(_("Name"), max_length=200, blank=True, default="", editable=False)
    sender = models.CharField(pgettext_lazy("mail", "From"), max_length=254, blank=True, default="", editable=False)
    to = models.JSONField(default=list, editable=False)
    headline = models.CharField(pgettext_lazy("message", "Subject"), max_length=300, blank=True, default="")
    sent_at = models.DateTimeField(_("Sent"), null=True, editable=False)
    text = models.TextField(blank=True, default="", editable=False)
    quoted = models.TextField(blank=True, default="", editable=False)
    html = models.TextField(blank=True, default="", editable=False)
    head = models.TextField(blank=True, default="", editable=False)
    left_out = models.JSONField(default=list, editable=False)  # [name, why]

    place = models.CharField(_("Status"), max_length=7, choices=PLACES, default=WAITING, editable=False)
    reason = models.CharField(max_length=20, blank=True, default="", editable=False)
    trace = models.JSONField(default=list, editable=False)
    before = models.JSONField(default=dict, editable=False)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+", editable=False)
    subject_id = models.BigIntegerField(null=True, editable=False)
    subject = GenericForeignKey("subject_type", "subject_id")
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="received_mails", verbose_name=_("Customer"), editable=False
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, related_name="received_mails", verbose_name=_("Contact"), editable=False
    )
    activity = models.OneToOneField(Activity, models.SET_NULL, null=True, related_name="received_mail", editable=False)
    owner = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="received_mails", verbose_name=_("Colleague"), editable=False
    )
    handled_at = models.DateTimeField(_("Dealt with"), null=True, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("mail", "Received mail")
        verbose_name_plural = pgettext_lazy("mail", "Inbox")
        indexes = [
            models.Index(fields=["customer", "-id"], name="mail_customer"),
            models.Index(fields=["thread", "id"], name="mail_thread"),
            models.Index(fields=["message_id"], name="mail_message_id"),
            models.Index(fields=["owner", "-id"], name="mail_open", condition=models.Q(handled_at=None)),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="mail_subject"),
            models.Index(fields=["mailbox", "id"], name="mail_to_mark", condition=models.Q(marked_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uidvalidity", "server_uid"], name="mail_taken_once"),
            models.UniqueConstraint(
                fields=["mailbox", "sha256"], name="mail_kept_once", condition=~models.Q(sha256="")
            ),
        ]

    def __str__(self) -> str:
        return self.headline or self.name or self.sender or str(_("(no subject)"))


class SentMail(Record):
    """A letter that a colleague wrote from here: the activity is what was said, the message is what became of it."""

    message = models.OneToOneField(Message, models.PROTECT, related_name="+")
    activity = models.OneToOneField(Activity, models.PROTECT, related_name="sent_mail")
    answers = models.ForeignKey(ReceivedMail, models.PROTECT, null=True, related_name="answers")
    thread = models.CharField(max_length=255, blank=True, default="")
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["thread", "id"], name="sent_thread")]

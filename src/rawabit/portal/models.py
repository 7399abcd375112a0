"""What the portal itself keeps: who asks to come in, documents in both directions, and what the leak guard found."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from rawabit.crm.models import LANGUAGES, Customer, CustomerGroup
from rawabit.kit.countries import country_name
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.named import Named
from rawabit.kit.records.models import Record, RecordQuerySet, SearchableRecord

USER = settings.AUTH_USER_MODEL


class Registration(SearchableRecord):
    """Somebody who proved his e-mail address asks to use the portal."""

    WAITING, APPROVED, REFUSED = "waiting", "approved", "refused"
    STATES = [
        (WAITING, pgettext_lazy("registration", "Waiting")),
        (APPROVED, pgettext_lazy("registration", "Approved")),
        (REFUSED, pgettext_lazy("registration", "Refused")),
    ]

    state = models.CharField(_("Status"), max_length=8, choices=STATES, default=WAITING, editable=False)
    full_name = models.CharField(_("Full name"), max_length=200)
    company_name = models.CharField(_("Company"), max_length=200)
    country = models.CharField(_("Country"), max_length=2, default="SA")
    official_number = models.CharField(_("VAT or commercial registration number"), max_length=40, blank=True)
    email = models.EmailField(_("E-mail"))
    phone = models.CharField(_("Phone"), max_length=20, blank=True, default="")
    language = models.CharField(_("Language"), max_length=2, choices=LANGUAGES, default="ar")
    message = models.TextField(_("Message"), blank=True, default="")
    asked_at = models.DateTimeField(_("Asked"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="registrations", verbose_name=_("Customer")
    )
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("Decided"), null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("Registration")
        verbose_name_plural = _("Registrations")
        constraints = [
            # One question of an address waits at a time: asking twice is asking once.
            models.UniqueConstraint(
                fields=["email"], condition=models.Q(state="waiting"), name="registration_waits_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.full_name} · {self.company_name}"

    @property
    def country_label(self) -> str:
        return country_name(self.country)


class SharedDocument(Named, Record):
    """A policy, certificate, tool or other document that customers may read. Its files are its attachments."""

    DRAFT, PUBLISHED, WITHDRAWN = "draft", "published", "withdrawn"
    STATES = [
        (DRAFT, pgettext_lazy("document", "Draft")),
        (PUBLISHED, pgettext_lazy("document", "Published")),
        (WITHDRAWN, pgettext_lazy("document", "Withdrawn")),
    ]
    KINDS = [
        ("policy", _("Policy")), ("document", pgettext_lazy("kind", "Document")), ("tool", _("Tool or form")),
        ("certificate", _("Certificate")),
    ]  # fmt: skip
    ALL, GROUPS, CUSTOMER = "all", "groups", "customer"
    AUDIENCES = [
        (ALL, _("All customers")), (GROUPS, _("Customer groups")), (CUSTOMER, _("One customer")),
    ]  # fmt: skip

    state = models.CharField(_("Status"), max_length=9, choices=STATES, default=DRAFT, editable=False)
    kind = models.CharField(_("Kind"), max_length=12, choices=KINDS, default="document")
    audience = models.CharField(_("For"), max_length=8, choices=AUDIENCES, default=ALL)
    groups: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        CustomerGroup, blank=True, related_name="+", verbose_name=_("Customer groups")
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Customer")
    )
    words = models.TextField(_("What it is about"), blank=True, default="")
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    must_agree = models.BooleanField(_("Customers confirm that they have read it"), default=False)
    published_at = models.DateTimeField(_("Published"), null=True, blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("Shared document")
        verbose_name_plural = _("Shared documents")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(audience="customer") | models.Q(customer__isnull=False), name="one_has_a_customer"
            )
        ]


class Agreement(models.Model):
    """A person confirmed for a customer that he has read this very version of a document. Never changed, never gone."""

    document = models.ForeignKey(SharedDocument, models.PROTECT, related_name="agreements")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", verbose_name=_("Customer"))
    user = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("User"))
    name = models.CharField(_("Name"), max_length=200)
    digest = models.CharField(_("Version"), max_length=64)
    at = models.DateTimeField(_("At"))

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("Confirmation")
        verbose_name_plural = _("Confirmations")
        constraints = [
            models.UniqueConstraint(fields=["document", "customer", "user", "digest"], name="agreed_once_per_version")
        ]

    @property
    def short_digest(self) -> str:
        """Enough of the version to compare two of them by eye."""
        return self.digest[:12]


class ReceivedDocument(SearchableRecord):
    """A file that a customer sent us; the file itself is an attachment of the record."""

    RECEIVED, SEEN = "received", "seen"
    STATES = [
        (RECEIVED, pgettext_lazy("document", "Received")), (SEEN, pgettext_lazy("document", "Seen")),
    ]  # fmt: skip
    KINDS = [
        ("certificate", _("Certificate")), ("purchase_order", _("Purchase order")),
        ("contract", _("Contract")), ("drawing", _("Drawing or specification")),
        ("other", pgettext_lazy("kind", "Other")),
    ]  # fmt: skip

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="received_documents", verbose_name=_("Customer")
    )
    state = models.CharField(_("Status"), max_length=8, choices=STATES, default=RECEIVED, editable=False)
    kind = models.CharField(_("Kind"), max_length=14, choices=KINDS, default="other")
    name = models.CharField(_("File"), max_length=200)
    size = models.BigIntegerField(default=0)
    note = models.CharField(_("Note"), max_length=300, blank=True, default="")
    sent_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("From"))
    at = models.DateTimeField(_("Received"))
    seen_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField(_("Seen"), null=True, blank=True)

    class Meta:
        verbose_name = _("Received document")
        verbose_name_plural = _("Received documents")
        indexes = [models.Index(fields=["customer", "-id"], name="received_of_customer")]

    def __str__(self) -> str:
        return self.name


class GuardRun(models.Model):
    """One night's attempt to see, as a customer, what belongs to others."""

    at = models.DateTimeField()
    customers = models.PositiveSmallIntegerField(default=0)
    tried = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)  # own pages that did open: without any the guard was blind
    leaks = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="guard_latest")]

    @property
    def state(self) -> str:
        """ok | leak | blind (there was nobody to sign in as, or nothing to look at)."""
        if self.leaks:
            return "leak"
        return "ok" if self.tried and self.opened else "blind"

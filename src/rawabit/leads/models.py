"""People who may become customers: where they come from, how promising they are, who looks after them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from rawabit.crm.models import LANGUAGES, Contact, Customer, Territory
from rawabit.identity.models import Team
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.named import Named
from rawabit.kit.records.models import Record, RecordQuerySet, SearchableRecord
from rawabit.leads.logic.forms import KEYS
from rawabit.leads.logic.states import NEW
from rawabit.pipeline.models import Opportunity, Source

USER = settings.AUTH_USER_MODEL
PRIORITIES = [
    ("high", pgettext_lazy("priority", "High")), ("normal", pgettext_lazy("priority", "Normal")),
    ("low", pgettext_lazy("priority", "Low")),
]  # fmt: skip


class WebForm(Named, Record):
    """A form on the company's web site whose answers become leads; what it asks are its :class:`FormField` rows."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=pgettext_lazy("of a lead", "Source"),
    )  # fmt: skip
    source_detail = models.CharField(_("Campaign or fair"), max_length=200, blank=True, default="")
    owner = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Always assigned to")
    )
    hosts = models.TextField(_("Web sites that may show it"), blank=True, default="")
    thanks = models.CharField(_("Words of thanks"), max_length=300, blank=True, default="")
    thanks_ar = models.CharField(_("Words of thanks in Arabic"), max_length=300, blank=True, default="")
    thanks_fa = models.CharField(_("Words of thanks in Persian"), max_length=300, blank=True, default="")
    thanks_en = models.CharField(_("Words of thanks in English"), max_length=300, blank=True, default="")
    language = models.CharField(_("Language"), max_length=2, choices=LANGUAGES, default="ar")
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        verbose_name = _("Web form")
        verbose_name_plural = _("Web forms")

    def thanks_in(self, language: str) -> str:
        return str(getattr(self, f"thanks_{language}", "") or self.thanks)


class FormField(Named, Record):
    """One thing that a web form asks; its names are the labels. ``key`` says which field of the lead it fills, or that
    the answer is kept beside it (``logic.forms.FREE``). Answers to choose from stand one on each line."""

    form = models.ForeignKey(WebForm, models.CASCADE, related_name="fields", verbose_name=_("Web form"))
    position = models.PositiveSmallIntegerField(_("No."), default=1)
    key = models.CharField(_("What it asks"), max_length=20, choices=KEYS, default="name")
    required = models.BooleanField(_("Must be filled in"), default=False)
    options = models.TextField(_("Answers, one on each line"), blank=True, default="")
    options_ar = models.TextField(_("The same in Arabic"), blank=True, default="")
    options_fa = models.TextField(_("The same in Persian"), blank=True, default="")
    options_en = models.TextField(_("The same in English"), blank=True, default="")

    class Meta:
        verbose_name = _("Form field")
        verbose_name_plural = _("Form fields")
        ordering = ["form", "position", "pk"]


class LeadKey(Named, Record):
    """A key with which another program (advertising, a fair's scanner) hands in leads. Only a hash of it is kept.
    ``mapping`` says on each line which of its names is which field: ``full_name = name``."""

    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=pgettext_lazy("of a lead", "Source"),
    )  # fmt: skip
    source_detail = models.CharField(_("Campaign or fair"), max_length=200, blank=True, default="")
    owner = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Always assigned to")
    )
    mapping = models.TextField(_("Names of its fields"), blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    beginning = models.CharField(_("Key begins with"), max_length=12, blank=True, default="", editable=False)
    used_at = models.DateTimeField(_("Last used"), null=True, editable=False)

    class Meta:
        verbose_name = _("Lead key")
        verbose_name_plural = _("Lead keys")
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=~models.Q(digest=""), name="lead_key_once"),
        ]

    @property
    def is_active(self) -> bool:
        return bool(self.digest)


class Lead(SearchableRecord):
    """Somebody who may buy. ``score`` is reckoned from criteria and answers; ``score_facts`` says how, as
    [{"label", "points"}]. What he became stands in ``customer``, ``contact`` and ``opportunity``."""

    number = models.CharField(_("Number"), max_length=60, unique=True, editable=False)
    name = models.CharField(_("Full name"), max_length=200, blank=True, default="")
    company_name = models.CharField(_("Company"), max_length=200, blank=True, default="")
    job_title = models.CharField(_("Job title"), max_length=100, blank=True, default="")
    email = models.EmailField(_("E-mail"), blank=True, default="")
    phone = models.CharField(_("Mobile"), max_length=20, blank=True, default="")
    website = models.URLField(_("Website"), blank=True, default="")
    official_number = models.CharField(_("Official number"), max_length=40, blank=True, default="")
    country = models.CharField(_("Country"), max_length=2, blank=True, default="")
    city = models.CharField(_("City"), max_length=100, blank=True, default="")
    language = models.CharField(_("Language"), max_length=2, choices=LANGUAGES, default="ar")
    interest = models.TextField(_("Interested in"), blank=True, default="")
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=pgettext_lazy("of a lead", "Source"),
    )  # fmt: skip
    source_detail = models.CharField(_("Campaign or fair"), max_length=200, blank=True, default="")
    form = models.ForeignKey(WebForm, models.PROTECT, null=True, blank=True, related_name="leads", editable=False)
    given = models.JSONField(default=dict, blank=True, editable=False)  # other fields of the web form, as written
    territory = models.ForeignKey(Territory, models.PROTECT, null=True, blank=True, verbose_name=_("Territory"))
    owner = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("Owner")
    )
    priority = models.CharField(_("Priority"), max_length=6, choices=PRIORITIES, default="normal")
    state = models.CharField(_("Status"), max_length=11, default=NEW, editable=False)
    lost_why = models.CharField(_("Reason"), max_length=300, blank=True, default="", editable=False)
    score = models.SmallIntegerField(_("Score"), default=0, editable=False)
    score_facts = models.JSONField(default=list, blank=True, editable=False)
    next_step = models.CharField(_("Next step"), max_length=200, blank=True, default="")
    next_on = models.DateField(_("Next step on"), null=True, blank=True)
    touched_at = models.DateTimeField(_("Last touch"), editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)  # when its owner heard that it lies untouched
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="leads", editable=False)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="leads", editable=False)
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, null=True, blank=True, related_name="leads", editable=False
    )
    converted_at = models.DateTimeField(_("Became a customer on"), null=True, editable=False)

    class Meta:
        verbose_name = _("Lead")
        verbose_name_plural = _("Leads")
        indexes = [
            models.Index(fields=["owner", "state", "-id"], name="lead_owner"),
            models.Index(fields=["state", "-score", "-id"], name="lead_board"),
            models.Index(fields=["email"], name="lead_email"),
            models.Index(fields=["phone"], name="lead_phone"),
            models.Index(fields=["state", "touched_at"], name="lead_quiet"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name="", company_name="", email="", phone=""), name="lead_is_somebody"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="converted") | models.Q(customer__isnull=False), name="lead_became_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.company_name or self.email or self.phone


class Criterion(Named, Record):
    """A fact about a lead that makes it more or less promising: ``field`` (a key of ``logic.scoring.FIELDS``) compared
    by ``test`` with ``value`` gives ``points``."""

    TESTS = [
        ("is", pgettext_lazy("criterion", "is")), ("is_not", pgettext_lazy("criterion", "is not")),
        ("filled", pgettext_lazy("criterion", "is filled in")), ("empty", pgettext_lazy("criterion", "is empty")),
        ("contains", pgettext_lazy("criterion", "contains")),
    ]  # fmt: skip
    field = models.CharField(pgettext_lazy("of a record", "Field"), max_length=40)
    test = models.CharField(_("Condition"), max_length=8, choices=TESTS, default="filled")
    value = models.CharField(pgettext_lazy("criterion", "Value"), max_length=200, blank=True, default="")
    points = models.SmallIntegerField(_("Points"), default=10)
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        verbose_name = _("Scoring criterion")
        verbose_name_plural = _("Scoring criteria")


class Question(Named, Record):
    """A question that qualifies a lead; its answers carry points."""

    position = models.PositiveSmallIntegerField(_("No."), default=1)
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        verbose_name = _("Qualification question")
        verbose_name_plural = _("Qualification questions")
        ordering = ["position", "pk"]


class Choice(Named, Record):
    """A possible answer to a question."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="choices", verbose_name=_("Question"))
    position = models.PositiveSmallIntegerField(_("No."), default=1)
    points = models.SmallIntegerField(_("Points"), default=0)

    class Meta:
        verbose_name = pgettext_lazy("to a question", "Answer")
        verbose_name_plural = pgettext_lazy("to a question", "Answers")
        ordering = ["question", "position", "pk"]


class Answer(models.Model):
    """What a lead answered."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    choice = models.ForeignKey(Choice, models.PROTECT, related_name="given")

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lead", "question"], name="answered_once")]


class AssignmentRule(Named, Record):
    """To whom a new lead goes. Rules are tried in order; the first whose conditions all fit decides. Empty conditions
    fit everything."""

    WAYS = [
        ("person", _("To one person")), ("turn", _("To the people of a team, in turn")),
        ("load", _("To the one of a team with the fewest open leads")), ("territory", _("To the territory's people")),
    ]  # fmt: skip
    position = models.PositiveSmallIntegerField(_("No."), default=1)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=pgettext_lazy("of a lead", "Source"),
    )  # fmt: skip
    country = models.CharField(_("Country"), max_length=2, blank=True, default="")
    city = models.CharField(_("City"), max_length=100, blank=True, default="")
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Territory")
    )
    min_score = models.SmallIntegerField(_("Score from"), null=True, blank=True)
    way = models.CharField(pgettext_lazy("assignment", "How"), max_length=9, choices=WAYS, default="turn")
    person = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Person"))
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Team"))
    last_given = models.ForeignKey(USER, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        verbose_name = _("Assignment rule")
        verbose_name_plural = _("Assignment rules")
        ordering = ["position", "pk"]


class Arrival(Record):
    """What came in from outside, once: ``once`` is the sheet of a form or the mark that a program gave its call. It
    made a lead, or belongs to a lead that is open, or to a contact who is known. ``given`` are the answers as they
    were written, [[label, words]]; ``digest`` tells the same words from others under the same mark."""

    once = models.CharField(max_length=120, unique=True)
    digest = models.CharField(max_length=64)
    form = models.ForeignKey(WebForm, models.SET_NULL, null=True, related_name="arrivals")
    lead_key = models.ForeignKey(LeadKey, models.SET_NULL, null=True, related_name="arrivals")
    lead = models.ForeignKey(Lead, models.CASCADE, null=True, related_name="arrivals")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="arrivals")
    is_first = models.BooleanField(default=True)  # it made the lead
    given = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Message from outside")
        verbose_name_plural = _("Messages from outside")
        indexes = [models.Index(fields=["contact", "-id"], name="arrival_of_contact")]


class LeadSettings(models.Model):
    """One row: after how many quiet days the owner of a lead is reminded; 0 for never."""

    remind_after = models.PositiveSmallIntegerField(_("Remind after (days)"), default=7)

    objects = RecordQuerySet.as_manager()

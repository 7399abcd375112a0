"""Opportunities: what may be sold, how far it has come, and what is to be done next."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from rawabit.catalog.models import Item
from rawabit.crm.models import Contact, Customer
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.named import Named
from rawabit.kit.records.fields import AmountField, ExactField
from rawabit.kit.records.models import Record, RecordQuerySet, SearchableRecord
from rawabit.pipeline.logic.states import LOST, OPEN, WON

USER = settings.AUTH_USER_MODEL


class Pipeline(Named, Record):
    """A way of selling with stages of its own: projects, tenders, renewals …"""

    is_default = models.BooleanField(_("Used first"), default=False)
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        verbose_name = _("Pipeline")
        verbose_name_plural = _("Pipelines")


class Stage(Named, Record):
    """A step of a pipeline. ``required`` are the fields (keys of ``logic.stages.REQUIRABLE``) that must be filled
    before an opportunity may enter it; after ``stall_days`` without a sign of life it is called stalled there."""

    pipeline = models.ForeignKey(
        Pipeline, models.PROTECT, related_name="stages", verbose_name=pgettext_lazy("field", "Pipeline")
    )
    position = models.PositiveSmallIntegerField(_("No."), default=1)
    probability = models.PositiveSmallIntegerField(_("Probability %"), default=10)
    required = models.JSONField(_("Required fields"), default=list, blank=True)
    stall_days = models.PositiveSmallIntegerField(_("Stalled after (days)"), default=14)

    class Meta:
        verbose_name = pgettext_lazy("opportunity", "Stage")
        verbose_name_plural = pgettext_lazy("opportunity", "Stages")
        ordering = ["pipeline", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(probability__lte=100), name="stage_probability_sane"),
        ]


class LostReason(Named, Record):
    """Why business goes elsewhere; what is counted."""

    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        verbose_name = _("Reason for losing")
        verbose_name_plural = _("Reasons for losing")


class Source(Named, Record):
    """Where leads and opportunities come from: a fair, a campaign, the web site …"""

    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        verbose_name = pgettext_lazy("of a lead", "Source")
        verbose_name_plural = pgettext_lazy("of a lead", "Sources")


class Opportunity(SearchableRecord):
    """A deal that may come. Its value is what its lines come to before tax, or, without lines, an estimate.

    ``next_step`` and ``next_on`` say what is to be done and when; an open opportunity always has one.
    ``touched_at`` is the last sign of life, ``stage_since`` when it entered its stage.
    """

    number = models.CharField(_("Number"), max_length=60, unique=True, editable=False)
    title = models.CharField(_("Title"), max_length=200)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="opportunities", verbose_name=_("Customer")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Contact")
    )
    owner = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="opportunities", verbose_name=_("Owner")
    )
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("of a lead", "Source"),
    )
    pipeline = models.ForeignKey(
        Pipeline, models.PROTECT, related_name="opportunities", verbose_name=pgettext_lazy("field", "Pipeline")
    )
    stage = models.ForeignKey(
        Stage, models.PROTECT, related_name="opportunities", verbose_name=pgettext_lazy("opportunity", "Stage")
    )
    state = models.CharField(_("Status"), max_length=5, default=OPEN, editable=False)
    currency = models.CharField(_("Currency"), max_length=3, default="SAR")
    value = AmountField(_("Value"), default=0)
    probability = models.PositiveSmallIntegerField(_("Probability %"), null=True, blank=True)
    expected_close = models.DateField(_("Expected close"), null=True, blank=True)
    next_step = models.CharField(_("Next step"), max_length=200, blank=True, default="")
    next_on = models.DateField(_("Next step on"), null=True, blank=True)
    competitor = models.CharField(_("Competitors"), max_length=200, blank=True, default="")
    description = models.TextField(_("Description"), blank=True, default="")
    opened_on = models.DateField(_("Opened on"), editable=False)
    stage_since = models.DateTimeField(editable=False)
    touched_at = models.DateTimeField(editable=False)
    closed_on = models.DateField(_("Closed on"), null=True, editable=False)
    lost_reason = models.ForeignKey(
        LostReason, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Reason for losing")
    )
    lost_note = models.CharField(_("Note"), max_length=300, blank=True, default="", editable=False)
    origin = models.CharField(max_length=60, blank=True, default="", editable=False)  # source of an import

    class Meta:
        verbose_name = _("Opportunity")
        verbose_name_plural = _("Opportunities")
        indexes = [
            models.Index(fields=["customer", "-id"], name="opportunity_customer"),
            models.Index(fields=["owner", "state", "-id"], name="opportunity_owner"),
            models.Index(fields=["pipeline", "state", "stage"], name="opportunity_board"),
            models.Index(fields=["state", "expected_close"], name="opportunity_forecast"),
            models.Index(fields=["state", "closed_on"], name="opportunity_closed"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(value__gte=0), name="opportunity_value_sane"),
            models.CheckConstraint(
                condition=models.Q(probability=None) | models.Q(probability__lte=100), name="opportunity_probability"
            ),
            models.CheckConstraint(
                condition=models.Q(state=OPEN, closed_on=None)
                | models.Q(state__in=(WON, LOST), closed_on__isnull=False),
                name="opportunity_closed_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=LOST) | models.Q(lost_reason__isnull=False), name="opportunity_lost_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def worth(self) -> Money:
        return Money(self.value, self.currency)

    @property
    def chance(self) -> int:
        """Probability in per cent: of the decision, else its own, else the stage's."""
        if self.state != OPEN:
            return 100 if self.state == WON else 0
        return self.stage.probability if self.probability is None else self.probability


class OpportunityLine(models.Model):
    """What is wanted, and at which price before tax."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("No."))
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, verbose_name=_("Item"))
    title = models.CharField(_("Description"), max_length=300)
    quantity = ExactField(_("Quantity"), places=3)
    unit_price = ExactField(_("Unit price"), places=6)
    discount_percent = ExactField(_("Discount %"), places=4, default=0)
    net = AmountField(default=0)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["position"]

    @property
    def worth(self) -> Money:
        return Money(self.net, self.opportunity.currency)


class OpportunityContact(models.Model):
    """A person who has a say in the deal."""

    ROLES = [
        ("decision_maker", _("Decision maker")), ("user", pgettext_lazy("of a product", "User")),
        ("purchasing", _("Purchasing")), ("finance", _("Finance")), ("technical", _("Technical")),
        ("other", _("Other")),
    ]  # fmt: skip
    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="people")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+", verbose_name=_("Contact"))
    role = models.CharField(_("Role"), max_length=20, choices=ROLES, default="other")

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opportunity", "contact"], name="person_once_per_deal")]


class OpportunityPartner(models.Model):
    """A partner with whom the deal is pursued, and his part of it in per cent."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="partners")
    partner = models.ForeignKey(
        Customer, models.PROTECT, related_name="shared_opportunities", verbose_name=_("Partner")
    )
    role = models.CharField(_("Role"), max_length=100, blank=True, default="")
    share = ExactField(_("Share %"), places=4, default=0)

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "partner"], name="partner_once_per_deal"),
            models.CheckConstraint(condition=models.Q(share__gte=0, share__lte=100), name="partner_share_sane"),
        ]


class StageMove(models.Model):
    """An opportunity came from one stage to another, was won, lost or opened again: what conversion and the accuracy of
    forecasts are reckoned from. Only ever added."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="moves")
    from_stage = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="+")
    to_stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    state = models.CharField(max_length=5)
    value = AmountField(default=0)
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["opportunity", "id"], name="move_of_opportunity")]

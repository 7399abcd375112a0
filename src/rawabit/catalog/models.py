"""What the company sells: items, units, price lists, taxes."""

from __future__ import annotations

from django.db import models

from rawabit.kit.marking import _
from rawabit.kit.named import Named
from rawabit.kit.records.fields import ExactField
from rawabit.kit.records.models import Record, RecordQuerySet, SearchableRecord


class Unit(Named, Record):
    """A unit of measure; ``code`` is its UN/ECE Recommendation 20 code (PCE, KGM, MTR, HUR …)."""

    code = models.CharField(_("Code"), max_length=10, unique=True)

    class Meta:
        verbose_name = _("Unit of measure")
        verbose_name_plural = _("Units of measure")


class Tax(Named, Record):
    """A kind of tax treatment. ``category`` is the UNCL 5305 code: S standard, Z zero, E exempt, O out of scope."""

    code = models.SlugField(_("Code"), max_length=30, unique=True)
    category = models.CharField(
        _("Category"), max_length=1,
        choices=[("S", _("Standard rate")), ("Z", _("Zero rate")), ("E", _("Exempt")), ("O", _("Out of scope"))],
    )  # fmt: skip
    reason_code = models.CharField(_("Exemption reason code"), max_length=30, blank=True, default="")
    reason = models.CharField(_("Exemption reason"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("Tax")
        verbose_name_plural = _("Taxes")
        constraints = [
            models.CheckConstraint(condition=models.Q(category="S") | ~models.Q(reason=""), name="untaxed_says_why")
        ]


class TaxRate(models.Model):
    """The percentage of a tax from a day on."""

    tax = models.ForeignKey(Tax, models.CASCADE, related_name="rates")
    percent = ExactField(_("Per cent"), places=4)
    valid_from = models.DateField(_("Valid from"))

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tax", "valid_from"], name="one_rate_a_day"),
            models.CheckConstraint(condition=models.Q(percent__gte=0, percent__lte=100), name="rate_is_percent"),
        ]


class ItemGroup(Named, Record):
    """A shelf of the catalogue."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        verbose_name = _("Item group")
        verbose_name_plural = _("Item groups")


class Item(Named, SearchableRecord):
    """A product or a service."""

    GOODS, SERVICE = "goods", "service"

    sku = models.CharField(_("SKU"), max_length=60, unique=True)
    kind = models.CharField(
        _("Kind"), max_length=8, choices=[(GOODS, _("Product")), (SERVICE, _("Service"))], default=GOODS
    )
    group = models.ForeignKey(ItemGroup, models.PROTECT, null=True, blank=True, verbose_name=_("Item group"))
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Unit of measure"))
    tax = models.ForeignKey(Tax, models.PROTECT, verbose_name=_("Tax"))
    barcode = models.CharField(_("Barcode"), max_length=40, blank=True, default="")
    description = models.TextField(_("Description"), blank=True, default="")
    is_active = models.BooleanField(_("Sold now"), default=True)

    class Meta:
        verbose_name = _("Item")
        verbose_name_plural = _("Items")
        indexes = [models.Index(fields=["is_active", "name"], name="item_active_name")]


class PriceList(Named, Record):
    """Prices in one currency, before tax."""

    currency = models.CharField(_("Currency"), max_length=3)
    is_default = models.BooleanField(_("Used when a customer has none"), default=False)
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        verbose_name = _("Price list")
        verbose_name_plural = _("Price lists")
        constraints = [
            models.UniqueConstraint(fields=["currency"], condition=models.Q(is_default=True), name="one_default_list")
        ]


class Price(Record):
    """What one unit of an item costs on a list, from a quantity and from a day on."""

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="prices", verbose_name=_("Price list"))
    item = models.ForeignKey(Item, models.CASCADE, related_name="prices", verbose_name=_("Item"))
    unit_price = ExactField(_("Unit price"), places=6)
    min_quantity = ExactField(_("From quantity"), places=3, default=0)
    valid_from = models.DateField(_("Valid from"))
    valid_to = models.DateField(_("Valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("Price")
        verbose_name_plural = _("Prices")
        constraints = [
            models.UniqueConstraint(fields=["price_list", "item", "min_quantity", "valid_from"], name="one_price"),
            models.CheckConstraint(condition=models.Q(unit_price__gte=0), name="price_not_negative"),
        ]

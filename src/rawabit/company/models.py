"""The company that owns this installation: its legal data, its ways of writing, its colours."""

from __future__ import annotations

from datetime import time

from django.db import models

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.named import Named
from rawabit.kit.records.fields import AmountField, ExactField
from rawabit.kit.records.models import Record, RecordQuerySet

CALENDARS = [("gregorian", _("Gregorian")), ("hijri", _("Hijri (Umm al-Qura)")), ("jalali", _("Jalali"))]
DIGITS = [("latn", "123"), ("arab", "١٢٣"), ("arabext", "۱۲۳")]
LANGUAGES = [("ar", "العربية"), ("fa", "فارسی"), ("en", "English")]
WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")),
    (4, _("Friday")), (5, _("Saturday")), (6, _("Sunday")),
]  # fmt: skip

PAPER_LANGUAGES = [
    ("customer", _("The customer's language")), ("ar_en", _("Arabic and English")), ("ar", "العربية"),
    ("fa", "فارسی"), ("en", "English"),
]  # fmt: skip


def quiet_weekdays() -> list[int]:
    """Friday, as ``date.weekday()`` counts."""
    return [4]


def reminder_days() -> list[int]:
    """Days after the due date on which an unpaid invoice is called to mind; negative ones are before it."""
    return [-3, 1, 7, 14]


class Company(Named, Record):
    """One row, always with key 1."""

    trade_name = models.CharField(_("Trade name"), max_length=200, blank=True, default="")
    country = models.CharField(_("Country"), max_length=2, default="SA")
    currency = models.CharField(_("Currency"), max_length=3, default="SAR")
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True, default="")
    registration_number = models.CharField(_("Commercial registration"), max_length=20, blank=True, default="")
    street = models.CharField(_("Street"), max_length=200, blank=True, default="")
    building = models.CharField(_("Building number"), max_length=10, blank=True, default="")
    secondary = models.CharField(_("Secondary number"), max_length=10, blank=True, default="")
    district = models.CharField(_("District"), max_length=100, blank=True, default="")
    city = models.CharField(_("City"), max_length=100, blank=True, default="")
    province = models.CharField(_("Province"), max_length=100, blank=True, default="")
    postal_code = models.CharField(_("Postal code"), max_length=12, blank=True, default="")
    phone = models.CharField(_("Phone"), max_length=20, blank=True, default="")
    whatsapp = models.CharField(_("WhatsApp"), max_length=20, blank=True, default="")
    email = models.EmailField(_("E-mail"), blank=True, default="")
    website = models.URLField(_("Website"), blank=True, default="")
    bank_name = models.CharField(_("Bank"), max_length=100, blank=True, default="")
    iban = models.CharField(_("IBAN"), max_length=34, blank=True, default="")
    terms = models.TextField(_("Terms and conditions"), blank=True, default="")

    language = models.CharField(_("Language"), max_length=2, choices=LANGUAGES, default="ar")
    calendar = models.CharField(_("Calendar"), max_length=10, choices=CALENDARS, default="gregorian")
    second_calendar = models.CharField(
        _("Second calendar"), max_length=10, choices=[("", _("None")), *CALENDARS], blank=True, default="hijri"
    )
    digits = models.CharField(_("Digits"), max_length=8, choices=DIGITS, default="latn")
    timezone = models.CharField(_("Time zone"), max_length=40, default="Asia/Riyadh")
    first_weekday = models.PositiveSmallIntegerField(_("First day of the week"), choices=WEEKDAYS, default=6)
    money_style = models.CharField(
        _("Currency display"),
        max_length=8,
        choices=[("symbol", "⃁"), ("abbr", "ر.س"), ("code", "SAR")],
        default="symbol",
    )
    rial_unit = models.CharField(
        _("Iranian amounts in"), max_length=5, choices=[("rial", _("Rial")), ("toman", _("Toman"))], default="rial"
    )

    portal_name = models.CharField(_("Portal name"), max_length=100, blank=True, default="")
    brand_color = models.CharField(_("Brand colour"), max_length=7, default="#0e5a6b")
    logo = models.FileField(_("Logo"), upload_to="brand/", blank=True)
    custom_css = models.TextField(_("Custom CSS"), blank=True, default="")

    credit_policy = models.CharField(
        _("Over the credit limit"),
        max_length=5,
        choices=[
            ("warn", pgettext_lazy("credit", "Warn, and confirm all the same")),
            ("block", pgettext_lazy("credit", "Block the order")),
        ],
        default="warn",
    )
    invoice_from = models.CharField(
        _("Invoice quantities"),
        max_length=9,
        choices=[("delivered", _("As delivered")), ("ordered", _("As ordered"))],
        default="delivered",
    )
    quotation_days = models.PositiveSmallIntegerField(_("Quotations are valid for (days)"), default=14)
    discount_limit = ExactField(_("Discounts above this need permission (%)"), places=4, default=20)

    # Papers
    stamp = models.FileField(_("Stamp"), upload_to="brand/", blank=True)
    paper_languages = models.CharField(
        _("Language of papers"), max_length=8, choices=PAPER_LANGUAGES, default="customer"
    )

    # The portal: who may come in, what may be seen and done there (keys in ``crm.logic.switches``)
    portal_address = models.URLField(_("Address of the portal"), blank=True, default="")
    portal_open = models.CharField(
        _("Who may sign in"), max_length=6,
        choices=[("chosen", _("Invited people only")), ("all", _("Every contact with an e-mail address"))],
        default="chosen",
    )  # fmt: skip
    registration = models.CharField(
        _("Self-registration"), max_length=8,
        choices=[("off", pgettext_lazy("registration", "Off")), ("approval", _("With our approval"))], default="off",
    )  # fmt: skip
    transactions = models.BooleanField(_("Customers may act, not only look"), default=True)
    switches = models.JSONField(default=dict, blank=True, editable=False)
    embed_hosts = models.TextField(_("Web sites that may show the portal's widget"), blank=True, default="")

    # Links to one document
    link_days = models.PositiveSmallIntegerField(_("Links are valid for (days)"), default=90)
    link_code_for = models.JSONField(default=list, blank=True, editable=False)
    accept_code_above = AmountField(_("Accepting needs a code above"), default=0)

    # Messages to customers
    mail_from_name = models.CharField(_("Sender's name in e-mails"), max_length=100, blank=True, default="")
    mail_reply_to = models.EmailField(_("Answers go to"), blank=True, default="")
    quiet_from = models.TimeField(_("Quiet from"), null=True, blank=True, default=time(21))
    quiet_until = models.TimeField(_("Quiet until"), null=True, blank=True, default=time(8))
    quiet_days = models.JSONField(default=quiet_weekdays, blank=True, editable=False)
    reminders_on = models.BooleanField(_("Remind of invoices"), default=True)
    reminder_days = models.JSONField(default=reminder_days, blank=True, editable=False)

    class Meta:
        verbose_name = _("Company")
        verbose_name_plural = pgettext_lazy("settings", "Company")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_company")]


class Series(models.Model):
    """How the numbers of one kind of document look: ``PREFIX-YEAR-00001``, counted anew each fiscal year.

    ``kind`` is a key of ``logic.numbering.SERIES``; series that are not ``yearly`` count on for ever."""

    kind = models.CharField(max_length=20, primary_key=True)
    prefix = models.CharField(_("Prefix"), max_length=10)
    width = models.PositiveSmallIntegerField(_("Digits"), default=5)
    yearly = models.BooleanField(_("Starts anew each year"), default=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("Number series")
        verbose_name_plural = _("Number series")


class WorkingHours(models.Model):
    """Open hours of a weekday; two rows for a day with a break. ``valid_from`` and ``valid_to`` for Ramadan."""

    weekday = models.PositiveSmallIntegerField(_("Weekday"), choices=WEEKDAYS)
    opens = models.TimeField(_("Opens"))
    closes = models.TimeField(_("Closes"))
    label = models.CharField(_("Label"), max_length=60, blank=True, default="")
    valid_from = models.DateField(_("From"), null=True, blank=True)
    valid_to = models.DateField(_("To"), null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("Working hours")
        verbose_name_plural = _("Working hours")
        ordering = ["weekday", "opens"]
        constraints = [models.CheckConstraint(condition=models.Q(closes__gt=models.F("opens")), name="opens_first")]


class Holiday(Named):
    """A closed day. Proposed by a library, confirmed by the administrator, read from here alone."""

    date = models.DateField(_("Date"), unique=True)
    confirmed = models.BooleanField(_("Confirmed"), default=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("Public holiday")
        verbose_name_plural = _("Public holidays")
        ordering = ["date"]

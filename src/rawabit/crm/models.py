"""Customers, the people behind them, and how they hang together."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from rawabit.catalog.models import PriceList
from rawabit.kit.countries import country_name
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.named import Named
from rawabit.kit.records.fields import AmountField
from rawabit.kit.records.models import Record, RecordQuerySet, SearchableRecord

USER = settings.AUTH_USER_MODEL
LANGUAGES = [("ar", "العربية"), ("fa", "فارسی"), ("en", "English")]
CHANNELS = [
    ("whatsapp", _("WhatsApp")), ("phone", _("Phone")), ("email", _("E-mail")), ("sms", _("Text message")),
    ("meeting", _("Meeting")), ("portal", _("Customer portal")),
    ("telegram", "Telegram"), ("eitaa", "ایتا"), ("bale", "بله"), ("rubika", "روبیکا"),
]  # fmt: skip


class Territory(Named, Record):
    """A region and who looks after it."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Part of")
    )
    manager = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Manager")
    )
    members: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        USER, blank=True, related_name="territories", verbose_name=_("Members")
    )

    class Meta:
        verbose_name = _("Territory")
        verbose_name_plural = _("Territories")


class CustomerGroup(Named, Record):
    """A category of customers: wholesale, retail, key accounts …"""

    class Meta:
        verbose_name = _("Customer group")
        verbose_name_plural = _("Customer groups")


class PaymentTerms(Named, Record):
    """When an invoice is due: ``days`` after its date, or after the end of its month."""

    days = models.PositiveSmallIntegerField(_("Days"), default=30)
    after = models.CharField(
        _("Counted from"), max_length=5,
        choices=[("date", _("Invoice date")), ("month", _("End of the month"))], default="date",
    )  # fmt: skip

    class Meta:
        verbose_name = _("Payment terms")
        verbose_name_plural = _("Payment terms")


class TerritoryRule(Record):
    """A new customer of this country, and city when one is named, belongs to the territory."""

    country = models.CharField(_("Country"), max_length=2)
    city = models.CharField(_("City"), max_length=100, blank=True, default="")
    city_key = models.CharField(max_length=100, blank=True, default="", editable=False)
    territory = models.ForeignKey(Territory, models.CASCADE, related_name="rules", verbose_name=_("Territory"))

    class Meta:
        verbose_name = _("Territory rule")
        verbose_name_plural = _("Territory rules")
        constraints = [models.UniqueConstraint(fields=["country", "city_key"], name="one_territory_for_a_place")]

    def __str__(self) -> str:
        return "، ".join(part for part in (str(country_name(self.country)), self.city) if part)


class Customer(Named, SearchableRecord):
    """Somebody the company sells to."""

    COMPANY, INDIVIDUAL, GOVERNMENT, PARTNER = "company", "individual", "government", "partner"
    KINDS = [
        (COMPANY, _("Company")), (INDIVIDUAL, _("Individual")),
        (GOVERNMENT, _("Government body")), (PARTNER, _("Partner")),
    ]  # fmt: skip

    code = models.CharField(_("Customer number"), max_length=40, unique=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=KINDS, default=COMPANY)
    trade_name = models.CharField(_("Trade name"), max_length=200, blank=True, default="")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="branches", verbose_name=_("Branch of")
    )
    country = models.CharField(_("Country"), max_length=2, default="SA")
    language = models.CharField(_("Language"), max_length=2, choices=LANGUAGES, default="ar")
    email = models.EmailField(_("E-mail"), blank=True, default="")
    phone = models.CharField(_("Phone"), max_length=20, blank=True, default="")
    website = models.URLField(_("Website"), blank=True, default="")
    preferred_channel = models.CharField(
        _("Contact preference"), max_length=10, choices=CHANNELS, blank=True, default=""
    )
    whatsapp_ok = models.BooleanField(_("May be written to on WhatsApp"), default=True)
    contact_from = models.TimeField(_("Contact from"), null=True, blank=True)
    contact_until = models.TimeField(_("Contact until"), null=True, blank=True)
    considerations = models.TextField(_("Special considerations"), blank=True, default="")

    territory = models.ForeignKey(Territory, models.PROTECT, null=True, blank=True, verbose_name=_("Territory"))
    group = models.ForeignKey(CustomerGroup, models.PROTECT, null=True, blank=True, verbose_name=_("Customer group"))
    owner = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="customers", verbose_name=_("Account manager")
    )
    payment_terms = models.ForeignKey(
        PaymentTerms, models.PROTECT, null=True, blank=True, verbose_name=_("Payment terms")
    )
    price_list = models.ForeignKey(PriceList, models.PROTECT, null=True, blank=True, verbose_name=_("Price list"))
    currency = models.CharField(_("Currency"), max_length=3, default="SAR")
    credit_limit = AmountField(_("Credit limit"), null=True, blank=True)
    on_hold = models.BooleanField(_("Orders on hold"), default=False)
    is_active = models.BooleanField(_("Active"), default=True)
    is_walk_in = models.BooleanField(default=False, editable=False)
    # Without an index of all rows: "merged into nobody" is nearly everybody, and a planner would take it for a few.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False, db_index=False
    )

    class Meta:
        verbose_name = _("Customer")
        verbose_name_plural = _("Customers")
        indexes = [
            models.Index(fields=["merged_into"], name="customer_merged", condition=~models.Q(merged_into=None)),
            models.Index(fields=["owner", "id"], name="customer_owner"),
            models.Index(fields=["territory", "id"], name="customer_territory"),
            models.Index(fields=["name"], name="customer_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(credit_limit=None) | models.Q(credit_limit__gte=0), name="credit_limit_not_negative"
            )
        ]


class Identifier(models.Model):
    """An official number of a customer; ``kind`` is a key of ``kit.identifiers.IDENTIFIERS``."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="identifiers")
    kind = models.CharField(_("Kind"), max_length=30)
    value = models.CharField(_("Number"), max_length=40)
    valid_to = models.DateField(_("Valid to"), null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("Identifier")
        constraints = [models.UniqueConstraint(fields=["customer", "kind", "value"], name="identifier_once")]
        indexes = [models.Index(fields=["kind", "value"], name="identifier_value")]


class Address(Record):
    """A place of a customer. Saudi addresses use the national-address fields, Iranian ones province and free text."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="addresses")
    label = models.CharField(_("Label"), max_length=100, blank=True, default="")
    purpose = models.CharField(
        _("Used for"), max_length=8,
        choices=[("billing", _("Billing")), ("delivery", _("Delivery")), ("branch", _("Branch"))], default="billing",
    )  # fmt: skip
    country = models.CharField(_("Country"), max_length=2, default="SA")
    building = models.CharField(_("Building number"), max_length=10, blank=True, default="")
    street = models.CharField(_("Street"), max_length=200, blank=True, default="")
    secondary = models.CharField(_("Secondary number"), max_length=10, blank=True, default="")
    unit = models.CharField(_("Unit number"), max_length=20, blank=True, default="")
    district = models.CharField(_("District"), max_length=100, blank=True, default="")
    city = models.CharField(_("City"), max_length=100, blank=True, default="")
    province = models.CharField(_("Province"), max_length=100, blank=True, default="")
    postal_code = models.CharField(_("Postal code"), max_length=12, blank=True, default="")
    short_code = models.CharField(_("Short address"), max_length=8, blank=True, default="")
    lines = models.TextField(_("Address in words"), blank=True, default="")
    receiver = models.CharField(_("Receiver"), max_length=200, blank=True, default="")
    phone = models.CharField(_("Receiver's phone"), max_length=20, blank=True, default="")
    map_link = models.URLField(_("Map link"), blank=True, default="")
    is_default = models.BooleanField(_("Used first"), default=False)

    class Meta:
        verbose_name = _("Address")
        verbose_name_plural = _("Addresses")

    def __str__(self) -> str:
        parts = [self.lines, self.building, self.street, self.district, self.city, self.province, self.postal_code]
        return "، ".join(part for part in parts if part) or self.label


class Contact(SearchableRecord):
    """A person. Written as the person writes it; never forced apart into first and last name."""

    full_name = models.CharField(_("Full name"), max_length=200)
    name_en = models.CharField(_("Name in English"), max_length=200, blank=True, default="")
    honorific = models.CharField(_("Title"), max_length=40, blank=True, default="")
    known_as = models.CharField(_("Known as"), max_length=100, blank=True, default="")
    email = models.EmailField(_("E-mail"), blank=True, default="")
    phone = models.CharField(_("Phone"), max_length=20, blank=True, default="")
    mobile = models.CharField(_("Mobile"), max_length=20, blank=True, default="")
    language = models.CharField(_("Language"), max_length=2, choices=LANGUAGES, default="ar")
    preferred_channel = models.CharField(
        _("Contact preference"), max_length=10, choices=CHANNELS, blank=True, default=""
    )
    whatsapp_ok = models.BooleanField(_("May be written to on WhatsApp"), default=True)
    considerations = models.TextField(_("Special considerations"), blank=True, default="")
    owner = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name=_("Owner")
    )
    is_active = models.BooleanField(_("Active"), default=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False, db_index=False
    )

    class Meta:
        verbose_name = _("Contact")
        verbose_name_plural = _("Contacts")
        indexes = [models.Index(fields=["merged_into"], name="contact_merged", condition=~models.Q(merged_into=None))]

    def __str__(self) -> str:
        return self.full_name


ROLES = [
    ("decision_maker", _("Decision maker")), ("owner", pgettext_lazy("of a company", "Owner")),
    ("purchasing", _("Purchasing")), ("finance", _("Finance")), ("technical", _("Technical")),
    ("receiving", _("Receiving goods")), ("user", pgettext_lazy("of a product", "User")),
    ("assistant", _("Assistant")), ("other", _("Other")),
]  # fmt: skip


class Affiliation(models.Model):
    """A person's role at a customer."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="affiliations", verbose_name=_("Contact"))
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="affiliations", verbose_name=_("Customer"))
    role = models.CharField(_("Role"), max_length=20, choices=ROLES, default="other")
    job_title = models.CharField(_("Job title"), max_length=100, blank=True, default="")
    is_primary = models.BooleanField(_("First to ask"), default=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("Role at a customer")
        constraints = [models.UniqueConstraint(fields=["contact", "customer", "role"], name="role_at_customer_once")]


class ContactRelation(models.Model):
    """Two people know each other."""

    KINDS = [
        ("reports_to", _("reports to")), ("colleague", _("colleague of")), ("family", _("relative of")),
        ("referred_by", _("referred by")), ("knows", _("knows")),
    ]  # fmt: skip
    from_contact = models.ForeignKey(Contact, models.CASCADE, related_name="relations_out")
    to_contact = models.ForeignKey(Contact, models.CASCADE, related_name="relations_in", verbose_name=_("Contact"))
    kind = models.CharField(_("Relation"), max_length=12, choices=KINDS, default="knows")
    note = models.CharField(_("Note"), max_length=200, blank=True, default="")

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_contact", "to_contact", "kind"], name="contact_relation_once"),
            models.CheckConstraint(
                condition=~models.Q(from_contact=models.F("to_contact")), name="nobody_knows_himself"
            ),
        ]


class CustomerRelation(models.Model):
    """Two companies hang together."""

    KINDS = [
        ("partner_of", _("partner of")), ("supplier_of", _("supplier of")), ("same_group", _("same group as")),
        ("referred_by", _("referred by")), ("competitor_of", _("competitor of")),
    ]  # fmt: skip
    from_customer = models.ForeignKey(Customer, models.CASCADE, related_name="relations_out")
    to_customer = models.ForeignKey(Customer, models.CASCADE, related_name="relations_in", verbose_name=_("Customer"))
    kind = models.CharField(_("Relation"), max_length=14, choices=KINDS, default="partner_of")
    note = models.CharField(_("Note"), max_length=200, blank=True, default="")

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_customer", "to_customer", "kind"], name="customer_relation_once")
        ]


class PortalAccess(Record):
    """A customer's user stands for a customer, in a role."""

    ROLES = [
        ("owner", _("Account owner")), ("buyer", _("Buyer")), ("finance", _("Finance")), ("support", _("Support only")),
    ]  # fmt: skip
    user = models.ForeignKey(USER, models.CASCADE, related_name="portal_access", verbose_name=_("User"))
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="portal_access", verbose_name=_("Customer"))
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="portal_access")
    role = models.CharField(_("Role"), max_length=8, choices=ROLES, default="owner")
    limit = AmountField(_("Buying limit"), null=True, blank=True)  # in the customer's currency; None: no limit
    is_active = models.BooleanField(_("Active"), default=True)
    called = models.CharField(max_length=200, blank=True, default="")  # the name that the inviter gave
    invited_at = models.DateTimeField(_("Invited"), null=True, editable=False)

    class Meta:
        verbose_name = _("Portal access")
        verbose_name_plural = _("Portal access")
        constraints = [
            models.UniqueConstraint(fields=["user", "customer"], name="access_once"),
            models.CheckConstraint(
                condition=models.Q(limit=None) | models.Q(limit__gte=0), name="buying_limit_not_negative"
            ),
        ]


class HeldInvitation(Record):
    """An invitation that a customer sent to an address that cannot take it: a colleague's own, or a closed sign-in.

    To the inviter it looks like any other that waits for its first sign-in, so that inviting does not tell who signs
    in here; the desk sees it for what it is. It opens nothing."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="held_invitations")
    email = models.EmailField(_("E-mail"))
    called = models.CharField(max_length=200)
    role = models.CharField(_("Role"), max_length=8, choices=PortalAccess.ROLES)
    limit = AmountField(_("Buying limit"), null=True, blank=True)
    is_active = models.BooleanField(_("Active"), default=True)
    invited_at = models.DateTimeField(_("Invited"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "email"], name="held_once")]


class ChangeRequest(Record):
    """A customer asks for what he may not change himself: ``changes`` is ``{field: [before, after]}``."""

    LEGAL, ADDRESS, CONTACT, BANK, ERASURE = "legal", "address", "contact", "bank", "erasure"
    KINDS = [
        (LEGAL, _("Name and official numbers")), (ADDRESS, _("Legal address")), (CONTACT, _("Contact details")),
        (BANK, _("Bank details")), (ERASURE, _("Deletion of personal data")),
    ]  # fmt: skip
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="change_requests", verbose_name=_("Customer"))
    kind = models.CharField(_("Change"), max_length=8, choices=KINDS)
    state = models.CharField(_("Status"), max_length=9, default="asked")
    changes = models.JSONField(default=dict, editable=False)
    note = models.TextField(_("Note"), blank=True, default="")
    address = models.ForeignKey(Address, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("Asked by"))
    asked_at = models.DateTimeField(_("Asked on"))
    decided_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Decided by")
    )
    decided_at = models.DateTimeField(_("Decided on"), null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("Change request")
        verbose_name_plural = _("Change requests")
        indexes = [
            models.Index(fields=["customer", "-id"], name="change_of_customer"),
            models.Index(fields=["state", "-id"], name="change_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "asked_by"], condition=models.Q(state="asked"), name="change_asked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.customer}"


class Merge(models.Model):
    """Two records were one: what was moved from the loser to the winner, so that it can be taken back exactly.

    ``moved`` is ``{"app.Model.field": [keys]}``, ``values`` ``{field: [before, after]}`` of the winner, ``demoted`` the
    rows of the loser that were first of their kind and are no more, ``{"app.Model.field": [keys]}``."""

    CUSTOMER, CONTACT = "customer", "contact"
    kind = models.CharField(max_length=8, choices=[(CUSTOMER, _("Customer")), (CONTACT, _("Contact"))])
    winner_key = models.BigIntegerField()
    loser_key = models.BigIntegerField()
    loser_name = models.CharField(max_length=200)
    loser_was_active = models.BooleanField(default=True)
    moved = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    demoted = models.JSONField(default=dict)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "winner_key", "-id"], name="merge_of_winner")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "loser_key"], condition=models.Q(undone_at=None), name="merged_once_at_a_time"
            )
        ]


class Handover(Record):
    """A person's records were given to others: to whom by default, by territory, and what was moved."""

    WAITING, DONE, UNDONE = "waiting", "done", "undone"
    person = models.ForeignKey(USER, models.PROTECT, related_name="+")
    plan = models.JSONField(default=dict)  # {"to": key, "territories": {territory: key}, "deactivate": bool}
    moved = models.JSONField(default=dict)  # {"app.Model.field": {successor: [keys]}}
    state = models.CharField(max_length=7, default=WAITING)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="handover_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(state="waiting"), name="one_handover_at_a_time"
            )
        ]

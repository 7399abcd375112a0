"""People who sign in, their roles, their teams."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from rawabit.kit.marking import _
from rawabit.kit.named import Named
from rawabit.kit.records.models import Record, RecordQuerySet, SearchableRecord

STAFF, CUSTOMER = "staff", "customer"
SCOPE_LABELS = [("own", _("Own")), ("team", _("Team")), ("territory", _("Territory")), ("all", _("All"))]


class UserManager(BaseUserManager.from_queryset(RecordQuerySet)):  # type: ignore[misc]
    """Makes people; ``by_login`` finds them by e-mail."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        person: User = self.model(email=self.normalize_email(email).lower(), **fields)
        if password:
            person.set_password(password)
        else:
            person.set_unusable_password()
        person.save()
        return person

    def get_by_natural_key(self, email: str) -> User:
        person: User = self.get(email=(email or "").lower())
        return person


class User(AbstractBaseUser, SearchableRecord):
    """A person with an own sign-in: staff, or a customer's user.

    ``rights`` and the id lists are the person's effective rights, written by the actions that change roles,
    teams, territories or portal access, in the same transaction; a request reads them with the person's row.
    """

    email = models.EmailField(_("E-mail"), unique=True)
    phone = models.CharField(_("Mobile"), max_length=20, blank=True, default="")
    full_name = models.CharField(_("Full name"), max_length=200)
    kind = models.CharField(max_length=8, choices=[(STAFF, _("Staff")), (CUSTOMER, _("Customer"))], default=STAFF)
    is_active = models.BooleanField(_("May sign in"), default=True)
    language = models.CharField(_("Language"), max_length=2, blank=True, default="")
    calendar = models.CharField(_("Calendar"), max_length=10, blank=True, default="")
    digits = models.CharField(_("Digits"), max_length=8, blank=True, default="")
    theme = models.CharField(max_length=5, default="auto")
    compact = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    session_stamp = models.UUIDField(default=uuid.uuid4, editable=False)

    rights = models.JSONField(default=dict, editable=False)
    team_user_ids = models.JSONField(default=list, editable=False)
    territory_ids = models.JSONField(default=list, editable=False)
    customer_roles = models.JSONField(default=dict, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("User")
        verbose_name_plural = _("Users")

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def is_staff(self) -> bool:
        return self.kind == STAFF

    def get_full_name(self) -> str:
        return self.full_name

    def get_session_auth_hash(self) -> str:
        """What a session must carry to stay valid: a new password or a new ``session_stamp`` ends them all at once."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | bytes | None) -> str:
        kept = f"{self.password}{self.session_stamp.hex}"
        return salted_hmac("rawabit.identity.session", kept, secret=secret, algorithm="sha256").hexdigest()


class Role(Named, Record):
    """A set of permissions under a name. ``code`` marks the five that come with the program."""

    code = models.SlugField(max_length=40, unique=True)
    built_in = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("Role")
        verbose_name_plural = _("Roles")


class Grant(models.Model):
    """A role may do one thing, within a scope."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="grants")
    permission = models.CharField(max_length=80)
    scope = models.CharField(max_length=9, choices=SCOPE_LABELS, default="all")

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "permission"], name="granted_once")]


class Membership(models.Model):
    """A person has a role."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.ForeignKey(Role, models.PROTECT, related_name="memberships")

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_once")]


class Team(Named, Record):
    """Colleagues who see one another's records when their scope says "team"."""

    leader = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="leads_teams")
    members = models.ManyToManyField(User, related_name="teams", blank=True)
    office = models.CharField(_("Office"), max_length=100, blank=True, default="")

    class Meta:
        verbose_name = _("Team")
        verbose_name_plural = _("Teams")


class OneTimeCode(models.Model):
    """Six digits sent to an address, of which only a hash is kept. ``purpose`` is what they are good for."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=80)
    email = models.EmailField(blank=True, default="")
    code_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["purpose", "made_at"], name="code_of_purpose"),
            models.Index(fields=["email", "made_at"], name="code_of_address"),
        ]

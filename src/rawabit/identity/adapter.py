"""How the sign-in library behaves here: nobody opens an account himself, messages are ours, doors are kept apart."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.core.internal.cryptokit import generate_user_code
from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme

from rawabit.company.queries import company_now
from rawabit.identity.mailing import SUBJECTS, language_of, message
from rawabit.identity.models import User
from rawabit.identity.queries import actor_of, nobody
from rawabit.kit.access import access_of
from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit

DEVICE = "device"
DEVICE_AGE = 60 * 60 * 24 * 180
CODE_LENGTH = 6
TOASTS: dict[str, Any] = {
    "account/messages/logged_out.txt": _("You have signed out."),
    "account/messages/password_changed.txt": _("Your password has been changed."),
    "account/messages/password_set.txt": _("Your password has been set."),
    "usersessions/messages/sessions_logged_out.txt": _("The other devices have been signed out."),
}


class Adapter(DefaultAccountAdapter):
    """Overrides of django-allauth, each for a reason of ours."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Ask your contact at the company."),
        "email_password_mismatch": _("E-mail or password is not right."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _("This is not the code that we sent."),
        "invalid_login": _("Write your e-mail address."),
        "invalid_password_reset": _("This link is used up or too old."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes and try again."),
        "rate_limited": _("Too many attempts. Wait a few minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    # Ways in and out

    def is_safe_url(self, url: str) -> bool:
        """Only addresses of this very site, whatever other hosts are allowed or trusted."""
        request = current.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("front-door")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("front-door")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The host comes from the settings: a forged Host header must not lead a secret link elsewhere."""
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.BASE_URL.rstrip('/')}{path}"

    def post_login(self, request: HttpRequest, user: User, *, redirect_url: str | None, **rest: Any) -> HttpResponse:
        wanted = redirect_url or request.POST.get("next") or request.GET.get("next")
        mine = wanted if wanted and self.is_safe_url(wanted) and is_door_of(user, wanted) else reverse("front-door")
        response: HttpResponse = super().post_login(request, user, redirect_url=mine, **rest)
        emit("user.signed_in", user, actor=actor_of(user), at=timezone.now(), address=self.get_client_ip(request))
        response.set_signed_cookie(
            DEVICE, user.email, salt=DEVICE, max_age=DEVICE_AGE, httponly=True, samesite="Lax",
            secure=request.is_secure(),
        )  # fmt: skip
        return response

    # Guessing

    def generate_login_code(self) -> str:
        return str(generate_user_code(length=CODE_LENGTH, numeric=True, dashed=False))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords are counted per account, apart for devices that have signed in to it before: a stranger
        who guesses shuts out strangers, never the person himself. The Host header plays no part."""
        login = str(credentials.get("email", "")).lower()
        return f"{login}:{'known' if is_known_device(request, login) else 'strange'}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Written about the company, known address or not: the time of the answer must not tell who has an account."""
        login, address = str(credentials.get("email", ""))[:254], self.get_client_ip(request)
        emit("user.sign_in_failed", company_now(), actor=nobody(), at=timezone.now(), email=login, address=address)

    def reauthenticate(self, user: User, password: str) -> bool:
        """By the person's own row; the library would look for a second table of addresses, which is empty here."""
        found = self.authenticate(current.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def set_password(self, user: User, password: str) -> None:
        """Writes the password alone: rights that somebody changes meanwhile must not be written back."""
        user.set_password(password)
        user.save(update_fields=["password"])

    # Messages

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        kind = template_prefix.rpartition("/")[2]
        if kind in SUBJECTS:
            facts = {key: value for key, value in context.items() if key not in ("request", "current_site")}
            message(kind, email, language_of(email, translation.get_language() or "ar"), facts).send()

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        facts = {"at": timezone.now(), "ip": self.get_client_ip(self.request), **(context or {})}
        self.send_mail(template_prefix, email or user.email, facts)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None,
        message_context: dict[str, Any] | None = None, extra_tags: str = "", message: str | None = None,
    ) -> None:  # fmt: skip
        """Only messages that have words of ours."""
        if words := message or TOASTS.get(message_template or ""):
            messages.add_message(request, level, words, extra_tags=extra_tags)


def is_door_of(user: User, url: str) -> bool:
    """Staff do not land in the portal, customers not on the desk."""
    try:
        kind = access_of(resolve(url.partition("?")[0].partition("#")[0]).func)
    except Resolver404:
        return False
    return kind not in (("portal",) if user.is_staff else ("staff",))


def is_known_device(request: HttpRequest, login: str) -> bool:
    try:
        return bool(request.get_signed_cookie(DEVICE, salt=DEVICE, max_age=DEVICE_AGE) == login)
    except (KeyError, BadSignature):
        return False

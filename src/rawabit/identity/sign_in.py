"""The pages of signing in: the library's steps with our forms. Every page works without scripts."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings, views
from allauth.account import forms as theirs
from allauth.account.internal.stagekit import clear_login
from django import forms
from django.contrib.auth import password_validation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from rawabit.kit.marking import _
from rawabit.kit.screens.fields import OneTimeCodeField
from rawabit.kit.screens.widgets import PasswordInput
from rawabit.kit.text import clean_user_text, latn


class AddressField(forms.EmailField):
    """An e-mail address typed on any keyboard."""

    def __init__(self, **options: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email", "dir": "ltr"})
        super().__init__(**{"label": _("E-mail"), "widget": widget, **options})

    def to_python(self, value: Any) -> str:
        return latn(clean_user_text(super().to_python(value) or "")).strip().lower()


def present_password(label: Any, **options: Any) -> forms.CharField:
    widget = PasswordInput(attrs={"autocomplete": "current-password"})
    return forms.CharField(label=label, strip=False, widget=widget, **options)


def new_password(label: Any, **options: Any) -> forms.CharField:
    widget = PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, strip=False, widget=widget, **options)


class SignInForm(theirs.LoginForm):
    """Address and password; without a password a one-time code is sent."""

    _kit_rare_requirement = ""  # neither field is marked: the hint tells what an empty password means

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"] = AddressField()
        self.fields["password"] = present_password(
            _("Password"), required=False, help_text=_("Leave it empty to get a one-time code by e-mail.")
        )


class AskCodeForm(theirs.RequestLoginCodeForm):
    """The address alone. Takes what the sign-in form calls ``login`` too, so that one page offers both ways."""

    def __init__(self, data: Any = None, *args: Any, **options: Any) -> None:
        if data is not None and "login" in data and "email" not in data:
            data = {"email": data["login"]}
        super().__init__(data, *args, **options)
        self.fields["email"] = AddressField()


class CodeForm(theirs.ConfirmLoginCodeForm):
    """The code from the message, in any digits."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"] = OneTimeCodeField(label=_("One-time code"))
        self.fields["code"].widget.attrs |= {"autofocus": True, "maxlength": 20}


class _NewPassword:
    """One field for the new password: it can be looked at before it is sent, so it is not asked for twice."""

    user: Any
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def ask(self) -> None:
        del self.fields["password2"]
        self.fields["password1"] = new_password(_("New password"), help_text=rules())

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        password_validation.validate_password(password, self.user)
        return password


class ChangePasswordForm(_NewPassword, theirs.ChangePasswordForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["oldpassword"] = present_password(_("Present password"))
        self.ask()


class SetPasswordForm(_NewPassword, theirs.SetPasswordForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.ask()


class ResetPasswordForm(_NewPassword, theirs.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.ask()


class ForgottenForm(theirs.ResetPasswordForm):
    email = AddressField()


class ReauthenticateForm(theirs.ReauthenticateForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password"] = present_password(_("Password"))


def rules() -> str:
    """What a password must be, in one sentence."""
    return str(_("At least 10 characters; not a common word, not digits alone, not your name or address."))


# Pages


class SignIn(views.LoginView):
    form_class = SignInForm
    template_name = "identity/sign_in.html"

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "login": self.request.GET.get("email", "")[:254]}


class AskCode(views.RequestLoginCodeView):
    form_class = AskCodeForm
    template_name = "identity/ask_code.html"


class ConfirmCode(views.ConfirmLoginCodeView):
    form_class = CodeForm
    template_name = "identity/confirm_code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") == "restart":
            clear_login(request)
            return redirect("account_login")
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "minutes": app_settings.LOGIN_BY_CODE_TIMEOUT // 60}


class SignOut(views.LogoutView):
    template_name = "identity/sign_out.html"


class Inactive(views.AccountInactiveView):
    template_name = "identity/inactive.html"


class Reauthenticate(views.ReauthenticateView):
    form_class = ReauthenticateForm
    template_name = "identity/reauthenticate.html"


class ChangePassword(views.PasswordChangeView):
    form_class = ChangePasswordForm
    template_name = "identity/password.html"


class SetPassword(views.PasswordSetView):
    form_class = SetPasswordForm
    template_name = "identity/password.html"


class Forgotten(views.PasswordResetView):
    form_class = ForgottenForm
    template_name = "identity/forgotten.html"


class ForgottenSent(views.PasswordResetDoneView):
    template_name = "identity/forgotten_sent.html"


class ResetPassword(views.PasswordResetFromKeyView):
    form_class = ResetPasswordForm
    template_name = "identity/reset_password.html"


class PasswordWasReset(views.PasswordResetFromKeyDoneView):
    template_name = "identity/password_was_reset.html"

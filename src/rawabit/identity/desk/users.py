"""People who sign in: inviting, roles, letting go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.forms import ModelForm

from rawabit.company.models import LANGUAGES
from rawabit.identity.actions import create_staff, deactivate_user, reactivate_user, save_user, set_roles
from rawabit.identity.desk.roles import RoleScreens
from rawabit.identity.devices import devices_of, sign_out_everywhere
from rawabit.identity.mailing import invite
from rawabit.identity.models import User
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Choice, Code, Column, Phone, When, Yes
from rawabit.kit.screens.fields import PhoneField
from rawabit.kit.screens.filters import Flag, Of, OneOf
from rawabit.kit.screens.masters import MailColumn, Sure
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.screens import Screens
from rawabit.kit.screens.verbs import Verb

LIKE_COMPANY = [("", pgettext_lazy("language", "Like the company")), *LANGUAGES]


class UserForm(ModelForm):
    """A colleague. Address, roles and invitation are asked once; later they have verbs of their own."""

    only_new = ("email", "roles", "invite")
    widths = {"full_name": 6, "email": 6, "phone": 6, "language": 6}
    language = forms.ChoiceField(label=_("Language"), choices=LIKE_COMPANY, required=False)
    roles: Any = forms.ModelMultipleChoiceField(
        None, label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple
    )
    invite = forms.BooleanField(label=_("Send an invitation by e-mail"), required=False, initial=True)

    class Meta:
        model = User
        fields = ["full_name", "email", "phone", "language"]
        field_classes = {"phone": PhoneField}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.only_new if self.instance.pk else ():
            del self.fields[name]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


def save_person(form: ModelForm[User], *, actor: Actor, at: datetime, seen_version: int | None = None) -> User:
    """A new colleague from the form, or the changes of a person."""
    if form.instance.pk:
        return save_user(form, actor=actor, at=at, seen_version=seen_version)
    data = form.cleaned_data
    return create_staff(
        data["email"], data["full_name"], roles=list(data["roles"]), phone=data["phone"], language=data["language"],
        actor=actor, at=at,
    )  # fmt: skip


class RolesForm(forms.Form):
    roles: Any = forms.ModelMultipleChoiceField(
        None, label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple
    )


def offer_roles(form: Any, person: User | None, request: Request) -> None:
    form.fields["roles"].queryset = RoleScreens().rows(request.actor).order_by("pk")
    if person is not None:
        form.fields["roles"].initial = [held.role_id for held in person.memberships.all()]


def give(person: User, *, actor: Actor, at: datetime, roles: Sequence[Any]) -> User:
    return set_roles(person, list(roles), actor=actor, at=at)


def invite_again(person: User, *, actor: Actor, at: datetime) -> User:
    del at
    actor.require("identity.add_user")
    invite(person, inviter=actor.name)
    return person


class UserScreens(Screens):
    model = User
    slug = "users"
    icon = "users"
    columns = (
        Column("full_name"), MailColumn("email"), Column("role_names", label=_("Roles")),
        Choice("kind", label=_("Kind")), Phone("phone"), When("last_login", label=_("Last sign-in")),
        Yes("is_active"),
    )  # fmt: skip
    hidden_columns = ("phone",)
    facts = (
        (_("Details"), (
            MailColumn("email"), Phone("phone"), Choice("kind", label=_("Kind")),
            Column("role_names", label=_("Roles")),
            Column("team_names", label=_("Teams")), When("last_login", label=_("Last sign-in")), Yes("is_active"),
        )),
    )  # fmt: skip
    filters = (
        OneOf("kind", label=_("Kind")), Of("memberships__role", label=_("Role")), Of("teams", label=_("Team")),
        Flag("is_active"),
    )  # fmt: skip
    default_order = ("-is_active", "full_name", "pk")
    form = UserForm
    save = staticmethod(save_person)
    verbs: ClassVar[Sequence[Verb]] = (
        Verb("roles", give, label=_("Roles"), form=RolesForm, prepare=offer_roles, icon="shield",
             when=lambda person: person.is_staff, permission="identity.set_roles"),
        Verb("invite", invite_again, label=_("Send the invitation again"), icon="mail",
             when=lambda person: person.is_active and person.last_login is None, permission="identity.add_user"),
        Verb("sign-out", sign_out_everywhere, label=_("Sign out everywhere"), icon="logout", form=Sure,
             when=lambda person: person.is_active, permission="identity.change_user"),
        Verb("deactivate", deactivate_user, label=_("Deactivate"), form=Sure, tone="danger-quiet",
             when=lambda person: person.is_active),
        Verb("reactivate", reactivate_user, label=_("Reactivate"), when=lambda person: not person.is_active,
             permission="identity.deactivate_user"),
    )  # fmt: skip
    panels: ClassVar[Sequence[Panel]] = (
        Panel(
            _("Devices"), lambda person, request: devices_of(person, None),
            (Column("name", label=_("Device")), Code("address", label=_("Network address")),
             When("since", label=_("Signed in"))), permission="identity.change_user",
        ),
    )  # fmt: skip

    def rows(self, actor: Actor) -> QuerySet[Any]:
        roles = Prefetch("memberships")
        return super().rows(actor).prefetch_related(roles, "memberships__role", "teams")

    def prepare(self, rows: Sequence[Any], request: Request) -> None:
        for person in rows:
            person.role_names = "، ".join(str(held.role) for held in person.memberships.all())
            person.team_names = "، ".join(str(team) for team in person.teams.all())

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        self.prepare([record], request)
        return super().detail_context(request, record)

    def prepare_form(self, form: ModelForm[Any], request: Request) -> None:
        if "roles" in form.fields:
            offer_roles(form, None, request)

    def save_valid(self, form: ModelForm[Any], request: Request) -> Any:
        fresh = form.instance.pk is None
        person = super().save_valid(form, request)
        if fresh and form.cleaned_data["invite"]:
            try:
                invite(person, inviter=request.actor.name)
            except OSError:  # mail is away; the person is made all the same
                messages.warning(request, _("The invitation could not be sent. Send it again later."))
        return person

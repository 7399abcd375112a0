"""Mailboxes: where mail is fetched from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import ModelForm
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Choice, Code, Column, When, Yes
from rawabit.kit.screens.filters import Flag
from rawabit.kit.screens.masters import DELETE
from rawabit.kit.screens.screens import Screens
from rawabit.kit.screens.verbs import Verb
from rawabit.mailroom.actions import save_mailbox, test_mailbox
from rawabit.mailroom.models import Mailbox


class MailboxForm(ModelForm):
    widths = {"name": 6, "address": 6, "host": 6, "port": 3, "security": 3, "username": 6, "password": 6, "folder": 6,
              "purpose": 6}  # fmt: skip
    password = forms.CharField(
        label=_("Password"), required=False, max_length=500, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr"}),
        help_text=_("Kept sealed and never shown. Empty: as before."),
    )  # fmt: skip
    field_order = ("name", "address", "host", "port", "security", "username", "password", "folder", "purpose", "plus",
                   "from_beginning", "is_active")  # fmt: skip

    class Meta:
        model = Mailbox
        fields = ["name", "address", "host", "port", "security", "username", "folder", "purpose", "plus",
                  "from_beginning", "is_active"]  # fmt: skip
        widgets = {
            "host": forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
            "username": forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
            "folder": forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
            "port": forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric"}),
        }
        help_texts = {
            "plus": _("When the server delivers name+anything@… to name@…: answers then always find their record."),
            "from_beginning": _("Otherwise only what comes from now on."),
        }


class Standing(Column):
    """Whether it works, as a tag."""

    def cell(self, record: Any) -> SafeString:
        words, tone = standing_of(record)
        return format_html('<span class="tag" data-s="{}">{}</span>', tone, words)

    def export(self, record: Any) -> Any:
        return str(standing_of(record)[0])


def standing_of(box: Mailbox) -> tuple[Any, str]:
    if not box.is_active:
        return pgettext_lazy("mailbox", "Switched off"), "neutral"
    if box.failing_since:
        return pgettext_lazy("mailbox", "Cannot be reached"), "bad"
    return (pgettext_lazy("mailbox", "Works"), "ok") if box.fetched_at else (pgettext_lazy("mailbox", "New"), "info")


class MailboxScreens(Screens):
    model = Mailbox
    slug = "mailboxes"
    icon = "inbox"
    columns = (
        Column("name"), Code("address"), Choice("purpose"), Standing("standing", label=_("Status")), When("fetched_at"),
        Column("error"),
    )  # fmt: skip
    facts = (
        (_("Details"), (
            Code("address"), Code("host"), Column("port"), Choice("security"), Code("username"), Column("folder"),
            Choice("purpose"), Yes("plus"), Yes("from_beginning"), When("fetched_at"), Column("error"),
        )),
    )  # fmt: skip
    tags = (Standing("standing"),)
    filters = (Flag("is_active"),)
    default_order = ("name", "pk")
    form = MailboxForm
    save = staticmethod(save_mailbox)
    verbs = (
        Verb("test", test_mailbox, label=_("Test the connection"), icon="bolt", permission="mailroom.change_mailbox"),
        DELETE,
    )

    def prepare_form(self, form: Any, request: Request) -> None:
        if form.instance.pk is None:
            form.fields["password"].required = True
            form.fields["password"].help_text = _("Kept sealed and never shown.")

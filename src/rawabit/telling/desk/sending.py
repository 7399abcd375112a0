"""The button that sends a document by e-mail."""

from __future__ import annotations

from typing import Any

from django import forms

from rawabit.kit.marking import _
from rawabit.kit.request import Request
from rawabit.kit.screens.verbs import Verb
from rawabit.kit.text import fsi
from rawabit.telling.actions import send_document
from rawabit.telling.actions.sending import kind_for
from rawabit.telling.logic.kinds import KINDS
from rawabit.telling.queries import people_for


class SendForm(forms.Form):
    emails = forms.MultipleChoiceField(label=_("To"), required=False, widget=forms.CheckboxSelectMultiple)
    other = forms.EmailField(label=_("Another address"), required=False, help_text=_("For this one time."))


def offer_people(form: Any, record: Any, request: Request) -> None:
    """Those who would be told anyway, all ticked."""
    people = people_for(record.customer, KINDS[kind_for(record)].audience, record)
    choices = [(one.email, f"{one.name} {fsi(one.email)}") for one in people if one.email]
    form.fields["emails"].choices = choices
    form.initial["emails"] = [email for email, _label in choices]


def is_issued(record: Any) -> bool:
    return bool(record.state != "draft")


SEND = Verb(
    "send_mail", send_document, label=_("Send by e-mail"), form=SendForm, when=is_issued, prepare=offer_people,
    icon="mail", permission="telling.send_document",
)  # fmt: skip

"""Saving a tax together with its rate from a day on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.forms import ModelForm

from rawabit.catalog.actions import set_rate
from rawabit.catalog.models import Tax
from rawabit.kit.records.actions import save_form
from rawabit.kit.records.actor import Actor


@transaction.atomic
def save_tax(form: ModelForm[Tax], *, actor: Actor, at: datetime, seen_version: int | None = None) -> Tax:
    """Make or change a tax; ``percent`` and ``valid_from`` of the form, when given, are its rate from that day on."""
    actor.require("catalog.change_tax" if form.instance.pk else "catalog.add_tax")
    tax = save_form(form, actor=actor, at=at, seen_version=seen_version)
    if form.cleaned_data.get("percent") is not None:
        set_rate(tax, form.cleaned_data["percent"], form.cleaned_data["valid_from"], actor=actor, at=at)
    return tax

"""People, read for lists: with the customers they belong to, as far as the actor sees those."""

from __future__ import annotations

from django.db.models import Prefetch

from rawabit.crm.models import Affiliation
from rawabit.kit.records.actor import Actor


def with_customers(actor: Actor) -> Prefetch[str]:
    """For ``prefetch_related``: ``contact.affiliations.all()`` holds only those at customers in sight."""
    rows = Affiliation.objects.visible_to(actor).select_related("customer").order_by("customer__name", "pk")
    return Prefetch("affiliations", queryset=rows)

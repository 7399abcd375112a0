"""Keeping what people reach true on their own rows: territories of staff, customers of portal users."""

from __future__ import annotations

from collections.abc import Collection

from rawabit.crm.queries import customer_roles_of, territories_of
from rawabit.identity.models import User


def refresh_reach(user_ids: Collection[int]) -> None:
    """Write ``territory_ids`` and ``customer_roles`` of these people anew, inside the caller's transaction.

    The rows are locked in the order of their keys, so that two changes of the same person add up."""
    for user in User.objects.select_for_update().filter(pk__in=user_ids).order_by("pk"):
        user.territory_ids = territories_of(user)
        user.customer_roles = customer_roles_of(user)
        user.save(update_fields=["territory_ids", "customer_roles"])

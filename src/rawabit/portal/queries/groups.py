"""The groups that customers are sorted into, for the settings of the portal."""

from __future__ import annotations

from collections.abc import Sequence

from rawabit.crm.models import CustomerGroup

MOST = 12  # columns that a page can hold


def groups() -> Sequence[CustomerGroup]:
    return list(CustomerGroup.objects.order_by("name", "pk")[:MOST])

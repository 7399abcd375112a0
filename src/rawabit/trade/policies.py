"""Trade has no rows of its own; its documents' rules stand in sales, shipping and billing."""

from __future__ import annotations

from rawabit.kit.records.permissions import Permission

PERMISSIONS: list[Permission] = []

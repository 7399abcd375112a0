"""What the worker and the clock do for imports."""

from __future__ import annotations

from rawabit.connect.actions.background import look_after
from rawabit.connect.actions.files import WORK, forget_old_files

__all__ = ["WORK", "forget_old_files", "look_after"]

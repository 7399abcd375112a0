"""A one-time code typed just now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rawabit.identity.stepping import STEPPED
from tests.makers import NOW


def step_up(who: Any, at: datetime = NOW) -> Any:
    """The reader's session as it is after a right code."""
    session = who.client.session
    session[STEPPED] = [who.person.user.pk, at.isoformat()]
    session.save()
    return who

"""Looking at the portal as a customer: what the session keeps of it, and for how long it holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

LASTS: Final = timedelta(minutes=30)
KEY: Final = "view_as"


@dataclass(frozen=True, slots=True)
class Viewing:
    """A colleague looks as somebody of a customer: as a person (``user_id``), or as a role that nobody holds yet."""

    staff_id: int
    customer_id: int
    role: str
    user_id: int
    name: str
    since: datetime

    def kept(self) -> dict[str, Any]:
        return {
            "staff": self.staff_id, "customer": self.customer_id, "role": self.role, "user": self.user_id,
            "name": self.name, "since": self.since.isoformat(),
        }  # fmt: skip

    def until(self) -> datetime:
        return self.since + LASTS


def viewing_in(session: Mapping[str, Any], staff_id: int, now: datetime) -> Viewing | None:
    """The look that the session holds for this colleague; None when there is none, or when its time is over."""
    kept = session.get(KEY)
    if not isinstance(kept, Mapping) or kept.get("staff") != staff_id:
        return None
    try:
        since = datetime.fromisoformat(str(kept["since"]))
        found = Viewing(staff_id, int(kept["customer"]), str(kept["role"]), int(kept["user"]), str(kept["name"]), since)
    except (KeyError, ValueError, TypeError):
        return None
    return found if since <= now < found.until() else None

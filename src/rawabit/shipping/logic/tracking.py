"""Links to carriers' pages. Pure."""

from __future__ import annotations

from urllib.parse import quote


def tracking_url(pattern: str | None, number: str) -> str:
    """The carrier's own page for a parcel, or ""; only web addresses, whatever stands in the carrier's row."""
    if not pattern or not number or "{number}" not in pattern or not pattern.startswith(("https://", "http://")):
        return ""
    return pattern.replace("{number}", quote(number, safe=""))

"""What several roles add up to. Pure."""

from __future__ import annotations

from collections.abc import Iterable

_WIDTH = {"own": 0, "team": 1, "territory": 2, "all": 3}


def widest(grants: Iterable[tuple[str, str]]) -> dict[str, str]:
    """``{permission: scope}`` of (permission, scope) pairs; of several scopes the widest counts."""
    rights: dict[str, str] = {}
    for permission, scope in grants:
        if _WIDTH[scope] >= _WIDTH[rights.get(permission, "own")]:
            rights[permission] = scope
    return rights


def covers(mine: dict[str, str], theirs: dict[str, str]) -> bool:
    """Nobody gives away a right that he does not hold himself in at least that scope."""
    return all(code in mine and _WIDTH[mine[code]] >= _WIDTH[scope] for code, scope in theirs.items())

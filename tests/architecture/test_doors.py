"""Doors (desk, portal, api, jobs, mailbox) take rows from queries or the screen kit, never from a manager."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "rawabit"
DOORS = {"desk", "portal", "api", "jobs", "mailbox"}
INNER = {"actions", "queries", "policies", "models", "logic", "migrations"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
# config is the composition root and kit the machinery that doors use; both are no doors.
NO_DOORS = {"config", "kit"}


def is_door(path: Path) -> bool:
    """Whether a file (relative to the package) is a door: by its name, its folder, or as a page of the portal."""
    module, *inside = path.with_suffix("").parts
    if module in NO_DOORS or INNER & set(inside):
        return False
    return module == "portal" or bool(DOORS & set(inside))


def offences(text: str, name: str) -> list[str]:
    return [
        f"{name}:{node.lineno}: .{node.attr} in a door; ask queries for rows visible to the actor"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS
    ]


def test_doors_never_ask_a_manager():
    doors = [path for path in sorted(SOURCE.rglob("*.py")) if is_door(path.relative_to(SOURCE))]
    found = [fault for path in doors for fault in offences(path.read_text(), str(path.relative_to(SOURCE)))]
    assert found == []


def test_a_manager_in_a_door_is_found():
    assert offences("def page(request):\n    return Order.objects.all()\n", "sales/desk.py") == [
        "sales/desk.py:2: .objects in a door; ask queries for rows visible to the actor"
    ]


def test_which_files_are_doors():
    doors = ["sales/desk.py", "sales/portal/orders.py", "portal/home.py", "crm/api/customers.py", "billing/jobs.py"]
    others = ["sales/actions.py", "portal/queries.py", "kit/jobs/loop.py", "config/views.py", "sales/portal/queries.py"]
    assert [path for path in doors + others if is_door(Path(path))] == doors

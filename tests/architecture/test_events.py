"""Event names are an interface: every name and every fact that the program emits is written in docs/events.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from rawabit.shipping.actions import _PAST

ROOT = Path(__file__).resolve().parents[2]
SOURCE, DOCUMENT = ROOT / "src" / "rawabit", ROOT / "docs" / "events.md"
ROW = re.compile(r"^\| (?P<names>`[^|]+) \| (?P<facts>[^|]*) \|", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")
# Made of a record's name when the program runs.
FAMILIES = ("created", "changed", "deleted", "lines_changed")
OF_THE_EVENT = {"actor", "at"}


def documented() -> dict[str, set[str]]:
    """``{name: facts}``; "…" among the facts means that more may follow."""
    found: dict[str, set[str]] = {}
    for row in ROW.finditer(DOCUMENT.read_text(encoding="utf-8")):
        facts = set(CODE.findall(row["facts"])) | ({"…"} if "…" in row["facts"] else set())
        found |= dict.fromkeys(CODE.findall(row["names"]), facts)
    return found


def emitted() -> Iterator[tuple[str, str, set[str]]]:
    """(file, name, keyword facts) of each call of ``emit`` with a plain name."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "emit" and node.args:
                name = node.args[0]
                if isinstance(name, ast.Constant):
                    facts = {key.arg for key in node.keywords if key.arg} - OF_THE_EVENT
                    yield str(path.relative_to(SOURCE)), str(name.value), facts


def facts_of(name: str, known: dict[str, set[str]]) -> set[str] | None:
    """The documented facts of a name, its own row and its family's together."""
    record, _dot, verb = name.partition(".")
    family = known.get(f"<record>.{verb}") if verb in FAMILIES and record else None
    if name not in known and family is None:
        return None
    return known.get(name, set()) | (family or set())


def test_every_event_is_documented_with_its_facts():
    known = documented()
    missing = []
    for file, name, facts in emitted():
        written = facts_of(name, known)
        if written is None:
            missing.append(f"{file}: {name}")
        elif "…" not in written and facts - written:
            missing.append(f"{file}: {name} has facts {sorted(facts - written)}")
    assert missing == []


def test_the_steps_of_deliveries_are_documented():
    assert {f"delivery.{past}" for past in _PAST.values()} <= set(documented())


def test_nothing_is_documented_that_is_never_emitted():
    names = {name for _file, name, _facts in emitted()} | {f"delivery.{past}" for past in _PAST.values()}
    names |= {f"<record>.{verb}" for verb in FAMILIES}
    # Where only the name of the record is put in at run time.
    names |= {"user.changed", "company.changed"}
    assert set(documented()) - names == set()


def test_what_a_whole_story_emits_is_documented(db):
    """The names that are put together at run time."""
    from rawabit.billing.actions import credit_in_full, reverse_payment
    from rawabit.kit.records.models import Event
    from rawabit.sales.actions import save_lines
    from rawabit.trade.actions import delete_draft
    from tests.makers import NOW, SYSTEM, make_order, make_payment, posted_invoice, rows, shipped_order

    shipped_order()
    delete_draft(save_lines(make_order(), rows(1), actor=SYSTEM, at=NOW), actor=SYSTEM, at=NOW)
    invoice = posted_invoice()
    reverse_payment(make_payment(invoice.customer), reason="x", actor=SYSTEM, at=NOW)
    credit_in_full(invoice, reason="x", actor=SYSTEM, at=NOW)
    known = documented()
    told = Event.objects.values_list("name", "facts")
    unknown = [
        (name, sorted(set(facts) - (facts_of(name, known) or set()))) for name, facts in told
        if facts_of(name, known) is None or set(facts) - (facts_of(name, known) or set())
    ]  # fmt: skip
    assert unknown == []

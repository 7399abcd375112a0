"""Runs beside the measured server, in a process of its own: builds the company unless it stands already, signs people
in, finds the pages and counts their queries. Prints one JSON object.

``python -m bench.prepare CUSTOMERS INVOICES``, with RAWABIT_DATA naming a migrated data folder.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client

    from bench.build.story import Plan

NOTE = "bench.json"
LISTS = (("order list", "order", "portal-orders"), ("invoice list", "invoice", "portal-invoices"))


def main(customers: int, invoices: int) -> int:
    import django
    from django.conf import settings

    django.setup()
    from bench.build.make import build, is_empty
    from bench.build.story import Plan

    plan, note = Plan(customers, invoices), Path(settings.DATA) / NOTE
    if is_empty():
        note.write_text(json.dumps({"plan": [customers, invoices], **build(plan, tell)}))
    elif not note.exists():
        return refuse("this database holds somebody's data; the measurement builds in an empty one only.")
    facts = json.loads(note.read_text())
    if facts["plan"] != [customers, invoices]:
        return refuse(f"this folder holds a company of {facts['plan']} customers and invoices; name another.")
    print(json.dumps(facts_of(plan, facts)))
    return 0


def facts_of(plan: Plan, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the measuring process must know."""
    from bench.build.story import BUSY, MEASURED

    first = facts["customer_users"] - 1
    return {
        "customers": plan.customers,
        "invoices": plan.invoices,
        "own_invoices": plan.measured,
        "busy_invoices": plan.busy,
        "built_in_s": facts["built_in_s"],
        **size(),
        "pages": [*portal_pages(first + MEASURED), *desk_pages(facts["manager"])],
        "busy_pages": portal_pages(first + BUSY),
    }


def size() -> dict[str, Any]:
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return {"database": "PostgreSQL", "database_mb": round(cursor.fetchone()[0] / 2**20, 1)}
    file = Path(str(connection.settings_dict["NAME"]))
    return {"database": "SQLite", "database_mb": round(file.stat().st_size / 2**20, 1)}


# Pages


def signed_in(user_id: int) -> Client:
    from django.test import Client

    from rawabit.identity.models import User

    client = Client(HTTP_HOST="127.0.0.1", HTTP_ACCEPT_LANGUAGE="ar,en;q=0.5", raise_request_exception=True)
    client.force_login(User.objects.get(pk=user_id), backend="django.contrib.auth.backends.ModelBackend")
    return client


def portal_pages(user_id: int) -> list[dict[str, Any]]:
    """The pages of a customer's user: of each list its fullest tab, and the newest paper on its first tab."""
    from django.urls import reverse

    client = signed_in(user_id)
    pages = [page("portal home", "portal", client, reverse("portal-home"))]
    for whole, one, route in LISTS:
        path = reverse(route)
        tabs = {tab: papers_on(client, path, tab) for tab in tabs_of(client, path)}
        fullest = max(tabs, key=lambda tab: len(tabs[tab]))
        newest = next(found for found in tabs.values() if found)[0]
        pages += [page(whole, "portal", client, fullest), page(one, "portal", client, newest)]
    return [*pages, page("statement", "portal", client, reverse("portal-statement"))]


def tabs_of(client: Client, path: str) -> list[str]:
    """The addresses of a list's tabs, the one it opens with first."""
    html = client.get(path).content.decode()
    queries = re.findall(r'href="(\?show=[a-z_]+)"', html)
    return [path, *dict.fromkeys(path + query for query in queries)]


def papers_on(client: Client, path: str, tab: str) -> list[str]:
    """The records that a list leads to, in its order."""
    html = client.get(tab).content.decode()
    return list(dict.fromkeys(re.findall(rf'href="({re.escape(path)}[0-9a-f-]{{36}}/)', html)))


def desk_pages(user_id: int) -> list[dict[str, Any]]:
    from django.urls import reverse

    from bench.build.story import MEASURED

    client = signed_in(user_id)
    return [
        page("customer list", "desk", client, reverse("customers-list")),
        page("customer page", "desk", client, reverse("customers-detail", args=[MEASURED])),
        page("relation map", "desk", client, reverse("customers-map", args=[MEASURED])),
    ]


def page(name: str, door: str, client: Client, path: str) -> dict[str, Any]:
    client.get(path)  # what is kept in the process between requests is there afterwards
    cookie = "; ".join(f"{morsel.key}={morsel.value}" for morsel in client.cookies.values())
    return {"name": name, "door": door, "path": path, "cookie": cookie, "queries": queries(client, path)}


def queries(client: Client, path: str) -> int:
    """Statements that one request sends to the database, those of session and person included."""
    from django.db import connection

    sent: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        status = client.get(path).status_code
    if status != 200:
        raise LookupError(f"{path} answered {status}")
    return len(sent)


def tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def refuse(words: str) -> int:
    tell(f"rawabit: {words}")
    return 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))

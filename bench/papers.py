"""The measurement of papers: one invoice of twenty lines, again and again, and a ZIP of a hundred invoices made by two
workers. ``rawabit bench papers``; the company is built in a folder of its own."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.portal import folder, tell
from bench.servers import ROOT, Failed, environment, run

CUSTOMERS, INVOICES = 20, 200
LINES, PAPERS, ROUNDS = 20, 100, 40
WORKERS = 2


def measure(keep: Path | None, *, as_json: bool) -> int:
    """Build or reuse the company in ``keep``, measure, print. The exit code."""
    with folder(keep) as data:
        tell("building a company …")
        run(["rawabit", "migrate"], data)
        run(["bench.prepare", str(CUSTOMERS), str(INVOICES)], data)
        tell("measuring …")
        result = json.loads(run(["bench.papers", "one"], data))
        result |= json.loads(run(["bench.papers", "ask"], data))
        began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        command = [sys.executable, "-m", "bench.papers", "work"]
        workers = [subprocess.Popen(command, env=environment(data), cwd=ROOT) for _ in range(WORKERS)]
        if any(worker.wait() for worker in workers):
            raise Failed("a worker ended with an error.")
        result["zip_s"] = round(time.perf_counter() - began, 2)
        result["zip_cpu_s"] = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before, 2)
        result |= json.loads(run(["bench.papers", "found"], data))
    print(json.dumps(result) if as_json else table(result))
    return 0


def table(result: dict[str, Any]) -> str:
    return (
        f"An invoice of {LINES} lines: {result['cpu_ms']:.1f} ms CPU typeset anew (median of {ROUNDS}), "
        f"{result['cached_ms']:.1f} ms from the cache, {result['kb']} KB.\n"
        f"A ZIP of {result['papers']} invoices by {WORKERS} workers, their start included: {result['zip_s']} s, "
        f"{result['zip_cpu_s']} s CPU, "
        f"{result['zip_mb']} MB."
    )


# What runs beside it, in processes of the measured company


def main(step: str) -> int:
    import django

    django.setup()
    answer = STEPS[step]()
    if step != "work":
        print(json.dumps(answer))
    return 0


def one() -> dict[str, Any]:
    """CPU of a fresh paper and of a kept one. Each round changes the number, so that nothing is found in the cache."""
    from django.utils import timezone

    from rawabit.billing.papers import invoice_sheet
    from rawabit.company.queries import company_now
    from rawabit.trade.papers import finished, writer_of

    company, at = company_now(), timezone.now()
    writer = writer_of(company, ("ar",))
    fresh, cached, size = [], [], 0
    for number in range(ROUNDS + 5):
        record, lines = invoice(number, at)
        took = []
        for _again in range(2):
            began = time.process_time()
            made = finished(invoice_sheet(writer, record, company, lines), writer, key=f"bench-{at:%H%M%S%f}")
            took.append(1000 * (time.process_time() - began))
        size = len(made.content)
        fresh.append(took[0])
        cached.append(took[1])
    return {"cpu_ms": statistics.median(fresh[5:]), "cached_ms": statistics.median(cached[5:]), "kb": size // 1024}


def invoice(number: int, at: Any) -> tuple[Any, list[Any]]:
    """Twenty lines that were never saved."""
    from decimal import Decimal

    from rawabit.billing.models import Invoice, InvoiceLine

    lines = [
        InvoiceLine(
            position=place, title=f"مضخة مياه XP-{place:03} بقوة {place} حصان", sku=f"XP-{place:03}", unit="قطعة",
            quantity=Decimal(place), unit_price=Decimal("1250.50"), tax_percent=Decimal(15), net=125050 * place,
            tax=18757, kind="goods",
        )
        for place in range(1, LINES + 1)
    ]  # fmt: skip
    rate = {"category": "S", "percent": "15", "reason": "", "net": 26260500, "tax": 3939075}
    party = {"name": "شركة الروابط", "vat_number": "310122393500003", "country": "SA", "address": "الرياض"}
    record = Invoice(
        number=f"INV-{at:%H%M%S%f}-{number}", state="posted", date=at.date(), due_date=at.date(), currency="SAR",
        net=26260500, tax=3939075, total=30199575 + number, open_amount=30199575 + number, tax_summary=[rate],
        posted_at=at, seller=party, buyer=party,
    )  # fmt: skip
    return record, lines


def ask() -> dict[str, Any]:
    """Somebody who sees all invoices asks for a hundred of them."""
    from django.utils import timezone

    from rawabit.billing.models import Invoice
    from rawabit.identity.models import User
    from rawabit.identity.queries import actor_of
    from rawabit.kit.paper.bundles import start

    people = [actor_of(user) for user in User.objects.filter(kind="staff", is_active=True)]
    person = next(one for one in people if one.grants.get("billing.view_invoice") == "all")
    keys = Invoice.objects.filter(state="posted").order_by("-pk").values_list("pk", flat=True)[:PAPERS]
    start([("billing.invoice", key) for key in keys], name="bench", actor=person, at=timezone.now())
    return {}


def work() -> dict[str, Any]:
    """What the worker's loop does, until the ZIP is there."""
    from django.utils import timezone

    from rawabit.config.spine import WORKS
    from rawabit.kit.jobs.queue import run_one
    from rawabit.kit.paper.models import OPEN, Bundle

    while Bundle.objects.filter(state__in=OPEN).exists():
        if not run_one(WORKS, timezone.now()):
            time.sleep(0.05)
    return {}


def found() -> dict[str, Any]:
    from rawabit.kit.paper.models import READY, Bundle

    bundle = Bundle.objects.order_by("-pk").first()
    if bundle is None or bundle.state != READY:
        raise Failed("the ZIP was not made.")
    return {"papers": len(bundle.made), "zip_mb": round(bundle.size / 2**20, 1)}


STEPS = {"one": one, "ask": ask, "work": work, "found": found}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""The way in from a message, measured: a link to an order, opened on a slow phone. ``rawabit bench link``.

Chromium with an empty cache, 4 × slower CPU and "slow 4G" (1.6 Mbit/s down, 0.75 up, 150 ms there and back), as the
profile of that name of Lighthouse has it. Told: when the order's words stand on the screen (first and largest
contentful paint) and when a tap is answered (the page's scripts have run), medians of several visits.
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from typing import Any

from bench.portal import folder, tell
from bench.servers import Failed, product, run

CUSTOMERS, INVOICES, VISITS = 20, 200, 7
SLOW_4G = {
    "offline": False, "latency": 150, "downloadThroughput": 1.6 * 1024 * 1024 / 8,
    "uploadThroughput": 0.75 * 1024 * 1024 / 8, "connectionType": "cellular4g",
}  # fmt: skip
SLOWER = 4
WATCH = """
window.seen = {};
new PerformanceObserver((list) => { for (const e of list.getEntries()) window.seen[e.name] = e.startTime; })
  .observe({ type: "paint", buffered: true });
new PerformanceObserver((list) => { for (const e of list.getEntries()) window.seen.largest = e.startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
"""


def measure(keep: Path | None, *, as_json: bool) -> int:
    """Build or reuse the company in ``keep``, measure, print. The exit code."""
    with folder(keep) as data:
        tell("building a company …")
        run(["rawabit", "migrate"], data)
        run(["bench.prepare", str(CUSTOMERS), str(INVOICES)], data)
        path = json.loads(run(["bench.link"], data))["path"]
        tell("opening the link …")
        with product(data) as server:
            result = visits(f"http://127.0.0.1:{server.port}{path}")
    print(json.dumps(result) if as_json else table(result))
    return 0


def visits(address: str) -> dict[str, Any]:
    """Medians over several first visits, in milliseconds, and what came over the wire, in kB."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as missing:
        raise Failed("the browser's library is not installed; ./rawabit test installs it.") from missing
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        seen = [visit(browser, address) for _ in range(VISITS + 1)][1:]
        browser.close()
    return {key: round(statistics.median(one[key] for one in seen), 1) for key in seen[0]}


def visit(browser: Any, address: str) -> dict[str, float]:
    """One first visit of a phone of 390 px."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=3, locale="ar")
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    received: list[int] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(address, wait_until="load")
    page.wait_for_timeout(500)
    times = page.evaluate("""() => { const n = performance.getEntriesByType("navigation")[0];
        return {...window.seen, interactive: n.domContentLoadedEventEnd, load: n.loadEventEnd}; }""")
    context.close()
    return {
        "first_paint_ms": times.get("first-contentful-paint", 0), "largest_paint_ms": times.get("largest", 0),
        "interactive_ms": times["interactive"], "load_ms": times["load"], "kb": sum(received) / 1000,
    }  # fmt: skip


def table(result: dict[str, Any]) -> str:
    return (
        f"A link to an order on a slow phone (slow 4G, {SLOWER} × slower CPU), first visit, median of {VISITS}: "
        f"first words {result['first_paint_ms']:.0f} ms, largest {result['largest_paint_ms']:.0f} ms, "
        f"answers taps after {result['interactive_ms']:.0f} ms, all loaded {result['load_ms']:.0f} ms, "
        f"{result['kb']:.0f} kB."
    )


def prepare() -> dict[str, str]:
    """A link to the newest confirmed order; its path."""
    import django

    django.setup()
    from urllib.parse import urlsplit

    from django.utils import timezone

    from rawabit.kit.links.actions import Holder, address_of, share
    from rawabit.kit.records.actor import system
    from rawabit.sales.models import Order

    order = Order.objects.exclude(state="draft").order_by("-pk").first()
    if order is None:
        raise Failed("the measured company has no orders.")
    holder = Holder(name="نورة", email="noura@bench.example", language="ar")
    link = share(order, purpose="view", holder=holder, days=30, actor=system(), at=timezone.now())
    return {"path": urlsplit(address_of(link)).path}


if __name__ == "__main__":
    print(json.dumps(prepare()))
    sys.exit(0)

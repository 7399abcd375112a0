"""The measurement of the portal: build, serve, ask, reckon. Everything stays on this machine and ends by itself."""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import report
from bench.load import Sample, Target, burst, percentile, wire_bytes
from bench.servers import Failed, Server, calibrator, product, run

WARM_UP = 20
CONNECTIONS = 8
# Requests of one burst on one connection, and rounds of bursts; the machine is never quiet, so many short ones.
BURST, ROUNDS, CROWD = 40, 9, 10


@dataclass
class Page:
    """A page, how many queries it takes, and what was measured of it in each round."""

    name: str
    door: str
    target: Target
    queries: int
    alone: list[Sample] = field(default_factory=list)
    crowd: list[Sample] = field(default_factory=list)

    def figures(self, base: Sequence[Sample]) -> dict[str, Any]:
        """For the report; ``base`` are the calibrator's samples of the same rounds."""
        waits = [wait for sample in self.alone for wait in sample.waits_ms]
        crowd = [wait for sample in self.crowd for wait in sample.waits_ms]
        return {
            "name": self.name,
            "door": self.door,
            "cpu_ms": round(cpu(self.alone), 3),
            "ratio": round(
                statistics.median(own.cpu_ms / bare.cpu_ms for own, bare in zip(self.alone, base, strict=True)), 2
            ),
            "queries": self.queries,
            "bytes": wire_bytes(self.target),
            "p50_ms": round(percentile(waits, 0.5), 2),
            "p95_ms": round(percentile(waits, 0.95), 2),
            "p50_ms_8": round(percentile(crowd, 0.5), 2),
            "p95_ms_8": round(percentile(crowd, 0.95), 2),
        }


def cpu(samples: Sequence[Sample]) -> float:
    return statistics.median(sample.cpu_ms for sample in samples)


def measure(customers: int, invoices: int, keep: Path | None, *, as_json: bool) -> int:
    """Build or reuse the company in ``keep`` (a temporary folder without), measure, print. The exit code."""
    with folder(keep) as data:
        tell(f"building {customers:,} customers and {invoices:,} invoices …")
        run(["rawabit", "migrate"], data)
        facts = json.loads(run(["bench.prepare", str(customers), str(invoices)], data))
        tell(f"{facts['built_in_s']:.0f} s; measuring …")
        result = serve_and_ask(data, facts)
    print(json.dumps(result, ensure_ascii=False) if as_json else report.table(result))
    return 0


@contextmanager
def folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.absolute()
        return
    made = Path(tempfile.mkdtemp(prefix="rawabit-bench-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def serve_and_ask(data: Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    with product(data) as server, calibrator(data) as bare:
        base = Page("calibrator", "", Target(bare, "/"), 1)
        pages = pages_of(server, facts["pages"])
        busy = pages_of(server, facts["busy_pages"])
        ask([base, *pages, *busy])
        return {
            "calibrator": base.figures(base.alone),
            "pages": [page.figures(base.alone) for page in pages],
            "rss_mb": round(server.rss_mb(), 1),
            "busy_customer": {
                "invoices": facts["busy_invoices"], "pages": [page.figures(base.alone) for page in busy]
            },
            **{key: value for key, value in facts.items() if "pages" not in key},
        }  # fmt: skip


def pages_of(server: Server, rows: Sequence[Mapping[str, Any]]) -> list[Page]:
    return [Page(row["name"], row["door"], Target(server, row["path"], row["cookie"]), row["queries"]) for row in rows]


def ask(pages: Sequence[Page]) -> None:
    """Warm every page, then go round and round, so that a noisy minute of the machine meets all of them."""
    for page in pages:
        burst(page.target, WARM_UP)
    for number in range(ROUNDS):
        tell(f"round {number + 1} of {ROUNDS}")
        for page in pages:
            page.alone.append(burst(page.target, BURST))
    for _ in range(3):
        for page in pages:
            page.crowd.append(burst(page.target, CROWD, CONNECTIONS))


def tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


__all__ = ["Failed", "measure"]

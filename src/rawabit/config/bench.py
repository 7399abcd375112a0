"""``rawabit bench``: finds the measurements, which stand beside the sources, and runs them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rawabit.config.commands.refusals import Stop

ROOT = Path(__file__).resolve().parents[3]


def run(args: argparse.Namespace) -> int:
    """Measure what ``args.what`` names. Django is not started here: the measured company lives in processes of its own,
    in a data folder of its own, so that nobody's data is touched."""
    if not (ROOT / "bench").is_dir():
        raise Stop("the measurements are not installed; they stand in the folder bench of the sources.")
    sys.path.insert(0, str(ROOT))
    from bench import link, papers, portal

    try:
        if args.what == "link":
            return link.measure(args.keep, as_json=args.json)
        if args.what == "papers":
            return papers.measure(args.keep, as_json=args.json)
        return portal.measure(args.customers, args.invoices, args.keep, as_json=args.json)
    except portal.Failed as failure:
        raise Stop(str(failure)) from failure

"""Work of billing that is put aside: ZIPs of papers, since the papers of all documents are known here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rawabit.billing.papers import paper_of
from rawabit.identity.queries import actor_of
from rawabit.kit.paper import bundles
from rawabit.kit.paper.cache import forget_papers


def build_bundle(args: Mapping[str, Any], at: datetime) -> None:
    """The next papers of a ZIP, with the eyes of who asked for it."""
    bundles.build(args, at, actor_of=actor_of, paper_of=_paper)


def _paper(record: Any, at: datetime) -> Any:
    return paper_of(record, at=at)


def clean_papers(at: datetime) -> None:
    """Once a day: expired ZIPs and papers of long ago."""
    bundles.sweep(at)
    forget_papers(at)


WORK = bundles.JOB
__all__ = ["WORK", "build_bundle", "clean_papers"]

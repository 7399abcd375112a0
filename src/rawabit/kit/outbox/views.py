"""The service worker: the small program in a browser that shows notices."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from rawabit.kit.access import access

FILE = Path(__file__).parent / "static" / "outbox" / "worker.js"


@cache
def _program() -> bytes:
    return FILE.read_bytes()


@access("public")
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the top of the site, for a worker sees only what lies below its own address."""
    response = HttpResponse(_program(), content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "no-cache"
    return response

"""Papers and ZIPs as answers: always a download, kept by nobody in between."""

from __future__ import annotations

from typing import TypeVar

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from rawabit.kit.paper.models import Bundle
from rawabit.kit.paper.sheet import Paper
from rawabit.kit.text import clean_user_text

R = TypeVar("R", bound=HttpResponseBase)


def paper_response(paper: Paper) -> HttpResponse:
    """The PDF; its name in any script (RFC 6266)."""
    response = HttpResponse(paper.content, content_type="application/pdf")
    return _guarded(response, paper.name)


def bundle_response(bundle: Bundle) -> FileResponse:
    response = FileResponse(bundle.file.open("rb"), content_type="application/zip")
    return _guarded(response, f"{bundle.name}.zip")


def _guarded(response: R, name: str) -> R:
    plain = "".join(char for char in clean_user_text(name) if char.isprintable())
    response.headers["Content-Disposition"] = content_disposition_header(True, plain) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response

"""Pages that other web sites may show in a frame: in the language they ask for, and for those sites alone."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpResponse

LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


def language_context(language: str) -> dict[str, str]:
    if language not in LANGUAGES:
        return {}
    return {"page_lang": language, "page_dir": "ltr" if language == "en" else "rtl"}


def framed(response: HttpResponse, hosts: Sequence[str]) -> HttpResponse:
    """Let these web sites, ourselves (for the preview in the settings) and no others show the page in a frame."""
    directives = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], "frame-ancestors": ["'self'", *hosts]}
    policy = "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "no-store"
    response.xframe_options_exempt = True  # the older header knows no list
    return response

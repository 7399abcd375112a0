"""Files that colleagues marked for the customer."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from rawabit.kit.access import access
from rawabit.kit.screens.social import send_file
from rawabit.portal.queries.files import file_for


@access("portal")
@require_safe
def file(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """A download; 404 unless the record it hangs on is the person's own and the file is meant for customers."""
    found = file_for(request.actor, uid)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return send_file(found)

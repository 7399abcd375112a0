"""Files that colleagues marked for the customer."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from rawabit.crm.logic.switches import ALWAYS
from rawabit.kit.access import access
from rawabit.kit.records.models import Attachment
from rawabit.kit.screens.social import send_file
from rawabit.portal.queries.files import file_for
from rawabit.portal.switches import KIND_OF, open_to


@access("portal")
@require_safe
def file(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """A download; 404 unless the record it hangs on is the person's own and the file is meant for customers."""
    found = file_for(request.actor, uid)  # type: ignore[attr-defined]
    if found is None or not offered_with(request, found):
        raise Http404
    return send_file(found)


def offered_with(request: HttpRequest, found: Attachment) -> bool:
    """A file is offered with the page of the record it hangs on; what hangs elsewhere follows its row rule alone."""
    kind = found.subject_type
    key = KIND_OF.get(f"{kind.app_label}.{kind.model}", ALWAYS)
    return file_for(open_to(request, key), found.uid) is not None if key else True

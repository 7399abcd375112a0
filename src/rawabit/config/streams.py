"""Live pages put together: on whose behalf a page watches, the stream, and the answer for those who cannot stream."""

from __future__ import annotations

from functools import cache

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from rawabit.identity.models import STAFF, User
from rawabit.identity.queries import actor_of
from rawabit.kit.access import access
from rawabit.kit.live.hub import OVERLAP, Hub
from rawabit.kit.live.watching import Watch, customer_of, read
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Event
from rawabit.kit.request import Request


def who(watch: Watch) -> Actor | None:
    """The person or the link as an actor; None when signed out everywhere, deactivated, revoked or expired."""
    if watch.link:
        from rawabit.portal.links import actor_of_link

        return actor_of_link(watch.link)
    person = User.objects.filter(pk=watch.user, is_active=True).first()
    if person is None or person.session_stamp.hex[:8] != watch.stamp:
        return None
    return actor_of(person, "desk" if person.kind == STAFF else "portal")


@cache
def hub() -> Hub:
    """The one of this process."""
    return Hub(who)


@access("link")
@require_safe
def changes(request: Request) -> HttpResponse:
    """For browsers behind a proxy that lets no stream through: the key of the last event, and whether since ``after``
    anything happened that concerns the watch ``w``. Asked every 20 seconds."""
    watch = read(request.GET.get("w", ""), request.now)
    if watch is None:
        return JsonResponse({}, status=403)
    last = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    after = request.GET.get("after", "")
    news = after.isdecimal() and after.isascii() and len(after) < 18 and _concerned(watch, int(after))
    return JsonResponse({"last": last, "changed": bool(news)}, headers={"Cache-Control": "no-store"})


def _concerned(watch: Watch, after: int) -> bool:
    looking = hub()
    for event in Event.objects.filter(id__gt=after).order_by("-id")[:OVERLAP]:
        subject = event.subject
        of = (event.subject_type_id, event.subject_id, customer_of(subject))
        if watch.concerns(*of) and looking.sees(watch, subject):
            return True
    return False

"""Who is signed in: as Django says it, asked for with a statement that is compiled once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from rawabit.identity.models import CUSTOMER, User
from rawabit.kit.records.prepared import prepared
from rawabit.kit.request import Request
from rawabit.portal.logic.viewing import viewing_in
from rawabit.portal.queries.viewing import actor_viewing


class People(AuthenticationMiddleware):
    """Sets ``request.user``."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: person_of(request))  # type: ignore[assignment]


def person_of(request: HttpRequest) -> User | AnonymousUser:
    """Who the session says it is. Whatever is unusual about the session is left to Django, which knows what to do."""
    known: Any = request.__dict__
    if "_cached_user" not in known:
        known["_cached_user"] = _usual_person(request) or auth.get_user(request)
    person: User | AnonymousUser = known["_cached_user"]
    return person


def _usual_person(request: HttpRequest) -> User | None:
    key, sign = request.session.get(auth.SESSION_KEY), request.session.get(auth.HASH_SESSION_KEY)
    known = request.session.get(auth.BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    if not (known and sign and key and key.isdecimal()):
        return None
    person = _person.first(key=int(key))
    if person is None or not person.is_active or not constant_time_compare(sign, person.get_session_auth_hash()):
        return None
    return person


@prepared
def _person(*, key: int) -> QuerySet[User]:
    return User.objects.filter(pk=key)


def looks_as_customer(request: Request) -> bool:
    """Let a colleague who has begun to look as a customer see a page of the portal: for this request alone he is that
    customer's user, for looking only. Asked for addresses of the portal and no others, so everywhere else he stays
    himself. False when he has not begun, his time is over, or he may no longer."""
    viewing = viewing_in(request.session, request.user.pk or 0, request.now)
    actor = actor_viewing(request.actor, viewing) if viewing else None
    if viewing is None or actor is None:
        return False
    person = _person.first(key=viewing.user_id) if viewing.user_id else None
    request.viewing = viewing
    request.actor = actor
    request.user = person or User(pk=0, full_name=viewing.name, kind=CUSTOMER)
    return True

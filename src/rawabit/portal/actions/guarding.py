"""The leak guard: signs in as customers, in this process, and tries what belongs to others on every address of the
portal. Looking only, so a leak is found without being used."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from rawabit.company.queries import company_now
from rawabit.identity.models import User
from rawabit.identity.queries import administrators
from rawabit.kit.records.actions import emit, notify
from rawabit.kit.records.actor import system
from rawabit.portal.models import GuardRun
from rawabit.portal.queries.guarding import names_of_others, sample_people, uids_of_others
from rawabit.portal.switches import PAPER_OF

REFUSED = frozenset({400, 403, 404, 405, 410})
KEPT = 60  # runs
MARK = "rawabit.guard"  # on its requests
MOST_TOLD = 50
# Values for the parts of an address beside the uid.
OTHER_PARTS: dict[str, tuple[str, ...]] = {"kind": tuple(PAPER_OF)}


class _Quiet(logging.Filter):
    """Thousands of refusals are what the guard hopes for: they do not belong into the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        return MARK not in getattr(request, "META", ())


_QUIET = _Quiet()


def guard(at: datetime) -> GuardRun:
    """Try, keep what was found, and wake the administrators when something was seen that should not be."""
    logging.getLogger("django.request").addFilter(_QUIET)
    run = GuardRun(at=at)
    for user in sample_people():
        _try_as(user, run)
        run.customers += 1
    run.save()
    old = GuardRun.objects.order_by("-at", "-pk").values_list("pk", flat=True)[KEPT:]
    GuardRun.objects.filter(pk__in=list(old)).delete()
    if run.leaks:
        told = emit("guard.leaked", company_now(), actor=system(), at=at, leaks=len(run.leaks), run=run.pk)
        for person in administrators():
            notify(person.pk, kind="guard", facts={}, url=reverse("settings-portal"), event=told, at=at)
    return run


def _try_as(user: User, run: GuardRun) -> None:
    (customer_id,) = (int(pk) for pk in user.customer_roles)
    client, store = _signed_in(user)
    try:
        for url, kind in _addresses_of_others(customer_id):
            run.tried += 1
            status = client.get(url).status_code
            if status not in REFUSED and len(run.leaks) < MOST_TOLD:
                run.leaks.append({"user": user.pk, "kind": kind, "url": url, "status": status})
        _own_pages(client, customer_id, user, run)
    finally:
        store.delete()


def _own_pages(client: Client, customer_id: int, user: User, run: GuardRun) -> None:
    """The pages without a record: they open, and nothing on them names another customer."""
    strangers = names_of_others(customer_id)
    for url in plain_addresses():
        response = client.get(url)
        run.tried += 1
        if response.status_code == 200:
            run.opened += 1
            body = b"".join(response) if response.streaming else response.content
            if any(f">{code}<".encode() in body for code in strangers):
                run.leaks.append({"user": user.pk, "kind": "words", "url": url, "status": 200})


def _signed_in(user: User) -> tuple[Client, Any]:
    """A browser with a session of its own for the person. Not by signing in: nobody did, and nobody is told so."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.set_expiry(600)
    store.save()
    hosts = [host for host in settings.ALLOWED_HOSTS if host != "*" and not host.startswith(".")]
    client = Client(raise_request_exception=False, SERVER_NAME=hosts[0] if hosts else "localhost")
    client.defaults[MARK] = "1"
    client.defaults["wsgi.url_scheme"] = "https" if settings.HTTPS else "http"
    client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
    return client, store


def _addresses_of_others(customer_id: int) -> Iterator[tuple[str, str]]:
    """Every address of the portal that takes a record, with every record of others."""
    for kind, uids in uids_of_others(customer_id).items():
        for name, parts in addresses_with_record():
            for uid in uids:
                yield from ((url, kind) for url in _filled(name, parts, uid))


def _filled(name: str, parts: tuple[str, ...], uid: Any) -> Iterator[str]:
    choices: list[dict[str, Any]] = [{"uid": uid}]
    for part in parts:
        if part != "uid":
            values = OTHER_PARTS.get(part, ("1",))
            choices = [{**one, part: value} for one in choices for value in values]
    for one in choices:
        try:
            yield reverse(name, kwargs=one)
        except NoReverseMatch:
            continue


def portal_addresses() -> list[tuple[str, tuple[str, ...]]]:
    """(name, parts) of every address of the portal."""
    found: dict[str, tuple[str, ...]] = {}
    for name, ways in get_resolver().reverse_dict.lists():
        if isinstance(name, str) and name.startswith("portal-"):
            found[name] = tuple(ways[-1][0][0][1])
    return sorted(found.items())


def addresses_with_record() -> list[tuple[str, tuple[str, ...]]]:
    return [(name, parts) for name, parts in portal_addresses() if "uid" in parts]


def plain_addresses() -> list[str]:
    return [reverse(name) for name, parts in portal_addresses() if not parts]


def guard_nightly(at: datetime) -> None:
    """What the clock calls."""
    guard(at)

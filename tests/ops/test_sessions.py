"""Who is signed in: sessions read with prepared statements are believed no more than Django's own."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rawabit.config.people import person_of
from rawabit.config.sessions import SessionStore, _signed_text
from rawabit.identity.models import User

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def person() -> User:
    return User.objects.create_user("p@x.example", "a password that is long", full_name="Person")


def signed_in(person: User, **changes: str) -> SessionStore:
    store = SessionStore()
    store.update(
        {SESSION_KEY: str(person.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: person.get_session_auth_hash()}
    )
    store.update(changes)
    store.save()
    return store


def seen_by(store: SessionStore) -> User | AnonymousUser:
    request = RequestFactory().get("/")
    request.session = SessionStore(store.session_key)
    return person_of(request)


def test_a_session_names_its_person_with_two_statements(person):
    store = signed_in(person)
    seen_by(store)
    with CaptureQueriesContext(connection) as sent:
        assert seen_by(store) == person
    assert len(sent) == 2


def test_what_is_kept_in_it_comes_back(person):
    store = signed_in(person, cart="one")
    assert SessionStore(store.session_key)["cart"] == "one"
    again = SessionStore(store.session_key)
    again["cart"] = "two"
    again.save()
    assert SessionStore(store.session_key)["cart"] == "two"


def test_two_readers_do_not_share_what_they_change(person):
    store = signed_in(person)
    one, other = SessionStore(store.session_key), SessionStore(store.session_key)
    one["mine"] = ["x"]
    assert "mine" not in other


@pytest.mark.parametrize("data", ["", "nonsense", "e30:1abc:forged"])
def test_a_forged_text_is_an_empty_session(person, data):
    store = signed_in(person)
    Session.objects.filter(pk=store.session_key).update(session_data=data)
    assert SessionStore(store.session_key).load() == {}
    assert isinstance(seen_by(store), AnonymousUser)


def test_a_text_signed_for_another_purpose_is_not_believed(person):
    from django.core import signing

    data = signing.dumps({SESSION_KEY: str(person.pk)}, salt="another purpose")
    store = signed_in(person)
    Session.objects.filter(pk=store.session_key).update(session_data=data)
    assert SessionStore(store.session_key).load() == {}


def test_another_secret_key_ends_all_sessions(person, settings):
    store = signed_in(person)
    assert seen_by(store) == person
    settings.SECRET_KEY = "another secret"
    _signed_text.cache_clear()
    assert isinstance(seen_by(store), AnonymousUser)


def test_an_expired_session_is_none(person):
    store = signed_in(person)
    Session.objects.filter(pk=store.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert isinstance(seen_by(store), AnonymousUser)


def test_an_unknown_key_is_none(db):
    assert isinstance(seen_by(SessionStore("x" * 32)), AnonymousUser)
    assert isinstance(seen_by(SessionStore(None)), AnonymousUser)


@pytest.mark.parametrize("change", ["stamp", "password", "inactive", "gone"])
def test_whoever_was_signed_out_stays_out(person, change):
    store = signed_in(person)
    if change == "stamp":
        User.objects.filter(pk=person.pk).update(session_stamp=uuid.uuid4())
    elif change == "password":
        person.set_password("another password, also long")
        person.save()
    elif change == "inactive":
        User.objects.filter(pk=person.pk).update(is_active=False)
    else:
        person.delete()
    assert isinstance(seen_by(store), AnonymousUser)


def test_an_old_secret_key_is_honoured_once_more(person, settings):
    settings.SECRET_KEY_FALLBACKS = ["an older secret"]
    old = person._session_hash("an older secret")
    store = signed_in(person, **{HASH_SESSION_KEY: old})
    assert seen_by(store) == person


@pytest.mark.parametrize(
    "changes",
    [
        {BACKEND_SESSION_KEY: "unknown.Backend"},
        {HASH_SESSION_KEY: ""},
        {HASH_SESSION_KEY: "0" * 64},
        {SESSION_KEY: "0"},
    ],
)
def test_a_session_that_lacks_something_names_nobody(person, changes):
    assert isinstance(seen_by(signed_in(person, **changes)), AnonymousUser)


def test_sign_in_and_out_in_a_browser(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    assert client.get("/desk/").status_code == 200
    client.post("/account/sign-out/")
    assert client.get("/desk/").status_code == 302

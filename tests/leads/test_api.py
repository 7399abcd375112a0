"""The door for programs: keys, fields, once and no more."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.test import Client

from rawabit.kit.records.models import Event
from rawabit.leads import actions
from rawabit.leads.api import leads as door
from rawabit.leads.logic.forms import NotAMapping, read_mapping, sort_out
from rawabit.leads.models import Arrival, Lead, LeadKey
from tests import makers
from tests.makers import NOW, SYSTEM, make_contact, make_customer, make_lead_key

pytestmark = pytest.mark.django_db
GOOD = {"full_name": "Sara", "phone_number": "0501234567", "email": "Sara@X.example", "city": "جدة"}


@pytest.fixture
def source(db):
    cache.clear()
    key = make_lead_key()
    return key, actions.issue_key(key, actor=SYSTEM, at=NOW)


def call(secret: str, body=None, **headers):
    content = body if isinstance(body, str | bytes) else json.dumps(GOOD if body is None else body)
    client = Client(enforce_csrf_checks=True)
    headers = {"authorization": f"Bearer {secret}", "accept-language": "en"} | headers
    return client.post("/api/leads/", content, content_type="application/json", headers=headers)


def test_a_lead_comes_in(source):
    _key, secret = source
    response = call(secret, {**GOOD, "utm_term": "x", "utm_campaign": "Ramadan"})
    assert response.status_code == 201
    body = response.json()
    assert body == {"id": str(Arrival.objects.get().uid), "status": "received", "ignored": ["utm_term"]}
    lead = Lead.objects.get()
    assert (lead.name, lead.phone, lead.email, lead.city) == ("Sara", "+966501234567", "sara@x.example", "جدة")
    assert lead.source_detail == "Ramadan" and LeadKey.objects.get().used_at is not None
    assert Event.objects.get(name="lead.created").door == "api"
    assert secret not in json.dumps(list(LeadKey.objects.values()), default=str), "only a hash is kept"


def test_once_by_the_callers_mark_or_by_the_words(source):
    _key, secret = source
    first, again = call(secret, **{"idempotency-key": "a"}), call(secret, **{"idempotency-key": "a"})
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    other = call(secret, {**GOOD, "city": "Riyadh"}, **{"idempotency-key": "a"})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "used_before")
    assert (
        call(secret, {"name": "B", "email": "b@x.example"}).json()
        == call(secret, {"name": "B", "email": "b@x.example"}).json()
    )
    assert Lead.objects.count() == 2


def test_marks_of_two_keys_are_apart(source):
    _key, secret = source
    second = actions.issue_key(make_lead_key(), actor=SYSTEM, at=NOW)
    call(secret, {"name": "A"}, **{"idempotency-key": "1"})
    call(second, {"name": "B"}, **{"idempotency-key": "1"})
    assert Lead.objects.count() == 2


@pytest.mark.parametrize("secret", ["", "x", "rwl_" + "a" * 43, "rwl_" + "a" * 500, "' OR 1=1 --aaaaaaaaaaaaaaaaaa"])
def test_a_wrong_key_opens_nothing(source, secret):
    response = call(secret)
    assert (response.status_code, response.json()["error"]["code"]) == (401, "wrong_key")
    assert not Lead.objects.exists()


def test_a_revoked_or_renewed_key_opens_nothing(source):
    key, secret = source
    renewed = actions.issue_key(key, actor=SYSTEM, at=NOW)
    assert (call(secret).status_code, call(renewed).status_code) == (401, 201)
    actions.revoke_key(key, actor=SYSTEM, at=NOW)
    assert call(renewed).status_code == 401


def test_a_key_without_a_secret_is_no_door(db):
    cache.clear()
    make_lead_key()
    assert call("").status_code == 401 and call(" " * 30).status_code == 401


def test_guessing_is_slowed_and_does_not_lock_out_others_for_their_calls(source, monkeypatch):
    _key, secret = source
    monkeypatch.setattr(door, "MOST_WRONG", 2)
    assert [call("rwl_" + "b" * 43).status_code for _ in range(4)] == [401, 401, 401, 429]
    assert call(secret).status_code == 429 and "Retry-After" in call(secret).headers


def test_too_many_of_one_key(source, monkeypatch):
    _key, secret = source
    monkeypatch.setattr(door, "MOST_PER_KEY", 2)
    assert [call(secret).status_code for _ in range(3)] == [201, 201, 429]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "not_json"), ("[1]", 400, "not_json"), ("null", 400, "not_json"), ("[" * 30_000, 400, "not_json"),
        (b"\xff\xfe", 400, "not_json"), ("{}", 422, "wrong_fields"), ('{"email": "no"}', 422, "wrong_fields"),
        ('{"name": ["a"]}', 422, "wrong_fields"), ('{"city": "Riyadh"}', 422, "wrong_fields"),
        (json.dumps({"name": "x" * 70_000}), 413, "too_large"), (json.dumps({"name": "x" * 300}), 422, "wrong_fields"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(source, body, status, code):
    _key, secret = source
    response = call(secret, body)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert not Lead.objects.exists()


def test_errors_name_their_fields(source):
    _key, secret = source
    fields = call(secret, {"name": "A", "email": "no", "city": {"x": {"y": {"z": {"w": {"v": 1}}}}}}).json()["error"][
        "fields"
    ]
    assert list(fields) == ["email"]


def test_what_cannot_be_said_from_outside(source):
    _key, secret = source
    forged = {"name": "A", "owner": 1, "owner_id": 1, "score": 99, "state": "converted", "priority": "high", "id": 7}
    assert set(call(secret, forged).json()["ignored"]) == set(forged) - {"name"}
    lead = Lead.objects.get()
    assert (lead.owner, lead.score, lead.state, lead.priority) == (None, 0, "new", "normal")


def test_known_people_are_not_told_apart(source):
    _key, secret = source
    contact = make_contact(make_customer(), email="sara@x.example")
    known, fresh = call(secret), call(secret, {"name": "B", "email": "b@x.example"})
    assert known.status_code == fresh.status_code == 201
    assert known.json().keys() == fresh.json().keys() and known.json()["status"] == fresh.json()["status"]
    assert Arrival.objects.get(contact=contact).lead is None and Lead.objects.count() == 1


def test_a_mapping_reads_a_strange_webhook(source):
    key, secret = source
    LeadKey.objects.filter(pk=key.pk).update(mapping="data.who = name\ndata.tel = phone\nbudget = extra")
    body = {"data": {"who": "علی", "tel": "+989121234567", "x": 1}, "budget": 5000, "secret": "s"}
    assert call(secret, body).json()["ignored"] == ["data.x", "secret"]
    lead = Lead.objects.get()
    assert (lead.name, lead.phone) == ("علی", "+989121234567")
    assert ["budget", "5000"] in Arrival.objects.get().given


@pytest.mark.parametrize("line", ["x", "= name", "x =", "x = owner", "x = score", "x = name = y"])
def test_a_mapping_names_our_fields_alone(line):
    with pytest.raises(NotAMapping):
        read_mapping(line)


def test_sorting_out_is_pure():
    found = sort_out({"Email": "a", "EMAIL_ADDRESS": "b", "phone": 5, "name": None, "x": True}, {"x": "extra"})
    assert found.values == {"email": "a", "phone": "5", "name": ""} and found.given == [("x", "yes")]


def test_reading_is_not_offered(source):
    _key, secret = source
    assert Client().get("/api/leads/", headers={"authorization": f"Bearer {secret}"}).status_code == 405
    answer = Client().options("/api/leads/", headers={"origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_an_inactive_owner_gets_nothing(source):
    key, secret = source
    owner = makers.make_user("sales")
    type(owner).objects.filter(pk=owner.pk).update(is_active=False)
    LeadKey.objects.filter(pk=key.pk).update(owner=owner)
    call(secret)
    assert Lead.objects.get().owner is None

"""Queries that are compiled once answer what the same querysets answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import F, Q
from django.test.utils import CaptureQueriesContext

from rawabit.company.models import Holiday
from rawabit.identity.models import CUSTOMER, STAFF, Role, User
from rawabit.kit.records.models import Notice
from rawabit.kit.records.prepared import NotPrepared, prepared

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return [
        User.objects.create(email=f"p{n}@x.example", full_name=f"Person {n}", kind=STAFF if n % 2 else CUSTOMER)
        for n in range(4)
    ]


def test_whole_records(people):
    @prepared
    def by_key(*, key: int):
        return User.objects.filter(pk=key)

    for person in people:
        (found,) = by_key(key=person.pk)
        assert found == person
        assert found.uid == person.uid and found.date_joined == person.date_joined and found.rights == {}
        assert found._state.db == "default" and not found._state.adding
    assert by_key.first(key=0) is None


def test_dictionaries_and_tuples_in_the_order_of_their_fields(people):
    @prepared
    def as_rows(*, uid: UUID):
        return User.objects.filter(uid=uid).values("full_name", "uid", upper=F("email"))

    @prepared
    def as_tuples(*, uid: UUID):
        return User.objects.filter(uid=uid).values_list("uid", "full_name")

    one = people[2]
    assert as_rows(uid=one.uid) == [{"full_name": "Person 2", "uid": one.uid, "upper": one.email}]
    assert as_tuples(uid=one.uid) == [(one.uid, "Person 2")]


def test_related_records_come_along(people):
    @prepared
    def bell(*, user: int):
        return Notice.objects.filter(user_id=user).select_related("user").only("kind", "user__full_name")

    Notice.objects.create(user=people[1], kind="mention", at=datetime(2026, 3, 5, tzinfo=UTC))
    with CaptureQueriesContext(connection, ) as seen:
        (notice,) = bell(user=people[1].pk)
        assert notice.user.full_name == "Person 1" and notice.kind == "mention"
    assert len(seen) == 1
    assert notice.get_deferred_fields() >= {"facts", "url"}


def test_days_moments_and_texts():
    Holiday.objects.create(date=date(2026, 9, 23), name="National day")
    now = datetime(2026, 3, 5, 9, tzinfo=UTC)
    Session.objects.create(session_key="k" * 32, session_data="x", expire_date=now)

    @prepared
    def days(*, first: date, last: date):
        return Holiday.objects.filter(date__gte=first, date__lte=last).values_list("name", flat=False)

    @prepared
    def alive(*, key: str, now: datetime):
        return Session.objects.filter(session_key=key, expire_date__gt=now).values_list("session_data")

    assert days(first=date(2026, 9, 1), last=date(2026, 9, 30)) == [("National day",)]
    assert days(first=date(2026, 10, 1), last=date(2026, 10, 30)) == []
    assert alive(key="k" * 32, now=now - timedelta(seconds=1)) == [("x",)]
    assert alive(key="k" * 32, now=now) == []
    assert alive(key="' OR 1=1 --", now=now - timedelta(days=1)) == []


def test_each_shape_is_a_statement_of_its_own(people):
    @prepared
    def of_kind(kind: str, *, after: int):
        return User.objects.filter(kind=kind, pk__gt=after).order_by("pk").values_list("pk")

    staff = [(p.pk,) for p in people if p.kind == STAFF]
    assert of_kind(STAFF, after=0) == staff
    assert of_kind(CUSTOMER, after=0) == [(p.pk,) for p in people if p.kind == CUSTOMER]
    assert of_kind(STAFF, after=staff[0][0]) == staff[1:]


def test_a_rule_that_shows_nothing_asks_nothing():
    @prepared
    def nothing(*, key: int):
        return User.objects.filter(Q(pk__in=()), pk=key)

    with CaptureQueriesContext(connection) as seen:
        assert nothing(key=1) == []
    assert len(seen) == 0


def test_the_query_is_built_for_the_first_call_only(people):
    built = []

    @prepared
    def by_key(*, key: int):
        built.append(key)
        return User.objects.filter(pk=key)

    assert by_key(key=people[0].pk) == [people[0]]
    at_first = len(built)
    assert [by_key(key=p.pk) for p in people] == [[p] for p in people]
    assert len(built) == at_first and not set(built) & {p.pk for p in people}


def test_a_value_that_does_not_arrive_as_it_was_given_is_refused():
    @prepared
    def within(*, words: str):
        return User.objects.filter(full_name__contains=words)

    @prepared
    def forgets(*, key: int, other: int):
        return User.objects.filter(pk=key)

    for ask in (lambda: within(words="x"), lambda: forgets(key=1, other=2)):
        with pytest.raises(NotPrepared):
            ask()


@pytest.mark.parametrize("value", [None, True, [1, 2], 1.5])
def test_values_that_change_the_statement_are_refused(value):
    @prepared
    def by_key(*, key: object):
        return User.objects.filter(pk=key)

    with pytest.raises(NotPrepared):
        by_key(key=value)


def test_the_plain_way_and_the_watched_way_agree(people):
    """Straight from the driver, or through Django when somebody looks on."""

    @prepared
    def named(*, uid: UUID):
        return User.objects.filter(uid=uid, full_name__contains="100%").values("full_name", "is_active", "date_joined")

    person = User.objects.create(email="q@x.example", full_name="Sure 100% ?", kind=STAFF)
    plain = named(uid=person.uid)
    with CaptureQueriesContext(connection):
        watched = named(uid=person.uid)
    assert plain == watched == [{"full_name": "Sure 100% ?", "is_active": True, "date_joined": person.date_joined}]
    assert named(uid=uuid4()) == []


def test_errors_are_those_of_django():
    from django.db import DatabaseError, transaction

    @prepared
    def roles(*, key: int):
        return Role.objects.filter(pk=key)

    assert roles(key=1) == []
    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        try:
            with transaction.atomic():
                raise DatabaseError
        except DatabaseError:
            transaction.set_rollback(True)
        roles(key=1)

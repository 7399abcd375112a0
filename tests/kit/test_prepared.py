"""Prepared queries answer what the ordinary ones answer: the same rows, the same errors, and nobody else's."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import uuid
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import django
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX, SQLiteCursorWrapper
from django.db.models import F, Q, Value
from django.db.models import query as django_query
from django.db.models.functions import Lower
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from rawabit.billing.models import Invoice
from rawabit.crm.models import Customer, Identifier
from rawabit.identity.models import User
from rawabit.kit.records import prepared as module
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Notice
from rawabit.kit.records.prepared import NotPrepared, Prepared, prepared
from rawabit.portal.queries.seeing import Seen
from rawabit.sales.models import Order
from tests import makers
from tests.laws.world import make_side

pytestmark = pytest.mark.django_db
ROLES = ["owner", "buyer", "finance", "support", "unknown"]
WHERE = ["accounts", "invoices", "orders", "quotations"]
SEEN = [
    (f"{where}.{name}", query)
    for where in WHERE
    for name, query in vars(importlib.import_module(f"rawabit.portal.queries.{where}")).items()
    if isinstance(query, Seen)
]
TABS = {
    "version_before": [1, 2, 3],
    "_orders": ["current", "completed", "cancelled"],
    "_invoices": ["all", "open", "paid", "credit"],
}
TABS["_quotations"] = ["waiting", "accepted", "past"]


def digest(part: Any) -> str:
    return hashlib.sha256(inspect.getsource(part).encode()).hexdigest()[:12]


RELIED_ON = {
    SQLCompiler: "e7a6db5173df",
    SQLiteCursorWrapper: "48f67df372be",
    django_query.ModelIterable: "808b7a3ce846",
    django_query.ValuesIterable: "008c1ecdc895",
    django_query.ValuesListIterable: "733d8924be99",
    django_query.RelatedPopulator: "4cc87fb0e18c",
    django_query.get_related_populators: "979430eb75b9",
}


def test_django_is_as_it_was_when_queries_were_first_prepared():
    """It fails when an upgrade changes what they rely on: compare ``kit/records/prepared.py`` with the new source, then
    write the new digest here; for another minor version also the number in ``settings.SHORTCUTS``."""
    assert django.VERSION[:2] == (5, 2)
    assert settings.SHORTCUTS
    assert FORMAT_QMARK_REGEX.pattern == r"(?<!%)%s"
    assert {part: digest(part) for part in RELIED_ON} == RELIED_ON


# The portal's own queries


def actor_for(role: str, *customers: int) -> Actor:
    """A customer's user who (wrongly) also holds rights of the desk: they must open nothing here."""
    grants = MappingProxyType({"sales.view_order": "all", "billing.view_invoice": "all"})
    roles = MappingProxyType(dict.fromkeys(customers, role))
    return Actor(1, door="portal", grants=grants, customer_ids=frozenset(customers), customer_roles=roles)


def readable(rows: Any) -> list[Any]:
    """Rows as they can be compared: records by all that was loaded of them and of those next to them."""
    return [_loaded(row) if hasattr(row, "_meta") else row for row in rows]


def _loaded(row: Any) -> Any:
    fields = {name: value for name, value in row.__dict__.items() if name != "_state"}
    cached = {name: _loaded(near) if near else None for name, near in row._state.fields_cache.items()}
    return type(row), fields, cached, row._state.db, row._state.adding


def calls_of(name: str, query: Seen[Any], sides: list[Any]) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    """With what a query is asked: every tab, and every record of both sides for each of its values."""
    records = [record for side in sides for record in side.records]
    offers: dict[str, list[Any]] = {
        "uid": [*(r.uid for r in records if hasattr(r, "uid")), uuid.UUID(int=0)],
        "after": [r.uid for r in records if hasattr(r, "uid")],
        "today": [makers.TODAY, date(1990, 1, 1), date(2090, 1, 1)],
    }
    keys = sorted({record.pk for record in records} | {0, -1, 2**40, 2**63 - 1})
    parameters = list(inspect.signature(query._build).parameters.values())[1:]
    shapes = (
        [(tab,) for tab in TABS[name.split(".")[1]]]
        if any(p.kind == p.POSITIONAL_OR_KEYWORD for p in parameters)
        else [()]
    )
    names = [p.name for p in parameters if p.kind == p.KEYWORD_ONLY]
    values = [dict.fromkeys(names, value) for value in (offers.get(names[0], keys) if names else [])]
    if "besides" in names:
        values = [{"first_id": one, "besides": other} for one in keys for other in keys]
    optional = not names or parameters[-1].default is None
    return [(shape, given) for shape in shapes for given in ([*values, {}] if optional else values)]


@pytest.fixture(scope="module")
def sides(django_db_setup, django_db_blocker):
    """Two customers with everything; for all queries of the module, for they take time to make."""
    with django_db_blocker.unblock(), transaction.atomic():
        both = [make_side("CNRYOURS"), make_side("CNRYTHEIRS")]
        for side in both:
            Identifier.objects.create(customer=side.customer, kind="vat", value=f"{side.canary}-1")
            order = next(r for r in side.records if isinstance(r, Order) and r.state == "confirmed")
            makers.posted_invoice(side.customer, order=order)
            Order.objects.filter(pk=order.pk).update(quotation=makers.sent_quotation(side.customer))
            side.records.append(Order.objects.get(pk=order.pk).quotation)
            side.records += [r.corrects for r in side.records if isinstance(r, Invoice) and r.corrects_id]
        yield both
        transaction.set_rollback(True)


@pytest.mark.parametrize(("name", "query"), SEEN, ids=[name for name, _query in SEEN])
def test_the_portals_queries_answer_as_ordinary_ones(name, query, sides):
    ours, theirs = sides
    found = 0
    for role in ROLES:
        for customers in [(ours.customer.pk,), (theirs.customer.pk,), (0,), (ours.customer.pk, theirs.customer.pk), ()]:
            actor = actor_for(role, *customers)
            for shape, values in calls_of(name, query, sides):
                expected = readable(query._build(actor, *shape, **values))
                assert readable(query(actor, *shape, **values)) == expected, (role, customers, shape, values)
                found += len(expected)
    assert found > 0


def test_all_of_the_portals_queries_are_there():
    assert len(SEEN) >= 15
    assert len(module.ALL) >= 30


def test_two_customers_never_share_rows(sides):
    """One after the other through the same plan."""
    from rawabit.portal.queries.orders import _orders, order_for

    ours, theirs = sides
    for side, other in [(ours, theirs), (theirs, ours), (ours, theirs)]:
        actor = actor_for("owner", side.customer.pk)
        mine = {row["uid"] for row in _orders(actor, "current")}
        assert mine and mine <= set(side.uids())
        assert [order_for(actor, uid=uid) for uid in other.uids()] == [[]] * len(other.uids())


# Any query


@prepared
def _by_key(*shape: str, **values: Any) -> Any:
    return User.objects.filter(**values).order_by("pk").values("pk", "email")


def test_a_statement_is_for_the_values_that_were_given_and_no_others():
    one, two = makers.make_user("manager", "one"), makers.make_user("sales", "two")

    everybody = len(_by_key())
    assert everybody >= 2
    assert [row["pk"] for row in _by_key(pk=one.pk)] == [one.pk]
    assert [row["pk"] for row in _by_key(email=two.email)] == [two.pk]
    assert _by_key(pk=one.pk, email=two.email) == []
    assert [row["pk"] for row in _by_key(email=one.email, pk=one.pk)] == [one.pk]
    assert len(_by_key()) == everybody


def test_types_of_values_and_shapes_are_told_apart():
    query = Prepared(
        lambda *shape, **values: User.objects.annotate(x=Value(repr(shape))).values_list("x").filter(**values)
    )
    user = makers.make_user()

    assert [query(shape, pk=user.pk) for shape in (1, True, 1.0)] == [[("(1,)",)], [("(True,)",)], [("(1.0,)",)]]


@pytest.mark.parametrize("wrong", [None, True, False, [1], (1,), 1.5, {"a": 1}, datetime(2026, 1, 1)])
def test_what_is_no_value_is_refused_each_time(wrong):
    user = makers.make_user()
    assert _by_key(pk=user.pk)
    for _ in range(2):
        with pytest.raises(NotPrepared):
            _by_key(pk=wrong)


REFUSED = {
    "within a text": lambda value: User.objects.filter(email__contains=value),
    "in other letters": lambda value: User.objects.filter(email=value.lower()),
    "without its spaces": lambda value: User.objects.filter(email=value.strip()),
    "twice, once changed": lambda value: User.objects.filter(Q(email=value) | Q(full_name=value + "!")),
    "in the statement": lambda value: User.objects.filter(email=value).extra(where=[f"email = '{value}'"]),
    "not at all": lambda value: User.objects.filter(email="x"),
    "as a number": lambda value: User.objects.filter(email=value)[: len(value) + int(value.split()[-1]) % 7],
    "with what follows": lambda value: Order.objects.filter(number=value).prefetch_related("lines"),
    "locked": lambda value: Order.objects.filter(number=value).select_for_update(),
    "one column": lambda value: User.objects.filter(email=value).values_list("pk", flat=True),
    "named": lambda value: User.objects.filter(email=value).values_list("pk", named=True),
    "annotated": lambda value: User.objects.filter(email=value).annotate(lower=Lower("email")),
    "of a customer": lambda value: Customer(pk=1).addresses.filter(city=value),
    "sorted by more": lambda value: Order.objects.filter(number=value).order_by("total").distinct().values("pk"),
}


@pytest.mark.parametrize("build", REFUSED.values(), ids=REFUSED)
def test_a_query_that_cannot_be_prepared_says_so(build):
    query = Prepared(lambda *, value: build(value))
    with pytest.raises(NotPrepared):
        query(value="words")


def numbered(value: str) -> Any:
    return Order.objects.filter(number=value)


BUILDS = {
    "records": numbered,
    "with those near": lambda value: numbered(value).select_related("customer__owner", "quotation"),
    "some fields": lambda value: numbered(value).only("number", "customer__name").select_related("customer"),
    "dictionaries": lambda value: (
        Order.objects.exclude(number=value).order_by("-pk").values("uid", "total", at=F("date"))
    ),
    "tuples": lambda value: numbered(value).values_list("pk", "customer__name", "net"),
    "extra": lambda value: numbered(value).extra(select={"one": "1"}).values("pk", "one"),
    "annotated": lambda value: numbered(value).annotate(n=Lower("number")).values("n", "pk"),
    "percent": lambda value: numbered(value).exclude(number__contains="%s%%").values("pk"),
    "joined": lambda value: numbered(value).values("pk").union(numbered("x").values("pk")),
    "none": lambda _value: Order.objects.none().values("pk"),
    "never": lambda value: numbered(value).filter(pk__in=[]).values("pk"),
}


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_rows_are_read_as_django_reads_them(build):
    order = makers.make_order(makers.make_customer("<b>'"))
    makers.make_order()
    query = Prepared(lambda *, value: build(value))
    for number in [order.number, "", "'; --", "%s", order.number.lower(), "\u064a", order.number]:
        assert readable(query(value=number)) == readable(build(number)), number


@given(
    key=st.integers(-(2**70), 2**70),
    words=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    day=st.dates(),
    at=st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29), timezones=st.timezones()),
)
def test_any_values_are_compared_as_django_compares_them(key, words, day, at):
    def build(*, key: int, words: str, day: date, at: datetime) -> Any:
        wanted = Q(pk=key) | Q(number__lte=words) | Q(date__gt=day) | Q(confirmed_at__lt=at)
        return Order.objects.filter(wanted).order_by("pk").values_list("pk")

    with transaction.atomic():
        makers.confirmed_order()
        makers.make_order()
        values = {"key": key, "words": words, "day": day, "at": at}
        assert _compare(build, values) == list(build(**values))
        transaction.set_rollback(True)


def _compare(build: Any, values: dict[str, Any], _known: dict[str, Any] = {}) -> Any:  # noqa: B006
    """Through one plan for all examples."""
    return _known.setdefault("query", Prepared(build))(**values)


def test_each_kind_of_column_takes_its_numbers():
    """PostgreSQL's driver is told how wide a column is; a number wider than that finds nothing, as with Django."""
    from rawabit.kit.records.models import Attachment

    makers.make_order()
    wide = Prepared(lambda *, key: Attachment.objects.filter(subject_id=key).values_list("pk"))
    narrow = Prepared(lambda *, key: Order.objects.filter(version=key).values_list("version"))
    for key in [0, 1, -1, 2**31, 2**63 - 1]:
        assert wide(key=key) == list(wide._build(key=key))
        assert narrow(key=key) == list(narrow._build(key=key))


class Words(str):
    """A text of a kind of its own, as lazy choices are."""


def test_what_is_only_unusual_is_asked_in_the_ordinary_way():
    user = makers.make_user()
    assert [row["pk"] for row in _by_key(email=Words(user.email))] == [user.pk]
    assert _by_key(pk=2**64) == [] == _by_key(pk=-(2**64))


def test_switched_off_every_query_is_the_ordinary_one(monkeypatch):
    user = makers.make_user()
    monkeypatch.setattr(settings, "SHORTCUTS", False)
    assert _by_key(pk=None) == []
    assert [row["pk"] for row in _by_key(pk=user.pk)] == [user.pk]


# The database underneath


@prepared
def _notices(*, user: int) -> Any:
    return Notice.objects.filter(user_id=user).values_list("pk")


def test_each_statement_is_seen_by_whoever_watches():
    seen: list[str] = []

    def watch(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    _notices(user=1)
    with CaptureQueriesContext(connection) as caught:
        _notices(user=7)
    with connection.execute_wrapper(watch):
        _notices(user=7)

    assert len(caught) == len(seen) == 1
    assert ("7" in caught[0]["sql"] and "kit_notice" in caught[0]["sql"]) or "notice" in caught[0]["sql"]


def test_what_a_transaction_wrote_is_read_in_it():
    with transaction.atomic():
        user = makers.make_user()
        assert _by_key(pk=user.pk)
        transaction.set_rollback(True)
    assert _by_key(pk=user.pk) == []


def test_in_a_broken_transaction_nothing_is_read():
    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        transaction.set_rollback(True)
        connection.needs_rollback = True
        _notices(user=1)


@prepared
def _wrong(*, user: int) -> Any:
    return Notice.objects.filter(user_id=user).extra(where=["no_such_column = 1"]).values_list("pk")


def test_an_error_is_djangos():
    with pytest.raises(DatabaseError) as ours, transaction.atomic():
        _wrong(user=1)
    with pytest.raises(DatabaseError) as theirs, transaction.atomic():
        list(_wrong._build(user=1))
    assert type(ours.value) is type(theirs.value) and str(ours.value) == str(theirs.value)
    assert _notices(user=1) == []


def test_records_can_be_changed_and_saved():
    query = Prepared(lambda *, key: Invoice.objects.filter(pk=key).select_related("customer"))
    invoice = makers.make_invoice()
    (found,) = query(key=invoice.pk)
    with CaptureQueriesContext(connection) as caught:
        assert found.customer.name == invoice.customer.name
    assert len(caught) == 0
    found.customer.name = "changed"
    found.customer.save()
    assert query(key=invoice.pk)[0].customer.name == "changed"
    assert query(key=invoice.pk)[0] is not found


def test_an_aware_moment_is_compared_by_its_instant():
    order = makers.confirmed_order()
    query = Prepared(lambda *, at: Order.objects.filter(pk=order.pk, confirmed_at=at).values_list("pk"))
    tehran = order.confirmed_at.astimezone(ZoneInfo("Asia/Tehran"))
    assert query(at=tehran) == query(at=order.confirmed_at.astimezone(UTC)) == [(order.pk,)]

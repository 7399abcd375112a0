"""Versions, numbers, comments, files, assignments, exact fields, row rules."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, models, transaction
from django.forms import modelform_factory

from rawabit.catalog.models import Item, Price, PriceList, Tax, Unit
from rawabit.kit.records.actions import (
    Conflict,
    assign,
    attach,
    comment,
    emit,
    finish_assignment,
    lock,
    next_number,
    save_form,
)
from rawabit.kit.records.actor import Actor, rule_of, system, visible
from rawabit.kit.records.fields import ExactField
from rawabit.kit.records.models import Attachment, Comment, Event
from rawabit.kit.records.queries import files_on
from rawabit.kit.states import Lifecycle, Move, Refused, State

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@pytest.fixture
def unit():
    return Unit.objects.create(code="TST", name="piece")


@pytest.fixture
def colleague():
    return get_user_model().objects.create_user("c@x.example", full_name="نورة", kind="staff")


@pytest.fixture
def clerk():
    person = get_user_model().objects.create_user("k@x.example", full_name="Clerk", kind="staff")
    return Actor(person.pk, "Clerk", grants=system().grants)


def unit_form(unit, **data):
    form = modelform_factory(Unit, fields=["code", "name"])
    return form({"code": unit.code, "name": unit.name, **data}, instance=Unit.objects.get(pk=unit.pk))


# Versions


def test_saving_counts_a_version_and_writes_what_changed(unit, clerk):
    saved = save_form(unit_form(unit, name="box"), actor=clerk, at=NOW, seen_version=1)

    assert (saved.version, saved.updated_at) == (2, NOW)
    event = Event.objects.get()
    assert (event.name, event.facts, event.actor_name) == (
        "unit.changed",
        {"changes": {"name": ["piece", "box"]}},
        "Clerk",
    )


def test_the_second_of_two_tabs_is_told_instead_of_overwriting(unit, clerk):
    first, second = unit_form(unit, name="box"), unit_form(unit, name="crate")
    save_form(first, actor=clerk, at=NOW, seen_version=1)

    with pytest.raises(Conflict) as caught:
        save_form(second, actor=clerk, at=NOW, seen_version=1)

    assert caught.value.current.name == "box"
    assert caught.value.event.actor_name == "Clerk"
    assert Unit.objects.get().name == "box"


# Numbers


def test_numbers_follow_one_another_and_a_rollback_takes_its_number_back():
    assert [next_number("x"), next_number("x"), next_number("y")] == [1, 2, 1]
    with pytest.raises(RuntimeError), transaction.atomic():
        next_number("x")
        raise RuntimeError

    assert next_number("x") == 3


# Exact numbers


@pytest.mark.parametrize("value", ["0.001", "9007199254740993.125", "-12.5", "0"])
def test_an_exact_field_gives_back_what_it_was_given(value):
    field = ExactField(places=3)

    assert field.from_db_value(field.get_prep_value(Decimal(value)), None, None) == Decimal(value)


def test_the_database_adds_exact_numbers_exactly(unit):
    tax = Tax.objects.create(code="t", name="t", category="S")
    item = Item.objects.create(sku="A", name="A", unit=unit, tax=tax)
    prices = PriceList.objects.create(name="p", currency="SAR")
    for n in range(10):
        Price.objects.create(
            price_list=prices, item=item, unit_price=Decimal("0.1"), min_quantity=n, valid_from=NOW.date()
        )

    total = Price.objects.aggregate(s=models.Sum("unit_price"))["s"]

    assert total == Decimal(1)


# Row rules


def test_a_model_without_rule_is_visible_to_nobody(unit, monkeypatch):
    from rawabit.kit.records import actor as rules

    monkeypatch.delitem(rules._RULES, Unit)

    assert list(Unit.objects.visible_to(system())) == []


def test_a_rule_is_given_once():
    assert rule_of(Unit) is not None
    with pytest.raises(ValueError, match="Unit"):
        visible(Unit)(lambda actor: models.Q())


def test_a_visitor_sees_nothing(unit):
    assert list(Unit.objects.visible_to(Actor(None))) == []


# Comments, assignments


def test_a_comment_names_colleagues_and_is_told(unit, clerk, colleague):
    said = comment(unit, "  مرحبا \u202eabc ", mentions=[colleague.pk, 999], actor=clerk, at=NOW)

    assert (said.body, list(said.mentions.all())) == ("مرحبا abc", [colleague])
    assert Event.objects.get().facts["mentions"] == [colleague.pk]


def test_an_empty_comment_is_refused(unit, clerk):
    with pytest.raises(Refused):
        comment(unit, " \u200f ", mentions=[], actor=clerk, at=NOW)
    assert not Comment.objects.exists()


def test_asking_twice_is_asking_once(unit, clerk, colleague):
    given = assign(unit, colleague.pk, "call him", actor=clerk, at=NOW)

    assert assign(unit, colleague.pk, "again", actor=clerk, at=NOW) == given
    finish_assignment(unit, given.pk, actor=clerk, at=NOW)
    assert assign(unit, colleague.pk, "new", actor=clerk, at=NOW) != given


def test_only_a_colleague_can_be_asked(unit, clerk):
    customer = get_user_model().objects.create_user("a@c.example", full_name="A", kind="customer")

    with pytest.raises(Refused):
        assign(unit, customer.pk, "", actor=clerk, at=NOW)


# Files


def upload(name, content, kind="application/octet-stream"):
    return SimpleUploadedFile(name, content, content_type=kind)


def test_a_file_is_kept_under_a_generated_name_with_the_kind_it_really_has(unit, clerk, settings, tmp_path):
    kept = attach(unit, upload("../../فاتورة.exe", PDF), for_customer=False, actor=clerk, at=NOW)

    assert (kept.mime, kept.size, len(kept.sha256)) == ("application/pdf", len(PDF), 64)
    assert kept.file.name == f"files/{kept.uid.hex[:2]}/{kept.uid.hex}"
    assert kept.file.read() == PDF


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", b"<html><script>alert(1)</script>"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'),
        ("a.txt", b"\n <!doctype html>"),
        ("a.png", b"MZ\x90\x00"),
        ("a.docx", b"PK\x03\x04 not a zip"),
        ("a.js", b"alert(1)"),
        ("empty.pdf", b""),
    ],
)
def test_what_is_not_a_document_or_picture_is_refused(unit, clerk, name, content):
    with pytest.raises(Refused):
        attach(unit, upload(name, content, "application/pdf"), for_customer=False, actor=clerk, at=NOW)
    assert not Attachment.objects.exists()


def test_too_large_a_file_is_refused(unit, clerk, settings):
    settings.FILE_MAX_BYTES = 10

    with pytest.raises(Refused, match="0"):
        attach(unit, upload("a.pdf", PDF), for_customer=False, actor=clerk, at=NOW)


def test_a_customer_gets_only_the_files_meant_for_customers(unit, clerk):
    attach(unit, upload("inside.pdf", PDF), for_customer=False, actor=clerk, at=NOW)
    shared = attach(unit, upload("offer.pdf", PDF), for_customer=True, actor=clerk, at=NOW)

    assert list(files_on(unit, Actor(5, customer_ids=frozenset({1})))) == [shared]
    assert files_on(unit, clerk).count() == 2


# Lifecycles


class Paper:
    state = "draft"


def test_a_lifecycle_answers_moves_and_reasons():
    life = Lifecycle(
        [State("draft", "Draft"), State("done", "Done", "ok")],
        [
            Move(
                "finish",
                ("draft",),
                "done",
                "Finish",
                why_not=lambda paper: "empty" if not hasattr(paper, "lines") else None,
            )
        ],
    )
    paper = Paper()

    assert [move.name for move in life.open_to(paper)] == ["finish"]
    with pytest.raises(Refused, match="empty"):
        life.require(paper, "finish")
    paper.lines = [1]
    assert life.require(paper, "finish").target == "done"
    paper.state = "done"
    with pytest.raises(Refused, match="Finish: Done"):
        life.require(paper, "finish")


def test_a_lifecycle_refuses_unknown_states():
    with pytest.raises(ValueError, match="gone"):
        Lifecycle([State("draft", "Draft")], [Move("finish", ("draft",), "gone", "Finish")])


def test_locking_gives_the_record_as_it_stands(unit):
    Unit.objects.filter(pk=unit.pk).update(name="other")

    with transaction.atomic():
        assert lock(unit).name == "other"


def test_an_event_keeps_plain_facts(unit):
    event = emit("unit.created", unit, actor=system(), at=NOW, day=NOW.date(), amount=Decimal("1.50"), who=[unit])

    event.refresh_from_db()
    assert event.facts == {"day": "2026-03-05", "amount": "1.50", "who": ["piece"]}


def test_one_name_for_a_unit(unit):
    with pytest.raises(IntegrityError):
        Unit.objects.create(code="TST", name="again")

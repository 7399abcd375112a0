"""What people and their mistyped or tampered requests met on the shared screens."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.utils import translation

from rawabit.crm.models import Contact
from rawabit.kit.display import PRESETS, using
from rawabit.kit.numbers import whole
from rawabit.kit.records.actions import emit
from rawabit.kit.records.models import Assignment, Event, SavedView
from rawabit.kit.screens.fields import PhoneField
from rawabit.kit.screens.templatetags.screens import event_changes
from tests import makers
from tests.laws.world import client_of, page_text

NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)
KEYS = ["9" * 18, "9" * 30, "9" * 5000]


@pytest.fixture
def desk(db: Any) -> Any:
    makers.make_company()
    client = client_of(makers.make_user("administrator"))
    client.cookies["language"] = "en"
    client.post("/preferences/", {"language": "en"})
    return client


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("0", 0),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("", None),
        ("-1", None),
        ("٣", None),
        ("1.0", None),
    ],
)
def test_a_key_in_an_address(text: str, number: int | None) -> None:
    assert whole(text) == number


@pytest.mark.parametrize("key", KEYS)
def test_a_number_that_no_row_can_have_is_no_failure(desk: Any, key: str) -> None:
    customer = makers.make_customer("Acme")
    base = f"/desk/customers/{customer.pk}/"
    for url in [f"/desk/customers/?owner={key}", f"/desk/customers/?page={key}", f"/desk/users/?teams={key}",
                f"/ui/calendar/?ym=2026-{key}", f"/desk/orders/new/?customer={key}",
                f"/desk/invoices/?customer={key}"]:  # fmt: skip
        assert desk.get(url).status_code == 200, url[:60]
    assert desk.post(f"{base}comment/", {"body": "hello", "mention": key}).status_code == 302
    assert desk.post(f"{base}assign/", {"user": key}).status_code == 409
    assert desk.post("/desk/customers/bulk/release/", {"row": key}).status_code == 409
    assert desk.post("/desk/teams/new/", {"name": "A", "members": key}).status_code in (400, 422)


def test_colleagues_are_narrowed_to_a_team(desk: Any) -> None:
    inside = makers.make_user("sales", "Inside")
    makers.make_user("sales", "Outside")
    team = inside.teams.create(name="North")

    page = page_text(desk.get(f"/desk/users/?teams={team.pk}"))

    assert "Inside" in page and "Outside" not in page


def test_columns_are_chosen_in_the_form_and_kept(desk: Any) -> None:
    makers.make_customer("Acme", phone="+966112345678")
    heads = lambda page: page.content.decode().split("<tbody>")[0].count('scope="col"')  # noqa: E731
    form = desk.get("/desk/customers/").content.decode()
    assert 'name="cols" value="phone"' in form

    chosen = desk.get("/desk/customers/?cols=name&cols=phone")

    assert heads(chosen) == 2
    assert chosen.content.decode().count('type="hidden" name="cols"') == 2, "filtering keeps the columns"
    desk.post("/desk/customers/views/", {"name": "\u202eMine", "query": "cols=name&cols=phone"})
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Mine", "cols=name&cols=phone")


def test_a_filter_that_is_no_date_is_told(desk: Any) -> None:
    assert "That month does not have this day." in page_text(desk.get("/desk/orders/?date_from=31/02/2026"))
    assert "This is not a date." in page_text(desk.get("/desk/orders/?date_to=abc"))
    assert 'role="alert"' not in desk.get("/desk/orders/?date_from=01/02/2026").content.decode()


def test_a_list_is_exported_as_two_kinds_of_file_and_no_other(desk: Any) -> None:
    assert desk.get("/desk/customers/export.csv").status_code == 200
    for kind in ("exe", "csv%0d%0aX-A: b", 'csv"; x='):
        assert desk.get(f"/desk/customers/export.{kind}").status_code == 404


def test_the_note_of_an_assignment_cannot_deceive(desk: Any) -> None:
    customer, colleague = makers.make_customer("Acme"), makers.make_user("sales")
    desk.post(f"/desk/customers/{customer.pk}/assign/", {"user": colleague.pk, "note": "\u202ea\x00b"})
    assert Assignment.objects.get().note == "ab"


def test_a_telephone_number_shown_another_way_is_not_a_change() -> None:
    with using(PRESETS["SA"]):
        field: forms.Field = PhoneField(required=False)
        assert not field.has_changed("+966138001122", "013 800 1122")
        assert not field.has_changed(None, "")
        assert field.has_changed("+966138001122", "013 800 1123")
        assert field.has_changed("+966138001122", "")
        assert field.has_changed("", "abc")


def test_saving_unchanged_tells_nothing_and_counts_no_version(desk: Any) -> None:
    contact = makers.make_contact(makers.make_customer("Acme"), "Sami", mobile="+966501234567")
    form = desk.get(f"/desk/contacts/{contact.pk}/edit/").context["form"]
    data = {bound.html_name: shown for bound in form if (shown := bound.value()) not in (None, False)}

    assert desk.post(f"/desk/contacts/{contact.pk}/edit/", {**data, "mobile": "050 123 4567"}).status_code == 302

    assert not Event.objects.filter(name="contact.changed").exists()
    kept = Contact.objects.get(pk=contact.pk)
    assert (kept.version, kept.mobile) == (contact.version, "+966501234567")


def test_the_history_speaks_the_readers_language(desk: Any) -> None:
    desk.post("/preferences/", {"language": "fa"})
    item = makers.make_item("Pipe")
    customer = makers.make_customer("Acme", currency="KWD")
    changes = {"is_active": [False, True], "language": ["ar", "fa"], "credit_limit": [1000, 2500], "name": ["A", "A"]}
    emit("item.changed", item, actor=makers.SYSTEM, at=NOW, changes={"is_active": [True, False]})
    emit("customer.changed", customer, actor=makers.SYSTEM, at=NOW, changes=changes)

    with translation.override("ar"), using(PRESETS["SA"]):
        shown = [(before, after) for _label, before, after in event_changes(Event.objects.latest("id"), customer)]

    assert shown == [("العربية", "فارسی"), ("1.000 د.ك", "2.500 د.ك"), ("لا", "نعم")]
    assert "True" not in desk.get(f"/desk/items/{item.pk}/").content.decode()

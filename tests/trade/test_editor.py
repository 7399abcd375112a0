"""The document editor: head and lines in one form, with and without its script."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rawabit.catalog.actions import set_price
from rawabit.identity.actions import set_grants, set_roles
from rawabit.identity.models import Role
from rawabit.sales.models import Order, Quotation
from tests.makers import (
    NOW,
    SYSTEM,
    Person,
    default_list,
    make_contact,
    make_customer,
    make_item,
    make_price_list,
    make_quotation,
    make_tax,
    make_user,
    rows,
    sent_quotation,
)
from tests.trade.desk import Desk, words_of

pytestmark = pytest.mark.django_db
BLANK = {
    "kind": "line", "item": "", "auto": "", "optional": "", "title": "", "details": "", "quantity": "", "unit": "",
    "unit_price": "", "discount": "", "tax": "",
}  # fmt: skip


def head(customer=None, **values) -> dict[str, str]:
    shown = {
        "customer": str(customer.pk) if customer else "", "date": "5/3/2026", "valid_until": "19/3/2026",
        "currency": "SAR", "language": "en", "op": "save",
    }  # fmt: skip
    return {**shown, **values}


def form(customer=None, lines=(), **values) -> dict[str, object]:
    """A posted editor: one value of every name per line."""
    filled = [{**BLANK, "tax": str(make_tax().pk), **line} for line in lines]
    return {**head(customer, **values), **{name: [line[name] for line in filled] for name in BLANK}}


def item_line(item, quantity="1", **values) -> dict[str, str]:
    return {"item": str(item.pk), "title": item.name, "quantity": quantity, "auto": "1", **values}


@pytest.fixture
def customer(company):
    return make_customer("شركة النخيل", name_en="Palm Trading")


@pytest.fixture
def pump(company):
    return make_item("مضخة", price="1250", sku="XP-200", name_en="Water pump")


def saved() -> Quotation:
    return Quotation.objects.get()


# Saving


def test_a_new_document_is_head_and_lines_in_one_step(desk, customer, pump):
    place = desk.do("quotations/new/", **form(customer, [item_line(pump, "٣"), item_line(pump, "۱٫۵", discount="10")]))

    document = saved()
    assert place == f"quotations/{document.pk}/"
    assert [(x.title, x.sku, x.quantity, x.unit_price, x.discount_percent) for x in document.lines.all()] == [
        ("مضخة", "XP-200", Decimal(3), Decimal(1250), Decimal(0)),
        ("مضخة", "XP-200", Decimal("1.5"), Decimal(1250), Decimal(10)),
    ]
    assert (document.net, document.tax, document.total) == (543_750, 81_563, 625_313)
    assert (str(document.date), str(document.valid_until)) == ("2026-03-05", "2026-03-19")


def test_dates_may_be_typed_in_three_calendars(desk, customer, pump):
    desk.do("quotations/new/", **form(customer, [item_line(pump)], date="۱۴ اسفند ۱۴۰۴", valid_until="1447/09/30"))

    assert (str(saved().date), str(saved().valid_until)) == ("2026-03-05", "2026-03-19")


def test_a_code_typed_for_a_name_is_the_item_at_its_list_price(desk, customer, pump):
    desk.do("quotations/new/", **form(customer, [{"title": "xp-200", "quantity": "2"}]))

    line = saved().lines.get()
    assert (line.item, line.title, line.unit_price, line.unit) == (pump, "Water pump", Decimal(1250), "Piece")


def test_every_problem_stands_beside_its_cell_and_nothing_typed_is_lost(desk, pump):
    lines = [
        item_line(pump, "many"), {"title": "Work", "quantity": "-1", "unit_price": "10"},
        {"title": "Work", "unit_price": "5", "discount": "120"}, {"title": "NOPE-1"}, {"title": "Advice"},
        {"quantity": "4", "unit_price": "3"},
    ]  # fmt: skip

    response = desk.send("quotations/new/", form(None, lines, customer_reference="PO-9", note="Read me"))

    assert (response.status_code, Quotation.objects.count()) == (422, 0)
    page, text = response.content.decode(), words_of(response)
    assert 'value="many"' in page and 'value="-1"' in page and 'value="120"' in page and "Read me" in page
    assert 'value="PO-9"' in page
    for words in (
        "Line 1 : This is not a number.", "Line 2 : Quantity must be more than zero.",
        "Line 3 : A discount lies between 0 and 100 per cent.", "Line 4 : No item has this code.",
        "Line 5 : Type a price.", "Line 6 : Say what this line is for.", "Customer : This field is required.",
    ):  # fmt: skip
        assert words in text, words
    assert page.count('aria-invalid="true"') == 7


def test_an_item_without_a_price_asks_for_one(desk, customer, company):
    free = make_item("خدمة", price=None)

    refused = desk.send("quotations/new/", form(customer, [item_line(free)]))
    desk.do("quotations/new/", **form(customer, [item_line(free, auto="", unit_price="75")]))

    assert "The price list has no price for it. Type one." in words_of(refused)
    assert saved().total == 8625


def test_what_a_person_may_not_do_is_said_beside_the_cell(customer, pump, at_the_makers_moment):
    seller = Person(make_user("support", "سلمى"))
    give(seller, "sales.add_quotation", "sales.change_quotation", "sales.view_quotation", "crm.view_customer")

    response = Desk(seller).send(
        "quotations/new/", form(customer, [item_line(pump, auto="", unit_price="1"), item_line(pump, discount="50")])
    )

    assert (response.status_code, Quotation.objects.count()) == (422, 0)
    assert "Line 1 : You may not change prices of the price list." in words_of(response)
    assert "Line 2 : Discounts above 20% need permission." in words_of(response)


def give(person: Person, *permissions: str) -> None:
    """Rights of a role made for this test, and no others."""
    role = Role.objects.create(code="small", name="small")
    set_grants(role, dict.fromkeys(permissions, "all"), actor=SYSTEM, at=NOW)
    set_roles(person.user, [role], actor=SYSTEM, at=NOW)


def test_optional_lines_do_not_count(desk, customer, pump):
    desk.do("quotations/new/", **form(customer, [item_line(pump), item_line(pump, optional="1")]))

    assert [line.optional for line in saved().lines.all()] == [False, True]
    assert saved().total == 143_750


def test_another_price_list_gives_its_prices(desk, customer, pump):
    friends = make_price_list(name="Friends")
    set_price(pump, friends, Decimal(900), valid_from=date(2020, 1, 1), actor=SYSTEM, at=NOW)

    desk.do("quotations/new/", **form(customer, [item_line(pump)], price_list=str(friends.pk)))

    assert saved().lines.get().unit_price == Decimal(900)
    assert default_list().pk != friends.pk


# Two tabs


def test_two_tabs_never_overwrite_each_other_silently(desk, customer, pump):
    draft = make_quotation(customer, rows=rows(1))
    address = f"quotations/{draft.pk}/edit/"
    desk.do(address, **form(customer, [item_line(pump)], version=str(draft.version), note="first"))

    second = form(customer, [item_line(pump, "7")], version=str(draft.version), note="second")
    response = desk.send(address, second)

    assert response.status_code == 409
    assert "changed this record while you were editing" in words_of(response)
    assert saved().note == "first"
    assert 'value="7"' in response.content.decode()
    current = str(saved().version)
    assert f'name="version" value="{current}"' in response.content.decode()
    desk.do(address, **{**second, "version": current})
    assert (saved().note, saved().lines.get().quantity) == ("second", Decimal(7))


def test_what_was_not_changed_is_not_written_again(desk, customer, pump):
    draft = make_quotation(customer, rows=rows(1))
    line = draft.lines.get()
    version = Quotation.objects.get(pk=draft.pk).version
    same = form(
        customer, [item_line(line.item, "2", unit_price="100", unit=line.unit)], version=str(version),
        language=draft.language, valid_until="19/3/2026",
    )  # fmt: skip

    desk.do(f"quotations/{draft.pk}/edit/", **same)

    assert Quotation.objects.get(pk=draft.pk).version == version
    assert draft.lines.get().pk == line.pk


def test_a_sent_document_is_not_edited(desk, customer, pump):
    sent = sent_quotation(customer)

    assert desk.get(f"quotations/{sent.pk}/edit/").status_code == 409
    assert desk.send(f"quotations/{sent.pk}/edit/", form(customer, [item_line(pump)])).status_code == 409
    assert "Edit" not in words_of(desk.get(f"quotations/{sent.pk}/")).split("History")[0]


# By itself


def test_a_draft_is_kept_by_itself_and_goes_on_where_it_was(desk, customer, pump):
    first = desk.send("quotations/new/", form(customer, [item_line(pump)], op="autosave")).json()

    assert first["told"] == "Saved at 12:00 pm"
    assert first["url"] == f"/desk/quotations/{saved().pk}/edit/"
    again = form(customer, [item_line(pump, "5")], op="autosave", version=str(first["version"]))
    second = desk.send(first["url"].removeprefix("/desk/"), again).json()
    assert (saved().lines.get().quantity, saved().version) == (Decimal(5), second["version"])
    stale = desk.send(first["url"].removeprefix("/desk/"), again)
    assert (stale.status_code, "version" in stale.json()) == (409, False)


def test_what_is_not_right_is_not_kept(desk, customer, pump):
    response = desk.send("quotations/new/", form(customer, [item_line(pump, "x")], op="autosave"))

    assert response.status_code == 422
    assert response.json() == {"told": "Not saved yet: something is still missing."}
    assert Quotation.objects.count() == 0


# Without the script


def test_lines_are_added_moved_and_removed_by_buttons(desk, customer, pump):
    lines = [{"title": word, "unit_price": "1"} for word in ("one", "two", "three")]

    def order(wish: str) -> list[str]:
        page = desk.send("quotations/new/", form(customer, lines, op=wish)).content.decode().partition("<tbody")[2]
        return [word for word in _titles(page.partition("</tbody>")[0]) if word]

    assert order("up-2") == ["one", "three", "two"]
    assert order("down-0") == ["two", "one", "three"]
    assert order("remove-1") == ["one", "three"]
    assert order("up-0") == order("down-9") == ["one", "two", "three"]
    page = desk.send("quotations/new/", form(customer, lines, op="rows"))
    assert (page.status_code, page.content.decode().partition("</tbody>")[0].count("<tr data-line")) == (200, 13)
    assert 'role="alert"' not in page.content.decode()


def _titles(page: str) -> list[str]:
    return re.findall(r'name="title" value="([^"]*)"', page)


def test_a_customer_may_be_named_instead_of_chosen(desk, customer, pump):
    desk.do("quotations/new/", **form(None, [item_line(pump)], customer_label="palm trading"))

    assert saved().customer == customer


def test_what_was_typed_outlives_a_button(desk, customer, pump):
    typed = form(None, [item_line(pump)], customer_label="palm", date="1/4/2026", note="Keep me", op="rows")

    page = desk.send("quotations/new/", typed).content.decode()

    assert 'value="palm"' in page and 'value="1/4/2026"' in page and "Keep me" in page


def test_rows_of_a_spreadsheet_become_lines(desk, customer, pump):
    table = "SKU\tQty\tPrice\nXP-200\t٢٠\nxp-200\t3\t1,100.5\nNOPE-7\t4"

    page = desk.send("quotations/new/", form(customer, [{"title": "Kept", "unit_price": "1"}], op="paste", table=table))

    html = page.content.decode().partition("<tbody")[2].partition("</tbody>")[0]
    assert _titles(html) == ["Kept", "Water pump", "Water pump", "NOPE-7"]
    assert "No item has this code." in html
    assert 'name="quantity" value="20"' in html and 'name="unit_price" value="1,100.5"' in html


# What the script asks


def totals(desk, data) -> dict:
    response = desk.send("quotations/editor/totals/", data)
    assert response.status_code == 200
    return response.json()


def test_totals_while_typing(desk, customer, pump):
    told = totals(desk, form(customer, [item_line(pump, "2"), {"title": "XP-200"}, {"title": "?", "quantity": "x"}]))

    assert [line["errors"] for line in told["lines"]] == [{}, {}, {"quantity": "This is not a number.", **PRICE}]
    assert "2,500.00" in told["lines"][0]["net"]
    assert told["lines"][0]["price"] == "1,250.00"
    assert told["lines"][1]["fill"]["title"] == "Water pump"
    assert "4,312.50" in told["parts"]["totals"] and "4,312.50" in told["parts"]["sum"]
    assert Quotation.objects.count() == 0


PRICE = {"unit_price": "Type a price."}


def test_the_credit_banner_counts_this_document(desk, company, pump):
    customer = make_customer("شركة الحد", credit_limit=500_000)

    fine = totals(desk, form(customer, [item_line(pump)]))["parts"]["credit"]
    over = totals(desk, form(customer, [item_line(pump, "9")]))["parts"]["credit"]

    assert 'data-s="ok"' in fine and "3,562.50" in fine
    assert 'data-s="warn"' in over and "12,937.50" in over


def test_two_hundred_lines_cost_as_many_queries_as_two(desk, customer, pump):
    def queries(lines: int) -> int:
        data = form(customer, [item_line(pump, str(n + 1)) for n in range(lines)])
        totals(desk, data)
        with CaptureQueriesContext(connection) as seen:
            totals(desk, data)
        return len(seen)

    assert queries(200) == queries(2)


def test_items_are_found_by_folded_name_or_code_with_the_customers_price(desk, customer, pump):
    asked = {"customer": str(customer.pk), "currency": "SAR", "date": "5/3/2026", "language": "en"}

    for words in ("XP-2", "مضخه", "water", "ｘｐ-200"):
        page = desk.read("quotations/editor/items/", q=words, **asked)
        assert "Water pump" in page and "1,250.00" in page, words
    assert "It stays as a line of free text" in desk.read("quotations/editor/items/", q="nothing such", **asked)


def test_a_chosen_customer_brings_his_people_places_and_currency(desk, company):
    customer, other = make_customer("A", currency="AED", language="fa"), make_customer("B")
    make_contact(customer, "نورة"), make_contact(other, "سارة")

    facts = desk.get("orders/editor/customer/", customer=customer.pk).json()

    assert facts["values"] == {"currency": "AED", "language": "fa"}
    assert "نورة" in facts["options"]["contact"] and "سارة" not in facts["options"]["contact"]
    assert {"contact", "delivery_address", "price_list"} == set(facts["options"])


def test_the_page_has_one_form_for_all_three_kinds(desk, company):
    for slug in ("quotations", "orders", "invoices"):
        page = desk.get(f"{slug}/new/").content.decode()
        assert "data-editor" in page and 'id="new-line"' in page, slug
        assert ('data-act="optional"' in page) == (slug == "quotations")


def test_strangers_customers_are_not_found(seller, at_the_makers_moment, company, pump):
    customer = make_customer("شركة الغير")
    mine = make_customer("شركتي", owner=seller.user)
    desk = Desk(seller)

    assert desk.get("quotations/editor/customer/", customer=customer.pk).json()["values"] == {}
    assert desk.get("quotations/editor/customer/", customer=mine.pk).json()["values"] != {}
    refused = desk.send("quotations/new/", form(customer, [item_line(pump)]))
    assert (refused.status_code, Quotation.objects.count()) == (422, 0)


HEADING = {"kind": "section", "title": "Pumps"}


def test_sections_stand_among_the_lines_and_count_for_nothing(desk, customer, pump):
    lines = [HEADING, item_line(pump), {**HEADING, "title": "<Work>"}]
    desk.do("orders/new/", **form(customer, lines, promised_date=""))

    order = Order.objects.get()
    assert [(line.kind, line.title, line.net) for line in order.lines.all()] == [
        ("section", "Pumps", 0), ("goods", "مضخة", 125_000), ("section", "<Work>", 0),
    ]  # fmt: skip
    assert (order.total, len(order.tax_summary), order.line_count) == (143_750, 1, 1)
    page = desk.get(f"orders/{order.pk}/").content.decode()
    assert page.count('<tr class="section">') == 2 and "<bdi>&lt;Work&gt;</bdi>" in page
    edited = desk.get(f"orders/{order.pk}/edit/").content.decode().partition("<template")[0]
    assert edited.count("data-section>") == 2 and edited.count('name="quantity"') == 3
    version, lines[1]["unit"] = order.version, order.lines.get(kind="goods").unit
    same = {"promised_date": "", "terms": order.terms, "version": version}
    desk.do(f"orders/{order.pk}/edit/", **form(customer, lines, **same))
    order.refresh_from_db()
    assert (order.version, order.lines.count()) == (version, 3)


def test_a_section_is_added_moved_and_left_empty_without_a_script(desk, customer, pump):
    added = desk.send("quotations/new/", form(customer, [item_line(pump)], op="section"))
    page = added.content.decode().partition("<template")[0]
    assert page.count("data-section>") == 1 and page.index("data-section>") > page.index('value="مضخة"')
    moved = desk.send("quotations/new/", form(customer, [item_line(pump), HEADING], op="up-1"))
    assert (page := moved.content.decode()).index('value="Pumps"') < page.index('value="مضخة"')

    desk.do("quotations/new/", **form(customer, [item_line(pump), {**HEADING, "title": " "}]))

    assert [line.kind for line in saved().lines.all()] == ["goods"]


def test_the_script_is_told_nothing_of_sections(desk, customer, pump):
    answer = desk.send("quotations/editor/totals/", form(customer, [HEADING, item_line(pump)])).json()

    assert answer["lines"][0] == {"net": "", "errors": {}} and "1,250.00" in answer["lines"][1]["net"]
    assert "1 line<" in answer["parts"]["sum"]


def test_sections_alone_are_no_offer(desk, customer):
    desk.do("quotations/new/", **form(customer, [HEADING]))

    assert "Add at least one line first." in words_of(desk.send(f"quotations/{saved().pk}/do/send/"))
    assert saved().state == "draft"

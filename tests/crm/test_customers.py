"""Customers, people, territories, duplicates."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from rawabit.company.queries import company_now
from rawabit.crm.actions import (
    InvalidFields,
    affiliate,
    delete_customer,
    end_affiliation,
    hand_over,
    put_address,
    put_customer,
    put_territory,
    relate_contacts,
    relate_customers,
    set_credit,
    set_identifier,
)
from rawabit.crm.logic.addresses import missing_for_tax, split_pasted
from rawabit.crm.logic.duplicates import Traits, likeness, name_key
from rawabit.crm.logic.terms import due_date
from rawabit.crm.models import Address, Affiliation, Contact, Customer, Territory
from rawabit.crm.queries import contacts_of, due_date_for, duplicates_of, find_customers, primary_contact
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from tests.makers import (
    NOW,
    SYSTEM,
    actor,
    confirmed_order,
    make_address,
    make_contact,
    make_customer,
    make_terms,
    make_user,
    sar,
)


def test_customers_are_numbered_and_found(company, manager):
    customer = make_customer("شركة الأفق للتجارة", name_en="Horizon", phone="+966501234567")
    make_customer("مؤسسة أخرى")
    set_identifier(customer, "sa_vat", "٣١٠١٢٢٣٩٣٥٠٠٠٠٣", actor=SYSTEM, at=NOW)

    assert customer.code == "C-00001"
    for typed in ("افق", "الافق", "horizon", "0501234567", "٠٥٠١٢٣٤٥٦٧", "310122393500003", "c-00001"):
        assert list(find_customers(typed, manager.actor)) == [customer], typed


@pytest.mark.parametrize(
    ("kind", "text", "ok"),
    [
        ("sa_vat", "310122393500003", True), ("sa_vat", "310122393500004", False),
        ("sa_national_id", "1000000008", True), ("sa_national_id", "1000000009", False),
        ("ir_national_code", "۰۰۷۶۲۲۹۶۴۵", True), ("ir_national_code", "0076229646", False),
        ("ir_economic_code", "123", True), ("unknown", "1", False), ("sa_cr", "", False),
    ],
)  # fmt: skip
def test_check_digits_of_official_numbers(company, kind, text, ok):
    customer = make_customer()
    if ok:
        set_identifier(customer, kind, text, actor=SYSTEM, at=NOW)
        assert customer.identifiers.get().value.isascii()
    else:
        with pytest.raises(InvalidFields) as wrong:
            set_identifier(customer, kind, text, actor=SYSTEM, at=NOW)
        assert wrong.value.problems


def test_a_new_number_of_a_kind_replaces_the_old_one(company):
    customer = make_customer()
    for number in ("1010123456", "1010654321"):
        set_identifier(customer, "sa_cr", number, actor=SYSTEM, at=NOW)
    assert [row.value for row in customer.identifiers.all()] == ["1010654321"]
    assert "1010123456" not in Customer.objects.get(pk=customer.pk).search_text


def test_wrong_numbers_leave_nothing_behind(company):
    with pytest.raises(InvalidFields):
        put_customer(Customer(name="س"), identifiers=[("sa_vat", "123")], actor=SYSTEM, at=NOW)
    assert not Customer.objects.exists()
    assert make_customer().code == "C-00001"


@pytest.mark.parametrize(
    ("country", "field", "value"),
    [
        ("SA", "building", "29"), ("SA", "postal_code", "123456"), ("SA", "secondary", "81180"),
        ("SA", "short_code", "RRR2929"), ("IR", "postal_code", "12345"),
    ],
)  # fmt: skip
def test_addresses_have_the_form_of_their_country(company, country, field, value):
    with pytest.raises(InvalidFields) as wrong:
        put_address(Address(customer=make_customer(), country=country, **{field: value}), actor=SYSTEM, at=NOW)
    assert list(wrong.value.problems) == [field]


def test_digits_of_addresses_are_stored_in_latin(company):
    address = make_address(make_customer(), building="٢٩٢٩", postal_code="١٢٣٤٥")
    assert (address.building, address.postal_code, address.is_default) == ("2929", "12345", True)


def test_one_address_is_used_first(company):
    customer = make_customer()
    first, second = make_address(customer), make_address(customer, is_default=True)
    assert [Address.objects.get(pk=one.pk).is_default for one in (first, second)] == [False, True]


def test_what_a_tax_invoice_still_needs():
    assert missing_for_tax("SA", {"street": "x", "city": "y"}) == ["building", "district", "postal_code"]
    assert missing_for_tax("IR", {}) == []


def test_a_pasted_saudi_address_is_taken_apart():
    found = split_pasted("RRRD2929، ٢٩٢٩ طريق الملك فهد، حي الورود، الرياض 12345 - 8118")
    assert found["short_code"] == "RRRD2929"
    assert (found["building"], found["postal_code"], found["secondary"]) == ("2929", "12345", "8118")
    assert (found["street"], found["district"], found["city"]) == ("طريق الملك فهد", "حي الورود", "الرياض")
    assert split_pasted("somewhere") == {}


def test_due_dates(company):
    assert due_date(date(2026, 3, 5), 30, "date", "gregorian") == date(2026, 4, 4)
    assert due_date(date(2026, 3, 5), 15, "month", "gregorian") == date(2026, 4, 15)
    assert due_date(date(2026, 3, 25), 0, "month", "jalali") == date(2026, 4, 20)
    customer = make_customer(payment_terms=make_terms(10))
    assert due_date_for(customer, date(2026, 3, 5), company_now()) == date(2026, 3, 15)
    assert due_date_for(make_customer(), date(2026, 3, 5), company_now()) == date(2026, 3, 5)


# Duplicates


def test_names_without_what_all_share():
    assert name_key("شركة الأفق للتجارة المحدودة") == name_key("الأفق") == name_key("أفق")
    assert name_key("شركة التجارة") != ""


@pytest.mark.parametrize(
    ("one", "score"),
    [
        (Traits(["الأفق"]), 50), (Traits(["x"], ["+966501234567"]), 60), (Traits(["x"], [], ["A@B.c"]), 60),
        (Traits(["x"], [], [], ["310122393500003"]), 100), (Traits(["x"]), 0),
        (Traits(["شركة الأفق"], ["+966501234567"]), 100),
    ],
)  # fmt: skip
def test_likeness(one, score):
    other = Traits(["شركة الأفق"], ["+966501234567"], ["a@b.c"], ["310122393500003"])
    assert likeness(one, other) == score


def test_duplicates_are_found_by_name_phone_mail_and_number(company):
    customer = make_customer("شركة الأفق للتجارة", email="info@horizon.example")
    make_contact(customer, mobile="+966501234567")
    set_identifier(customer, "sa_vat", "310122393500003", actor=SYSTEM, at=NOW)
    make_customer("شركة النخيل للتجارة")

    assert duplicates_of("أفق") == [(customer, 50)]
    assert duplicates_of("x", phone="+966501234567") == [(customer, 60)]
    assert duplicates_of("x", email="INFO@horizon.example") == [(customer, 60)]
    assert duplicates_of("x", identifiers=["3101 2239 3500 003"]) == [(customer, 100)]
    assert duplicates_of("شركة السراج") == []
    assert duplicates_of("أفق", besides=customer.pk) == []


# People


def test_people_at_customers(company):
    customer, other = make_customer(), make_customer("مؤسسة النخيل")
    first, second = make_contact(customer, "نورة"), make_contact(customer, "سالم")

    assert [row.contact for row in contacts_of(customer)] == [first, second]
    affiliate(second, customer, "finance", is_primary=True, actor=SYSTEM, at=NOW)
    affiliate(second, other, "owner", actor=SYSTEM, at=NOW)

    assert primary_contact(customer) == second
    assert "النخيل" in Contact.objects.get(pk=second.pk).search_text
    end_affiliation(Affiliation.objects.get(contact=second, customer=other), actor=SYSTEM, at=NOW)
    assert "النخيل" not in Contact.objects.get(pk=second.pk).search_text


def test_relations(company):
    one, two = make_contact(), make_contact()
    relate_contacts(one, two, "reports_to", actor=SYSTEM, at=NOW)
    relate_contacts(one, two, "reports_to", actor=SYSTEM, at=NOW)
    assert one.relations_out.count() == 1
    assert Event.objects.filter(name="contact.related").count() == 1
    with pytest.raises(Refused):
        relate_contacts(one, one, "knows", actor=SYSTEM, at=NOW)
    acme, beta = make_customer(), make_customer()
    relate_customers(acme, beta, "partner_of", actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        relate_customers(acme, beta, "friends", actor=SYSTEM, at=NOW)


# Rights


def test_a_seller_owns_what_he_makes(seller):
    customer = put_customer(Customer(name="س"), actor=seller.actor, at=NOW)
    assert customer.owner == seller.user
    assert Customer.objects.visible_to(seller.actor).get() == customer


def test_credit_and_owner_need_their_own_rights(seller, clerk, manager):
    customer = put_customer(Customer(name="س"), actor=seller.actor, at=NOW)
    for attempt in (
        lambda: set_credit(customer, sar(100), False, actor=seller.actor, at=NOW),
        lambda: hand_over(customer, manager.user, actor=seller.actor, at=NOW),
        lambda: put_customer(Customer(name="ص", credit_limit=100), actor=seller.actor, at=NOW),
        lambda: put_customer(_changed(customer, credit_limit=5), actor=seller.actor, at=NOW),
        lambda: put_customer(_changed(customer, owner=manager.user), actor=seller.actor, at=NOW),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert set_credit(customer, sar(100), True, actor=clerk.actor, at=NOW).credit_limit == 10000
    assert hand_over(customer, manager.user, actor=manager.actor, at=NOW).owner == manager.user
    assert not Customer.objects.visible_to(seller.actor).exists()


def _changed(customer: Customer, **fields: object) -> Customer:
    fresh = Customer.objects.get(pk=customer.pk)
    for name, value in fields.items():
        setattr(fresh, name, value)
    return fresh


def test_limits_are_in_the_customer_s_currency(company, clerk):
    from rawabit.kit.money import Money

    with pytest.raises(InvalidFields):
        set_credit(make_customer(), Money(100, "USD"), False, actor=clerk.actor, at=NOW)


def test_a_branch_is_not_its_own_head_office(company):
    head = make_customer()
    branch = make_customer(parent=head)
    head.parent = branch
    with pytest.raises(InvalidFields):
        put_customer(head, actor=SYSTEM, at=NOW)


def test_customers_with_documents_stay(company, manager):
    order = confirmed_order()
    with pytest.raises(Refused):
        delete_customer(order.customer, actor=manager.actor, at=NOW)
    delete_customer(make_customer("وحيد"), actor=manager.actor, at=NOW)
    assert Customer.objects.get() == order.customer


def test_territories_reach_down_the_tree(company):
    person = make_user("sales")
    kingdom = put_territory(Territory(name="المملكة"), members=[person], actor=SYSTEM, at=NOW)
    west = put_territory(Territory(name="الغربية", parent=kingdom), actor=SYSTEM, at=NOW)
    jeddah = put_territory(Territory(name="جدة", parent=west), actor=SYSTEM, at=NOW)
    customer = make_customer(territory=jeddah)
    make_customer()

    assert actor(person).territory_ids == {kingdom.pk, west.pk, jeddah.pk}
    assert Customer.objects.visible_to(actor(person)).get() == customer

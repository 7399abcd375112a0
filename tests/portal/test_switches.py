"""What the portal offers to whom: the switches, and that every door asks them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.company.models import Company
from rawabit.crm.logic.switches import ACTIONS, ALWAYS, PAGES, SWITCHES, allowed, by_group, cleaned, open_role, said
from rawabit.crm.models import Customer, CustomerGroup
from rawabit.kit.records.actions import attach
from rawabit.portal.switches import ACTION_OF, PAGE_OF
from rawabit.portal.urls import urlpatterns
from rawabit.sales.models import Quotation
from tests.makers import (
    NOW,
    SYSTEM,
    confirmed_order,
    make_company,
    make_customer,
    make_customer_user,
    make_upload,
    posted_invoice,
    sent_quotation,
)
from tests.portal.conftest import reader

OFF = {"default": {"orders": False}}


def set_switches(switches, **fields) -> None:
    Company.objects.update(switches=switches, **fields)


# The rule


def test_what_is_not_said_is_on():
    assert all(said({}, None, key) and said({}, 7, key) for key in SWITCHES)


def test_a_group_may_differ_in_both_directions():
    switches = {"default": {"orders": False}, "groups": {"7": {"orders": True, "invoices": False}}}

    assert not allowed(switches, None, "owner", "orders", True)
    assert allowed(switches, 7, "owner", "orders", True)
    assert allowed(switches, 8, "owner", "invoices", True)
    assert not allowed(switches, 7, "owner", "invoices", True)


def test_a_switch_never_gives_a_role_more():
    on = {"default": dict.fromkeys(SWITCHES, True), "groups": {"7": dict.fromkeys(SWITCHES, True)}}

    assert not allowed(on, 7, "support", "invoices", True)
    assert not allowed(on, 7, "buyer", "statement", True)
    assert not allowed(on, 7, "finance", "accept_quotation", True)
    assert not allowed(on, 7, "buyer", "invite", True)


def test_information_only_closes_what_acts_and_leaves_what_tells():
    shut = {switch.key for switch in ACTIONS if not allowed({}, None, "owner", switch.key, False)}

    assert {"accept_quotation", "report_transfer", "reorder", "upload_document", "change_request"} <= shut
    assert "download_all" not in shut
    assert all(allowed({}, None, "owner", page.key, False) for page in PAGES)


def test_without_its_page_an_action_is_off():
    assert not allowed({"default": {"quotations": False}}, None, "owner", "accept_quotation", True)
    assert by_group({"groups": {"3": {"quotations": False}}}, "accept_quotation")


def test_the_unknown_is_closed_and_the_home_is_open():
    assert not allowed({}, None, "owner", "no-such-key", True)
    assert allowed({"default": {"": False}}, None, "support", ALWAYS, False)


@pytest.mark.parametrize("broken", [None, [], "x", {"default": 3}, {"groups": []}, {"groups": {"7": None}}])
def test_a_broken_setting_never_raises(broken):
    assert allowed(broken, 7, "owner", "orders", True)


@given(
    st.dictionaries(st.sampled_from(sorted(SWITCHES)), st.booleans()),
    st.dictionaries(st.integers(1, 3), st.dictionaries(st.sampled_from(sorted(SWITCHES)), st.booleans()), max_size=3),
)
def test_what_is_kept_says_what_was_chosen(default, groups):
    kept = cleaned(default, groups, "finance")

    for key in SWITCHES:
        assert said(kept, None, key) == default.get(key, True)
        for group, own in groups.items():
            assert said(kept, group, key) == own.get(key, default.get(key, True))
    assert open_role(kept) == "finance"


def test_nobody_becomes_account_owner_by_himself():
    assert open_role(cleaned({}, {}, "owner")) == "buyer"
    assert open_role({"open_role": "owner"}) == "buyer"


# Every door


def test_every_address_of_the_portal_says_what_switches_it():
    names = {pattern.name for pattern in urlpatterns} - {"portal-paper"}

    assert names - set(PAGE_OF) == set()
    assert {*PAGE_OF.values(), *ACTION_OF.values()} - set(SWITCHES) == {ALWAYS}


def test_a_page_that_is_off_says_so(noura):
    order = confirmed_order(noura.customer)
    set_switches(OFF)

    for response in (noura.open("orders"), noura.open("order", order.uid), noura.open("orders-export")):
        assert response.status_code == 403
    assert "not offered" in noura.open("orders").content.decode()
    assert noura.open("invoices").status_code == 200


def test_it_is_gone_from_menu_and_home(noura):
    order, invoice = confirmed_order(noura.customer), posted_invoice(noura.customer)
    before = noura.open("home").content.decode()
    assert order.number in before
    assert "/portal/orders/" in before

    set_switches(OFF)
    after = noura.open("home").content.decode()

    assert order.number not in after
    assert 'href="/portal/orders/"' not in after
    assert invoice.number in after


def test_only_the_group_that_is_shut_out_is_shut_out(noura):
    group = CustomerGroup.objects.create(name="Retail")
    other = reader(make_customer_user(make_customer(), "owner", "Other"))
    Customer.objects.filter(pk=noura.customer.pk).update(group=group)
    ours, theirs = confirmed_order(noura.customer), confirmed_order(other.customer)
    set_switches({"groups": {str(group.pk): {"orders": False}}})

    assert noura.open("orders").status_code == 403
    assert noura.open("order", ours.uid).status_code == 403
    assert 'href="/portal/orders/"' not in noura.open("home").content.decode()
    assert other.open("orders").status_code == 200
    assert other.open("order", theirs.uid).status_code == 200


def test_who_stands_for_two_customers_sees_the_one_that_is_offered_it(noura):
    from rawabit.crm.actions import grant_portal_access

    group = CustomerGroup.objects.create(name="Retail")
    second = make_customer("Second Trading", group=group)
    grant_portal_access(second, noura.person.user.email, "Noura", "owner", actor=SYSTEM, at=NOW)
    both = reader(noura.person)
    ours, theirs = confirmed_order(noura.customer), confirmed_order(second)
    set_switches({"groups": {str(group.pk): {"orders": False}}})

    assert both.open("order", ours.uid).status_code == 200
    assert both.open("order", theirs.uid).status_code == 404


def test_what_is_off_cannot_be_sent_either(noura):
    quotation = sent_quotation(noura.customer)
    set_switches({"default": {"accept_quotation": False}})

    declined = noura.send("quotation-decline", quotation.uid, reason="price")

    assert declined.status_code == 403
    assert Quotation.objects.get(pk=quotation.pk).state == "sent"
    assert noura.open("quotation", quotation.uid).status_code == 200


def test_information_only(noura):
    quotation = sent_quotation(noura.customer)
    set_switches({}, transactions=False)

    assert noura.send("quotation-decline", quotation.uid, reason="price").status_code == 403
    assert Quotation.objects.get(pk=quotation.pk).state == "sent"
    assert noura.open("quotations").status_code == 200


def test_a_file_goes_with_the_page_of_its_record(noura):
    order = confirmed_order(noura.customer)
    file = attach(order, make_upload(), for_customer=True, actor=SYSTEM, at=NOW)
    assert noura.open("file", file.uid).status_code == 200

    set_switches(OFF)

    assert noura.open("file", file.uid).status_code == 404


def test_switches_ask_nothing_of_the_database(noura, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    order = confirmed_order(noura.customer)
    group = CustomerGroup.objects.create(name="Retail")
    noura.open("orders"), noura.open("order", order.uid)
    with CaptureQueriesContext(connection) as before:
        noura.open("orders"), noura.open("order", order.uid)
    set_switches({"default": {"invoices": False}, "groups": {str(group.pk): {"invoices": True}}})
    with CaptureQueriesContext(connection) as after:
        noura.open("orders"), noura.open("order", order.uid)

    assert len(after) <= len(before)


# The settings page


@pytest.fixture
def boss(administrator):
    from tests.laws.world import client_of

    make_company()
    return client_of(administrator.user)


def typed(**more):
    data = {f"all:{key}": "1" for key in SWITCHES}
    return {
        "version": Company.objects.get().version, "portal_open": "chosen", "registration": "off", "transactions": "on",
        "portal_name": "", "portal_address": "", "embed_hosts": "", "open_role": "buyer", **data, **more,
    }  # fmt: skip


def test_the_matrix_is_kept(boss):
    group = CustomerGroup.objects.create(name="Retail")
    data = typed(**{f"{group.pk}:invoices": "0", "open_role": "finance"})
    del data["all:orders"]

    response = boss.post("/desk/settings/portal/", data)

    assert response.status_code == 302, response.content.decode()[:3000]
    kept = Company.objects.get().switches
    assert kept == {
        "default": {"orders": False},
        "groups": {str(group.pk): {"invoices": False}},
        "open_role": "finance",
    }
    page = boss.get("/desk/settings/portal/").content.decode()
    assert 'name="all:orders" value="1">' in page
    assert 'name="all:invoices" value="1" checked>' in page


def test_only_who_may_change_the_company_changes_switches(seller):
    from tests.laws.world import client_of

    client = client_of(seller.user)

    assert client.get("/desk/settings/portal/").status_code == 403
    assert client.post("/desk/settings/portal/", typed()).status_code == 403
    assert client.post("/desk/settings/portal/guard/").status_code == 403


@pytest.mark.parametrize(
    "line", ["http://a.example", "https://*.example.com", "https://a.example/path", "'self'", "a.example; script-src *",
             "https://a.example https://b.example", "javascript:alert(1)", "https://user@a.example", "localhost"],
)  # fmt: skip
def test_a_web_site_that_is_none_is_refused(boss, line):
    response = boss.post("/desk/settings/portal/", typed(embed_hosts=line))

    assert response.status_code == 422
    assert Company.objects.get().embed_hosts == ""


def test_web_sites_are_kept_as_origins(boss):
    boss.post("/desk/settings/portal/", typed(embed_hosts="https://Shop.Example/\r\nwww.other.example:8443"))

    assert Company.objects.get().embed_hosts == "https://shop.example\nhttps://www.other.example:8443"


def test_without_invoices_an_order_names_none(noura):
    order = confirmed_order(noura.customer)
    invoice = posted_invoice(noura.customer, order=order)
    assert invoice.number in noura.read("order", order.uid)

    set_switches({"default": {"invoices": False}})

    assert invoice.number not in noura.read("order", order.uid)

"""The customers' list, form and page on the desk."""

from __future__ import annotations

from datetime import time

import pytest
from django.core import mail

from rawabit.crm.models import Address, Customer, CustomerGroup, CustomerRelation, PortalAccess, Territory
from rawabit.identity.models import User
from rawabit.kit.records.models import Event
from tests import makers
from tests.laws.world import client_of

pytestmark = pytest.mark.django_db
NEW = "/desk/customers/new/"


@pytest.fixture
def boss(manager):
    return client_of(manager.user)


@pytest.fixture
def at_work(seller):
    return client_of(seller.user)


def page_of(customer: Customer) -> str:
    return f"/desk/customers/{customer.pk}/"


def data(**changes: str) -> dict[str, str]:
    kept = {"kind": "company", "name": "شركة النور", "country": "SA", "currency": "SAR", "language": "ar",
            "is_active": "on", "whatsapp_ok": "on"}  # fmt: skip
    return {**kept, **changes}


# The form


def test_a_customer_is_made_with_numbers_terms_and_credit(boss):
    terms = makers.make_terms()
    answer = boss.post(NEW, data(
        number_sa_vat="٣١٠١٢٢٣٩٣٥٠٠٠٠٣", number_sa_iban="SA03 8000 0000 6080 1016 7519", phone="٠٥٠١٢٣٤٥٦٧",
        payment_terms=str(terms.pk), credit_limit="٥٠٬٠٠٠", contact_from="16", considerations="لا اتصال يوم الجمعة",
    ))  # fmt: skip
    customer = Customer.objects.get()
    assert answer.url == page_of(customer)
    assert (customer.code, customer.phone, customer.credit_limit) == ("C-00001", "+966501234567", 5_000_000)
    assert (customer.contact_from, customer.payment_terms) == (time(16), terms)
    assert dict(customer.identifiers.values_list("kind", "value")) == {
        "sa_vat": "310122393500003", "sa_iban": "SA0380000000608010167519",
    }  # fmt: skip
    shown = boss.get(page_of(customer)).content.decode()
    assert "SA03 8000 0000 6080 1016 7519" in shown and "لا اتصال يوم الجمعة" in shown
    found = boss.get("/desk/customers/", {"q": "310122393500003"}).context["table"]
    assert [row for row, _cells in found] == [customer]


@pytest.mark.parametrize(
    ("field", "value"),
    [("number_sa_vat", "12345"), ("number_sa_iban", "SA0380000000608010167510"), ("phone", "12"), ("name", ""),
     ("contact_from", "noon"), ("credit_limit", "-1"), ("currency", "XYZ")],
)  # fmt: skip
def test_every_error_stands_beside_its_field_and_nothing_is_lost(boss, field, value):
    answer = boss.post(NEW, data(trade_name="النور", **{field: value}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert 'value="النور"' in answer.content.decode()
    assert not Customer.objects.exists()


def test_a_number_that_only_warns_is_kept_and_said(boss):
    answer = boss.post(NEW, data(country="IR", number_ir_economic_code="123"), follow=True)
    assert Customer.objects.get().identifiers.get().value == "123"
    assert [message.level_tag for message in answer.context["messages"]] == ["warning", "success"]


@pytest.mark.parametrize(
    ("kind", "country", "asked", "not_asked"),
    [
        ("company", "SA", {"number_sa_vat", "number_sa_unified", "trade_name"}, {"number_ir_legal_id"}),
        ("company", "IR", {"number_ir_legal_id", "number_ir_economic_code", "number_ir_iban"}, {"number_sa_vat"}),
        ("individual", "SA", {"number_sa_national_id"}, {"number_sa_unified", "trade_name", "parent"}),
        ("individual", "IR", {"number_ir_national_code"}, {"number_sa_national_id"}),
        ("government", "SA", {"number_zatca_oth"}, {"number_sa_cr"}),
        ("partner", "SA", {"number_sa_unified"}, {"number_sa_national_id"}),
    ],
)
def test_kind_and_country_decide_what_is_asked(boss, kind, country, asked, not_asked):
    fields = set(boss.get(NEW, {"kind": kind, "country": country}).context["form"].fields)
    assert asked <= fields and not not_asked & fields


def test_another_country_redraws_the_form_with_what_was_typed(boss):
    answer = boss.post(NEW, data(name="شرکت نور", country="IR", redraw="1", whatsapp_ok=""))
    form = answer.context["form"]
    assert answer.status_code == 200 and "number_ir_legal_id" in form.fields
    assert form["name"].value() == "شرکت نور" and not form.errors
    assert not Customer.objects.exists()


def test_a_likely_double_is_shown_beside_the_name_and_never_blocked_silently(boss):
    known = makers.make_customer("شركة النور للتجارة", phone="+966501234567")
    asked = data(name="شركه النور للتجاره", phone="0501234567")
    answer = boss.post(NEW, asked)
    assert answer.status_code == 422 and Customer.objects.count() == 1
    assert page_of(known) in answer.content.decode()

    again = boss.post(NEW, {**asked, "despite": answer.context["despite"]})
    assert again.status_code == 302 and Customer.objects.count() == 2


def test_a_double_out_of_sight_is_told_without_his_name(at_work, manager):
    makers.make_customer("شركة السر المكتوم", phone="+966501234567", owner=manager.user)
    answer = at_work.post(NEW, data(name="آخر", phone="0501234567"))
    assert answer.status_code == 422
    assert "السر المكتوم" not in answer.content.decode()


def test_an_unchanged_name_is_not_compared_again(boss):
    makers.make_customer("شركة النور")
    twin = makers.make_customer("شركة النور")
    answer = boss.post(f"{page_of(twin)}edit/", data(code=twin.code, version=str(twin.version), trade_name="ن"))
    assert answer.status_code == 302


def test_numbers_are_replaced_and_taken_away(boss):
    boss.post(NEW, data(number_sa_vat="310122393500003", number_sa_cr="1010123456"))
    customer = Customer.objects.get()
    kept = data(code=customer.code, version=str(customer.version))
    boss.post(f"{page_of(customer)}edit/", {**kept, "number_sa_vat": "", "number_sa_cr": "4030123456"})
    assert dict(customer.identifiers.values_list("kind", "value")) == {"sa_cr": "4030123456"}


def test_two_windows_never_overwrite_each_other(boss):
    customer = makers.make_customer("الأول")
    seen = data(name="الثاني", code=customer.code, version=str(customer.version))
    boss.post(f"{page_of(customer)}edit/", seen)
    answer = boss.post(f"{page_of(customer)}edit/", {**seen, "name": "الثالث"})
    assert answer.status_code == 409 and "الثاني" in answer.content.decode()
    assert Customer.objects.get().name == "الثاني"


# What one may


def test_credit_owner_and_hold_are_for_those_who_may(at_work, seller):
    mine = makers.make_customer("لي", owner=seller.user)
    fields = at_work.get(f"{page_of(mine)}edit/").context["form"].fields
    assert not {"credit_limit", "on_hold", "owner"} & set(fields)
    sneaked = data(name="لي", code=mine.code, version=str(mine.version), credit_limit="1000000", on_hold="on",
                   owner=str(seller.user.pk))  # fmt: skip
    at_work.post(f"{page_of(mine)}edit/", sneaked)
    mine.refresh_from_db()
    assert (mine.credit_limit, mine.on_hold) == (None, False)
    for verb in ("owner", "hold"):
        assert at_work.post(f"{page_of(mine)}do/{verb}/", {"owner": ""}).status_code == 403


def test_a_credit_limit_follows_its_currency_and_is_told_in_the_history(boss):
    customer = makers.make_customer("الكويت", currency="KWD")
    kept = data(name="الكويت", code=customer.code, version=str(customer.version), currency="KWD")
    boss.post(f"{page_of(customer)}edit/", {**kept, "credit_limit": "1,250.125"})
    assert Customer.objects.get().credit_limit == 1_250_125
    assert Event.objects.filter(name="customer.changed").last().facts["changes"] == {
        "credit_limit": [None, "1250.125 KWD"],
    }  # fmt: skip
    form = boss.get(f"{page_of(customer)}edit/").context["form"]
    assert 'value="1,250.125"' in str(form["credit_limit"])


def test_personal_numbers_are_masked_without_the_permission(agent, manager):
    person = makers.make_customer("نورة", kind="individual")
    client_of(manager.user).post(f"{page_of(person)}edit/", data(
        kind="individual", name="نورة", code=person.code, version=str(person.version),
        number_sa_national_id="1000000008",
    ))  # fmt: skip
    page = client_of(agent.user).get(page_of(person)).content.decode()
    assert "1000000008" not in page and "1******008" in page
    assert "1000000008" in client_of(manager.user).get(page_of(person)).content.decode()


def test_a_colleagues_customer_does_not_exist(at_work, manager):
    theirs = makers.make_customer("لهم", owner=manager.user)
    before = Customer.objects.get(pk=theirs.pk).version
    for path in ("", "edit/", "do/territory/", "part/addresses/new/", "part/portal/new/"):
        assert at_work.get(f"{page_of(theirs)}{path}").status_code == 404, path
        assert at_work.post(f"{page_of(theirs)}{path}", data()).status_code in (404, 405), path
    assert Customer.objects.get(pk=theirs.pk).version == before
    assert "لهم" not in at_work.get("/desk/customers/options/", {"q": "لهم"}).content.decode()


# Many at once


def test_many_are_handed_over_moved_and_sorted(boss, seller):
    some = [makers.make_customer() for _n in range(3)]
    keys = {"row": [customer.pk for customer in some[:2]], "confirmed": "1"}
    territory, group = Territory.objects.create(name="الشرقية"), CustomerGroup.objects.create(name="جملة")
    boss.post("/desk/customers/bulk/owner/", {**keys, "owner": seller.user.pk})
    boss.post("/desk/customers/bulk/territory/", {**keys, "territory": territory.pk})
    boss.post("/desk/customers/bulk/group/", {**keys, "group": group.pk})
    rows = Customer.objects.order_by("pk").values_list("owner", "territory", "group")
    mine = (seller.user.pk, territory.pk, group.pk)
    assert list(rows) == [mine, mine, (None, None, None)]
    handed = Event.objects.filter(name="customer.handed_over")
    assert handed.count() == 2


def test_bulk_asks_first_and_offers_only_colleagues(boss, seller, amina):
    customer = makers.make_customer()
    page = boss.post("/desk/customers/bulk/owner/", {"row": [customer.pk]}).content.decode()
    assert f'<option value="{seller.user.pk}"' in page and f'<option value="{amina.user.pk}"' not in page
    assert Customer.objects.get(pk=customer.pk).owner is None


def test_orders_are_held_and_released(boss):
    customer = makers.make_customer(credit_limit=100_00)
    boss.post(f"{page_of(customer)}do/hold/")
    assert Customer.objects.get().on_hold and Customer.objects.get().credit_limit == 100_00
    boss.post(f"{page_of(customer)}do/release/")
    assert not Customer.objects.get().on_hold


# The page


def figures(page) -> dict[str, str]:
    return {one.url.partition("?")[0]: str(one.value) for one in page.context["figures"]}


def test_the_figures_lead_to_their_rows(boss):
    customer = makers.make_customer("شركة الأرقام")
    invoice = makers.posted_invoice(customer)
    page = boss.get(page_of(customer))
    found = figures(page)
    assert len(page.context["figures"]) == 7 and set(found) >= {"/desk/invoices/", "/desk/orders/"}
    html = page.content.decode()
    assert invoice.number in html
    for one in page.context["figures"]:
        assert boss.get(one.url).status_code == 200, one.url


def test_who_may_not_see_invoices_sees_no_figures_of_them(company):
    from rawabit.identity.actions import set_grants
    from rawabit.identity.models import Role

    role = Role.objects.create(code="plain", name="plain")
    set_grants(role, {"crm.view_customer": "all"}, actor=makers.SYSTEM, at=makers.NOW)
    from rawabit.identity.actions import set_roles

    user = set_roles(makers.make_user(""), [role], actor=makers.SYSTEM, at=makers.NOW)
    customer = makers.make_customer()
    invoice = makers.posted_invoice(customer)
    page = client_of(User.objects.get(pk=user.pk)).get(page_of(customer))
    assert page.context["figures"] == [] and invoice.number not in page.content.decode()


def test_an_overdue_customer_is_marked_with_the_days(boss):
    customer = makers.make_customer("متأخر")
    makers.posted_invoice(customer)  # due in March 2026, long ago
    tags = "".join(str(tag) for tag in boss.get(page_of(customer)).context["tags"])
    assert 'data-s="bad"' in tags


def test_the_page_costs_the_same_for_one_and_seven_of_everything(boss):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    customer = makers.make_customer()
    counts = []
    for more in (1, 6):
        for _n in range(more):
            makers.make_contact(customer)
            makers.make_address(customer, purpose="delivery")
            makers.make_customer_user(customer)
            makers.posted_invoice(customer)
            other = makers.make_customer()
            CustomerRelation.objects.create(from_customer=customer, to_customer=other)
        boss.get(page_of(customer))
        with CaptureQueriesContext(connection) as asked:
            assert boss.get(page_of(customer)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


# Parts


def part(customer: Customer, name: str, row: object = "new") -> str:
    return f"{page_of(customer)}part/{name}/{row}/"


def test_a_whole_saudi_address_is_pasted_in_one_piece(boss):
    customer = makers.make_customer()
    text = "RRRD2929، 2929 طريق الملك فهد، حي الورود، الرياض 12345 - 8118"
    boss.post(part(customer, "addresses"), {"purpose": "billing", "country": "SA", "pasted": text})
    address = Address.objects.get()
    assert (address.short_code, address.building, address.postal_code, address.secondary) == (
        "RRRD2929", "2929", "12345", "8118",
    )  # fmt: skip
    assert "الملك فهد" in address.street and address.is_default


def test_what_was_typed_wins_over_what_was_pasted(boss):
    customer = makers.make_customer()
    boss.post(part(customer, "addresses"), {
        "purpose": "billing", "country": "SA", "pasted": "2929 طريق الملك فهد، حي الورود، الرياض 12345 - 8118",
        "street": "شارع العليا",
    })  # fmt: skip
    assert Address.objects.get().street == "شارع العليا"


def test_the_country_decides_the_form_of_the_address(boss):
    customer = makers.make_customer(country="IR")
    fields = boss.get(part(customer, "addresses")).context["form"].fields
    assert {"province", "lines"} <= set(fields) and not {"building", "short_code", "pasted"} & set(fields)
    wrong = boss.post(part(customer, "addresses"), {"purpose": "billing", "country": "IR", "postal_code": "123"})
    assert wrong.status_code == 422 and "postal_code" in wrong.context["form"].errors
    asked = {"purpose": "billing", "country": "IR", "province": "تهران", "lines": "خیابان ولیعصر", "postal_code":
             "۱۶۱۹۷۳۵۷۴۴"}  # fmt: skip
    assert boss.post(part(customer, "addresses"), asked).status_code == 302
    assert Address.objects.get().postal_code == "1619735744"


def test_an_address_is_changed_and_removed_only_at_its_own_customer(boss):
    mine, other = makers.make_customer(), makers.make_customer()
    address = makers.make_address(mine)
    assert boss.get(part(other, "addresses", address.pk)).status_code == 404
    assert boss.post(f"{part(other, 'addresses', address.pk)}end/").status_code == 404
    form = boss.get(part(mine, "addresses", address.pk)).context["form"]
    kept = {name: form[name].value() or "" for name in form.fields if name != "is_default"}
    boss.post(part(mine, "addresses", address.pk), {**kept, "city": "جدة"})
    assert Address.objects.get().city == "جدة"
    boss.post(f"{part(mine, 'addresses', address.pk)}end/")
    assert not Address.objects.exists()


def test_people_get_roles_and_lose_them(boss):
    customer, person = makers.make_customer(), makers.make_contact()
    boss.post(part(customer, "people"), {"contact": person.pk, "role": "finance", "job_title": "محاسبة"})
    row = customer.affiliations.get()
    assert (row.contact, row.role, row.is_primary) == (person, "finance", True)
    boss.post(part(customer, "people", row.pk), {"role": "decision_maker", "is_primary": "on"})
    row = customer.affiliations.get()
    assert row.role == "decision_maker"
    boss.post(f"{part(customer, 'people', row.pk)}end/")
    assert not customer.affiliations.exists()


def test_without_scripts_a_person_is_found_by_the_typed_name(boss):
    customer = makers.make_customer()
    makers.make_contact(name="نورة السبيعي")
    boss.post(part(customer, "people"), {"contact": "", "contact_label": "نوره السبيعي", "role": "finance"})
    assert customer.affiliations.get().contact.full_name == "نورة السبيعي"
    lost = boss.post(part(customer, "people"), {"contact": "", "contact_label": "لا أحد", "role": "finance"})
    assert lost.status_code == 422 and "contact" in lost.context["form"].errors


def test_relations_are_seen_from_both_ends(boss):
    one, other = makers.make_customer("الأولى"), makers.make_customer("الثانية")
    boss.post(part(one, "relations"), {"kind": "supplier_of", "other": other.pk, "note": "منذ 2020"})
    relation = CustomerRelation.objects.get()
    assert page_of(other) in boss.get(page_of(one)).content.decode()
    assert page_of(one) in boss.get(page_of(other)).content.decode()
    itself = boss.post(part(one, "relations"), {"kind": "supplier_of", "other": one.pk})
    assert itself.status_code == 422
    boss.post(f"{part(one, 'relations', relation.pk)}end/")
    assert not CustomerRelation.objects.exists()


def test_a_person_of_the_customer_is_let_into_the_portal(boss):
    customer = makers.make_customer("شركة النور", language="fa")
    asked = {"full_name": "نورة", "email": "noura@customer.example", "role": "buyer", "invite": "on"}
    assert boss.post(part(customer, "portal"), asked).status_code == 302
    access = PortalAccess.objects.get()
    assert (access.role, access.user.kind) == ("buyer", "customer")
    assert access.user.customer_roles == {str(customer.pk): "buyer"}
    assert [message.to for message in mail.outbox] == [["noura@customer.example"]]
    assert 'lang="fa"' in mail.outbox[0].alternatives[0][0]

    boss.post(part(customer, "portal", access.pk), {"role": "finance"})
    assert User.objects.get(pk=access.user_id).customer_roles == {str(customer.pk): "finance"}
    inside = client_of(User.objects.get(pk=access.user_id))
    assert inside.get("/portal/").status_code == 200
    boss.post(f"{part(customer, 'portal', access.pk)}end/")
    assert User.objects.get(pk=access.user_id).customer_roles == {}
    assert inside.get("/portal/").status_code == 302


def test_a_colleagues_address_is_not_let_in_as_a_customer(boss, seller):
    customer = makers.make_customer()
    answer = boss.post(part(customer, "portal"), {"full_name": "x", "email": seller.user.email, "role": "owner"})
    assert answer.status_code == 422 and not PortalAccess.objects.exists()


def test_who_may_not_give_access_is_not_shown_the_way(agent):
    customer = makers.make_customer()
    client = client_of(agent.user)
    assert "part/portal/new/" not in client.get(page_of(customer)).content.decode()
    assert client.get(part(customer, "portal")).status_code == 403
    assert client.post(part(customer, "portal"), {"email": "a@b.example"}).status_code == 403
    assert client.get(part(customer, "nonsense")).status_code == 404


# Territories, groups, terms


def test_a_territory_shows_its_people_what_is_in_it(boss, seller):
    theirs = makers.make_customer("في المنطقة")
    boss.post("/desk/territories/new/", {"name": "الشرقية", "members": [seller.user.pk]})
    territory = Territory.objects.get()
    boss.post(f"{page_of(theirs)}do/territory/", {"territory": territory.pk})
    assert client_of(User.objects.get(pk=seller.user.pk)).get(page_of(theirs)).status_code == 200
    assert "في المنطقة" in boss.get(f"/desk/territories/{territory.pk}/").content.decode()


def test_terms_in_use_are_not_deleted(boss):
    terms = makers.make_terms()
    makers.make_customer(payment_terms=terms)
    assert boss.post(f"/desk/payment-terms/{terms.pk}/do/delete/").status_code == 409

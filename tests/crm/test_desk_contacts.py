"""The people behind the customers, on the desk."""

from __future__ import annotations

import pytest

from rawabit.crm.models import Contact, ContactRelation
from tests import makers
from tests.laws.world import client_of

pytestmark = pytest.mark.django_db
NEW = "/desk/contacts/new/"


@pytest.fixture
def boss(manager):
    return client_of(manager.user)


def data(**changes: str) -> dict[str, str]:
    return {"full_name": "عبد الرحمن بن محمد آل سعود", "language": "ar", "is_active": "on", **changes}


def page_of(contact: Contact) -> str:
    return f"/desk/contacts/{contact.pk}/"


def test_a_name_is_one_field_and_found_however_it_is_spelt(boss):
    answer = boss.post(NEW, data(mobile="٠٥٥١١١٢٢٣٣"))
    person = Contact.objects.get()
    assert answer.url == page_of(person) and person.mobile == "+966551112233"
    for words in ("عبدالرحمن", "ال سعود", "0551112233"):
        assert person in [row for row, _cells in boss.get("/desk/contacts/", {"q": words}).context["table"]], words


def test_a_new_person_is_put_at_his_customer_at_once(boss):
    customer = makers.make_customer()
    page = boss.get(NEW, {"customer": customer.pk})
    assert str(customer) in page.content.decode()
    boss.post(NEW, data(customer=str(customer.pk), role="finance"))
    row = customer.affiliations.get()
    assert (row.role, row.is_primary) == ("finance", True)
    assert customer.name in boss.get("/desk/contacts/").content.decode()


def test_a_person_at_a_customer_out_of_sight_is_not_made(seller, manager):
    theirs = makers.make_customer("لهم", owner=manager.user)
    answer = client_of(seller.user).post(NEW, data(customer=str(theirs.pk), role="finance"))
    assert answer.status_code == 422 and "customer" in answer.context["form"].errors
    assert not Contact.objects.exists()


def test_names_of_customers_out_of_sight_are_not_shown(seller, manager):
    mine, theirs = makers.make_customer("لي", owner=seller.user), makers.make_customer("السر", owner=manager.user)
    person = makers.make_contact(mine)
    makers.put_contact(person, customer=theirs, actor=makers.SYSTEM, at=makers.NOW)
    client = client_of(seller.user)
    for page in ("/desk/contacts/", page_of(person), "/desk/contacts/options/?q="):
        html = client.get(page).content.decode()
        assert "السر" not in html, page
    assert "لي" in client.get(page_of(person)).content.decode()


def test_roles_are_given_and_ended_from_the_persons_page(boss):
    customer, person = makers.make_customer(), makers.make_contact()
    boss.post(f"{page_of(person)}part/roles/new/", {"customer": customer.pk, "role": "technical"})
    row = person.affiliations.get()
    assert row.role == "technical"
    boss.post(f"{page_of(person)}part/roles/{row.pk}/end/")
    assert not person.affiliations.exists()


def test_people_know_each_other_in_both_directions(boss):
    one, other = makers.make_contact(name="نورة"), makers.make_contact(name="سارة")
    boss.post(f"{page_of(one)}part/relations/new/", {"kind": "reports_to", "other": other.pk, "note": "منذ 2024"})
    relation = ContactRelation.objects.get()
    assert page_of(other) in boss.get(page_of(one)).content.decode()
    assert page_of(one) in boss.get(page_of(other)).content.decode()
    boss.post(f"{page_of(one)}part/relations/{relation.pk}/end/")
    assert not ContactRelation.objects.exists()


def test_preferences_stand_on_the_page_and_reach_the_buttons(boss):
    boss.post(NEW, data(mobile="0551112233", whatsapp_ok="on", preferred_channel="whatsapp",
                        considerations="بعد الرابعة فقط"))  # fmt: skip
    person = Contact.objects.get()
    page = boss.get(page_of(person)).content.decode()
    assert "https://wa.me/966551112233" in page and "بعد الرابعة فقط" in page
    boss.post(f"{page_of(person)}edit/", data(mobile="0551112233", version=str(person.version)))
    assert "wa.me" not in boss.get(page_of(person)).content.decode()


def test_the_list_costs_the_same_for_one_and_seven(boss):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for more in (1, 6):
        for _n in range(more):
            makers.make_contact(makers.make_customer())
        boss.get("/desk/contacts/")
        with CaptureQueriesContext(connection) as asked:
            boss.get("/desk/contacts/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_a_combobox_offers(boss):
    customer = makers.make_customer("شركة النور")
    makers.make_contact(customer, "نورة السبيعي")
    html = boss.get("/desk/contacts/options/", {"q": "نوره"}).content.decode()
    assert 'role="option"' in html and "نورة السبيعي" in html and "شركة النور" in html
    assert 'role="option"' not in boss.get("/desk/contacts/options/", {"q": "zzz"}).content.decode()

"""Two records become one, and two again: nothing is forgotten, nothing that the law holds fast is turned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import translation

from rawabit.crm.actions import affiliate, refresh_reach, relate_contacts, relate_customers, set_identifier
from rawabit.crm.actions.merging import make_branch, merge_contacts, merge_customers, undo_merge
from rawabit.crm.logic.merging import CONTACT, CUSTOMER, FIELDS, HANGING, PLAIN, first_choice
from rawabit.crm.merging_queries import where_it_went
from rawabit.crm.models import Contact, Customer, Merge, PortalAccess
from rawabit.identity.actions import set_grants, set_roles
from rawabit.identity.models import Role, User
from rawabit.kit.outbox.models import Message
from rawabit.kit.records.actions import assign, comment
from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from rawabit.ledger.queries import verify_ledger
from rawabit.pipeline.models import Opportunity
from rawabit.sales.models import Order, Quotation
from tests import makers
from tests.laws.world import client_of
from tests.makers import NOW, Person

pytestmark = pytest.mark.django_db
KIN: dict[type[models.Model], Any] = {Customer: CUSTOMER, Contact: CONTACT}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


# Every key is classified


def keys_to(target: type[models.Model]) -> set[str]:
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.concrete and field.is_relation and field.related_model is target:
                found.add(f"{model._meta.label}.{field.name}")
    return found


@pytest.mark.parametrize("target", [Customer, Contact])
def test_every_key_of_every_module_has_a_fate(target):
    assert keys_to(target) == set(KIN[target])


def test_everything_that_hangs_on_any_record_has_a_fate():
    hanging = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.private_fields
        if isinstance(field, GenericForeignKey)
    }
    assert hanging == set(HANGING)


def test_keys_kept_as_plain_numbers_have_a_fate():
    names = {"customer_id": "customer", "contact_id": "contact", "owner_key": "customer"}
    plain = {
        (names[field.name], f"{model._meta.label}.{field.name}")
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name in names and not field.is_relation
    }
    assert plain == {(kind, label) for kind, rows in PLAIN.items() for label in rows}


@pytest.mark.parametrize("model", [Customer, Contact])
def test_every_field_is_chosen_kept_or_reckoned(model):
    chosen = set(FIELDS[model._meta.model_name])
    # Keys, history, the number of the customer, its currency (of its books), what the program writes itself.
    own = {"id", "uid", "version", "created_at", "updated_at", "search_text", "code", "currency", "is_active",
           "is_walk_in", "merged_into"}  # fmt: skip
    fields = {field.name for field in model._meta.concrete_fields}
    assert chosen <= fields
    assert fields - chosen - own == set()


# Moving


@pytest.fixture
def pair():
    winner = makers.make_customer("شركة النخيل", name_en="Nakheel", phone="+966501111111")
    loser = makers.make_customer("مؤسسة النخيل", name_fa="نخیل", phone="+966502222222", email="b@nakheel.example")
    return winner, loser


def merge(winner, loser, choices=None, by=makers.SYSTEM, at=NOW) -> Merge:
    act: Any = merge_customers if isinstance(winner, Customer) else merge_contacts
    return act(winner, loser, choices or {}, actor=by, at=at)


def everything(besides: tuple[str, ...] = ("Event", "Merge", "Submission")) -> dict[str, list[dict[str, Any]]]:
    """Every row of the product, but for what counts and tells."""
    told = {"version", "updated_at"}
    return {
        model._meta.label: [
            {key: value for key, value in row.items() if key not in told}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("rawabit.") and model.__name__ not in besides
    }


def furnish(winner: Customer, loser: Customer) -> None:
    """Something in every place that moves."""
    boss = makers.make_user("manager")
    for customer in (winner, loser):
        makers.make_contact(customer, f"person of {customer.pk}")
        makers.make_address(customer, is_default=True)
        set_identifier(customer, "sa_cr", f"10100{customer.pk:05d}", actor=makers.SYSTEM, at=NOW)
    set_identifier(loser, "sa_vat", "310122393500003", actor=makers.SYSTEM, at=NOW)
    both = makers.make_contact(winner, "works at both")
    affiliate(both, loser, "purchasing", actor=makers.SYSTEM, at=NOW)
    third = makers.make_customer("third")
    relate_customers(loser, third, "partner_of", actor=makers.SYSTEM, at=NOW)
    relate_customers(third, loser, "supplier_of", actor=makers.SYSTEM, at=NOW)
    relate_customers(winner, loser, "same_group", actor=makers.SYSTEM, at=NOW)
    makers.make_customer("branch", parent=loser)
    makers.make_customer_user(loser, "buyer")
    twice = makers.make_customer_user(winner).user
    PortalAccess.objects.create(user=twice, customer=loser, role="finance")
    refresh_reach([twice.pk])
    makers.sent_quotation(loser)
    makers.make_order(loser)
    makers.make_invoice(loser)
    makers.make_opportunity(loser)
    makers.make_received_document(loser)
    makers.make_change_request(loser)
    Message.objects.filter(pk=makers.make_message(winner).pk).update(owner_key=loser.pk)
    comment(loser, "a word", mentions=[], actor=Person(boss).actor, at=NOW)
    assign(loser, boss.pk, "", actor=makers.SYSTEM, at=NOW)


def test_everything_open_moves_and_the_books_stay_right(pair):
    winner, loser = pair
    makers.posted_invoice(winner)
    furnish(winner, loser)

    kept = merge(winner, loser)

    winner.refresh_from_db()
    loser.refresh_from_db()
    assert (loser.merged_into, loser.is_active) == (winner, False)
    assert [Quotation.objects.get().customer, Order.objects.get(state="draft").customer] == [winner, winner]
    assert Opportunity.objects.get().customer == winner
    assert Customer.objects.get(name="branch").parent == winner
    assert set(winner.identifiers.values_list("kind", flat=True)) == {"sa_cr", "sa_vat"}
    assert winner.identifiers.count() == 2, "one official number of a kind"
    assert winner.affiliations.filter(is_primary=True).count() == 1
    assert winner.addresses.filter(is_default=True, purpose="billing").count() == 1
    assert not winner.relations_out.filter(to_customer=winner).exists()
    assert kept.moved["crm.Address.customer"]
    assert verify_ledger() == []
    assert Event.objects.about(winner).filter(name="customer.merged").get().facts["name"] == str(loser)


def test_taking_it_back_brings_every_row_back(pair):
    winner, loser = pair
    makers.posted_invoice(winner)
    furnish(winner, loser)
    before = everything()

    kept = merge(winner, loser, {"name": "loser", "phone": "loser", "considerations": "both"})
    assert everything() != before
    undo_merge(kept, actor=makers.SYSTEM, at=NOW + timedelta(days=29))

    after = everything()
    assert {label: rows for label, rows in after.items() if rows != before[label]} == {}
    with pytest.raises(Refused):
        undo_merge(kept, actor=makers.SYSTEM, at=NOW)


def test_the_chosen_values_stay(pair):
    winner, loser = pair
    Customer.objects.filter(pk=winner.pk).update(considerations="never on Friday", website="https://a.example")
    Customer.objects.filter(pk=loser.pk).update(considerations="ask for Noura", trade_name="Nakheel")
    winner.refresh_from_db()
    loser.refresh_from_db()

    merge(winner, loser, {"phone": "loser", "considerations": "both", "name": "winner"})

    winner.refresh_from_db()
    assert (winner.name, winner.phone, winner.email) == ("شركة النخيل", "+966502222222", "b@nakheel.example")
    assert winner.considerations == "never on Friday\nask for Noura"
    assert (winner.website, winner.trade_name, winner.name_fa) == ("https://a.example", "Nakheel", "نخیل")


def test_the_other_names_and_numbers_stay_findable(pair, manager):
    winner, loser = pair

    merge(winner, loser)

    for words in ("مؤسسة", "0502222222", loser.code):
        assert list(Customer.objects.visible_to(manager.actor).matching(words)) == [winner], words


def test_an_empty_value_never_wins_by_itself():
    assert [first_choice(*two) for two in [("a", "b"), ("", "b"), (None, 3), (0, 5), ("a", "")]] == [
        "winner", "loser", "loser", "winner", "winner",
    ]  # fmt: skip


def test_what_was_changed_since_is_not_undone(pair):
    winner, loser = pair
    kept = merge(winner, loser, {"phone": "loser"})
    Customer.objects.filter(pk=winner.pk).update(phone="+966503333333")

    undo_merge(kept, actor=makers.SYSTEM, at=NOW)

    winner.refresh_from_db()
    assert (winner.phone, winner.email) == ("+966503333333", "")


# What holds fast


@pytest.mark.parametrize(
    "paper",
    [makers.posted_invoice, makers.confirmed_order, makers.make_payment, makers.make_transfer],
    ids=["invoice", "order", "payment", "transfer"],
)
def test_who_has_papers_is_not_merged_away(pair, paper):
    winner, loser = pair
    paper(loser)
    before = everything()

    with pytest.raises(Refused, match="papers"):
        merge(winner, loser)

    assert everything() == before
    merge(loser, winner)  # the other way round it can be done
    winner.refresh_from_db()
    assert winner.merged_into == loser
    assert verify_ledger() == []


def test_two_with_papers_become_head_office_and_branch(pair):
    winner, loser = pair
    makers.posted_invoice(winner)
    makers.posted_invoice(loser)

    make_branch(loser, winner, actor=makers.SYSTEM, at=NOW)

    loser.refresh_from_db()
    assert loser.parent == winner
    with pytest.raises(Refused):
        make_branch(winner, loser, actor=makers.SYSTEM, at=NOW)


def test_a_draft_posted_since_keeps_the_merge(pair):
    from rawabit.billing import actions as billing

    winner, loser = pair
    draft = makers.make_invoice(loser)
    kept = merge(winner, loser)
    draft.refresh_from_db()
    billing.post_invoice(draft, actor=makers.SYSTEM, at=NOW)

    with pytest.raises(Refused, match="posted or confirmed since"):
        undo_merge(kept, actor=makers.SYSTEM, at=NOW)

    loser.refresh_from_db()
    assert loser.merged_into == winner
    assert verify_ledger() == []


def test_after_thirty_days_it_stays(pair):
    kept = merge(*pair)

    with pytest.raises(Refused, match="thirty days"):
        undo_merge(kept, actor=makers.SYSTEM, at=NOW + timedelta(days=31))


def test_merges_in_a_row_are_taken_back_in_the_other_order(pair):
    winner, loser = pair
    top = makers.make_customer("top")
    first = merge(winner, loser)
    second = merge(top, winner)
    assert where_it_went(Customer, loser.pk) == top.pk

    with pytest.raises(Refused, match="first"):
        undo_merge(first, actor=makers.SYSTEM, at=NOW)
    undo_merge(second, actor=makers.SYSTEM, at=NOW)
    undo_merge(first, actor=makers.SYSTEM, at=NOW)
    assert Customer.objects.filter(merged_into=None).count() == 3


def test_nobody_is_merged_with_himself_or_twice(pair):
    winner, loser = pair
    with pytest.raises(Refused):
        merge(winner, winner)
    merge(winner, loser)
    for again in [(winner, loser), (loser, winner), (makers.make_customer(), loser)]:
        with pytest.raises(Refused, match="already"):
            merge(*again)


def test_a_head_office_and_its_branch(pair):
    winner, loser = pair
    Customer.objects.filter(pk=winner.pk).update(parent=loser)
    winner.refresh_from_db()

    kept = merge(winner, loser)
    winner.refresh_from_db()
    assert winner.parent is None
    undo_merge(kept, actor=makers.SYSTEM, at=NOW)
    winner.refresh_from_db()
    assert winner.parent == loser


def test_no_circle_of_branches_comes_about(pair):
    winner, loser = pair
    middle = makers.make_customer("middle", parent=winner)
    Customer.objects.filter(pk=loser.pk).update(parent=middle)
    loser.refresh_from_db()

    with pytest.raises(Refused, match="branch"):
        merge(winner, loser, {"parent": "loser"})
    loser.refresh_from_db()
    assert loser.merged_into is None


# The portal


def test_the_customers_people_see_the_one_that_stayed(pair):
    winner, loser = pair
    invoice = makers.posted_invoice(winner)
    person = makers.make_customer_user(loser, "owner")
    page = f"/portal/invoices/{invoice.uid}/"
    assert client_of(person.user).get(page).status_code == 404

    kept = merge(winner, loser)
    assert User.objects.get(pk=person.user.pk).customer_roles == {str(winner.pk): "owner"}
    assert client_of(person.user).get(page).status_code == 200
    undo_merge(kept, actor=makers.SYSTEM, at=NOW)
    assert User.objects.get(pk=person.user.pk).customer_roles == {str(loser.pk): "owner"}
    assert client_of(person.user).get(page).status_code == 404


# People


def test_two_people_become_one_and_two_again():
    customer = makers.make_customer("at work")
    winner = makers.make_contact(customer, "نورة السالم", mobile="+966501111111")
    loser = makers.make_contact(customer, "Noura Alsalem", phone="+966502222222", role="finance")
    friend = makers.make_contact(None, "friend")
    relate_contacts(loser, friend, "knows", actor=makers.SYSTEM, at=NOW)
    relate_contacts(winner, loser, "colleague", actor=makers.SYSTEM, at=NOW)
    posted = makers.posted_invoice(customer, contact=loser)
    draft = makers.make_invoice(customer, contact=loser)
    before = everything()

    kept = merge(winner, loser)

    for row in (winner, loser, posted, draft):
        row.refresh_from_db()
    assert (winner.mobile, winner.phone) == ("+966501111111", "+966502222222")
    assert set(winner.affiliations.values_list("role", flat=True)) == {"purchasing", "finance"}
    assert [row.to_contact for row in winner.relations_out.exclude(to_contact=loser)] == [friend]
    assert (posted.contact, draft.contact) == (loser, winner)
    undo_merge(kept, actor=makers.SYSTEM, at=NOW)
    after = everything()
    assert {label: rows for label, rows in after.items() if rows != before[label]} == {}


# Who may


def own_only() -> Person:
    role = Role.objects.create(code="own", name="own")
    set_grants(role, dict.fromkeys(makers.every_permission(), "own"), actor=makers.SYSTEM, at=NOW)
    user = makers.make_user("")
    set_roles(user, [role], actor=makers.SYSTEM, at=NOW)
    return Person(user)


def test_nobody_merges_what_is_not_his(pair, seller):
    winner, loser = pair
    me = own_only()
    Customer.objects.filter(pk=winner.pk).update(owner=me.user)
    for actor in (me.actor, seller.actor, makers.make_customer_user(winner).actor):
        with pytest.raises(PermissionDenied):
            merge(winner, loser, by=actor)
    assert not Merge.objects.exists()


def test_nobody_takes_back_what_he_may_not_merge(pair, seller, manager):
    kept = merge(*pair, by=manager.actor)
    stranger = own_only()

    for person in (seller, stranger):
        with pytest.raises(PermissionDenied):
            undo_merge(kept, actor=person.actor, at=NOW)
    assert client_of(seller.user).post(f"/desk/customers/merge/{kept.pk}/undo/").status_code == 403
    assert client_of(stranger.user).post(f"/desk/customers/merge/{kept.pk}/undo/").status_code == 404
    kept.refresh_from_db()
    assert kept.undone_at is None


def test_credit_and_account_manager_are_for_those_who_may_set_them(pair, manager):
    winner, loser = pair
    Customer.objects.filter(pk=loser.pk).update(credit_limit=99_00, owner=manager.user)
    loser.refresh_from_db()
    role = Role.objects.create(code="merger", name="merger")
    wanted = dict.fromkeys(["crm.view_customer", "crm.merge_customer"], "all")
    set_grants(role, wanted, actor=makers.SYSTEM, at=NOW)
    user = makers.make_user("")
    set_roles(user, [role], actor=makers.SYSTEM, at=NOW)

    merge(winner, loser, {"credit_limit": "loser", "owner": "loser"}, by=Person(user).actor)

    winner.refresh_from_db()
    assert (winner.credit_limit, winner.owner) == (None, None)


# The pages


@pytest.fixture
def boss(manager):
    return client_of(manager.user)


def test_two_chosen_rows_lead_to_the_sheet(boss, pair):
    winner, loser = pair
    makers.posted_invoice(loser)

    answer = boss.post("/desk/customers/bulk/merge/", {"row": [str(winner.pk), str(loser.pk)]})

    assert answer.url == f"/desk/customers/merge/?keep={loser.pk}&other={winner.pk}", "who has papers stays"
    shown = boss.get(answer.url).content.decode()
    assert "b@nakheel.example" in shown and "+966501111111" in shown.replace(" ", "")
    three = [str(winner.pk), str(loser.pk), str(makers.make_customer().pk)]
    assert boss.post("/desk/customers/bulk/merge/", {"row": three}).status_code in (409, 422, 302, 400)
    assert not Merge.objects.exists()


def test_the_sheet_merges_once_and_can_be_taken_back(boss, pair):
    winner, loser = pair
    sheet = {"keep": winner.pk, "other": loser.pk, "f_phone": "loser", "once": "a" * 32}

    answers = [boss.post("/desk/customers/merge/", sheet) for _ in range(2)]

    assert [answer.url for answer in answers] == [f"/desk/customers/{winner.pk}/"] * 2
    kept = Merge.objects.get()
    page = boss.get(answers[0].url).content.decode()
    assert f"/desk/customers/merge/{kept.pk}/undo/" in page and "مؤسسة النخيل" in page
    assert boss.get(f"/desk/customers/{loser.pk}/").url == f"/desk/customers/{winner.pk}/"
    assert loser not in [row for row, _cells in boss.get("/desk/customers/").context["table"]]
    boss.post(f"/desk/customers/merge/{kept.pk}/undo/")
    assert boss.get(f"/desk/customers/{loser.pk}/").status_code == 200


def test_the_sheet_of_a_customer_with_papers_offers_the_ways_out(boss, pair):
    winner, loser = pair
    makers.posted_invoice(loser)
    page = boss.get("/desk/customers/merge/", {"keep": winner.pk, "other": loser.pk}).content.decode()
    assert f"keep={loser.pk}&amp;other={winner.pk}" in page and "/desk/customers/merge/branch/" in page

    refused = boss.post("/desk/customers/merge/", {"keep": winner.pk, "other": loser.pk})
    assert refused.status_code == 409
    boss.post("/desk/customers/merge/branch/", {"keep": winner.pk, "other": loser.pk})
    loser.refresh_from_db()
    assert loser.parent == winner


def test_the_likest_are_offered(boss, pair):
    winner, _loser = pair
    page = boss.get("/desk/customers/merge/", {"keep": winner.pk}).content.decode()
    assert "مؤسسة النخيل" in page
    someone = makers.make_contact(None, "نورة", mobile="+966501111111")
    makers.make_contact(None, "Noura", phone="+966501111111")
    assert "Noura" in boss.get("/desk/contacts/merge/", {"keep": someone.pk}).content.decode()


def test_a_hidden_record_cannot_be_fetched_through_the_sheet(pair):
    winner, loser = pair
    me = own_only()
    Customer.objects.filter(pk=winner.pk).update(owner=me.user)
    client = client_of(me.user)

    assert client.get("/desk/customers/merge/", {"keep": winner.pk, "other": loser.pk}).status_code == 404
    assert client.post("/desk/customers/merge/", {"keep": winner.pk, "other": loser.pk}).status_code == 404
    assert client.post("/desk/customers/merge/", {"keep": loser.pk, "other": winner.pk}).status_code == 404
    assert client.get("/desk/customers/merge/", {"keep": "x", "other": "٩٩٩"}).status_code == 404
    assert not Merge.objects.exists()


def test_wild_choices_change_nothing(boss, pair):
    winner, loser = pair
    answer = boss.post("/desk/customers/merge/", {"keep": winner.pk, "other": loser.pk, "f_phone": "<script>",
                                                  "f_code": "loser", "f_is_walk_in": "loser"})  # fmt: skip
    assert answer.status_code == 409
    assert "<script>" not in answer.content.decode().split("<main", 1)[1]
    winner.refresh_from_db()
    assert winner.code != loser.code and not Merge.objects.exists()

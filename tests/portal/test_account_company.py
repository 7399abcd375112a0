"""The company's page: what the customer changes himself, what he asks for, and what a colleague makes of it."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rawabit.crm.actions import accept_change, refuse_change, set_identifier
from rawabit.crm.models import Address, ChangeRequest, Customer
from rawabit.kit.records.models import Attachment, Event
from tests.makers import NOW, SYSTEM, make_address, make_change_request, make_customer, make_customer_user
from tests.portal.conftest import reader
from tests.portal.stepping import step_up

VAT, IBAN = "310122393500003", "SA0380000000608010167519"
PLACE = {
    "label": "Warehouse", "country": "SA", "short_code": "rrrd ٢٩٢٩", "building": "٢٩٢٩", "street": "King Fahd Road",
    "district": "Al Wurud", "city": "Riyadh", "postal_code": "12345", "secondary": "8118", "receiver": "Salem",
    "phone": "0501234567",
}  # fmt: skip


def test_a_delivery_address_is_added_changed_and_removed(noura):
    assert noura.send("address-new", **PLACE).status_code == 302
    kept = Address.objects.get()
    assert (kept.purpose, kept.building, kept.short_code, kept.phone) == (
        "delivery",
        "2929",
        "RRRD2929",
        "+966501234567",
    )
    assert kept.is_default, "the first is the one used first"
    assert "King Fahd Road" in noura.read("company")

    assert noura.send("address", kept.uid, **{**PLACE, "street": "Olaya Street"}).status_code == 302
    assert Address.objects.get().street == "Olaya Street"
    assert noura.send("address-remove", kept.uid).status_code == 302
    assert not Address.objects.exists()
    assert [e.name for e in Event.objects.filter(door="portal").order_by("id")] == [
        "customer.address_set", "customer.address_set", "customer.address_removed",
    ]  # fmt: skip


def test_another_default_replaces_the_first(noura):
    first = make_address(noura.customer, purpose="delivery")
    noura.send("address-new", **PLACE, is_default="on")

    assert not Address.objects.get(pk=first.pk).is_default
    assert Address.objects.filter(purpose="delivery", is_default=True).get().street == "King Fahd Road"


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("SA", {"postal_code": "123"}), ("SA", {"short_code": "12345678"}), ("SA", {"building": "1"}),
        ("IR", {"postal_code": "12345", "province": "تهران"}), ("SA", {"street": "", "city": "", "short_code": ""}),
        ("XX", {}),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be(noura, country, typed):
    assert noura.send("address-new", **{**PLACE, "country": country, **typed}).status_code == 422
    assert not Address.objects.exists()


def test_the_form_follows_the_country_without_scripts(noura):
    answer = noura.send("address-new", **{**PLACE, "country": "IR"}, redraw="1")

    assert answer.status_code == 200
    assert 'name="province"' in answer.content.decode()
    assert 'name="short_code"' not in answer.content.decode()
    assert not Address.objects.exists()


def test_only_delivery_addresses_and_only_ones_own(noura, as_role):
    billing, foreign = make_address(noura.customer), make_address(make_customer(), purpose="delivery")

    for uid in (billing.uid, foreign.uid, uuid.uuid4()):
        assert noura.open("address", uid).status_code == 404
        assert noura.send("address", uid, **PLACE, purpose="delivery").status_code == 404
        assert noura.send("address-remove", uid).status_code == 404
    for role in ("finance", "support"):
        mine = make_address(noura.customer, purpose="delivery")
        assert as_role(role).send("address-remove", mine.uid).status_code == 403
        assert as_role(role).send("address-new", **PLACE).status_code == 403
    noura.send("address-new", **PLACE, purpose="billing", customer=str(foreign.customer_id))
    assert Address.objects.filter(street="King Fahd Road").get().customer == noura.customer
    assert Address.objects.get(pk=billing.pk).purpose == "billing"


# Asking for a change


def ask(who, kind="legal", **data):
    """As the page sends it: every field, what is not named as it stands."""
    answer = who.open("change", kind)
    assert answer.status_code == 200
    form = answer.context["form"]
    stands = {name: form.initial.get(name, "") or "" for name in form.asked}
    return who.send("change", kind, **{**stands, "note": "", **data})


def test_a_vat_number_is_asked_for_with_its_certificate(noura):
    paper = SimpleUploadedFile("vat.pdf", b"%PDF-1.7\nwords")

    assert ask(noura, number_sa_vat="٣١٠١٢٢٣٩٣٥٠٠٠٠٣", note="New certificate", file=paper).status_code == 302

    made = ChangeRequest.objects.get()
    assert made.changes == {"number_sa_vat": ["", VAT]}
    assert (made.state, made.note, made.asked_by_id) == ("asked", "New certificate", noura.person.user.pk)
    assert not noura.customer.identifiers.exists(), "nothing changes before somebody has looked"
    page = noura.read("change-request", made.uid)
    assert "VAT number" in page
    assert VAT in page
    assert "vat.pdf" in page
    told = Event.objects.get(name="change.requested")
    assert told.facts["fields"] == ["number_sa_vat"]
    assert VAT not in str(told.facts), "numbers do not stand in the history"
    assert noura.open("file", Attachment.objects.get().uid).status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        {"number_sa_vat": "123"},
        {"number_sa_vat": "<script>"},
        {"name": ""},
        {"name": " \u202e "},
        {},
        {"name": "ن" * 300},
    ],
)
def test_what_is_wrong_or_nothing_is_not_asked(noura, typed):
    assert ask(noura, **typed).status_code == 422
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize("content", [b"MZ\x90", b"<script>alert(1)</script>", b""])
def test_a_paper_of_a_wrong_kind_asks_for_nothing(noura, content):
    sent = {"name": "Another name", "file": SimpleUploadedFile("vat.pdf", content)}

    assert ask(noura, **sent).status_code == 422
    assert not ChangeRequest.objects.exists()
    assert not Attachment.objects.exists()


def test_the_same_is_asked_once(noura):
    assert ask(noura, name="Another name").status_code == 302
    assert ask(noura, name="A third name").status_code == 422
    assert ChangeRequest.objects.count() == 1

    asked = ChangeRequest.objects.get()
    assert noura.send("change-withdraw", asked.uid).status_code == 302
    assert noura.send("change-withdraw", asked.uid).status_code == 409
    assert ask(noura, name="A third name").status_code == 302


def test_fields_of_another_kind_cannot_be_slipped_in(noura):
    sent = {"name": "Another name", "number_sa_iban": IBAN, "email": "thief@x.example", "credit_limit": "9999999"}
    ask(noura, **sent)

    assert ChangeRequest.objects.get().changes.keys() == {"name"}


def test_bank_and_mail_need_a_fresh_code(noura):
    for kind, typed in (("bank", {"number_sa_iban": IBAN}), ("contact", {"email": "new@palm.example"})):
        assert noura.open("change", kind).status_code == 302
        assert noura.send("change", kind, **typed, note="").status_code == 302
        assert not ChangeRequest.objects.filter(kind=kind).exists()
    step_up(noura)
    assert ask(noura, "bank", number_sa_iban="SA03 8000 0000 6080 1016 7519").status_code == 302
    assert ask(noura, "contact", email="new@palm.example").status_code == 302
    assert ChangeRequest.objects.get(kind="bank").changes == {"number_sa_iban": ["", IBAN]}
    assert IBAN not in str(list(Event.objects.values_list("facts", flat=True)))


@pytest.mark.parametrize("role", ["buyer", "support"])
def test_who_does_not_pay_asks_for_nothing_of_the_company(noura, as_role, role):
    other = step_up(as_role(role))

    for kind in ("legal", "address", "contact", "bank"):
        assert other.open("change", kind).status_code == 403
        assert other.send("change", kind, name="Another name", note="").status_code == 403
    assert other.open("change", "nonsense").status_code == 404
    assert not ChangeRequest.objects.exists()


def test_requests_of_others_do_not_exist(noura, as_role):
    foreign = make_change_request()
    ours = make_change_request(noura.customer)

    for name in ("change-request", "change-withdraw"):
        send = noura.open if name == "change-request" else noura.send
        assert send(name, foreign.uid).status_code == 404
    assert noura.open("change-request", ours.uid).status_code == 200
    assert as_role("finance").open("change-request", ours.uid).status_code == 404, "not asked by himself"
    assert ChangeRequest.objects.get(pk=foreign.pk).state == "asked"


def test_accepted_stands_and_refused_is_told(noura):
    ask(noura, name="Palm Holding", number_sa_vat=VAT)
    accept_change(ChangeRequest.objects.get(), actor=SYSTEM, at=NOW)
    assert "Palm Holding" in noura.read("company")
    assert VAT in noura.read("company")

    step_up(noura)
    ask(noura, "bank", number_sa_iban=IBAN)
    refuse_change(ChangeRequest.objects.get(kind="bank"), reason="The letter is unsigned.", actor=SYSTEM, at=NOW)
    page = noura.read("change-request", ChangeRequest.objects.get(kind="bank").uid)
    assert "Refused" in page
    assert "The letter is unsigned." in page
    assert not noura.customer.identifiers.filter(kind="sa_iban").exists()


def test_the_legal_address_is_asked_for(noura):
    kept = make_address(noura.customer)

    assert ask(noura, "address", street="Olaya Street", postal_code="١٢٣٤٦").status_code == 302

    made = ChangeRequest.objects.get()
    assert made.changes == {"street": ["طريق الملك فهد", "Olaya Street"], "postal_code": ["12345", "12346"]}
    accept_change(made, actor=SYSTEM, at=NOW)
    kept = Address.objects.get(pk=kept.pk)
    assert (kept.street, kept.postal_code, kept.purpose) == ("Olaya Street", "12346", "billing")


def test_everybody_may_ask_for_deletion_of_his_own(noura, as_role):
    support = step_up(as_role("support"))

    assert support.send("change", "erasure", note="Please").status_code == 302

    made = ChangeRequest.objects.get()
    assert (made.kind, made.asked_by_id, made.changes) == ("erasure", support.person.user.pk, {})
    assert noura.open("change-request", made.uid).status_code == 404, "his own business"


def test_hostile_words_stay_words(noura):
    ask(noura, name="<script>alert(1)</script>", note="\u202etxt <b>")

    made = ChangeRequest.objects.get()
    page = noura.open("change-request", made.uid).content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in made.note
    assert "<b>" not in page.split('class="user pre"')[1][:60]


def test_a_switch_closes_asking(noura):
    from rawabit.company.models import Company

    Company.objects.update(switches={"default": {"change_request": False}})

    assert noura.open("change", "legal").status_code == 403
    assert noura.send("address-new", **PLACE).status_code == 403
    assert "Request change" not in noura.read("company")
    assert noura.open("company").status_code == 200


def test_the_page_costs_the_same_for_many(noura, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def more(number: int) -> None:
        set_identifier(noura.customer, "sa_vat", VAT, actor=SYSTEM, at=NOW)
        for _ in range(number):
            make_address(noura.customer, purpose="delivery")
            make_address(noura.customer)

    more(1)
    noura.read("company")
    with CaptureQueriesContext(connection) as few:
        noura.read("company")
    more(8)
    with django_assert_max_num_queries(len(few)):
        noura.read("company")


def test_two_customers_of_one_person_are_kept_apart(noura):
    from rawabit.crm.actions import grant_portal_access

    second = make_customer("Second Trading")
    grant_portal_access(second, noura.person.user.email, "Noura", "owner", actor=SYSTEM, at=NOW)
    theirs = make_change_request(second)
    both = reader(noura.person)

    assert both.open("change-request", theirs.uid).status_code == 404, "she looks at the first now"
    assert "Second Trading" not in both.read("company")
    assert Customer.objects.count() == 2
    assert make_customer_user(second, "buyer").customer == second

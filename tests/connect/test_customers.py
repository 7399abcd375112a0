"""Customers and contacts from files of other programs."""

from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

from rawabit.crm.models import Affiliation, Contact, Customer, CustomerGroup, PaymentTerms, Territory
from tests.connect.makers import do, everything, table

pytestmark = pytest.mark.django_db

HEADS = [
    "رقم العميل", "اسم العميل", "الاسم بالإنجليزية", "الرقم الضريبي", "الجوال", "البريد", "المدينة", "الشارع",
    "الرمز البريدي", "حد الائتمان", "النوع", "فرع من", "نشط",
]  # fmt: skip
NAKHEEL = [
    "C-1", "شركة النخيل", "Al Nakheel", "٣١٠١٢٢٣٩٣٥٠٠٠٠٣", "٠٥٠١٢٣٤٥٦٧", "INFO@nakheel.example", "الرياض",
    "طريق الملك فهد", "12211", "٥٠٬٠٠٠٫٥٠", "شركة", "", "نعم",
]  # fmt: skip


def plain(code: str, name: str, more: dict[str, str] | None = None) -> list[str]:
    more = more or {}
    return [more.get(head, {"رقم العميل": code, "اسم العميل": name}.get(head, "")) for head in HEADS]


def test_a_customer_with_everything(tmp_path: Path) -> None:
    done = do(table(tmp_path, [HEADS, NAKHEEL]), "customers")
    assert (done.facts["created"], done.reported) == ({"customer": 1}, [])
    customer = Customer.objects.get(code="C-1")
    assert (customer.name, customer.name_en, customer.kind, customer.country) == (
        "شركة النخيل",
        "Al Nakheel",
        "company",
        "SA",
    )
    assert (customer.phone, customer.email, customer.credit_limit) == (
        "+966501234567",
        "info@nakheel.example",
        5_000_050,
    )
    assert [(row.kind, row.value) for row in customer.identifiers.all()] == [("sa_vat", "310122393500003")]
    place = customer.addresses.get()
    assert (place.city, place.street, place.postal_code, place.is_default) == (
        "الرياض",
        "طريق الملك فهد",
        "12211",
        True,
    )
    for words in ("نخيل", "nakheel", "c-1", "0501234567", "310122393500003"):
        assert Customer.objects.matching(words).count() == 1, words


def test_what_is_wrong_is_reported_and_the_rest_is_imported(tmp_path: Path) -> None:
    rows = [
        HEADS,
        plain("C-1", "شركة أولى"),
        plain("C-2", ""),
        plain("C-3", "رقم ضريبي خاطئ", {"الرقم الضريبي": "123"}),
        plain("C-4", "هاتف خاطئ", {"الجوال": "12"}),
        plain("C-5", "نوع غريب", {"النوع": "روبوت"}),
        plain("C-6", "حد غريب", {"حد الائتمان": "1,23"}),
        plain("C-7", "حد دقيق", {"حد الائتمان": "1.234"}),
        plain("C-8", "فرع", {"فرع من": "C-99"}),
        plain("", "بلا رقم"),
        plain("C-9", "شركة أخيرة"),
    ]
    done = do(table(tmp_path, rows), "customers")
    assert set(Customer.objects.values_list("code", flat=True)) == {"C-1", "C-9"}
    assert done.reported == [
        (3, ["value.missing"]), (6, ["value.not_a_choice"]), (7, ["value.not_a_number"]), (10, ["value.missing"]),
        (4, ["record.invalid"]), (5, ["record.invalid"]), (8, ["document.inexact"]), (9, ["reference.unknown"]),
    ]  # fmt: skip
    assert all("%(" not in words for words in done.report.said)


def test_branches_find_their_parent_in_the_same_file(tmp_path: Path) -> None:
    rows = [HEADS, plain("C-2", "فرع جدة", {"فرع من": "C-1"}), plain("C-1", "الأم")]
    assert do(table(tmp_path, rows), "customers").reported == []
    assert Customer.objects.get(code="C-2").parent == Customer.objects.get(code="C-1")


def test_a_number_that_is_here_already_is_the_same_customer(tmp_path: Path) -> None:
    mine = Customer.objects.create(code="C-1", name="كما كتبناه", phone="+966500000001")
    done = do(table(tmp_path, [HEADS, NAKHEEL]), "customers")
    assert (done.facts["created"], done.facts["matched"]) == ({}, {"customer": 1})
    mine.refresh_from_db()
    assert (mine.name, mine.phone, mine.version) == ("كما كتبناه", "+966500000001", 1)
    contact = table(tmp_path, [CONTACT_HEADS, ["P1", "سارة", "", "C-1", "Buyer", "", "", "", "yes"]], "c.csv")
    do(contact, "contacts")
    assert Affiliation.objects.get().customer == mine


CONTACT_HEADS = [
    "Contact No", "First name", "Last name", "Customer No", "Role", "Title", "Mobile", "E-mail", "Main contact",
]  # fmt: skip


def test_contacts_with_their_roles(tmp_path: Path) -> None:
    do(table(tmp_path, [HEADS, NAKHEEL]), "customers")
    rows = [
        CONTACT_HEADS,
        ["P1", "سارة", "العتيبي", "C-1", "Accountant", "مديرة مالية", "0501234568", "sara@x.example", "yes"],
        ["P2", "Reza", "", "", "", "", "", "", ""],
        ["P3", "خالد", "", "C-7", "", "", "", "", ""],
        ["P4", "", "", "C-1", "", "", "", "", ""],
    ]
    done = do(table(tmp_path, rows, "c.csv"), "contacts")
    assert done.facts["created"] == {"contact": 2}
    assert done.reported == [(5, ["value.missing"]), (4, ["reference.unknown"])]
    role = Affiliation.objects.get()
    assert (role.contact.full_name, role.customer.code, role.role, role.is_primary) == (
        "سارة العتيبي",
        "C-1",
        "finance",
        True,
    )
    assert Contact.objects.matching("النخيل").get() == role.contact


def test_names_of_groups_terms_and_people_are_looked_up(tmp_path: Path) -> None:
    group, place = CustomerGroup.objects.create(name="جملة"), Territory.objects.create(name="الغربية")
    terms = PaymentTerms.objects.create(name="30", days=30)
    for _twice in range(2):
        Territory.objects.create(name="الوسطى")
    seller = get_user_model().objects.create_user("s@x.example", full_name="بائع", kind="staff")
    plan = """
        name = "x"
        [[target]]
        entity = "customer"
        [target.columns]
        external_id = "id"
        name = "name"
        group = "group"
        territory = "place"
        payment_days = "days"
        owner_email = "owner"
    """
    rows = [
        ["id", "name", "group", "place", "days", "owner"],
        ["1", "a", "جملة", "الغربية", "٣٠", "s@x.example"],
        ["2", "b", "تجزئة", "", "", ""],
        ["3", "c", "", "الوسطى", "", ""],
        ["4", "d", "", "", "45", ""],
    ]
    done = do(table(tmp_path, rows), plan)
    assert done.reported == [(3, ["reference.unknown"]), (4, ["reference.ambiguous"]), (5, ["reference.unknown"])]
    customer = Customer.objects.get()
    assert (customer.group, customer.territory, customer.payment_terms, customer.owner) == (group, place, terms, seller)


def test_the_same_key_twice_fills_blanks_and_never_overwrites(tmp_path: Path) -> None:
    plan = """
        name = "x"
        [[target]]
        entity = "customer"
        columns = {external_id="id", name="name", email="mail", name_en="en"}
    """
    near = [
        ["id", "name", "mail", "en"],
        ["1", "شركة", "", ""],
        ["1", "اسم آخر", "a@x.example", ""],
        ["2", "أخرى", "", ""],
    ]
    far = [["3", f"{n}", "", ""] for n in range(500)] + [["2", "غيرها", "b@x.example", "Other"]]
    done = do(table(tmp_path, near + far), plan)
    assert (done.facts["created"], done.reported) == ({"customer": 3}, [])
    rows = Customer.objects.order_by("code").values_list("code", "name", "email", "name_en")
    assert list(rows) == [("1", "شركة", "a@x.example", ""), ("2", "أخرى", "b@x.example", "Other"), ("3", "0", "", "")]
    assert Customer.objects.matching("other").count() == 1


def test_twice_the_same_import_changes_nothing(tmp_path: Path) -> None:
    path = table(tmp_path, [HEADS, NAKHEEL, plain("C-2", "ثانية"), plain("", "خطأ")])
    do(path, "customers")
    before = everything()
    again = do(path, "customers")
    assert (again.facts["created"], again.result.imported, again.result.reported, again.result.run) == ({}, 2, 1, None)
    assert everything() == before

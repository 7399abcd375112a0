"""How the demo company's customers and people hang together, and one customer who was taken down twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from rawabit.crm.actions import (
    affiliate,
    put_address,
    put_contact,
    put_customer,
    relate_contacts,
    relate_customers,
    save_rule,
)
from rawabit.crm.models import Address, Affiliation, Contact, Customer, Territory
from rawabit.demo.setting import Setting
from rawabit.kit.records.actor import system

# Places in CLIENTS: from, to, kind, note.
COMPANIES = (
    (0, 10, "partner_of", "عقد توريد مشترك منذ 2024"), (8, 0, "supplier_of", ""), (2, 6, "same_group", ""),
    (4, 8, "partner_of", "Distributor for the Gulf"), (1, 9, "supplier_of", "قرارداد سالانه"),
    (12, 4, "competitor_of", ""), (11, 2, "referred_by", ""), (14, 1, "partner_of", ""), (0, 13, "referred_by", ""),
)  # fmt: skip
# Names of people: who, whom, how.
PEOPLE = (
    ("خالد المطيري", "نورة السبيعي", "reports_to"), ("نورة السبيعي", "لمى الخالدي", "knows"),
    ("عبد الله الغامدي", "نورة السبيعي", "referred_by"), ("ماجد العمري", "خالد المطيري", "family"),
    ("علی کریمی", "سارا رضایی", "colleague"), ("سارا رضایی", "حسین مرادی", "knows"),
    ("Priya Nair", "James Cole", "colleague"), ("Priya Nair", "لمى الخالدي", "knows"),
)  # fmt: skip
BRANCHES = ((0, "مؤسسة نخيل الواحة — فرع جدة", "Nakheel Al Waha, Jeddah branch", "جدة"),)
RULES = (("SA", "الرياض", 1), ("SA", "جدة", 2), ("SA", "الدمام", 3), ("SA", "", 0), ("AE", "", 4), ("IR", "", 5))


def tell_relations(setting: Setting, now: datetime) -> None:
    """Relations of companies and of people, a branch, a second hat, rules for territories, a duplicate."""
    actor, at = system("setup"), now - timedelta(days=40)
    customers = list(setting.customers)
    for one, other, kind, note in COMPANIES:
        relate_customers(customers[one], customers[other], kind, note=note, actor=actor, at=at)
    known = {row.full_name: row for row in Contact.objects.all()}
    for name, other_name, kind in PEOPLE:
        if name in known and other_name in known:
            relate_contacts(known[name], known[other_name], kind, actor=actor, at=at)
    for head, name, english, city in BRANCHES:
        make_branch(customers[head], name, english, city, now)
    if "لمى الخالدي" in known:
        affiliate(known["لمى الخالدي"], customers[0], "technical", job_title="مستشارة", actor=actor, at=at)
    places = list(Territory.objects.order_by("pk"))
    for country, city, number in RULES:
        save_rule(country, city, places[number], actor=actor, at=at)
    make_double(customers[6], now)


def make_branch(head: Customer, name: str, english: str, city: str, now: datetime) -> None:
    actor, at = system("setup"), now - timedelta(days=38)
    branch = Customer(name=name, name_en=english, parent=head, owner=head.owner, group=head.group, currency="SAR")
    put_customer(branch, actor=actor, at=at)
    put_address(
        Address(customer=branch, country="SA", building="4410", street="طريق المدينة", district="الحمراء", city=city,
                postal_code="23321", secondary="6620"), actor=actor, at=at,
    )  # fmt: skip
    person = Contact(full_name="سلوى باجابر", mobile="+966551000120")
    put_contact(person, customer=branch, role="purchasing", actor=actor, at=at)


def make_double(of: Customer, now: datetime) -> None:
    """Somebody wrote the farms down a second time, from a visiting card."""
    actor, at = system("setup"), now - timedelta(days=6)
    double = Customer(
        name="شركة مزارع الربيع المحدودة", name_en="Alrabie Farms Co.", owner=of.owner, phone=of.phone,
        email="info@alrabie.example", considerations="يفضل التواصل صباحاً.", currency=of.currency,
    )  # fmt: skip
    put_customer(double, actor=actor, at=at)
    first = Affiliation.objects.filter(customer=of).select_related("contact").first()
    if first is not None:
        same = Contact(full_name="فهد الرشيد", mobile=first.contact.mobile, email="fahad@alrabie.example")
        put_contact(same, customer=double, role="owner", actor=actor, at=at)

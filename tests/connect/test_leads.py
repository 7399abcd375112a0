"""Leads by file: cleaned, scored, given to somebody, and never doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from rawabit.connect.actions import undo
from rawabit.kit.records.actor import system
from rawabit.leads.models import AssignmentRule, Criterion, Lead
from rawabit.pipeline.actions import install_pipeline
from tests import makers
from tests.connect.desk import AtDesk, csv_of
from tests.connect.makers import NOW, do, table

pytestmark = pytest.mark.django_db

PLAN = """name = "fair"
[defaults]
country = "SA"
[[target]]
entity = "lead"
[target.columns]
external_id = { text = "{mail} {phone} {name}" }
name = "name"
company_name = "company"
email = "mail"
phone = "phone"
source = "source"
campaign = { constant = "LEAP 2026" }
interest = "interest"
owner = "owner"
duplicates = { constant = "WAY" }
"""
HEAD = ["name", "company", "mail", "phone", "source", "interest", "owner"]
REPORT, SKIP, ATTACH = (PLAN.replace("WAY", way) for way in ("report", "skip", "attach"))


def lead(name: str = "", **cells: str) -> list[str]:
    return [{"name": name, **cells}.get(column, "") for column in HEAD]


def test_a_lead_is_cleaned_scored_and_given_to_somebody(tmp_path: Path) -> None:
    install_pipeline(actor=system(), at=NOW)
    hind, sami = makers.make_user("sales", "هند"), makers.make_user("sales", "سامي")
    Criterion.objects.create(name="Has an address", field="email", test="filled", points=60)
    AssignmentRule.objects.create(name="Hind", way="person", person=hind)
    rows = [
        lead(
            "  سارة\u202e  العتيبي ", company="النور", mail="Sara@Example.TEST", phone="٠٥٠١٢٣٤٥٦٧", source="معرض تجاري"
        ),
        lead("Ali", owner=sami.email.upper(), interest="<script>alert(1)</script>"),
    ]
    done = do(table(tmp_path, [HEAD, *rows]), REPORT)
    assert done.facts["created"] == {"lead": 2}
    first, second = Lead.objects.order_by("pk")
    assert (first.name, first.email, first.phone) == ("سارة العتيبي", "sara@example.test", "+966501234567")
    assert (first.source.name, first.source_detail, first.score, first.priority) == (
        "Trade fair", "LEAP 2026", 60, "high",
    )  # fmt: skip
    assert (first.owner, second.owner) == (hind, sami)
    assert first.number and first.number != second.number and second.number in second.search_text.upper()
    assert do(table(tmp_path, [HEAD, *rows]), REPORT).result.run is None
    assert done.result.run is not None
    assert sum(count.kept for count in undo(done.result.run, actor=system(), at=NOW)) == 0
    assert Lead.objects.count() == 0


def people_here() -> Lead:
    old = makers.make_lead("Old", email="old@example.test", interest="pumps", phone="")
    makers.make_contact(name="Known", email="Known@Example.test", mobile="+966501234567")
    return old


ROWS = [
    lead("A", mail="OLD@example.test", interest="valves"),  # an open lead
    lead("B", mail="known@example.test"),  # a contact
    lead("C", phone="0501234567"),  # the same contact by phone
    lead("D", mail="d@example.test"),
    lead("E", mail="D@example.test"),  # the row before
]


def test_known_people_are_reported(tmp_path: Path) -> None:
    people_here()
    expected = [(2, ["lead.known"]), (3, ["lead.known"]), (4, ["lead.known"]), (6, ["lead.known"])]
    assert do(table(tmp_path, [HEAD, *ROWS]), REPORT, rehearse=True).reported == expected
    assert Lead.objects.count() == 1
    done = do(table(tmp_path, [HEAD, *ROWS]), REPORT)
    assert done.reported == expected
    assert "Old is here already" in done.report.said[0]
    assert Lead.objects.count() == 2


def test_known_people_are_passed_over(tmp_path: Path) -> None:
    old = people_here()
    done = do(table(tmp_path, [HEAD, *ROWS]), SKIP)
    assert (done.reported, done.facts["created"], done.facts["matched"]) == ([], {"lead": 1}, {"lead": 4})
    old.refresh_from_db()
    assert (old.interest, old.version) == ("pumps", 1)


def test_what_the_file_says_is_added_to_an_open_lead_once(tmp_path: Path) -> None:
    old = people_here()
    for _time in (1, 2):
        done = do(table(tmp_path, [HEAD, *ROWS]), ATTACH)
        assert done.reported == []
    old.refresh_from_db()
    assert (old.interest, old.version, Lead.objects.count()) == ("pumps\nvalves", 2, 2)


def test_what_is_nobody_or_wrong_is_reported(tmp_path: Path) -> None:
    rows = [lead(interest="x"), lead("A", phone="12"), lead("B", source="Moon"), lead("C", owner="x@y.z")]
    done = do(table(tmp_path, [HEAD, *rows]), REPORT.replace('"{mail} {phone} {name}"', '"row {name}{interest}"'))
    assert done.reported == [
        (2, ["record.refused"]), (3, ["record.invalid"]), (4, ["reference.unknown"]), (5, ["reference.unknown"]),
    ]  # fmt: skip
    assert Lead.objects.count() == 0


@pytest.mark.parametrize(
    "head",
    [
        ["الاسم", "الشركة", "البريد الإلكتروني", "الجوال", "المدينة", "المصدر"],
        ["نام و نام خانوادگی", "شرکت", "ایمیل", "موبایل", "شهر", "منبع"],
        ["Full name", "Company", "E-mail", "Mobile", "City", "Lead source"],
    ],
)
def test_leads_come_in_through_the_pages(head: list[str]) -> None:
    install_pipeline(actor=system(), at=NOW)
    desk = AtDesk(makers.make_user("manager", "هند", language="en"))
    rows = [head, ["سارة", "النور", "sara@example.test", "0501234567", "الرياض", "Campaign"]]
    file = desk.bring(csv_of(rows))
    form = desk.proposed(file, "lead")
    fields = [form[f"col-{n}"] for n in range(6)]
    assert fields == ["name", "company_name", "email", "phone", "city", "source"]
    file = desk.run(desk.check(file, "lead", **{"const-duplicates": "skip"}))
    assert (file.state, file.facts["created"]) == ("done", {"lead": 1})
    made = Lead.objects.get()
    assert (made.city, made.source.name, made.phone) == ("الرياض", "Campaign", "+966501234567")
    desk.undo(file)
    assert Lead.objects.count() == 0

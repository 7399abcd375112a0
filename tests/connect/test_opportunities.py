"""Opportunities, colleagues and groups from small files of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth import authenticate

from rawabit.connect.actions import undo
from rawabit.crm.models import Customer, CustomerGroup
from rawabit.identity.models import Team, User
from rawabit.kit.records.actor import system
from rawabit.pipeline.actions import install_pipeline, set_next_step
from rawabit.pipeline.models import LostReason, Opportunity, Pipeline, Stage, StageMove
from tests import makers
from tests.connect.makers import NOW, do, table

pytestmark = pytest.mark.django_db

DEALS = """name = "crm"
[defaults]
currency = "SAR"
[[target]]
entity = "opportunity"
[target.columns]
external_id = "id"
customer = "customer"
owner = "agent"
pipeline = "pipeline"
stages = { constant = "Talk، Offer" }
stage = "stage"
state = { column = "state", default = "open" }
opened_on = "opened"
closed_on = "closed"
value = "value"
quantity = { column = "pieces", default = 1 }
item = "item"
lost_reason = "why"
"""
HEAD = ["id", "customer", "agent", "pipeline", "stage", "state", "opened", "closed", "value", "pieces", "item", "why"]
PEOPLE = """name = "crm"
[[target]]
entity = "colleague"
[target.columns]
external_id = "agent"
email = "mail"
manager = "boss"
office = "office"
"""


def deal(key: str, **cells: str) -> list[str]:
    row = {"id": key, "pipeline": "Old CRM", "state": "open", "opened": "2024-01-10", **cells}
    return [row.get(name, "") for name in HEAD]


def test_a_new_pipeline_comes_with_its_stages_in_the_maps_order(tmp_path: Path) -> None:
    rows = [deal("1", stage="offer", value="10"), deal("2"), deal("3", state="won", closed="2024-02-01", value="7.50")]
    done = do(table(tmp_path, [HEAD, *rows]), DEALS)
    assert done.facts["besides"] == {"pipeline": 1, "stage": 2}
    names = Stage.objects.order_by("position").values_list("name", "position", "probability")
    assert list(names) == [("Talk", 1, 33), ("Offer", 2, 66)]
    deals = {row.number: row for row in Opportunity.objects.select_related("stage")}
    assert [deals[n].stage.name for n in "123"] == ["Offer", "Talk", "Offer"]
    assert (deals["1"].next_step, str(deals["1"].next_on)) == ("First contact", "2026-03-07")
    assert (deals["3"].next_step, deals["3"].next_on, str(deals["3"].closed_on)) == ("", None, "2024-02-01")
    moves = StageMove.objects.filter(opportunity=deals["3"]).order_by("pk").values_list("state", "value")
    assert list(moves) == [("open", 750), ("won", 750)]
    assert done.facts["states"] == {
        "opportunity": {"open": {"count": 2, "SAR": "10.00"}, "won": {"count": 1, "SAR": "7.50"}}
    }


def test_nothing_is_added_to_a_pipeline_that_was_here_before(tmp_path: Path) -> None:
    install_pipeline(actor=system(), at=NOW)
    rows = [deal("1", pipeline="sales", stage="Proposal"), deal("2", pipeline="المبيعات", stage="Dreaming")]
    done = do(table(tmp_path, [HEAD, *rows]), DEALS)
    assert done.reported == [(3, ["reference.unknown"])]
    assert (Pipeline.objects.count(), Stage.objects.count()) == (1, 4)
    assert Opportunity.objects.get().stage.name == "Proposal"


def test_what_cannot_be_is_reported(tmp_path: Path) -> None:
    rows = [
        deal("1", state="lost"), deal("2", value="-1"), deal("3", customer="nobody"), deal("4", agent="nobody"),
        deal("5", value="1.005"), deal("6", state="perhaps"), deal("7", item="GTXPro"), deal("", value="1"),
        deal("8", opened="soon"), deal("9", state="lost", closed="2024-02-01", why="<script>"),
    ]  # fmt: skip
    done = do(table(tmp_path, [HEAD, *rows]), DEALS)
    assert sorted(done.reported) == [
        (2, ["value.missing"]), (3, ["record.invalid"]), (4, ["reference.unknown"]), (5, ["reference.unknown"]),
        (6, ["document.inexact"]), (7, ["value.not_a_choice"]), (8, ["reference.unknown"]), (9, ["value.missing"]),
        (10, ["value.not_a_date"]),
    ]  # fmt: skip
    assert Opportunity.objects.get().lost_reason == LostReason.objects.get(name="<script>")


def test_a_number_that_is_taken_is_reported_and_twice_is_once(tmp_path: Path) -> None:
    file = table(tmp_path, [HEAD, deal("A1")])
    do(file, DEALS)
    assert do(file, DEALS).facts["created"] == {}
    other = do(file, DEALS.replace('name = "crm"', 'name = "other"'))
    assert other.reported == [(2, ["document.number_taken"])]
    assert Opportunity.objects.count() == 1


def test_the_line_is_worth_what_the_deal_is_worth(tmp_path: Path) -> None:
    makers.make_item(sku="X1")
    rows = [deal("1", item="X1", value="10", pieces="4"), deal("2", item="X1", value="10", pieces="3")]
    do(table(tmp_path, [HEAD, *rows]), DEALS)
    lines = [row.lines.get() for row in Opportunity.objects.order_by("number")]
    assert [(str(line.quantity), str(line.unit_price), line.net) for line in lines] == [
        ("4.000", "2.500000", 1_000), ("3.000", "3.333333", 1_000),
    ]  # fmt: skip


def test_an_undo_leaves_what_somebody_went_on_with(tmp_path: Path) -> None:
    done = do(table(tmp_path, [HEAD, deal("1"), deal("2")]), DEALS)
    held = Opportunity.objects.get(number="1")
    set_next_step(held, "Call", NOW.date(), actor=system(), at=NOW)
    assert done.result.run is not None
    counts = {count.entity: (count.removed, count.kept) for count in undo(done.result.run, actor=system(), at=NOW)}
    assert counts == {"opportunity": (1, 1), "stage": (1, 1), "pipeline": (0, 1)}
    assert list(Opportunity.objects.values_list("number", flat=True)) == ["1"]


def test_colleagues_come_with_their_managers_and_cannot_sign_in(tmp_path: Path) -> None:
    rows = [
        ["agent", "mail", "boss", "office"],
        ["Anna", "Anna@Example.test", "Dora", "East"],
        ["سارة", "", "Dora", "East"],
        ["Dora", "dora@example.test", "", ""],
        ["Zed", "not a mail", "Dora", "East"],
    ]
    done = do(table(tmp_path, rows), PEOPLE)
    assert done.reported == [(5, ["record.invalid"])]
    team = Team.objects.get()
    assert (team.name, team.office, team.leader and team.leader.email) == ("Dora", "East", "dora@example.test")
    anna, sara = User.objects.get(full_name="Anna"), User.objects.get(full_name="سارة")
    assert set(team.members.all()) == {anna, sara}
    assert anna.email == "anna@example.test" and sara.email.endswith("@colleagues.invalid")
    assert not anna.is_active and not anna.has_usable_password()
    assert authenticate(None, username=anna.email, password="") is None
    assert list(anna.memberships.values_list("role__code", flat=True)) == ["sales"]
    assert do(table(tmp_path, rows[:4]), PEOPLE).facts["created"] == {}
    assert done.result.run is not None
    assert sum(count.kept for count in undo(done.result.run, actor=system(), at=NOW)) == 0
    assert (User.objects.count(), Team.objects.count()) == (0, 0)


def test_a_colleague_who_is_here_is_the_same_and_stays_as_he_is(tmp_path: Path) -> None:
    here = makers.make_user("sales", "هند")
    done = do(table(tmp_path, [["agent", "mail", "boss", "office"], ["H", here.email.upper(), "", "X"]]), PEOPLE)
    assert done.facts["matched"] == {"colleague": 1}
    here.refresh_from_db()
    assert here.is_active and not here.teams.exists()


def test_words_that_are_read_as_others_are_told(tmp_path: Path) -> None:
    plan = """name = "g"
[aliases.sectors]
technolgy = "technology"
[[target]]
entity = "customer_group"
[target.columns]
name = { column = "sector", aliases = "sectors" }
[[target]]
entity = "customer"
[target.columns]
external_id = "id"
name = "id"
group = { column = "sector", aliases = "sectors" }
"""
    rows = [["id", "sector"], ["1", "technolgy"], ["2", "Technolgy"], ["3", "technology"], ["4", ""]]
    done = do(table(tmp_path, rows), plan)
    assert done.facts["aliases"] == [
        {"column": "sector", "written": "technolgy", "read_as": "technology", "rows": 1},
        {"column": "sector", "written": "Technolgy", "read_as": "technology", "rows": 1},
    ]
    assert list(CustomerGroup.objects.values_list("name", flat=True)) == ["technology"]
    assert Customer.objects.filter(group__name="technology").count() == 3
    assert done.reported == [(5, ["value.missing"])]

"""Opportunities on the desk: board, moves and taking them back, forecast, lines, settings; who may not."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rawabit.kit.records.models import Event
from rawabit.pipeline import actions
from rawabit.pipeline.models import Opportunity, Pipeline, Stage, StageMove
from rawabit.sales.models import Order, Quotation
from tests import makers
from tests.laws.world import client_of
from tests.makers import NOW, SYSTEM, TODAY, make_opportunity, sar

pytestmark = pytest.mark.django_db
JSON = {"headers": {"Accept": "application/json"}}


@pytest.fixture
def boss(manager):
    client = client_of(manager.user)
    client.cookies["language"] = "en"
    manager.user.language = "en"
    manager.user.save(update_fields=["language"])
    return client


def stage(number: int) -> Stage:
    return Stage.objects.order_by("pk")[number - 1]


def move(client, deal, to, **more):
    return client.post(reverse("opportunities-move", args=[deal.pk]), {"to": to, "from": deal.stage_id, **more}, **JSON)


def rich(**fields) -> Opportunity:
    return make_opportunity(value=100_00, expected_close=TODAY + timedelta(days=10), **fields)


# The board


def test_the_board_counts_and_weighs_each_stage(boss, company):
    for value in (100_00, 300_01):
        make_opportunity(value=value)
    make_opportunity(value=5_000, currency="KWD")
    page = boss.get(reverse("opportunities-board")).content.decode()
    first = page[page.index('data-lane="') : page.index('data-lane="', page.index('data-lane="') + 20)]
    lane = html.unescape(re.sub(r"<[^>]+>", " ", first))
    assert "400.01" in lane and "40.00" in lane, "10 per cent of 100.00 and of 300.01, each rounded half-up"
    assert "5.000" in lane and "0.500" in lane
    assert page.count("data-card=") == 3


def test_the_board_asks_the_same_questions_for_7_and_for_70_cards(boss, company):
    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert boss.get(reverse("opportunities-board")).status_code == 200
        return len(asked)

    customer = makers.make_customer()
    for _number in range(7):
        make_opportunity(customer)
    questions()
    few = questions()
    for _number in range(63):
        make_opportunity(customer)
    assert questions() == few


def test_more_cards_than_a_lane_shows_are_a_press_away(boss, company):
    customer = makers.make_customer()
    for _number in range(23):
        make_opportunity(customer)
    page = boss.get(reverse("opportunities-board")).content.decode()
    assert page.count("data-card=") == 20 and "cards=60" in page
    assert boss.get(reverse("opportunities-board") + "?cards=60").content.decode().count("data-card=") == 23


def test_the_board_is_the_readers_own(company, seller):
    make_opportunity(title="foreign canary")
    make_opportunity(None, owner=seller.user, title="own deal")
    page = client_of(seller.user).get(reverse("opportunities-board")).content.decode()
    assert "own deal" in page and "foreign canary" not in page


def test_a_hostile_title_is_only_a_title(boss, company):
    make_opportunity(title='<script>alert("x")</script>\u202e')
    for name in ("board", "list", "forecast"):
        assert "<script>alert" not in boss.get(reverse(f"opportunities-{name}")).content.decode()


# Moves


def test_a_move_and_its_undo(boss, company):
    deal = make_opportunity(None)
    Stage.objects.filter(pk=stage(2).pk).update(required=[])
    answer = move(boss, deal, stage(2).pk)
    assert answer.status_code == 200
    undo = re.search(r'action="([^"]+/undo/[^"]+)"', answer.json()["toast"])[1]
    deal.refresh_from_db()
    assert deal.stage == stage(2)
    back = boss.post(undo, headers={"Referer": "http://testserver/desk/opportunities/board/?pipeline=1"})
    assert back.headers["Location"] == "/desk/opportunities/board/?pipeline=1"
    deal.refresh_from_db()
    assert deal.stage == stage(1)
    assert [one.to_stage.position for one in StageMove.objects.order_by("pk")] == [1, 2, 1]
    boss.post(undo)
    deal.refresh_from_db()
    assert deal.stage == stage(1), "a second press does nothing more"


def test_undo_never_overwrites_what_came_after(boss, company):
    deal = rich()
    answer = move(boss, deal, stage(3).pk)
    undo = re.search(r'action="([^"]+/undo/[^"]+)"', answer.json()["toast"])[1]
    deal.refresh_from_db()
    actions.set_next_step(deal, "Call", TODAY, actor=SYSTEM, at=NOW)
    boss.post(undo)
    deal.refresh_from_db()
    assert deal.stage == stage(3)
    other = rich()
    boss.post(undo.replace(f"/{deal.pk}/", f"/{other.pk}/"))
    other.refresh_from_db()
    assert other.stage == stage(1), "a token is good for its own card alone"
    assert boss.post(reverse("opportunities-undo", args=[deal.pk, "made-up"])).status_code == 302


def test_what_a_stage_asks_for_is_asked_in_the_sheet(boss, company):
    deal = make_opportunity()
    asked = move(boss, deal, stage(3).pk)
    assert asked.status_code == 200 and "ask" in asked.json()
    sheet = boss.get(asked.json()["ask"]).content.decode()
    assert 'name="value"' in sheet and 'name="expected_close"' in sheet and 'name="customer"' not in sheet
    deal.refresh_from_db()
    assert deal.stage == stage(1)
    address = asked.json()["ask"]
    form = {"sheet": "1", "to": stage(3).pk, "from": deal.stage_id}
    wrong = boss.post(address, {**form, "value": "", "expected_close": "never"})
    assert wrong.status_code == 422 and Opportunity.objects.get().stage == stage(1)
    right = boss.post(address, {**form, "value": "٩٥٠", "expected_close": "2026-05-01"})
    assert right.status_code == 302 and "board" in right.headers["Location"]
    deal.refresh_from_db()
    assert (deal.stage, deal.worth, deal.expected_close.isoformat()) == (stage(3), sar(950), "2026-05-01")


def test_two_people_move_one_card(boss, company):
    deal = rich()
    actions.move_stage(deal, stage(3), actor=SYSTEM, at=NOW)
    answer = move(boss, deal, stage(4).pk, **{"from": stage(1).pk})
    assert answer.status_code == 200 and "ask" in answer.json(), "the sheet comes first"
    makers_contact = makers.make_contact(deal.customer)
    actions.add_person(deal, makers_contact, "decision_maker", actor=SYSTEM, at=NOW)
    answer = move(boss, deal, stage(4).pk, **{"from": stage(1).pk})
    assert answer.status_code == 409 and "Proposal" in answer.json()["told"]
    deal.refresh_from_db()
    assert deal.stage == stage(3)


def test_a_stage_of_another_pipeline_is_not_there(boss, company):
    deal = rich()
    foreign = makers.make_pipeline().stages.first()
    assert move(boss, deal, foreign.pk).status_code == 404
    for nonsense in ("999999", "x", "-1", "１"):
        assert move(boss, deal, nonsense).status_code in (200, 404)
    deal.refresh_from_db()
    assert deal.stage == stage(1)


def test_a_foreign_deal_is_not_moved(company, seller, amina, clerk):
    deal = rich()
    assert move(client_of(seller.user), deal, stage(2).pk).status_code == 404
    assert move(client_of(clerk.user), deal, stage(2).pk).status_code == 403
    assert move(client_of(amina.user), deal, stage(2).pk).status_code in (302, 403, 404)
    seen = make_opportunity(makers.make_customer(), owner=seller.user)
    Opportunity.objects.filter(pk=seen.pk).update(owner=None)
    deal.refresh_from_db()
    assert deal.stage == stage(1) and deal.version == 1


def test_looking_moves_nothing(boss, company):
    deal = rich()
    for name in ("move", "detail", "lines"):
        boss.get(reverse(f"opportunities-{name}", args=[deal.pk]) + f"?to={stage(3).pk}")
    deal.refresh_from_db()
    assert (deal.version, deal.stage) == (1, stage(1))


# Sheets


def sheet(client, deal, verb, **data):
    return client.post(reverse("opportunities-do", args=[deal.pk, verb]), data)


def test_won_twice_is_won_once_with_one_order(boss, company):
    deal = rich()
    data = {"value": "90", "on": TODAY.isoformat(), "make_order": "on", "once": "a" * 32}
    first, second = sheet(boss, deal, "win", **data), sheet(boss, deal, "win", **data)
    assert (
        first.headers["Location"]
        == second.headers["Location"]
        == reverse("orders-detail", args=[Order.objects.get().pk])
    )
    assert Event.objects.filter(name="opportunity.won").count() == 1
    deal.refresh_from_db()
    assert (deal.state, deal.worth) == ("won", sar(90))


def test_a_quotation_is_one_press_and_two_presses_are_one(boss, company):
    deal = rich()
    for _press in range(2):
        answer = sheet(boss, deal, "quotation", once="b" * 32)
        assert answer.status_code == 302
    offer = Quotation.objects.get()
    assert offer.opportunity == deal
    page = boss.get(reverse("opportunities-detail", args=[deal.pk])).content.decode()
    assert reverse("quotations-detail", args=[offer.pk]) in page
    paper = boss.get(reverse("quotations-detail", args=[offer.pk])).content.decode()
    assert reverse("opportunities-detail", args=[deal.pk]) in paper
    editor = boss.get(reverse("quotations-update", args=[offer.pk])).content.decode()
    assert reverse("opportunities-detail", args=[deal.pk]) in editor


def test_a_deal_without_customer_asks_on_the_sheet(boss, company):
    deal = make_opportunity(None, value=1)
    page = boss.get(reverse("opportunities-do", args=[deal.pk, "quotation"])).content.decode()
    assert 'name="customer"' in page
    assert sheet(boss, deal, "quotation").status_code == 422
    customer = makers.make_customer()
    assert sheet(boss, deal, "quotation", customer=customer.pk).status_code == 302
    assert Quotation.objects.get().customer == customer


def test_lost_needs_a_reason_and_leads_back_to_the_board(boss, company):
    deal = rich()
    address = reverse("opportunities-do", args=[deal.pk, "lose"]) + "?next=board"
    assert boss.post(address, {"on": TODAY.isoformat()}).status_code == 422
    from rawabit.pipeline.models import LostReason

    reason = LostReason.objects.first()
    done = boss.post(address, {"on": TODAY.isoformat(), "reason": reason.pk, "note": "<b>x</b>"})
    assert done.headers["Location"].startswith(reverse("opportunities-board"))
    deal.refresh_from_db()
    assert (deal.state, deal.lost_reason) == ("lost", reason)


def test_a_step_is_done_and_the_next_one_is_never_empty(boss, company):
    deal = rich()
    late = (TODAY - timedelta(days=400)).isoformat()
    assert sheet(boss, deal, "step", outcome="fine", step="", on="2030-01-01").status_code == 422
    assert sheet(boss, deal, "step", outcome="fine", step="Visit", on=late).status_code == 422
    assert sheet(boss, deal, "step", outcome="fine", step="Visit", on="2030-01-01").status_code == 302
    deal.refresh_from_db()
    assert (deal.next_step, deal.next_on.isoformat()) == ("Visit", "2030-01-01")


def test_many_are_handed_over_at_once(boss, company, seller):
    rows = [rich().pk, rich().pk]
    answer = boss.post(
        reverse("opportunities-bulk", args=["owner"]), {"row": rows, "confirmed": "1", "owner": seller.user.pk}
    )
    assert answer.status_code == 200
    assert set(Opportunity.objects.values_list("owner", flat=True)) == {seller.user.pk}


# List and forecast


def test_the_list_narrows(boss, company):
    red = make_opportunity(title="red one")
    Opportunity.objects.filter(pk=red.pk).update(next_on=None)
    quiet = make_opportunity(title="quiet one", next_step="x", next_on="2099-01-01")
    Opportunity.objects.filter(pk=quiet.pk).update(touched_at=NOW - timedelta(days=4000))
    fresh = make_opportunity(title="fresh one", next_step="x", next_on="2099-01-01", expected_close="2099-02-01")
    Opportunity.objects.exclude(pk=quiet.pk).update(touched_at="2098-01-01T00:00:00Z")

    def shown(query: str) -> set[str]:
        page = boss.get(reverse("opportunities-list") + query).content.decode()
        return {name for name in ("red one", "quiet one", "fresh one") if name in page}

    assert shown("") == {"red one", "quiet one", "fresh one"}
    assert shown("?is=red") == {"red one"}
    assert shown("?is=stalled") == {"quiet one"}
    assert shown("?is=undated") == {"red one", "quiet one"}
    assert shown("?expected_close_from=2099-01-15") == {"fresh one"}
    assert shown(f"?stage={fresh.stage_id}&state=won") == set()


def test_every_figure_of_the_forecast_leads_to_its_rows(boss, company):
    from django.utils import timezone

    from rawabit.company.queries import local_day

    today = local_day(timezone.now())
    for days in (-40, 5, 40, 4000, None):
        close = None if days is None else today + timedelta(days=days)
        make_opportunity(value=100_00, expected_close=close)
    page = boss.get(reverse("opportunities-forecast")).content.decode()
    links = [html.unescape(link) for link in re.findall(r'<td class="num"><a class="block" href="([^"]+)"', page)]
    counted = [boss.get(link).context["page"].total for link in links]
    assert sum(counted) == 5 and len(links) >= 4
    csv = b"".join(boss.get(reverse("opportunities-forecast") + "?as=csv").streaming_content).decode()
    assert csv.count("100") >= 3 and "SAR" in csv


def test_months_of_the_reader(boss, company, manager):
    make_opportunity(value=1_00, expected_close="2026-06-01")
    manager.user.calendar, manager.user.language = "jalali", "fa"
    manager.user.save(update_fields=["calendar", "language"])
    page = boss.get(reverse("opportunities-forecast")).content.decode()
    assert re.search("فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند", page)


# Lines


def line(**values):
    row = {"kind": "line", "item": "", "auto": "", "optional": "", "title": "", "details": "", "quantity": "1",
           "unit": "", "unit_price": "", "discount": "", "tax": ""}  # fmt: skip
    return {**row, **values}


def test_lines_are_written_pasted_and_refused(boss, company):
    item, deal = makers.make_item(price="1250", sku="XP-77"), make_opportunity()
    address = reverse("opportunities-lines", args=[deal.pk])
    assert boss.get(address).status_code == 200
    pasted = boss.post(address, {**line(), "op": "paste", "table": "XP-77\t3"}).content.decode()
    assert "XP-77" in pasted and "3,750.00" in pasted
    saved = boss.post(address, {**line(item=item.pk, title="Pump", quantity="٣", auto="1"), "version": deal.version})
    assert saved.status_code == 302
    deal.refresh_from_db()
    assert deal.worth == sar(3750)
    stale = boss.post(address, {**line(title="x", unit_price="1"), "version": 1})
    assert stale.status_code == 422
    hostile = boss.post(address, {**line(title="<script>x</script>", unit_price="-5"), "version": deal.version})
    assert hostile.status_code == 422 and "<script>x" not in hostile.content.decode()
    deal.refresh_from_db()
    assert deal.worth == sar(3750)


def test_totals_and_items_answer_without_saving(boss, company):
    makers.make_item("Pump", price="10")
    deal = make_opportunity()
    found = boss.get(reverse("opportunities-items", args=[deal.pk]), {"q": "pump"}).content.decode()
    assert "10.00" in found
    told = boss.post(reverse("opportunities-totals", args=[deal.pk]), line(title="x", unit_price="7")).json()
    assert "7.00" in told["parts"]["sum"] and deal.lines.count() == 0


# Settings


def test_stages_are_set_up_and_kept_while_in_use(boss, company):
    deal = make_opportunity()
    usual = deal.pipeline
    values = {
        "pipeline": usual.pk, "position": "2", "name": "Visit", "name_ar": "زيارة", "name_fa": "بازدید",
        "name_en": "Visit", "probability": "15", "stall_days": "7", "required": ["value", "contact"],
    }  # fmt: skip
    assert boss.post(reverse("stages-create"), values).status_code == 302
    found = list(usual.stages.order_by("position").values_list("position", "name_en"))
    assert [number for number, _name in found] == [1, 2, 3, 4, 5] and found[1] == (2, "Visit")
    assert Stage.objects.get(name="Visit").required == ["value", "contact"]
    bad = boss.post(reverse("stages-create"), {**values, "required": ["password"], "probability": "101"})
    assert bad.status_code == 422
    kept = boss.post(reverse("stages-do", args=[deal.stage_id, "delete"]))
    assert kept.status_code == 409 and Stage.objects.filter(pk=deal.stage_id).exists()
    assert boss.post(reverse("pipelines-do", args=[usual.pk, "delete"])).status_code == 409


def test_one_pipeline_is_used_first(boss, company):
    make_opportunity()
    values = {"name": "Tenders", "is_default": "on", "is_active": "on"}
    assert boss.post(reverse("pipelines-create"), values).status_code == 302
    assert Pipeline.objects.get(is_default=True).name == "Tenders"
    assert make_opportunity().pipeline.name == "Tenders"
    idle = boss.post(reverse("pipelines-create"), {"name": "x", "is_default": "on"})
    assert idle.status_code == 422


def test_a_seller_does_not_set_up_pipelines(company, seller):
    make_opportunity()
    client = client_of(seller.user)
    assert client.post(reverse("stages-create"), {"name": "x"}).status_code == 403
    assert client.get(reverse("pipelines-update", args=[Pipeline.objects.get().pk])).status_code == 403


# Partners and conversion


def test_partners_and_what_came_of_it(boss, company, manager):
    from decimal import Decimal

    from rawabit.pipeline.queries import conversion, partner_figures

    partner = makers.make_customer("Partner", kind="partner")
    won, lost = rich(), rich()
    for deal in (won, lost, rich()):
        actions.add_partner(deal, partner, "installs", Decimal(20), actor=SYSTEM, at=NOW)
    actions.win(won, value=sar(80), actor=SYSTEM, at=NOW)
    from rawabit.pipeline.models import LostReason

    actions.lose(lost, LostReason.objects.first(), actor=SYSTEM, at=NOW)
    found = partner_figures(partner, manager.actor)
    assert (found.open, found.won, found.lost, found.rate, found.values) == (1, 1, 1, 50, (sar(80),))
    page = boss.get(reverse("customers-detail", args=[partner.pk])).content.decode()
    assert won.title in page and lost.title in page
    rows = conversion(manager.actor, won.pipeline, TODAY, TODAY)
    assert [(reached, further) for _stage, reached, further in rows] == [(3, 1), (1, 1), (1, 1), (1, 1)]


def test_the_morning_shows_the_red_list_and_the_pipeline(boss, company):
    deal = make_opportunity(value=500_00, title="forgotten deal")
    Opportunity.objects.filter(pk=deal.pk).update(next_on=None)
    page = boss.get(reverse("desk")).content.decode()
    assert "forgotten deal" in page and "is=red" in page and "500.00" in page

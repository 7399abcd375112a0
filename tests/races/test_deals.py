"""Two people with one card: it is moved once, decided once, and never both won and lost."""

from __future__ import annotations

import pytest

from rawabit.kit.records.models import Event
from rawabit.kit.states import Refused
from rawabit.pipeline import actions
from rawabit.pipeline.models import LostReason, Opportunity, Stage, StageMove
from rawabit.sales.actions import win_deal
from rawabit.sales.models import Order
from tests.makers import NOW, SYSTEM, make_company, make_opportunity, make_pipeline
from tests.races.harness import WRITERS, Gate, gated, race, require_postgresql, without_locks

pytestmark = [pytest.mark.race, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
both = pytest.mark.parametrize("locked", [True, False], ids=["locks on", "control: locks off"])


@pytest.fixture(autouse=True)
def on_postgresql(db, transactional_db):
    require_postgresql()
    make_company()


@both
def test_eight_people_move_one_card_from_where_they_saw_it(monkeypatch, locked):
    if not locked:
        without_locks(monkeypatch)
    deal = make_opportunity(pipeline=make_pipeline(WRITERS + 1))
    seen, others = deal.stage_id, list(Stage.objects.filter(pipeline=deal.pipeline).exclude(pk=deal.stage_id))
    gated(monkeypatch, "rawabit.pipeline.actions.moving._put_into", Gate())

    done = race(lambda number: actions.move_stage(deal, others[number], seen_stage=seen, actor=SYSTEM, at=NOW))

    if locked:
        assert (len(done.answers), done.raised(Refused)) == (1, WRITERS - 1)
        assert StageMove.objects.filter(opportunity=deal).count() == 2
    else:
        assert len(done.answers) > 1, "without the lock several moves are told of which one is kept"


@both
def test_won_and_lost_at_one_moment(monkeypatch, locked):
    if not locked:
        without_locks(monkeypatch)
    deal, reason = make_opportunity(value=100), LostReason.objects.first()
    gated(monkeypatch, "rawabit.pipeline.actions.deciding._decide", Gate(2))

    def decide(number: int):
        if number == 0:
            return win_deal(deal, make_order=True, actor=SYSTEM, at=NOW)
        return actions.lose(deal, reason, actor=SYSTEM, at=NOW)

    done = race(decide, writers=2)

    told = Event.objects.filter(name__in=("opportunity.won", "opportunity.lost")).count()
    if locked:
        assert (len(done.answers), done.raised(Refused), told) == (1, 1, 1)
        kept = Opportunity.objects.get()
        assert Order.objects.count() == (1 if kept.state == "won" else 0)
    else:
        assert told == 2

"""What colleagues tell one another arrives in the bell, once, and in words."""

from __future__ import annotations

import pytest

from rawabit.config.spine import SUBSCRIPTIONS
from rawabit.kit.jobs.telling import tell_pending
from rawabit.kit.records.actions import assign, comment, read_notices
from rawabit.kit.records.event_words import words_of_notice
from rawabit.kit.records.models import Event, Heard, Notice
from rawabit.kit.records.queries import notices_of
from tests import makers

pytestmark = pytest.mark.django_db


def worker_runs() -> None:
    tell_pending(SUBSCRIPTIONS, makers.NOW, limit=10_000)


def test_whoever_is_mentioned_finds_it_in_his_bell_once(manager, seller):
    order = makers.confirmed_order()
    comment(order, "please look", mentions=[seller.user.pk, manager.user.pk], actor=manager.actor, at=makers.NOW)
    worker_runs()
    Event.objects.update(told_at=None)  # as if the worker had been killed before the mark
    worker_runs()

    notice = notices_of(seller.actor).get()
    assert (notice.kind, notice.url) == ("mention", f"/desk/orders/{order.pk}/#comments")
    assert order.number in words_of_notice(notice)
    assert manager.user.full_name in words_of_notice(notice)
    assert not notices_of(manager.actor).exists()  # nobody is told what he said himself


def test_whoever_is_asked_finds_it_in_his_bell(manager, seller):
    order = makers.confirmed_order()
    assign(order, seller.user.pk, "call him", actor=manager.actor, at=makers.NOW)
    worker_runs()

    assert notices_of(seller.actor).get().kind == "assigned"
    assert read_notices(actor=seller.actor, at=makers.NOW) == 1
    assert read_notices(actor=seller.actor, at=makers.NOW) == 0
    assert Notice.objects.filter(read_at=None).count() == 0
    assert Heard.objects.filter(subscriber__endswith="tell_assigned").count() == 1


def test_a_name_after_an_at_is_a_mention(manager, seller, agent):
    order = makers.confirmed_order()
    body = f"لو سمحت @{seller.user.full_name}، كلّم العميل. s@example.com"
    comment(order, body, mentions=[], actor=manager.actor, at=makers.NOW)
    worker_runs()

    assert notices_of(seller.actor).count() == 1
    assert not notices_of(agent.actor).exists()

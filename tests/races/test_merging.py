"""Merges at the same moment: of all that speak of the same customer one takes effect, and none waits for ever."""

from __future__ import annotations

import pytest

from rawabit.crm.actions.merging import merge_customers, undo_merge
from rawabit.crm.models import Customer, Merge
from rawabit.kit.states import Refused
from rawabit.pipeline.models import Opportunity
from tests.makers import NOW, SYSTEM, make_customer, make_opportunity
from tests.races.harness import race, require_postgresql

pytestmark = [pytest.mark.race, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def on_postgresql(db, transactional_db):
    require_postgresql()


def test_crosswise_merges_leave_one_customer():
    one, other = make_customer("one"), make_customer("other")
    make_opportunity(one)
    make_opportunity(other)

    def go(number: int) -> Merge:
        winner, loser = (one, other) if number % 2 else (other, one)
        return merge_customers(winner, loser, {}, actor=SYSTEM, at=NOW)

    outcome = race(go)

    assert len(outcome.answers) == 1 and outcome.raised(Refused) == 7, outcome.errors
    stays = Customer.objects.get(pk=Merge.objects.get().winner_key)
    assert stays.merged_into is None
    assert set(Opportunity.objects.values_list("customer", flat=True)) == {stays.pk}


def test_a_ring_of_merges_never_becomes_a_circle():
    ring = [make_customer(f"number {number}") for number in range(4)]

    def go(number: int) -> Merge:
        return merge_customers(ring[number], ring[(number + 1) % 4], {}, actor=SYSTEM, at=NOW)

    outcome = race(go, writers=4)

    assert outcome.raised(Refused) == len(outcome.errors) and outcome.answers, outcome.errors
    for customer in ring:
        seen, row = set(), Customer.objects.get(pk=customer.pk)
        while row.merged_into is not None:
            assert row.pk not in seen
            seen.add(row.pk)
            row = row.merged_into
    assert Customer.objects.filter(merged_into=None).exists()


def test_one_of_many_takes_a_merge_back():
    one, other = make_customer("one"), make_customer("other")
    kept = merge_customers(one, other, {}, actor=SYSTEM, at=NOW)

    outcome = race(lambda _number: undo_merge(kept, actor=SYSTEM, at=NOW))

    assert len(outcome.answers) == 1 and outcome.raised(Refused) == 7, outcome.errors
    assert Customer.objects.get(pk=other.pk).merged_into is None

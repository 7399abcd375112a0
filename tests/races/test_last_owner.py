"""Two account owners who both go at the same moment: one of them stays."""

from __future__ import annotations

import pytest

from rawabit.crm.actions import change_portal_role, revoke_portal_access
from rawabit.crm.models import PortalAccess
from rawabit.kit.states import Refused
from tests.makers import NOW, make_company, make_customer, make_customer_user
from tests.races.harness import race, require_postgresql

pytestmark = [pytest.mark.race, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def on_postgresql(db, transactional_db):
    require_postgresql()
    make_company()


@pytest.mark.parametrize("how", ["demoted", "revoked"])
def test_one_account_owner_always_stays(how):
    customer = make_customer()
    owners = [make_customer_user(customer, "owner") for _ in range(4)]
    actors = [owner.actor for owner in owners]
    rows = [PortalAccess.objects.get(user=owner.user) for owner in owners]

    def go(number: int) -> object:
        if how == "demoted":
            return change_portal_role(rows[number], "buyer", actor=actors[number], at=NOW)
        return revoke_portal_access(rows[number], actor=actors[number], at=NOW)

    outcome = race(go, writers=4)

    assert PortalAccess.objects.filter(customer=customer, role="owner", is_active=True).count() == 1
    assert outcome.raised(Refused) == 1
    assert len(outcome.answers) == 3

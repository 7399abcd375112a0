"""What all tests share: the proofs plugin, the standing people, and a company for those who ask."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.makers import Person, make_company, make_customer, make_customer_user, make_user

pytest_plugins = ["tests.proofs"]
# The first example of a property pays for imports and tables; a slow machine is no failure.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture
def company(db):
    """The company with taxes, units and roles."""
    return make_company()


@pytest.fixture
def amina(db) -> Person:
    """A customer's user: the account owner of her company."""
    return make_customer_user(make_customer("شركة أمينة للتجارة"), "owner", "أمينة")


@pytest.fixture
def babak(db) -> Person:
    """Another customer's user, who must never see anything of Amina's."""
    return make_customer_user(make_customer("شرکت بابک", country="IR", language="fa"), "owner", "بابک")


@pytest.fixture
def agent(db) -> Person:
    """A support agent."""
    return Person(make_user("support", "سلمان"))


@pytest.fixture
def clerk(db) -> Person:
    """A finance clerk."""
    return Person(make_user("accountant", "ليلى"))


@pytest.fixture
def seller(db) -> Person:
    """A sales representative, who sees his own customers."""
    return Person(make_user("sales", "فهد"))


@pytest.fixture
def manager(db) -> Person:
    """A manager, who sees everything of the business."""
    return Person(make_user("manager", "هند"))


@pytest.fixture
def administrator(db) -> Person:
    """Somebody who may do everything."""
    return Person(make_user("administrator", "خالد"))


def pytest_collection_modifyitems(config, items) -> None:
    """The longest test first: while one worker runs the suite on PostgreSQL, the others take all the rest. That second
    run leaves out what never asks a database, for it would say the same again."""
    items.sort(key=lambda item: "test_on_postgresql" not in item.nodeid)
    if os.environ.get("RAWABIT_AGAIN"):
        without = [item for item in items if not asks_a_database(item)]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if asks_a_database(item)]


def asks_a_database(item) -> bool:
    return bool(item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames))

from types import SimpleNamespace

import pytest

from tests.makers import NOW
from tests.trade.desk import Desk


@pytest.fixture
def at_the_makers_moment(monkeypatch):
    monkeypatch.setattr("rawabit.config.middleware.timezone", SimpleNamespace(now=lambda: NOW))


@pytest.fixture
def desk(manager, at_the_makers_moment) -> Desk:
    return Desk(manager)

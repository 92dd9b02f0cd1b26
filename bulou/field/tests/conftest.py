from datetime import timedelta

import pytest

from bulou.core.moments import now
from bulou.field.tests.phones import TestPhone, enrolled
from bulou.field.tests.world import Village, make_village
from bulou.field.views import enrolling


@pytest.fixture(autouse=True)
def _at_noon(noon) -> None:
    """Every test here begins at noon."""


@pytest.fixture(autouse=True)
def _no_limits_carried_over():
    enrolling.BY_ADDRESS.forget()
    enrolling.BY_DEVICE.forget()


@pytest.fixture
def village(db) -> Village:
    return make_village(now() - timedelta(minutes=30))


@pytest.fixture
def anna(village) -> TestPhone:
    return enrolled(village.accounts["anna"], [village.grids[0]], now() - timedelta(minutes=2))

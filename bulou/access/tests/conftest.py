"""People with a second factor and without one, and the clock of their phones."""

from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth
from django.core.cache import cache

from bulou.access import actions
from bulou.access.tests.people import COUNTY, make_account, sign_in
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing


@pytest.fixture(autouse=True)
def _at_noon(noon) -> None:
    """Every test here begins at noon."""


@pytest.fixture
def clock(monkeypatch):
    """The authenticator app's clock, which a test can turn on: no code counts twice."""
    cache.clear()
    hand = SimpleNamespace(time=now().timestamp())
    monkeypatch.setattr(auth.time, "time", lambda: hand.time)
    return hand


@pytest.fixture
def anna():
    """A manager of the county, with her second factor."""
    return sign_in(make_account("headquarters", COUNTY), second_factor=True)


@pytest.fixture
def second():
    """Another one."""
    return sign_in(make_account("headquarters", COUNTY, username="second", name="赵二"), second_factor=True)


@pytest.fixture
def boss():
    """Another headquarters account, whose second factor is not set up yet."""
    return make_account("headquarters", COUNTY, username="boss", name="钱主任")


@pytest.fixture
def town_manager():
    with seeing(EVERYTHING):
        actions.make_role(name="town_manager", zh="乡镇管理员", en="Town manager", area=COUNTY, by="system:test", at=now(),
                          permissions=["see", "record", "manage_accounts", "manage_people"])  # fmt: skip
    return "town_manager"

"""镇坪 as loaded from the project's own data, and people who answer for it: 安娜, 文博 and others who do not exist."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from bulou.areas.actions import import_file
from bulou.areas.tests.lists import division_files
from bulou.ledger import law as installed
from bulou.ledger.rules import Law

AT = datetime(2020, 1, 24, 8, tzinfo=UTC)
DAY = date(2020, 1, 26)
BY = "account:anna"
COUNTY = 610927 * 10**12
TOWN = COUNTY + 100 * 10**9  # 城关镇
VILLAGE = TOWN + 5 * 10**6  # 竹溪河社区
DOCTOR = "乡村医生"


@pytest.fixture(autouse=True)
def _no_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """No law but an empty one, unless a test says otherwise: areas need no kinds to exist."""
    monkeypatch.setattr(
        installed, "_installed", [Law({}, lambda c, s: {}, lambda n, a: iter(()), lambda n, s: iter(()))]
    )


@pytest.fixture
def zhenping(db: None) -> Iterator[int]:
    """Return the number of 镇坪, loaded with its towns, villages and communities."""
    import_file(division_files()["zhenping"], by=BY, at=AT)
    yield COUNTY

from datetime import datetime

import pytest

from bulou.office.tests.made import County
from bulou.site.tests.attacks import armed_county


@pytest.fixture(autouse=True)
def _at_noon(noon: datetime) -> None:
    """Every test here begins at noon; a process of its own has a clock of its own."""


@pytest.fixture
def made(db: None) -> County:
    return armed_county()

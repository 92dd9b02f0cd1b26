import pytest

from bulou.office.tests.made import County
from bulou.site.tests.attacks import armed_county


@pytest.fixture
def made(db: None) -> County:
    return armed_county()

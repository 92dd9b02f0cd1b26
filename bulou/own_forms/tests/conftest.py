from collections.abc import Iterator

import pytest

from bulou.own_forms.queries import own_kinds
from bulou.own_forms.tests.county import make_areas


@pytest.fixture
def county(db: None) -> Iterator[None]:
    own_kinds.forget()
    make_areas()
    yield
    own_kinds.forget()

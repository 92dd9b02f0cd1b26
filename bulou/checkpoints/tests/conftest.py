"""镇坪 with two villages in two towns, one post at the county's mouth, under the real kinds and rule set."""

from datetime import timedelta

import pytest

from bulou.areas.actions import import_file
from bulou.areas.tests.lists import division_files
from bulou.checkpoints.tests.made import AT, COUNTY, County
from bulou.core.divisions import county_area
from bulou.core.scope import EVERYTHING, seeing
from bulou.rosters.actions import add_post
from bulou.rosters.queries import get_post
from bulou.rosters.rules.registers import NewPost


@pytest.fixture
def county(db):
    before = AT - timedelta(days=3)
    top = county_area(COUNTY)
    with seeing(EVERYTHING):
        import_file(division_files()["zhenping"], by="system:test", at=before)
        new = NewPost("东沟垭检查点", County.post_area, type="interprovincial", road="G541")
        yield County(get_post(top, add_post(new, by="system:test", at=before)))

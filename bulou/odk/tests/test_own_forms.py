"""A form a county uploaded is one for Collect too, at once, and what comes back is judged by its version."""

from collections.abc import Callable, Iterator
from hashlib import md5
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from bulou.core.divisions import code_of, county_of
from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.odk.tests.conftest import BY, COUNTY, VILLAGE, Phone
from bulou.own_forms.actions import declare_form
from bulou.own_forms.queries import own_kinds
from bulou.records.uploaded.tests.made import DAILY, GRID, GRID_LISTS, xform

pytestmark = pytest.mark.unscoped
NAME = "own_610927_market_daily"
Read = Callable[[], list[Any]]


@pytest.fixture
def own(phone: Phone) -> Iterator[Phone]:
    own_kinds.forget()
    with seeing(EVERYTHING):
        declare_form(area=COUNTY, xform=xform(DAILY), form_id="market-daily", label="1", subject="area", file=b"it",
                     file_name="集市.xlsx", by=BY, at=now())  # fmt: skip
    yield phone
    own_kinds.forget()


def test_it_is_offered_with_our_question_before_its_own(own: Phone) -> None:
    assert NAME in own.get("formList").content.decode()
    served = own.get(f"forms/{NAME}.xml")
    root = fromstring(served.content)
    xf = "{http://www.w3.org/2002/xforms}"
    [data] = root.find(f".//{xf}instance")
    assert (data.get("id"), data.get("version")) == (NAME, "1")
    assert [node.tag.removeprefix(xf) for node in data][:3] == ["_subject", "_end", "_start"]
    assert root.find(f".//{xf}select1[@ref='/data/_subject/_area']") is not None
    assert 'src="jr://file-csv/areas.csv"' in served.content.decode()
    assert "areas.csv" in own.get(f"forms/{NAME}/manifest").content.decode()


def test_what_it_sends_is_recorded(own: Phone, held: Read) -> None:
    answer = own.post(
        f'<data id="{NAME}" version="1"><_subject><_area>{code_of(VILLAGE)}</_area></_subject><day>2020-02-03</day>'
        "<market>yes</market><stalls>8</stalls><half>4</half><keepers><name>王小五</name><heat>36.5</heat></keepers>"
        f"<meta><instanceID>uuid:{new_id()}</instanceID></meta></data>"
    )
    assert (answer.status_code, held()) == (201, [])
    with seeing(EVERYTHING):
        [entry] = ledger.entries_about(county_of(COUNTY), [f"area:{code_of(VILLAGE)}"])
    assert (entry.kind, entry.body["stalls"]) == (NAME, 8)
    assert entry.body["keepers"] == [{"name": "王小五", "heat": 36.5}]


@pytest.fixture
def grid(phone: Phone) -> Iterator[Phone]:
    own_kinds.forget()
    with seeing(EVERYTHING):
        # Their list of choices has the name of one of ours.
        declare_form(area=COUNTY, xform=xform(GRID.replace("towns", "areas")), form_id="grid", label="1", subject="area",
                     file=b"it", file_name="摸底.xlsx", files=GRID_LISTS, by=BY, at=now())  # fmt: skip
    yield phone
    own_kinds.forget()


def test_its_lists_are_in_the_manifest(grid: Phone) -> None:
    manifest = fromstring(grid.get("forms/own_610927_grid/manifest").content)
    ns = "{http://openrosa.org/xforms/xformsManifest}"
    files = {one.findtext(f"{ns}filename"): one for one in manifest}
    assert set(files) == {"areas.csv", "stalls.csv"}
    stalls = files["stalls.csv"]
    assert stalls.get("type") is None and stalls.find(f"{ns}integrityUrl") is None
    served = grid.get("forms/own_610927_grid/files/stalls.csv")
    assert served.content.decode().replace("\r\n", "\n") == GRID_LISTS["stalls.csv"].decode()
    assert stalls.findtext(f"{ns}hash") == f"md5:{md5(served.content, usedforsecurity=False).hexdigest()}"
    assert str(stalls.findtext(f"{ns}downloadUrl")).endswith("forms/own_610927_grid/files/stalls.csv")
    assert grid.get("forms/own_610927_grid/files/other.csv").status_code == 404


def test_a_list_of_theirs_with_the_name_of_one_of_ours_steps_aside(grid: Phone) -> None:
    form = grid.get("forms/own_610927_grid.xml").content.decode()
    assert form.count('src="jr://file-csv/areas.csv"') == form.count('id="areas"') == 1
    assert 'src="jr://file-csv/stalls.csv"' in form and "一号摊" not in form
    assert form.count('id="own_areas"') == 1 and form.count("instance('own_areas')") == 1


def test_what_collect_sends_is_judged_row_in_row_and_against_the_lists(grid: Phone, held: Read) -> None:
    def sent(stall: str, age: str) -> int:
        return grid.post(
            f'<data id="own_610927_grid" version="1"><_subject><_area>{code_of(VILLAGE)}</_area></_subject><town>b</town>'
            f"<stall>{stall}</stall><keeper>李</keeper><homes><door>1</door><quarter>a</quarter><street>a1</street><members>"
            f"<who>甲</who><age>{age}</age></members><members><who>乙</who></members><n>2</n></homes><everybody>2</everybody>"
            f"<meta><instanceID>uuid:{new_id()}</instanceID></meta></data>"
        ).status_code

    assert (sent("2", "40"), held()) == (201, [])
    with seeing(EVERYTHING):
        [entry] = ledger.entries_about(county_of(COUNTY), [f"area:{code_of(VILLAGE)}"])
    assert entry.body["homes"][0]["members"] == [{"who": "甲", "age": 40}, {"who": "乙"}]
    assert (sent("1", "40"), sent("2", "400"), len(held())) == (202, 202, 2)

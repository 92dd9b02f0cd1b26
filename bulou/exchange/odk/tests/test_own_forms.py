"""A form a county uploaded is one for Collect too, at once, and what comes back is judged by its version."""

from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from bulou.command.actions import declare_form
from bulou.command.queries import own_kinds
from bulou.core.divisions import code_of
from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from bulou.exchange.odk.tests.conftest import BY, COUNTY, VILLAGE, Phone
from bulou.ledger import queries as ledger
from bulou.records.uploaded.tests.made import DAILY, xform

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
        [entry] = ledger.entries_about(COUNTY // 10**12, [f"area:{code_of(VILLAGE)}"])
    assert (entry.kind, entry.body["stalls"]) == (NAME, 8)
    assert entry.body["keepers"] == [{"name": "王小五", "heat": 36.5}]

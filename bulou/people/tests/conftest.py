"""镇坪's 竹溪河社区 with two groups, and a law under which an order to visit opens a duty a household and a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bulou.areas.actions import import_file
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import law as installed
from bulou.ledger.rules import Effects, Entry, Law, Meeting, Opening
from bulou.people import queries

COUNTY = 610927
TOP = COUNTY * 10**12
TOWN = 610927_100 * 10**9
VILLAGE = 610927_100_201 * 10**6
GROUP_1, GROUP_2 = VILLAGE + 10**4, VILLAGE + 2 * 10**4
OTHER_VILLAGE = 610927_100_202 * 10**6
OTHER_GROUP = OTHER_VILLAGE + 10**4
AT = datetime(2020, 1, 26, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANNA, ANNAS_ID = "安娜", "11010519491231002X"
BY = "account:desk"


AREAS = """code,name,level,parent,kind
610000000000,陕西省,province,,省
610900000000,安康市,prefecture,610000000000,市
610927000000,镇坪县,county,610900000000,县
610927100000,城关镇,township,610927000000,镇
610927100201,竹溪河社区,village,610927100000,社区
610927100202,文彩村,village,610927100000,村
610927100201010000,一组,local1,610927100201,组
610927100201020000,二组,local1,610927100201,组
610927100202010000,一组,local1,610927100202,组
"""


@dataclass(frozen=True)
class Toy:
    """sweep: every household of the area is visited, every person seen, within a day. visit, seen: it was done."""

    name: str
    sets: frozenset[str] = field(default_factory=frozenset)

    def problems(self, entry: Entry) -> list[str]:
        return []

    def effects(self, entry: Entry) -> Effects:
        at = entry.happened_at
        if self.name == "sweep":
            due = at + timedelta(days=1)
            return Effects(
                [
                    Opening("visit", "role:grid_worker", "", entry.area, at, due, over="households"),
                    Opening("seen", "role:grid_worker", "", entry.area, at, due, over="persons"),
                ]
            )
        return Effects((), [Meeting(self.name, entry.subject)])


def places(county: int, subjects: set[str]) -> Mapping[str, object]:
    from bulou.areas.queries import places as areas_places

    return {**areas_places(county, subjects), **queries.places(county, subjects)}


@pytest.fixture
def county(db, monkeypatch, tmp_path):
    kinds = {name: Toy(name) for name in ("visit", "seen")} | {
        "sweep": Toy("sweep", frozenset({"households", "persons"}))
    }
    monkeypatch.setattr(installed, "_installed", [Law(kinds, places, queries.members, queries.joined)])
    (tmp_path / "areas.csv").write_text(AREAS, encoding="utf-8")
    report = import_file(tmp_path / "areas.csv", by=BY, at=AT)
    assert not report.errors
    with seeing(EVERYTHING):
        yield COUNTY


def sweep(area: int, n: int = 1, at: datetime = AT) -> Entry:
    from bulou.core.divisions import code_of

    return Entry(UUID(int=n), "sweep", f"area:{code_of(area)}", area, at, at, BY)


def entry(n: int, kind: str, subject: str, at: datetime = AT + HOUR) -> Entry:
    return Entry(UUID(int=n), kind, subject, TOP, at, at, "account:anna")

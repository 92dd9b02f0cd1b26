"""A village with two grids, five households each of two people, under an order to visit every household.

安娜 works in the first grid, 巴勇 in the second; 杜梅 is clerk at the township. All names are made up.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bulou.access.tests.people import make_account
from bulou.areas.actions import add_area, import_areas
from bulou.areas.rules.rows import RawRow
from bulou.command.actions import use_ruleset
from bulou.core.divisions import county_of, number_of
from bulou.core.ids import new_id
from bulou.core.moments import day_of
from bulou.ledger.actions import append
from bulou.ledger.rules import Entry
from bulou.people.actions import register_household, register_person

COUNTY = number_of("610927000000")
TOWN = number_of("610927100000")
VILLAGE = number_of("610927100201")
SYSTEM = "system:test"
NAMES = (("王大勇", "李秀英"), ("陈志国", "周玉兰"), ("赵德厚", "孙芳"), ("吴长江", "郑春梅"), ("冯国强", "褚霞"))
ROWS = [("610000000000", "陕西省", "province", ""), ("610900000000", "安康市", "prefecture", "610000000000"),
        ("610927000000", "镇坪县", "county", "610900000000"), ("610927100000", "城关镇", "township", "610927000000"),
        ("610927100201", "文彩村", "village", "610927100000")]  # fmt: skip


@dataclass
class Village:
    """`households` are in turn of the first and the second grid; `persons` are by household."""

    at: datetime
    grids: list[int] = field(default_factory=list)
    households: list[UUID] = field(default_factory=list)
    persons: dict[UUID, list[UUID]] = field(default_factory=dict)
    accounts: dict[str, UUID] = field(default_factory=dict)

    def subject(self, i: int) -> str:
        return f"household:{self.households[i]}"

    def visit(self, i: int, **more: Any) -> dict[str, Any]:
        """Return the body of a visit to household i that found everybody at home and well."""
        rows = [
            {"person": f"person:{person}", "name": name, "presence": "present", "identity": "known_person",
             "returned": "no", "contacts": ["none"], "temperature": 36.5, "symptoms": ["none"]}
            for person, name in zip(self.persons[self.households[i]], NAMES[i % 5], strict=True)
        ]  # fmt: skip
        return {"outcome": "at_home", "look_back_date": "2020-01-10", "look_back_included": "yes", "members": rows,
                "nobody_returned": "yes", "established_by": ["asked_here"], **more}  # fmt: skip


def make_village(at: datetime, *, households: int = 10) -> Village:
    """Make the village as it stands at `at`, with an order since an hour that is due in six."""
    made, before = Village(at), at - timedelta(days=1)
    rows = [RawRow("made", n, *row) for n, row in enumerate(ROWS, 2)]
    assert not import_areas(rows, by=SYSTEM, at=before).error_count
    use_ruleset(area=COUNTY, name="cn-2020-02-community", since=day_of(before), basis="令", by=SYSTEM, at=before)
    made.grids = [
        add_area(VILLAGE, name=name, kind="网格", by=SYSTEM, at=before).number for name in ("一组网格", "二组网格")
    ]
    for i in range(households):
        home = register_household(area=made.grids[i % 2], by=SYSTEM, at=before, list_name="册", number=str(i + 1),
                                  address=f"{i + 1}号", dwelling="owner")  # fmt: skip
        made.households.append(home)
        made.persons[home] = [
            register_person(name=name, by=SYSTEM, at=before, household=home, county=county_of(COUNTY), is_head=not j,
                            list_name="册", phone=f"1380{i:04d}{j:03d}")
            for j, name in enumerate(NAMES[i % 5])
        ]  # fmt: skip
    for username, name, role, area in (("anna", "安娜", "grid_worker", made.grids[0]),
                                       ("bayong", "巴勇", "grid_worker", made.grids[1]),
                                       ("clerk", "杜梅", "township", TOWN)):  # fmt: skip
        made.accounts[username] = make_account(role, area, username=username, name=name, at=before)
    order(made, at - timedelta(hours=1), at + timedelta(hours=6))
    return made


def order(made: Village, at: datetime, due: datetime) -> UUID:
    """Order every household of the county visited by `due`."""
    body = {"title": "第一轮大排查", "items": ["identity", "time", "contacts", "temperature"],
            "look_back_date": "2020-01-10", "look_back_included": "yes", "due": due.isoformat()}  # fmt: skip
    entry = Entry(new_id(), "sweep_order", "area:610927000000", COUNTY, at, at, SYSTEM, body)
    receipt = append([entry], at=at)[0]
    assert receipt.outcome == "applied", receipt
    return receipt.id

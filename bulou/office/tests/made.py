"""A small county for the screens: one town, two villages, four grids, nine households, a sweep ordered this morning.

People have made-up names. 安娜 works in the first grid of 文彩村; nobody at all answers for the second grid of 鱼坪村.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from bulou.access.actions import create_account, grant
from bulou.areas.actions import add_area, assign_responsibilities, import_areas
from bulou.areas.rules.answering import Assignment
from bulou.areas.rules.rows import RawRow
from bulou.command.actions import use_ruleset
from bulou.core.divisions import county_of, number_of
from bulou.core.ids import new_id
from bulou.core.moments import day_of
from bulou.ledger.actions import Receipt, append
from bulou.ledger.rules import Entry
from bulou.people.actions import register_household, register_person

COUNTY = number_of("610927000000")
TOWN = number_of("610927100000")
VILLAGE = number_of("610927100201")
OTHER_VILLAGE = number_of("610927100202")
SYSTEM = "system:test"
PASSWORD = "correct horse battery staple"


@dataclass
class County:
    """Everything a test may want to point at."""

    at: datetime
    grids: list[int] = field(default_factory=list)
    households: list[UUID] = field(default_factory=list)
    persons: dict[UUID, list[UUID]] = field(default_factory=dict)  # household -> members
    order: UUID | None = None
    accounts: dict[str, UUID] = field(default_factory=dict)

    @property
    def county(self) -> int:
        return county_of(COUNTY)

    def subject(self, i: int) -> str:
        return f"household:{self.households[i]}"


NAMES = (("王大勇", "李秀英", "王小宝"), ("陈志国", "周玉兰"), ("赵德厚",), ("孙建军", "钱桂花"),
         ("吴长江", "郑春梅", "吴亮"), ("冯国强",), ("褚卫东", "卫红霞"), ("蒋文学", "沈月娥"), ("韩立冬",))  # fmt: skip


def make_county(at: datetime, *, sweep: bool = True) -> County:
    """Make the county as it stands at `at`; with `sweep`, an order since two hours that is due in six."""
    made = County(at)
    before = at - timedelta(days=1)
    rows = [("610000000000", "陕西省", "province", ""), ("610900000000", "安康市", "prefecture", "610000000000"),
            ("610927000000", "镇坪县", "county", "610900000000"),
            ("610927100000", "城关镇", "township", "610927000000"),
            ("610927100201", "文彩村", "village", "610927100000"),
            ("610927100202", "鱼坪村", "village", "610927100000")]  # fmt: skip
    _import(rows, before)
    use_ruleset(
        area=COUNTY, name="cn-2020-02-community", since=day_of(before), basis="指挥部令第1号", by=SYSTEM, at=before
    )
    for village in (VILLAGE, OTHER_VILLAGE):
        for name in ("一组网格", "二组网格"):
            made.grids.append(add_area(village, name=name, kind="网格", by=SYSTEM, at=before).number)
    since = day_of(before)
    assign_responsibilities(
        [
            Assignment(COUNTY, "县包抓领导", "何县长", since, tier=1, unit="县政府", phone="13900000001"),
            Assignment(TOWN, "镇长", "杜国平", since, tier=2, unit="城关镇政府", phone="13900000002"),
            Assignment(VILLAGE, "村支书", "马守田", since, tier=2, unit="文彩村", phone="13900000003"),
            Assignment(made.grids[0], "网格员", "安娜", since, tier=3, unit="文彩村", phone="13812345678"),
            Assignment(made.grids[1], "网格员", "巴勇", since, tier=3, unit="文彩村", phone="13812345679"),
            Assignment(made.grids[2], "网格员", "迟静", since, tier=3, unit="鱼坪村", phone="13812345670"),
        ],
        by=SYSTEM, at=before,
    )  # fmt: skip
    for i, names in enumerate(NAMES):
        home = register_household(area=made.grids[i % 4], by=SYSTEM, at=before, list_name="常住人口册", number=str(i + 1),
                                  address=f"{i + 1}号", dwelling="owner")  # fmt: skip
        made.households.append(home)
        made.persons[home] = [
            register_person(name=name, by=SYSTEM, at=before, household=home, county=made.county, is_head=not j,
                            list_name="常住人口册", sex="male" if j == 0 else "female", phone=f"1380000{i:02d}{j:02d}",
                            relation="户主" if j == 0 else "家人")
            for j, name in enumerate(names)
        ]  # fmt: skip
    for name, role, area in (("headquarters", "headquarters", COUNTY), ("village", "village", VILLAGE),
                             ("grid", "grid_worker", made.grids[0]), ("auditor", "auditor", COUNTY),
                             ("desk", "county_desk", COUNTY)):  # fmt: skip
        made.accounts[name] = make_account(name, role, area, before)
    if sweep:
        made.order = order_sweep(made, at - timedelta(hours=2), at + timedelta(hours=6))
    return made


def _import(rows: list[tuple[str, str, str, str]], at: datetime) -> None:
    raws = [
        RawRow("made", number, code, name, level, parent) for number, (code, name, level, parent) in enumerate(rows, 2)
    ]
    report = import_areas(raws, by=SYSTEM, at=at)
    assert not report.error_count, report


def make_account(name: str, role: str, area: int, at: datetime, username: str = "") -> UUID:
    account = create_account(username=username or name, display_name=name, area=area, password=PASSWORD, by=SYSTEM, at=at,
                             must_change_password=False)  # fmt: skip
    grant(account=account, role=role, area=area, by=SYSTEM, at=at)
    return account


def write(
    made: County, kind: str, subject: str, area: int, at: datetime, body: dict, by: str = SYSTEM, version: int = 1
) -> Receipt:
    entry = Entry(new_id(), kind, subject, area, at, at, by, body, version=version)
    return append([entry], at=at)[0]


def order_sweep(made: County, at: datetime, due: datetime, until: datetime | None = None) -> UUID:
    """Order every household of the county swept by `due`; it may still be done `until` then."""
    body = {"title": "第一轮大排查", "items": ["identity", "time", "contacts", "temperature"],
            "look_back_date": "2020-01-10", "look_back_included": "yes", "due": due.isoformat(),
            **({"until": until.isoformat()} if until else {})}  # fmt: skip
    receipt = write(made, "sweep_order", "area:610927000000", COUNTY, at, body)
    assert receipt.outcome == "applied", receipt
    return receipt.id


def visit_body(made: County, i: int, **more: object) -> dict:
    """Return the body of a visit that found everybody of household i at home and well."""
    names = NAMES[i]
    rows = [
        {"person": f"person:{person}", "name": name, "presence": "present", "identity": "known_person", "returned": "no",
         "contacts": ["none"], "temperature": 36.5, "symptoms": ["none"]}
        for person, name in zip(made.persons[made.households[i]], names, strict=True)
    ]  # fmt: skip
    return {"outcome": "at_home", "look_back_date": "2020-01-10", "look_back_included": "yes", "members": rows,
            "nobody_returned": "yes", "established_by": ["asked_here"], **more}  # fmt: skip


def visit(made: County, i: int, at: datetime, by: str = SYSTEM) -> Receipt:
    """Write that household i was visited and everybody found well."""
    area = made.grids[i % 4]
    receipt = write(made, "household_visit", made.subject(i), area, at, visit_body(made, i), by)
    assert receipt.outcome == "applied", receipt
    return receipt

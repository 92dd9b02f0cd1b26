"""Before the first day: areas, groups and their staff, registers, the incident and its headquarters."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

from django.conf import settings

from bulou.areas import queries as areas
from bulou.areas.actions import add_area, assign_responsibilities, end_responsibility, import_file
from bulou.areas.rules.answering import DIRECT, FIRST, SPECIFIC, Assignment
from bulou.command.actions import open_incident, set_level, set_up_headquarters, use_ruleset
from bulou.command.queries import template
from bulou.core.divisions import TOWNSHIP, VILLAGE, code_of, county_of, depth_of, number_of
from bulou.core.moments import at_midnight
from bulou.drill.rules.blueprints import Blueprint, share_groups
from bulou.drill.rules.people import make_households, make_name
from bulou.people.actions import import_rows
from bulou.people.rules.columns import Field
from bulou.people.rules.rows import Line

BY = "drill:setup"

Say = Callable[[str], None]

COLUMNS = {
    "区划代码": Field.AREA_CODE, "户号": Field.NUMBER, "户主": Field.HEAD, "住址": Field.ADDRESS,
    "住户类别": Field.CLASS, "住房情况": Field.DWELLING, "姓名": Field.NAME, "与户主关系": Field.RELATION,
    "性别": Field.SEX, "身份证号": Field.ID_NUMBER, "联系电话": Field.PHONE, "去向": Field.AWAY_TO,
}  # fmt: skip


def is_urban(name: str) -> bool:
    return "社区" in name or name.endswith("居委会")


def set_up(blueprint: Blueprint, *, people: int, seed: int, say: Say) -> int:
    """Build the county of the blueprint with about so many made-up people; return its area number."""
    chance = Random(seed)
    at = at_midnight(blueprint.first_day) - timedelta(hours=6)
    county = number_of(blueprint.county)
    report = import_file(settings.BLUEPRINTS / "divisions" / f"{blueprint.divisions}.csv", by=BY, at=at)
    say(f"区划 {report.added} 个")
    groups = _add_groups(blueprint, county, at)
    if blueprint.groups:
        say(f"责任小组 {len(groups)} 个")
    _staff(blueprint, county, groups, chance, at)
    _begin(blueprint, county, at)
    lines = _register(blueprint, groups, people, chance)
    counts = import_rows(lines, list_name="户籍登记", area=county, mapping=COLUMNS, by=BY, at=at)
    say(f"登记 {counts.added} 行")
    return county


def _add_groups(blueprint: Blueprint, county: int, at: datetime) -> list[tuple[int, bool]]:
    """Divide every village into its responsibility groups; return each group's number and whether it is urban.

    A county that reported none keeps its villages whole.
    """
    villages = areas.at_level(county, VILLAGE)
    if not blueprint.groups:
        return [(village.number, is_urban(village.name)) for village in villages]
    groups: list[tuple[int, bool]] = []
    for village, count in zip(villages, share_groups(blueprint.groups, len(villages)), strict=True):
        urban = is_urban(village.name)
        for n in range(1, count + 1):
            name, kind = (f"第{n}网格", "网格") if urban else (f"第{n}组", "组")
            groups.append((add_area(village.number, name=name, kind=kind, by=BY, at=at).number, urban))
    return groups


def _staff(blueprint: Blueprint, county: int, groups: list[tuple[int, bool]], chance: Random, at: datetime) -> None:
    """Put people in the places the county's templates ask for, and in the three tiers above the groups."""
    since = at.date()
    templates = areas.grid_templates()

    def place(area: int, role: str, tier: int | None = None, unit: str = "") -> Assignment:
        phone = f"1{chance.choice('3578')}{chance.randrange(10**9):09d}"
        return Assignment(area, role, make_name(chance), since, tier=tier, unit=unit, phone=phone)

    wanted = [place(county, "县委书记", FIRST, "县委"), place(county, "县长", DIRECT, "县政府"),
              place(county, "县级专班", SPECIFIC, "县疾控中心")]  # fmt: skip
    for township in areas.at_level(county, TOWNSHIP):
        wanted += [place(township.number, "党委书记", FIRST), place(township.number, "包镇干部", DIRECT)]
    for village in areas.at_level(county, VILLAGE):
        wanted += [place(village.number, "包村干部", DIRECT), place(village.number, "村党支部书记", SPECIFIC),
                   place(village.number, "乡村医生")]  # fmt: skip
    for number, urban in groups if blueprint.groups else ():
        template = templates[blueprint.urban_template if urban else blueprint.rural_template]
        for i, slot in enumerate(template.slots):
            for _ in range(max(slot.least, 1)):
                wanted.append(place(number, chance.choice(slot.roles), SPECIFIC if i == 0 else None))
    placed = assign_responsibilities(wanted, by=BY, at=at)
    # Two group leaders leave on the way, and for a while nobody answers for their doors.
    leaders = [i for i, one in enumerate(wanted) if one.tier == SPECIFIC and depth_of(one.area) > VILLAGE]
    for i in chance.sample(leaders, min(2, len(leaders))):
        left = blueprint.last_day - timedelta(days=3)
        end_responsibility(placed[i], county=county_of(county), until=left, by=BY, at=at)


def _begin(blueprint: Blueprint, county: int, at: datetime) -> None:
    opened = blueprint.opened_on
    incident = open_incident(area=county, name=blueprint.incident, disease=blueprint.disease, opened_on=opened,
                             basis="演练", by=BY, at=at)  # fmt: skip
    set_level(area=county, incident=incident, level=blueprint.response_level, since=opened, basis="演练", by=BY, at=at)
    use_ruleset(area=county, name=blueprint.ruleset, since=opened, basis="演练", by=BY, at=at)
    set_up_headquarters(area=county, incident=incident, template=template(), by=BY, at=at)


def _register(blueprint: Blueprint, groups: list[tuple[int, bool]], people: int, chance: Random) -> Iterator[Line]:
    """Yield the register as the lines of a list, household by household."""
    number = 0
    made = make_households(groups, people, chance=chance, region=blueprint.county, today=blueprint.first_day)
    for home in made:
        head = home.members[0].name if home.members else ""
        base = {"区划代码": code_of(home.area), "户号": home.number, "住址": home.address,
                "住户类别": home.household_class, "住房情况": home.dwelling, "户主": head}  # fmt: skip
        if not home.members:
            number += 1
            yield Line("演练", number, base)
        for person in home.members:
            number += 1
            yield Line("演练", number, base | {
                "姓名": person.name, "与户主关系": person.relation, "性别": person.sex, "身份证号": person.id_number,
                "联系电话": person.phone, "去向": person.away_to,
            })  # fmt: skip

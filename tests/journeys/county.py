"""A small county for the journeys, made in a data folder of its own: `BULOU_DATA=folder python -m tests.journeys.county`.

Prints what the journeys need to know of it, as JSON. Every journey keeps to its own corner, so that their order does not
matter: the first grid of 文彩村 is visited, the second takes an import, the first grid of 鱼坪村 is swept to the end, and
石寨村, which the small county has not, is where the phones go.
"""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bulou.core.scope import EVERYTHING, seeing
from bulou.site.installation import prepare

if TYPE_CHECKING:
    from bulou.office.tests.made import County


def main() -> None:
    prepare()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    with seeing(EVERYTHING):
        print(json.dumps(make(), default=str))


def make() -> dict[str, object]:
    from bulou.core.ids import new_id
    from bulou.core.moments import day_of, now
    from bulou.ledger.actions import append
    from bulou.ledger.rules import Entry
    from bulou.office.tests import made as small

    at = now() - timedelta(minutes=5)
    made = small.make_county(at)
    ordered = small.write(
        made, "report_order", "area:610927000000", small.COUNTY, at,
        {"first_day": day_of(at).isoformat(), "days": 3},
    )  # fmt: skip
    assert ordered.outcome == "applied", ordered
    # Of household 6 one member was out when the rest were visited; of household 2 nobody has been seen at all.
    visit = small.visit_body(made, 6)
    visit["members"][1] = {key: visit["members"][1][key] for key in ("person", "name")} | {"presence": "out_today"}
    assert small.write(made, "household_visit", made.subject(6), made.grids[2], at, visit).outcome == "applied"
    # The point left out, sent by a phone: it waits in the tray.
    hot = small.visit_body(made, 3)
    hot["members"][0]["temperature"] = 367
    (held,) = append(
        [Entry(new_id(), "household_visit", made.subject(3), made.grids[3], at, at, small.SYSTEM, hot)], at=at
    )
    assert held.outcome == "held", held
    phones = _village_of_phones(made, at - timedelta(hours=1))
    return asdict(made) | {
        "phones": phones,
        "desk": _post_of_phones(made, at - timedelta(hours=1)),
        "shared": _post_of_two(made, at - timedelta(hours=1)),
        "password": small.PASSWORD,
        "persons": {str(k): v for k, v in made.persons.items()},
    }


def _village_of_phones(made: "County", at: datetime) -> dict[str, object]:
    """Make a village with one grid, eight households of two, two workers, and one person to be checked every day."""
    from bulou.areas.actions import add_area
    from bulou.core.moments import day_of
    from bulou.office.tests import made as small
    from bulou.people.actions import register_household, register_person

    village = add_area(small.TOWN, name="石寨村", kind="村", by=small.SYSTEM, at=at).number
    grid = add_area(village, name="一组网格", kind="网格", by=small.SYSTEM, at=at).number
    homes, persons = [], []
    for i, names in enumerate(
        (
            ("魏国安", "石兰"),
            ("唐建国", "罗梅"),
            ("向明", "向阳"),
            ("田秀", "田野"),
            ("谭勇", "谭丽"),
            ("马龙", "马骏"),
            ("秦川", "秦岭"),
            ("龙泉", "龙江"),
        )
    ):
        homes.append(register_household(area=grid, by=small.SYSTEM, at=at, list_name="常住人口册", number=f"S{i + 1}",
                                        address=f"石寨{i + 1}号", dwelling="owner"))  # fmt: skip
        persons.append([
            register_person(name=name, by=small.SYSTEM, at=at, household=homes[-1], county=made.county, is_head=not j,
                            list_name="常住人口册", phone=f"1370000{i:02d}{j:02d}")
            for j, name in enumerate(names)
        ])  # fmt: skip
    for name in ("phone-a", "phone-b"):
        made.accounts[name] = small.make_account(name, "grid_worker", grid, at)
    body = {"reason": "returnee", "basis": "指挥部令第2号", "days": 14, "start_basis": "departure",
            "start": day_of(at).isoformat(), "checked_by": "grid_worker"}  # fmt: skip
    ordered = small.write(made, "followup_order", f"person:{persons[4][0]}", grid, at, body)
    assert ordered.outcome == "applied", ordered
    return {"village": village, "grid": grid, "homes": homes, "persons": persons, "form": _door_notice(made, at)}


def _door_notice(made: "County", at: datetime) -> str:
    from bulou.office.tests.made import COUNTY, SYSTEM
    from bulou.own_forms.actions import declare_form
    from bulou.records.uploaded.tests.made import DOOR_NOTICE, xform

    declare_form(area=COUNTY, xform=xform(DOOR_NOTICE), form_id="door-notice", label="1", subject="household",
                 file=b"it", file_name="告示.xlsx", by=SYSTEM, at=at)  # fmt: skip
    return "own_610927_door_notice"


def _post_of_phones(made: "County", at: datetime) -> dict[str, object]:
    """Make a village of its own with a post on the road, one of whose staff is on duty now and another comes next."""
    from bulou.office.tests import made as small

    made.accounts["desk-village"] = small.make_account("desk-village", "village", small.VILLAGE, at)
    start, after = at + timedelta(hours=1), at + timedelta(hours=2)
    return _post(
        made, at, "关垭", (("秦岭", "desk-a", start, after), ("安康", "desk-b", after, after + timedelta(hours=8)))
    )


def _post_of_two(made: "County", at: datetime) -> dict[str, object]:
    """Make another, whose turn ends in a few minutes: both who hand over are there."""
    start, after = at + timedelta(hours=1), at + timedelta(hours=1, minutes=25)
    return _post(
        made, at, "界岭", (("丁山", "shift-a", start, after), ("柏立", "shift-b", after, after + timedelta(hours=8)))
    )


def _post(
    made: "County", at: datetime, name: str, staff: "tuple[tuple[str, str, datetime, datetime], ...]"
) -> dict[str, object]:
    """Make a village with a post of that name; `staff`: who stands there, their account, from when to when."""
    from bulou.areas.actions import add_area
    from bulou.checkpoints.actions import order_post
    from bulou.core.moments import day_of
    from bulou.core.scope import EVERYTHING, seeing
    from bulou.office.tests import made as small
    from bulou.rosters import queries as rosters
    from bulou.rosters.actions import add_post, add_responders, publish
    from bulou.rosters.rules.registers import NewPost, NewResponder
    from bulou.rosters.rules.turns import Turn

    village = add_area(small.TOWN, name=f"{name}村", kind="村", by=small.SYSTEM, at=at).number
    for _, account, _, _ in staff:
        made.accounts[account] = small.make_account(account, "post_staff", village, at)
    post = add_post(NewPost(f"{name}检查点", village, type="interprovincial", road="G541"), by=small.SYSTEM, at=at)
    with seeing(EVERYTHING):
        body = {
            "type": "interprovincial", "road": "G541", "place": name, "passage": "checked", "basis": "指挥部令第1号",
            "starts": at.isoformat(), "until": (day_of(at) + timedelta(days=10)).isoformat(), "hours": "00:00-24:00",
        }  # fmt: skip
        ordered = order_post(post=rosters.get_post(village, post), body=body, by=small.SYSTEM, at=at)
        assert ordered.outcome == "applied", ordered
        people = add_responders(
            [NewResponder(who, village, roles=("police",), account=made.accounts[account])
             for who, account, _, _ in staff],
            by=small.SYSTEM, at=at,
        )  # fmt: skip
        turns = [Turn(post, who, since, until, "police", True)
                 for who, (_, _, since, until) in zip(people, staff, strict=True)]  # fmt: skip
        publish(turns, county=made.county, by=small.SYSTEM, at=at)
    return {"village": village, "post": post}


if __name__ == "__main__":
    main()

"""A report a day from every village and township."""

from typing import Any

from bulou.records.examples import Example, Said

COUNTY = "area:610927000000"
VILLAGE, TOWNSHIP = "area:610927100201", "area:610927100000"
AREAS = {"villages": [VILLAGE], "townships": [TOWNSHIP]}


def ordered(at: str = "2020-01-26 08:00", **changes: Any) -> Said:
    return Said("report_order", COUNTY, at, {"first_day": "2020-01-26", "days": 3, **changes}, area="610927000000")


def reported(at: str, day: str) -> Said:
    body = {"day": day, "cutoff_at": f"{day}T09:00", "zero": "yes", "confirmed": True}
    return Said("situation_report", VILLAGE, at, body)


EXAMPLES = [
    Example(
        "村每天10时前、乡镇13时前各欠一份",
        [ordered()],
        now="2020-01-26 10:01",
        members=AREAS,
        owed={
            ("report.situation", VILLAGE): ["overdue", "waiting", "waiting"],
            ("report.situation", TOWNSHIP): ["open", "waiting", "waiting"],
        },
        shown={"从哪天报起": "2020-01-26", "报多少天": "3"},
    ),
    Example(
        "周一没报,周二报了:周一还是缺",
        [ordered(), reported("2020-01-27 09:30", "2020-01-27")],
        now="2020-01-27 11:00",
        members={"villages": [VILLAGE]},
        owed={("report.situation", VILLAGE): ["overdue", "met", "waiting"]},
    ),
    Example(
        "过了当天的时限才下令,从第二天起欠",
        [ordered("2020-01-26 15:00")],
        now="2020-01-26 16:00",
        members={"villages": [VILLAGE]},
        owed={("report.situation", VILLAGE): ["waiting", "waiting"]},
    ),
    Example("不能要求补报过去的日子", [ordered(first_day="2020-01-20")], refused="不能早于今天"),
    Example("没有尽头的日报令不收", [ordered(days=365)], refused="不能超过规定的上限"),
]

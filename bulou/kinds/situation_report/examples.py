"""The day's report: zero in one tap, late, and corrected after the cut-off."""

from typing import Any

from bulou.records.examples import Example, Said

VILLAGE = "area:610927100201"
ORDER = Said("report_order", "area:610927100201", "2020-01-26 08:00", {"first_day": "2020-01-26", "days": 2})
VILLAGES = {"villages": [VILLAGE]}
BODY: dict[str, Any] = {
    "day": "2020-01-26",
    "cutoff_at": "2020-01-26T09:00",
    "numbers": [{"indicator": "households_visited", "value": 212}, {"indicator": "returnees", "value": 9}],
    "zero": "no",
    "situation": "新登记返乡9人,均居家观察",
    "confirmed": True,
}
ZERO = {"day": "2020-01-26", "cutoff_at": "2020-01-26T09:00", "numbers": [], "zero": "yes", "confirmed": True}


def reported(at: str = "2020-01-26 09:30", body: dict[str, Any] = BODY, **changes: Any) -> Said:
    return Said("situation_report", VILLAGE, at, {**body, **changes})


EXAMPLES = [
    Example(
        "按时报了",
        [ORDER, reported()],
        now="2020-01-26 12:00",
        members=VILLAGES,
        owed={("report.situation", VILLAGE): ["met", "waiting"]},
        shown={"哪一天": "2020-01-26", "今天没有新情况(零报告)": "否", "数字截至": "2020-01-26 09:00"},
    ),
    Example(
        "零报告也是报告",
        [ORDER, reported(body=ZERO)],
        now="2020-01-26 12:00",
        members=VILLAGES,
        owed={("report.situation", VILLAGE): ["met", "waiting"]},
    ),
    Example(
        "过了10时才报,是迟报",
        [ORDER, reported("2020-01-26 10:30")],
        now="2020-01-26 12:00",
        members=VILLAGES,
        owed={("report.situation", VILLAGE): ["met late", "waiting"]},
    ),
    Example(
        "今天补报昨天的,收下,但顶不了今天的",
        [ORDER, reported("2020-01-27 09:00")],
        now="2020-01-27 10:01",
        members=VILLAGES,
        owed={("report.situation", VILLAGE): ["overdue", "overdue"]},
    ),
    Example(
        "截止后更正,两版都在,按时报的还是按时",
        [
            ORDER,
            reported(),
            Said(
                "correction",
                VILLAGE,
                "2020-01-26 15:00",
                {"body": {**BODY, "situation": "新登记返乡8人,一人重复"}, "reason": "王姓一人登记了两次"},
                amends=2,
            ),
        ],
        now="2020-01-26 16:00",
        members=VILLAGES,
        owed={("report.situation", VILLAGE): ["met", "waiting"]},
    ),
    Example("没有人核对确认,不算报", [reported(confirmed=False)], refused="「以上数字已核对」必须填写"),
    Example("说有情况,却没写", [reported(situation="")], refused="「今天的情况」必须填写"),
    Example("报的是明天", [reported(day="2020-01-27")], refused="「哪一天」不能晚于今天"),
    Example("数字截至时间在将来", [reported(cutoff_at="2020-01-26T10:00")], refused="不能晚于现在"),
    Example("人数是负的", [reported(numbers=[{"indicator": "returnees", "value": -1}])], refused="不能小于 0"),
]

"""Ten things clear of one person, and a stranger in a household."""

from typing import Any

from bulou.records.examples import Example, Said

RETURNEE = {
    "new": "no",
    "category": "back_from_outbreak",
    "place": "湖北武汉",
    "moved_on": "2020-01-22",
    "route": "武汉—十堰—镇坪",
    "vehicle": "own_car",
    "service": "鄂A12345",
    "contacts": ["none"],
    "symptoms": ["none"],
    "measures": ["home_observation"],
    "companions": "妻子、儿子同车",
}
STRANGER = {
    "new": "yes",
    "name": "陈晨",
    "category": "outsider",
    "place": "湖北竹溪",
    "moved_on": "2020-01-29",
    "contacts": ["unknown"],
    "symptoms": ["none"],
}
VISIT = {
    "outcome": "at_home",
    "look_back_date": "2020-01-08",
    "look_back_included": "yes",
    "members": [
        {
            "name": "陈晨",
            "presence": "present",
            "identity": "told",
            "returned": "yes",
            "returned_on": "2020-01-29",
            "returned_from": "湖北竹溪",
            "contacts": ["none"],
            "temperature": 36.4,
            "symptoms": ["none"],
        }
    ],
    "nobody_returned": "no",
}


def noted(body: dict[str, Any], subject: str = "person:1", **changes: Any) -> Said:
    return Said("person_noted", subject, "2020-01-30 12:00", {**body, **changes})


FOUND = Said("household_visit", "household:1", "2020-01-30 10:00", VISIT)

EXAMPLES = [
    Example(
        "返乡人员,十项都清楚",
        [noted(RETURNEE)],
        shown={"属于哪一类": "来自疫区返乡", "从哪里来、到哪里去": "湖北武汉", "到达(或离开)日期": "2020-01-22"},
    ),
    Example("外出的人,知道去了哪里就先记下", [noted({"new": "no", "category": "away", "place": "广东东莞"})]),
    Example(
        "入户见到的册外人员,登记完才算了结",
        [FOUND, noted(STRANGER, "household:1", others_left="no")],
        now="2020-01-30 17:00",
        owed={("person.note", "household:1"): "met"},
    ),
    Example(
        "还有别的人没登记,这户就还欠着",
        [FOUND, noted(STRANGER, "household:1", others_left="yes")],
        now="2020-01-30 16:01",
        owed={("person.note", "household:1"): "overdue"},
    ),
    Example(
        "册外的人没写姓名", [noted(STRANGER, "household:1", others_left="no", name="")], refused="「姓名」必须填写"
    ),
    Example("返乡人员没写哪天到的", [noted(RETURNEE, moved_on="")], refused="「到达(或离开)日期」必须填写"),
    Example("接触又选说不清又选没有", [noted(RETURNEE, contacts=["none", "unknown"])], refused="不能再选别的"),
]

"""A rush of two minutes."""

from bulou.records.examples import Example, Said

POST = "post:00000000-0000-7000-8000-000000000001"
FIRST = {"at": "2020-01-26T07:30", "vehicles": 12, "people": 27, "vehicles_back": 3, "people_back": 6}
SECOND = {"at": "2020-01-26T07:31", "vehicles": 9, "people": 20}

EXAMPLES = [
    Example(
        "两分钟二十一辆车、四十七人",
        [Said("pass_tally", POST, "2020-01-26 07:35", {"minutes": [FIRST, SECOND]})],
    ),
    Example(
        "劝返的不能比来的多",
        [Said("pass_tally", POST, "2020-01-26 07:35", {"minutes": [{**FIRST, "vehicles_back": 13}]})],
        refused="不能多于车辆数",
    ),
]

"""Who answers what, and how a finding is made."""

from typing import Any

from bulou.records.examples import Example, Said

PERSON = "person:1"
REPORT = Said(
    "symptom_report",
    PERSON,
    "2020-01-27 09:20",
    {"observed_at": "2020-01-27T09:00", "source": "visit", "symptoms": ["dry_cough"], "contacts": ["none"]},
)
DOCTOR = {"answered_as": "village_doctor", "judgement": "refer", "referred_to": "县医院发热门诊"}
DESK = {"answered_as": "county_desk", "finding": "none"}


def answered(body: dict[str, Any], at: str = "2020-01-27 10:00") -> Said:
    return Said("symptom_answer", PERSON, at, body)


EXAMPLES = [
    Example(
        "村医答复了村医的,县里还欠县里的",
        [REPORT, answered(DOCTOR)],
        now="2020-01-27 11:00",
        owed={("symptom.doctor", PERSON): "met", ("symptom.county", PERSON): "open"},
        shown={"以什么身份答复": "村医", "判断": "转发热门诊"},
    ),
    Example(
        "两边都答复,这件事了结",
        [REPORT, answered(DOCTOR), answered(DESK, "2020-01-27 11:00")],
        now="2020-01-27 12:00",
        owed={("symptom.doctor", PERSON): "met", ("symptom.county", PERSON): "met"},
    ),
    Example(
        "认定瞒报,写明依据",
        [answered({**DESK, "finding": "concealed", "finding_basis": "1月25日已在村卫生室测得38.1℃,未报"})],
    ),
    Example("认定瞒报没有依据", [answered({**DESK, "finding": "concealed"})], refused="「认定依据」必须填写"),
    Example("村医没写判断", [answered({"answered_as": "village_doctor"})], refused="「判断」必须填写"),
    Example("县里没写报告有没有问题", [answered({"answered_as": "county_desk"})], refused="「报告有没有问题」必须填写"),
    Example("转诊没写转到哪里", [answered({**DOCTOR, "referred_to": ""})], refused="「转到哪里」必须填写"),
]

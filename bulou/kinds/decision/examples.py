"""A decision says what it rests on."""

from typing import Any

from bulou.records.examples import Example, Said, entry_subject

COUNTY = "area:610927000000"
BODY: dict[str, Any] = {
    "text": "竹溪河社区35名返乡和密接人员每天测温、回访",
    "basis": [{"report": entry_subject(1)}],
    "document": "镇指令〔2020〕4号",
}

EXAMPLES = [
    Example(
        "依据当天的报告作出决定",
        [Said("decision", COUNTY, "2020-01-28 18:00", BODY)],
        shown={"决定内容": BODY["text"], "文号": "镇指令〔2020〕4号"},
    ),
    Example(
        "依据上级文件作出决定",
        [
            Said(
                "decision",
                COUNTY,
                "2020-01-28 18:00",
                {"text": "即日起停办集会", "basis_note": "市指挥部1月26日电话会"},
            )
        ],
    ),
    Example(
        "决定没有依据",
        [Said("decision", COUNTY, "2020-01-28 18:00", {"text": "即日起停办集会"})],
        refused="「其他依据」必须填写",
    ),
    Example(
        "依据的报告编号不对",
        [Said("decision", COUNTY, "2020-01-28 18:00", {"text": "停办集会", "basis": [{"report": "昨天的"}]})],
        refused="报告编号由系统填写",
    ),
]

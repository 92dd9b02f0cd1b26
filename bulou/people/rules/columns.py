"""The columns of the lists a village has, under all the names they go by."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from bulou.core.identity import plain


class Field(StrEnum):
    """What a column of a list may say."""

    TOWNSHIP = "township"
    VILLAGE = "village"
    GROUP = "group"
    NUMBER = "number"  # 户号, as the list counts households
    HEAD = "head"
    ADDRESS = "address"
    CLASS = "class"
    DWELLING = "dwelling"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    NAME = "name"
    RELATION = "relation"
    SEX = "sex"
    BIRTH = "birth"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    RESIDENT = "resident"
    AWAY = "away"
    AWAY_TO = "away_to"
    HOUSEHOLD_NOTE = "household_note"
    NOTE = "note"
    AREA_CODE = "area_code"
    HOUSEHOLD_ID = "household_id"  # our own, in what we exported
    PERSON_ID = "person_id"


HEADERS: dict[Field, tuple[str, ...]] = {  # the first is the one we write ourselves
    Field.TOWNSHIP: ("乡镇", "镇", "乡", "所属乡镇", "镇街", "镇办", "街道", "乡镇街道", "镇(街道)", "township"),
    Field.VILLAGE: (
        "村(社区)",
        "村",
        "村名",
        "村居",
        "行政村",
        "社区",
        "所属村",
        "所在村",
        "村委会",
        "居委会",
        "village",
    ),
    Field.GROUP: (
        "组",
        "村组",
        "组别",
        "小组",
        "村民小组",
        "组名",
        "所在组",
        "所属组",
        "社",
        "网格",
        "所属网格",
        "片区",
        "楼栋",
        "小区",
        "group",
    ),
    Field.NUMBER: ("户号", "户编码", "户口编号", "户口簿号", "门户号", "家庭编号", "household number"),
    Field.HEAD: ("户主", "户主姓名", "户主名字", "户主名", "head of household"),
    Field.ADDRESS: (
        "住址",
        "地址",
        "家庭住址",
        "详细地址",
        "现住址",
        "居住地址",
        "家庭地址",
        "现居住地址",
        "住所",
        "门牌",
        "门牌号",
        "房号",
        "楼栋房号",
        "房屋地址",
        "address",
    ),
    Field.CLASS: ("住户类别", "户类别", "户别", "户类型", "住户类型", "农户类别", "household class"),
    Field.DWELLING: ("住房情况", "房屋情况", "住房状态", "房屋状态", "居住情况", "房屋使用情况", "dwelling"),
    Field.LATITUDE: ("纬度", "latitude", "lat"),
    Field.LONGITUDE: ("经度", "longitude", "lon", "lng"),
    Field.NAME: ("姓名", "名字", "家庭成员姓名", "成员姓名", "人员姓名", "居民姓名", "家庭成员", "name"),
    Field.RELATION: ("与户主关系", "关系", "家庭关系", "和户主关系", "与户主的关系", "户主关系", "relation"),
    Field.SEX: ("性别", "sex"),
    Field.BIRTH: ("出生日期", "出生年月日", "出生年月", "生日", "出生", "birth date"),
    Field.ID_NUMBER: (
        "身份证号",
        "身份证号码",
        "身份证",
        "公民身份号码",
        "公民身份证号码",
        "证件号码",
        "证件号",
        "身份证件号码",
        "身份号码",
        "身份证编号",
        "id number",
    ),
    Field.PHONE: (
        "联系电话",
        "手机",
        "手机号",
        "手机号码",
        "电话",
        "电话号码",
        "联系方式",
        "联系手机",
        "本人电话",
        "移动电话",
        "phone",
    ),
    Field.RESIDENT: (
        "人员类别",
        "人员类型",
        "人口类型",
        "人口类别",
        "人员属性",
        "常住类型",
        "居民类别",
        "resident kind",
    ),
    Field.AWAY: ("是否外出", "外出", "是否在外", "在外", "是否在家", "away"),
    Field.AWAY_TO: ("外出去向", "外出地点", "外出地址", "务工地点", "务工地", "去向", "现在何处", "where"),
    Field.HOUSEHOLD_NOTE: ("户备注", "household note"),
    Field.NOTE: ("备注", "说明", "备注说明", "其他", "note"),
    Field.AREA_CODE: ("区划代码", "行政区划代码", "区划编码", "area code"),
    Field.HOUSEHOLD_ID: ("户编号(系统)", "household id"),
    Field.PERSON_ID: ("人员编号(系统)", "person id"),
}


def key_of(header: str) -> str:
    """Return the header as it is compared: no blanks, no marks that a field is required, full-width made half-width."""
    return re.sub(r"^[*★]+|[*★:：]+$|_", "", plain(header)).lower()


def _without_brackets(key: str) -> str:
    return re.sub(r"\(.*?\)|\[.*?\]|【.*?】", "", key)


_BY_KEY = {key_of(header): field for field, headers in HEADERS.items() for header in headers}


def field_of(header: str) -> Field | None:
    """Return what the column of this header says, or None if we have not met the name."""
    key = key_of(header)
    return _BY_KEY.get(key) or _BY_KEY.get(_without_brackets(key)) or _BY_KEY.get(_head_stripped(key))


def _head_stripped(key: str) -> str:
    """Return what 户主身份证号 says of the head, in a list that has one line a household."""
    return _without_brackets(key).removeprefix("户主") if key.startswith("户主") else ""


def suggest(headers: Iterable[str]) -> dict[str, Field]:
    """Return header → field for every column we recognise, each field once, the plainest name of it first."""
    headers = [header for header in headers if header]
    exact = {header: field for header in headers if (field := _BY_KEY.get(key_of(header)))}
    named = Field.NAME in exact.values()
    found: dict[str, Field] = {}
    for header, field in [*exact.items(), *((h, f) for h in headers if h not in exact and (f := field_of(h)))]:
        of_head = key_of(header).startswith("户主") and field not in (Field.HEAD, Field.RELATION)
        if field not in found.values() and not (named and of_head):
            found[header] = field
    return found


def fingerprint(headers: Iterable[str]) -> str:
    """Return what a list with the same columns, in any order, has in common, by which its mapping is remembered."""
    return "|".join(sorted({key_of(header) for header in headers if header}))


def problems_of(mapping: Mapping[str, Field]) -> list[str]:
    """Return codes of what keeps the mapping from being used: "no name", or "twice:<field>"."""
    fields = list(mapping.values())
    found = [f"twice:{field}" for field in dict.fromkeys(fields) if fields.count(field) > 1]
    return found if Field.NAME in fields or Field.HEAD in fields else ["no name", *found]

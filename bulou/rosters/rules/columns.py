"""The columns of a list of responders (人员花名册), under the names they go by, and a row of it as somebody to register."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from bulou.core.identity import plain
from bulou.rosters.rules.registers import NewResponder


class Column(StrEnum):
    """What a column may say."""

    NAME = "name"
    PHONE = "phone"
    UNIT = "unit"
    SYSTEM = "system"
    POSITION = "position"
    ROLES = "roles"
    SKILLS = "skills"
    PARTY = "party"
    TOWNSHIP = "township"
    VILLAGE = "village"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"


HEADERS: Mapping[Column, tuple[str, ...]] = {  # the first is the one we write ourselves
    Column.NAME: ("姓名", "名字", "人员姓名", "值班人员", "name"),
    Column.PHONE: ("联系电话", "手机", "手机号", "手机号码", "电话", "电话号码", "联系方式", "phone"),
    Column.UNIT: ("单位", "工作单位", "所在单位", "派出单位", "单位名称", "unit"),
    Column.SYSTEM: ("系统", "所属系统", "条线", "部门系统", "system"),
    Column.POSITION: ("职务", "职务职称", "职位", "岗位职务", "position"),
    Column.ROLES: ("可担任", "角色", "岗位", "值守角色", "身份", "人员类别", "can serve as", "roles"),
    Column.SKILLS: ("特长", "技能", "专长", "skills"),
    Column.PARTY: ("是否党员", "党员", "政治面貌", "party member"),
    Column.TOWNSHIP: ("乡镇", "镇", "乡", "街道", "所属乡镇", "乡镇街道", "township"),
    Column.VILLAGE: ("村(社区)", "村", "社区", "行政村", "所在村", "住址村", "village"),
    Column.LATITUDE: ("纬度", "latitude", "lat"),
    Column.LONGITUDE: ("经度", "longitude", "lon", "lng"),
}

ROLE_WORDS: Mapping[str, str] = {
    "公安": "police", "民警": "police", "辅警": "police", "警察": "police", "交警": "police",
    "卫健": "health", "卫生": "health", "医护": "health", "医生": "health", "护士": "health", "医务": "health",
    "交通": "transport", "路政": "transport", "运管": "transport",
    "应急": "emergency", "应急管理": "emergency", "消防": "emergency",
    "村干部": "village_cadre", "社区干部": "village_cadre", "村两委": "village_cadre",
    "带班": "leader", "带班领导": "leader", "负责人": "leader",
    "驾驶员": "driver", "司机": "driver", "消杀": "disinfection", "消毒": "disinfection", "登记": "registration",
    "登记员": "registration",
}  # fmt: skip
YES = frozenset({"是", "党员", "中共党员", "中共预备党员", "预备党员", "yes", "y", "√", "✓", "1"})
NO = frozenset({"否", "群众", "共青团员", "团员", "无党派", "非党员", "no", "n", "×", "0"})
PHONE = re.compile(r"\+?[0-9][0-9 -]{5,18}")


class Bad(ValueError):
    """A row that cannot be registered. `code`: no name, phone, position, place, party; `what` is what stands there."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code} {what}".strip())
        self.code, self.what = code, what


def key_of(header: str) -> str:
    """Return the header as it is compared: no blanks, no marks that it is required, half-width."""
    return re.sub(r"^[*★]+|[*★:：]+$|_", "", plain(header)).lower()


_BY_KEY = {key_of(header): column for column, headers in HEADERS.items() for header in headers}


def column_of(header: str) -> Column | None:
    """Return what the column of this header says, None if we have not met the name."""
    key = key_of(header)
    return _BY_KEY.get(key) or _BY_KEY.get(re.sub(r"\(.*?\)|\[.*?\]|【.*?】", "", key))


def suggest(headers: Iterable[str]) -> dict[str, Column]:
    """Return header → column for what we recognise, each column once, the first of its names."""
    found: dict[str, Column] = {}
    for header in headers:
        column = column_of(header) if header else None
        if column is not None and column not in found.values():
            found[header] = column
    return found


def problems_of(mapping: Mapping[str, Column]) -> list[str]:
    """Return what keeps the mapping from being used: "no name", or "twice:<column>"."""
    columns = list(mapping.values())
    found = [f"twice:{each}" for each in dict.fromkeys(columns) if columns.count(each) > 1]
    return found if Column.NAME in columns else ["no name", *found]


def words_of(text: str) -> list[str]:
    """Return the words of a cell such as 民警、带班."""
    return [word for word in re.split(r"[\s、,，;；/|]+", text.strip()) if word]


def read_row(
    cells: Mapping[str, str], mapping: Mapping[str, Column], *, area: int, places: Mapping[str, int | None],
    party_is_kept: bool, roles: Iterable[str] = (),
) -> NewResponder:  # fmt: skip
    """Return what a row says. `places`: name of a township or village -> area number, None where two have the name.

    `roles`: those the installation knows by their English words too. Raise Bad.
    """
    said = {column: cells.get(header, "").strip() for header, column in mapping.items()}
    name, phone = said.get(Column.NAME, ""), said.get(Column.PHONE, "")
    if not name:
        raise Bad("no name")
    if phone and not PHONE.fullmatch(phone):
        raise Bad("phone", phone)
    known = {**ROLE_WORDS, **{role: role for role in roles}}
    served = words_of(said.get(Column.ROLES, ""))
    return NewResponder(
        name[:60], _place(said, area, places), phone, said.get(Column.UNIT, "")[:120], said.get(Column.SYSTEM, "")[:40],
        said.get(Column.POSITION, "")[:80], tuple(dict.fromkeys(known.get(word, word) for word in served)),
        tuple(dict.fromkeys(known.get(word, word) for word in words_of(said.get(Column.SKILLS, "")))),
        _party(said.get(Column.PARTY, "")) if party_is_kept else None, home=_home(said),
    )  # fmt: skip


def _place(said: Mapping[Column, str], area: int, places: Mapping[str, int | None]) -> int:
    for column in (Column.VILLAGE, Column.TOWNSHIP):
        if name := said.get(column, ""):
            if (found := places.get(name)) is None:
                raise Bad("place", name)
            return found
    return area


def _party(text: str) -> bool | None:
    if not text:
        return None
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise Bad("party", text)


def _home(said: Mapping[Column, str]) -> tuple[float, float] | None:
    north, east = said.get(Column.LATITUDE, ""), said.get(Column.LONGITUDE, "")
    if not north and not east:
        return None
    try:
        found = float(north), float(east)
    except ValueError:
        raise Bad("position", f"{north} {east}") from None
    if not (-90 <= found[0] <= 90 and -180 <= found[1] <= 180):
        raise Bad("position", f"{north} {east}")
    return found

"""What one row of a list says of a household and a person, in our own words, and what is doubtful or wrong about it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bulou.core.identity import Flaw, birth_of, normal_id_number, normal_phone, plain, sex_of
from bulou.core.reading import Unread, read_day
from bulou.people.rules.columns import Field

SURE = (None, Flaw.ID_REGION)  # an ID number that may say by itself who somebody is
NOTHING = {
    "",
    "无",
    "/",
    "\\",
    "-",
    "--",
    "—",
    "——",
    "不详",
    "未知",
    "空",
    "无。",
    "暂无",
    "没有",
    "n/a",
    "#n/a",
    "null",
    "none",
    "0",
}
LONGEST_NOTHING = max(map(len, NOTHING))
HEAD_WORDS = {"户主", "本人", "本人或户主", "户主本人", "head"}

DWELLINGS = {
    "owner": {"自住", "自有", "自己住", "常住", "有人居住", "居住", "自用", "owner"},
    "rented": {"出租", "租住", "租房", "承租", "租用", "已出租", "rented"},
    "vacant": {"空置", "空房", "空户", "无人居住", "闲置", "无人", "空", "长期空置", "vacant"},
    "unassigned": {"未分配", "未售", "未入住", "未交房", "待分配", "unassigned"},
}
_DWELLING = {word: state for state, words in DWELLINGS.items() for word in words}
_YES = {"是", "有", "外出", "在外", "不在家", "y", "yes", "true", "1", "√", "务工"}
_NO = {"否", "无", "在家", "未外出", "不在外", "n", "no", "false", "0", "×", "在村"}
LIMITS = {
    "name": 60,
    "address": 200,
    "number": 40,
    "household_class": 40,
    "relation": 40,
    "resident": 40,
    "away_to": 120,
    "phone": 40,
    "id_number": 40,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a row that a person should know: a stable code and what it speaks of."""

    code: str
    column: str = ""
    value: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list as it stands: where it is in the file, and header → text."""

    sheet: str
    number: int
    cells: Mapping[str, str]


class Verdict(StrEnum):
    """What became of a line."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BAD = "bad"


@dataclass(slots=True)
class Counts:
    """How many lines were read and what became of them. read = added + changed + unchanged + bad, always."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    households: int = 0  # new ones
    doubtful: int = 0  # lines kept with a warning
    differing: int = 0  # lines that disagree with what is known

    def add(self, verdict: Verdict) -> None:
        self.read += 1
        setattr(self, verdict, getattr(self, verdict) + 1)

    def join(self, other: "Counts") -> "Counts":
        """Return both together."""
        return Counts(*(getattr(self, f) + getattr(other, f) for f in self.__slots__))


@dataclass(slots=True)
class Said:
    """What the row says. An empty value says nothing: it never replaces what is known."""

    person: dict[str, object] = field(default_factory=dict)
    household: dict[str, object] = field(default_factory=dict)
    areas: tuple[str, ...] = ()  # names, township first
    area_code: str = ""
    head: str = ""  # the name of the head, as this row gives it
    is_head: bool = False
    id_sure: bool = False
    person_id: str = ""
    household_id: str = ""
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.person.get("name", ""))


def masked(text: str) -> bool:
    """Tell whether the value has been masked by an export: it says nothing, and must not be taken for a value."""
    return "*" in text or "＊" in text


def value_of(text: str) -> str:
    """Return the text without blanks around it, or "" if it stands for nothing."""
    kept = text.strip().strip("\u3000\u00a0\ufeff")
    return "" if len(kept) <= LONGEST_NOTHING and plain(kept).lower() in NOTHING else kept


def normal_name(text: str) -> str:
    """Return the name without the blanks people pad two-character names with; a name in Latin letters keeps one."""
    if re.search(r"[A-Za-z]", text):
        return " ".join(text.split())
    return plain(text).replace("•", "·").replace(".", "·")


def parse_date(text: str) -> date | None:
    """Return the day people write as 1980-01-02, 1980/1/2, 1980.1.2, 1980年1月2日 or 19800102; None if it is no
    such day."""
    try:
        return read_day(re.sub(r"(?<=\d)[ T]\d{1,2}:.*", "", text.strip()))  # a sheet's day may carry its midnight
    except Unread:
        return None


def id_is_sure(number: str, *, on: date) -> bool:
    """Tell whether the ID number is sound enough to say by itself who somebody is."""
    return bool(number) and normal_id_number(number, on=on)[1] in SURE


def parse_sex(text: str) -> str:
    key = plain(text).lower()
    if key in ("男", "男性", "m", "male", "1"):
        return "male"
    return "female" if key in ("女", "女性", "f", "female", "2") else ""


def read(cells: Mapping[Field, str], *, on: date) -> Said:
    """Return what the cells say. `on` is the day of asking."""
    said = Said()
    given: dict[Field, str] = {}
    hidden: set[Field] = set()
    for f, text in cells.items():
        if text and (value := value_of(text)):
            if masked(value):
                hidden.add(f)
            else:
                given[f] = value
    said.areas = tuple(given.get(f, "") for f in (Field.TOWNSHIP, Field.VILLAGE, Field.GROUP))
    said.area_code = given.get(Field.AREA_CODE, "")
    said.person_id, said.household_id = given.get(Field.PERSON_ID, ""), given.get(Field.HOUSEHOLD_ID, "")
    said.head = normal_name(given.get(Field.HEAD, ""))
    _person(said, given, on)
    _household(said, given)
    by_household_only = Field.NAME not in cells and Field.HEAD in cells
    if by_household_only and said.head:
        said.person["name"] = said.head
        said.person.setdefault("relation", "户主")
    relation = plain(str(said.person.get("relation", "")))
    said.is_head = bool(said.name) and (relation in HEAD_WORDS or (not relation and said.name == said.head))
    if said.is_head:
        said.head = said.head or said.name
    if not said.name and not (Field.NAME in hidden and said.person_id):
        _nameless(said, hidden)
    for values in (said.person, said.household):
        for column, kept in values.items():
            if isinstance(kept, str) and len(kept) > LIMITS.get(column, 10_000):
                said.errors.append(Problem("too long", column, kept[:40], str(LIMITS.get(column, 10_000))))
    return said


def _nameless(said: Said, hidden: set[Field]) -> None:
    """A house nobody lives in is a household without persons; a person without a name is a mistake."""
    empty_house = said.household.get("dwelling") in ("vacant", "unassigned", "rented")
    says_person = any(said.person.get(k) for k in ("id_number", "phone", "sex", "birth", "relation"))
    where = said.household.get("address") or said.household.get("number")
    if Field.NAME in hidden:
        said.errors.append(Problem("masked name", "name"))
    elif (said.household_id or (empty_house and where)) and not says_person:
        said.person = {}
    else:
        said.errors.append(Problem("no name", "name"))


def _person(said: Said, given: Mapping[Field, str], on: date) -> None:
    person = said.person
    if name := normal_name(given.get(Field.NAME, "")):
        person["name"] = name
        if not any(c.isalpha() for c in name):
            said.errors.append(Problem("not a name", "name", name))
    number, flaw = normal_id_number(given.get(Field.ID_NUMBER, ""), on=on)
    if flaw:
        said.warnings.append(Problem(str(flaw), "id_number", given[Field.ID_NUMBER]))
    said.id_sure = bool(number) and flaw in SURE
    if number and flaw is not Flaw.ID_DIGITS_LOST:
        person["id_number"] = number[:40]
    phone, flaw = normal_phone(given.get(Field.PHONE, ""))
    if flaw:
        said.warnings.append(Problem(str(flaw), "phone", given[Field.PHONE]))
    if phone:
        person["phone"] = phone[:40]
    _sex_and_birth(said, given, number if said.id_sure else "", on)
    for field_, key in (
        (Field.RELATION, "relation"),
        (Field.RESIDENT, "resident"),
        (Field.AWAY_TO, "away_to"),
        (Field.NOTE, "note"),
    ):
        if field_ in given:
            person[key] = given[field_]
    away = plain(given.get(Field.AWAY, "")).lower()
    if away in _YES or away in _NO:
        person["away"] = away in _YES
    elif away:
        person["away"] = True
        person.setdefault("away_to", given[Field.AWAY])


def _sex_and_birth(said: Said, given: Mapping[Field, str], number: str, on: date) -> None:
    """What the list says stands; what it leaves out comes from the ID number; where they differ somebody should
    look."""
    sex = parse_sex(given.get(Field.SEX, ""))
    if Field.SEX in given and not sex:
        said.warnings.append(Problem("unknown sex", "sex", given[Field.SEX]))
    if sex and number and sex != sex_of(number):
        said.warnings.append(Problem("sex differs from id", "sex", given[Field.SEX]))
    if sex or number:
        said.person["sex"] = sex or sex_of(number)
    birth = parse_date(given[Field.BIRTH]) if Field.BIRTH in given else None
    if Field.BIRTH in given and (birth is None or birth > on):
        said.warnings.append(Problem("unknown date", "birth", given[Field.BIRTH]))
        birth = None
    from_number = birth_of(number)
    if birth and from_number and birth != from_number:
        said.warnings.append(Problem("birth differs from id", "birth", given[Field.BIRTH]))
    if birth or from_number:
        said.person["birth"] = birth or from_number


def _household(said: Said, given: Mapping[Field, str]) -> None:
    household = said.household
    for field_, key in (
        (Field.NUMBER, "number"),
        (Field.ADDRESS, "address"),
        (Field.CLASS, "household_class"),
        (Field.HOUSEHOLD_NOTE, "note"),
    ):
        if field_ in given:
            household[key] = given[field_]
    if Field.DWELLING in given:
        if state := _DWELLING.get(plain(given[Field.DWELLING]).lower()):
            household["dwelling"] = state
        else:
            said.warnings.append(Problem("unknown dwelling", "dwelling", given[Field.DWELLING]))
    for field_, key, low, high in (
        (Field.LATITUDE, "latitude", 3.0, 54.0),
        (Field.LONGITUDE, "longitude", 73.0, 136.0),
    ):
        if field_ not in given:
            continue
        try:
            degrees = float(plain(given[field_]))
        except ValueError:
            degrees = 0.0
        if low <= degrees <= high:
            household[key] = round(degrees, 6)
        else:
            said.warnings.append(Problem("not in China", key, given[field_]))

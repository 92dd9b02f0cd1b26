"""Fast lanes as the phone reads them, and what is wrong with one."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from bulou.records.declaration import Declaration, Lane
from bulou.records.fields import Field, answers
from bulou.records.words import LANGUAGES

LANE = "lane"
"""The question, never asked, in which an entry says by which lane it was made: its name, then what it asked though it
fills that in."""

SAID = "said"
FACTS = {
    SAID: "an earlier record answered the same question otherwise",
    "away": "the register says that the person lives elsewhere, or an earlier record that they were away or gone",
    "symptom": "symptoms or a fever were found within the days people are observed",
    "follow_up": "the person is under follow-up",
    "vacant": "the register says that nobody lives in the dwelling",
    "unassigned": "the register does not know yet who lives in the dwelling",
}
"""What a lane may be kept from asserting by."""

Open = tuple[str, str]  # the key of an answer, and the person in whose row it stands ("" outside rows)


@dataclass
class Known:
    """What the record holds against what a lane would fill in: facts by subject, answers by subject and question."""

    facts: dict[str, set[str]] = field(default_factory=dict)
    said: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def add(self, subject: str, fact: str) -> None:
        self.facts.setdefault(subject, set()).add(fact)

    def hear(self, kind: Declaration, subject: str, body: Mapping[str, Any]) -> None:
        """Take in what a record, as its form means it, says of a person or of each person in its rows."""
        for each in answers(kind.fields):
            value = body.get(each.name)
            if each.type == "repeat" and isinstance(value, list):
                for row in value:
                    if who := row.get("person"):
                        self._hear(str(who), row)
        self._hear(subject, body)

    def _hear(self, subject: str, row: Mapping[str, Any]) -> None:
        for name, value in row.items():
            if value not in (None, "", []) and not (
                isinstance(value, list) and value and isinstance(value[0], Mapping)
            ):
                self.said.setdefault((subject, name), []).append(value)


def left_open(lane: Lane, subject: str, persons: Iterable[str], known: Known) -> list[Open]:
    """Return what the lane would assert of the subject, and of each of the persons, that is to be asked instead."""
    found: list[Open] = []
    for key, facts in lane.unless.items():
        name = key.rpartition(".")[2]
        for who in persons if "." in key else (subject,):
            otherwise = SAID in facts and any(said != lane.fill[key] for said in known.said.get((who, name), ()))
            if otherwise or known.facts.get(who, set()) & set(facts):
                found.append((key, who if "." in key else ""))
    return found


def kept_from(lane: Lane, facts: Set[str]) -> str:
    """Return the fact about the subject by which the lane is not offered; "" if it is."""
    return next((fact for fact in lane.never if fact in facts), "")


def made_by(kind: Declaration, body: Mapping[str, Any]) -> tuple[Lane, frozenset[str]] | None:
    """Return the lane by which an entry was made, and what it asked although the lane fills it in; None if by none."""
    name, *asked = str(body.get(LANE) or "").split() or [""]
    lane = next((each for each in kind.lanes if each.name == name), None)
    return (lane, frozenset(asked)) if lane else None


def doubtful(lane: Lane, asked: Set[str], body: Mapping[str, Any], opened: Iterable[Open]) -> list[Open]:
    """Return what an entry made by the lane asserts unasked, of what the record left open."""
    found = []
    for key, who in opened:
        first, _dot, name = key.rpartition(".")
        rows = [row for row in body.get(first, ()) if row.get("person") == who] if first else [body]
        if key not in asked and any(row.get(name) == lane.fill[key] for row in rows):
            found.append((key, who))
    return found


_TEXT = ("text", "barcode", "date", "time", "dateTime", "geopoint", "calculate")


def lanes_of(kind: Declaration) -> list[dict[str, Any]]:
    """Return the kind's lanes as the phone reads them: name, title in every language, asks, fill. Plain JSON."""
    return [
        {
            "name": lane.name,
            "title": {lang: kind.words[lang].lane(lane.name) for lang in LANGUAGES if lang in kind.words},
            "asks": list(lane.asks),
            "fill": dict(lane.fill) | _named(kind, lane),
        }
        for lane in kind.lanes
    ]


def _named(kind: Declaration, lane: Lane) -> dict[str, str]:
    return {LANE: lane.name} if any(each.name == LANE for each in kind.fields) else {}


def lane_faults(kind: Declaration) -> Iterator[str]:
    """Yield what is wrong with the kind's lanes."""
    keys = kind.keys()
    names = [lane.name for lane in kind.lanes]
    yield from (f"lane {name}: two lanes have this name" for name in sorted(set(names)) if names.count(name) > 1)
    for lane in kind.lanes:
        if not lane.fill:
            yield f"lane {lane.name}: fills nothing in, which makes it no faster than the form"
        for key in (*lane.asks, *lane.fill):
            if key not in keys or keys[key].type in ("group", "repeat", "note", "body"):
                yield f"lane {lane.name}: {key!r} is no question"
        for key, facts in lane.unless.items():
            if key not in lane.fill:
                yield f"lane {lane.name}: {key!r} is not filled in, and cannot be left open"
            yield from (f"lane {lane.name}: nothing is known of {fact!r}" for fact in facts if fact not in FACTS)
        yield from (f"lane {lane.name}: nothing is known of {fact!r}" for fact in lane.never if fact not in FACTS)
        if lane.unless and LANE not in keys:
            yield f"lane {lane.name}: the kind needs a question {LANE!r} to say by which lane an entry was made"
        for key, value in lane.fill.items():
            if key in keys and not _answers(keys[key], value):
                yield f"lane {lane.name}: {value!r} is no answer to {key}"


def _answers(asked: Field, value: Any) -> bool:
    match asked.type:
        case "select_one" | "yes_no":
            return value in asked.options
        case "select_multiple":
            return type(value) is list and bool(value) and set(value) <= set(asked.options)
        case "integer":
            return type(value) is int
        case "decimal":
            return type(value) in (int, float)
        case "acknowledge":
            return value is True
    return type(value) is str and asked.type in _TEXT

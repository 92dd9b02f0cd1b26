"""Bodies of a kind, drawn from its declaration and its examples by a seed: what a phone could send, right or wrong."""

import random
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from bulou.core.moments import CHINA
from bulou.records.expressions import parse
from bulou.records.fields import Field, answers
from bulou.records.rulebook import rulesets
from bulou.records.rulesets import RuleSet

ID = "00000000-0000-7000-8000-000000000001"
TEXTS = (
    "安娜", "13800138000", "11010519491231002X", "湖北武汉", " x ", "0", "-1", "37.3", "yes", "a'b\"c<&>", "role:village",
    f"account:{ID}", f"entry:{ID}", f"person:{ID}", f"household:{ID}", "sweep.household", "2020-02-03",
)  # fmt: skip
DECIMALS = (33.9, 34, 36.5, 37, 37.2, 37.3, 37.4, 43, 43.1, 0, -0.5)
INTEGERS = (-1, 0, 1, 2, 7, 13, 14, 15, 28, 30, 31, 60, 366)


def bodies(
    fields: Sequence[Field], examples: Sequence[dict[str, Any]], now: datetime, count: int, seed: int
) -> Iterator[dict[str, Any]]:
    """Yield so many bodies: every other one an example with a few answers changed, the others answered at random."""
    chance = random.Random(seed)
    for number in range(count):
        if examples and number % 2:
            body = as_a_phone_says(deepcopy(chance.choice(examples)))
            for _ in range(chance.randint(0, 3)):
                change(chance, fields, body, now)
        else:
            body = whole(chance, fields, now)
        yield body


def edged(fields: Sequence[Field], examples: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield examples with each number at, just under and just over every edge its constraint speaks of."""
    for example in examples[:3]:
        for each in asked(fields):
            rows = example.get(each.name) if each.type == "repeat" else None
            for field in asked(each.fields) if rows else (each,):
                step = 1 if field.type == "integer" else 0.1
                for edge in edges(field) if field.type in ("integer", "decimal") else ():
                    for number in (edge - step, edge, edge + step):
                        body = as_a_phone_says(deepcopy(example))
                        row = body[each.name][0] if rows else body
                        row[field.name] = int(number) if field.type == "integer" else round(number, 1)
                        yield body


def whole(chance: random.Random, fields: Sequence[Field], now: datetime) -> dict[str, Any]:
    """Return a body with most questions answered, each with something of its type."""
    said = {each.name: value(chance, each, now) for each in asked(fields) if chance.random() < 0.8}
    return {name: each for name, each in said.items() if each not in (None, [], "")}


def change(chance: random.Random, fields: Sequence[Field], body: dict[str, Any], now: datetime) -> None:
    """Change one answer of the body, or of a row in it, or take it away."""
    each = chance.choice(list(asked(fields)))
    rows = body.get(each.name)
    if each.type == "repeat" and isinstance(rows, list) and rows and chance.random() < 0.8:
        change(chance, each.fields, chance.choice(rows), now)
        return
    body.pop(each.name, None)
    said = value(chance, each, now) if chance.random() < 0.75 else None
    if said not in (None, [], ""):
        body[each.name] = said


def asked(fields: Sequence[Field]) -> Iterator[Field]:
    """Yield what a phone asks: nothing that is worked out, and not the body a correction carries."""
    return (each for each in answers(tuple(fields)) if each.type not in ("calculate", "body"))


def value(chance: random.Random, field: Field, now: datetime) -> Any:
    """Return an answer of the field's type, often at an edge."""
    day = now + timedelta(days=chance.choice((-40, -27, -26, -25, -15, -14, -13, -2, -1, 0, 0, 1, 2, 14)))
    at = now + timedelta(minutes=chance.choice((-3000, -121, -120, -60, -30, -1, 0, 1, 30, 600, 1440)))
    match field.type:
        case "integer":
            return chance.choice(INTEGERS + tuple(int(edge) + step for edge in edges(field) for step in (-1, 0, 1)))
        case "decimal":
            return chance.choice(DECIMALS + edges(field) * 3)
        case "date":
            return day.date().isoformat()
        case "dateTime":
            return moment(at)
        case "time":
            return f"{at:%H:%M}:00.000+08:00"
        case "geopoint":
            return chance.choice(("31.88 109.52 900.0 5.0", "-31.88 109.52 0.0 0.0"))
        case "select_one" | "yes_no":
            return chance.choice(field.options)
        case "select_multiple":
            return chance.sample(field.options, chance.choice((1, 1, 1, 2, min(3, len(field.options)))))
        case "acknowledge":
            return True
        case "repeat":
            return [whole(chance, field.fields, now) for _ in range(chance.choice((0, 1, 1, 2, 3)))] or None
    return chance.choice(TEXTS)


@cache
def edges(field: Field) -> tuple[float, ...]:
    """Return the numbers its constraint speaks of, under any rule set."""
    if not field.constraint:
        return ()
    said = {parse(field.constraint).with_rules(partial(_written, each)) for each in rulesets().values()}
    return tuple(sorted({float(number) for text in said for number in re.findall(r"\d+(?:\.\d+)?", text)}))


def _written(ruleset: RuleSet, path: str) -> str:
    return str(ruleset.get(path))


def moment(at: datetime) -> str:
    """Return the moment as a phone in China writes it."""
    return at.astimezone(CHINA).isoformat(timespec="milliseconds")


def as_a_phone_says(said: Any) -> Any:
    """Return an example's answers as a phone would write them: a moment with its seconds and offset."""
    if isinstance(said, dict):
        return {key: as_a_phone_says(each) for key, each in said.items()}
    if isinstance(said, list):
        return [as_a_phone_says(each) for each in said]
    if isinstance(said, str) and len(said) > 10 and said[4:5] == "-" and said[10] in "T ":
        try:
            found = datetime.fromisoformat(said)
        except ValueError:
            return said
        return moment(found if found.tzinfo else found.replace(tzinfo=CHINA))
    return said

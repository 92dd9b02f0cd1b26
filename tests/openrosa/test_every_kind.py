"""JavaRosa fills in the form of every kind Collect is offered, as its examples say; the server reads the same record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import pytest

from bulou.core.moments import CHINA
from bulou.ledger.rules import Entry
from bulou.odk.rules.forms import can_offer, is_person, make_form, sorts_of
from bulou.odk.rules.instances import body_of, read_instance
from bulou.odk.rules.lists import COLUMNS, LISTS, PERSONS, make_csv
from bulou.records.coercion import is_clock, is_moment, moment_of_text
from bulou.records.fields import Field
from bulou.records.law import uses_rules
from bulou.records.rulebook import rulesets
from bulou.site.kinds import examples_of, find_kinds
from tests.openrosa import javarosa

KINDS, RULES = find_kinds(), rulesets()
OFFERED = sorted(name for name, kind in KINDS.items() if can_offer(kind))
MOST = 4  # of a kind
SOMEBODY = "00000000-0000-7000-8000-00000000000a"


@dataclass(frozen=True)
class Told:
    """An example's record, and what came of it in Collect."""

    entry: Entry
    came: Mapping[str, Any]


def as_a_phone_says(value: Any) -> Any:
    """Return an example's answers as a phone writes them: times with their seconds and offset."""
    if isinstance(value, dict):
        return {key: as_a_phone_says(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_a_phone_says(each) for each in value]
    if isinstance(value, str) and is_clock(value):
        return f"{value[:5]}:00.000+08:00"
    moment = moment_of_text(value) if isinstance(value, str) and is_moment(value) else None
    return moment.astimezone(CHINA).isoformat(timespec="milliseconds") if moment else value


def examples(name: str) -> Iterator[Entry]:
    """Yield the first few records of the kind in its examples that nothing is wrong with."""
    for example in examples_of(name):
        made = example.made()
        for entry in made[:-1] if example.refused else made:
            if entry.kind == name:
                yield replace(entry, body=as_a_phone_says(dict(entry.body)))


def answers(fields: Sequence[Field], body: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for field in fields:
        value, here = body.get(field.name), f"{path}/{field.name}"
        if field.type == "group":
            yield from answers(field.fields, body, here)
        elif field.type == "repeat":
            for i, row in enumerate(value or (), 1):
                yield from answers(field.fields, row, f"{here}[{i}]")
        elif field.type != "calculate" and value not in (None, "", []):
            yield here, said_as(field, value)


def said_as(field: Field, value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value)
    if field.type == "acknowledge":
        return "OK"
    return str(value).removeprefix("person:") if is_person(field) else str(value)


def filling(kind_name: str, entry: Entry) -> javarosa.Filling:
    kind = KINDS[kind_name]
    form = make_form(kind, RULES[entry.rules] if uses_rules(kind) else None, "zh_Hans")
    sort = entry.subject.partition(":")[0]
    said = {f"/data/_subject/_{sort}": SOMEBODY}
    if len(sorts_of(kind)) > 1:
        said["/data/_subject/_sort"] = sort
    body = dict(entry.body)
    said |= dict(answers(kind.fields, body, "/data"))
    persons = {value for path, value in said.items() if path.endswith("/person")}
    rows = {PERSONS: [(key, "李梅", "李梅", SOMEBODY, "", "") for key in sorted(persons | {SOMEBODY})]}
    columns = {name: COLUMNS[name] for name in LISTS.values()}
    lists = {
        f"{name}.csv": make_csv(columns[name], rows.get(name, [(SOMEBODY, "x", *[""] * (len(columns[name]) - 2))]), 1)
        for name in form.lists
    }
    return javarosa.Filling(form.xml.decode(), said, lists, entry.happened_at)


@pytest.fixture(scope="module")
def told() -> dict[str, list[Told]]:
    asked = [(name, entry) for name in OFFERED for entry in islice(examples(name), MOST)]
    came = javarosa.fill([filling(name, entry) for name, entry in asked])
    found: dict[str, list[Told]] = {name: [] for name in OFFERED}
    for (name, entry), one in zip(asked, came, strict=True):
        found[name].append(Told(entry, one))
    return found


@pytest.mark.parametrize("name", OFFERED)
def test_collect_fills_in_what_the_server_takes(name: str, told: dict[str, list[Told]]) -> None:
    kind, wrong = KINDS[name], []
    assert told[name], "no example that can be recorded"
    law = kind.law(RULES.__getitem__)
    set_before = {key for key, field in kind.keys().items() if field.default}
    for one in told[name]:
        came = one.came
        if "broken" in came or came["unasked"] or came["refused"] or came["wrong"]:
            wrong.append(f"{came} of {one.entry.body}")
            continue
        instance = read_instance(came["xml"].encode())
        entry = replace(one.entry, body=body_of(kind.fields, instance.root, {}))
        assert (instance.form, instance.number) == (name, kind.version)
        if faults := law.faults(entry):
            wrong.append(f"{faults} in {entry.body}")
            continue
        mine, theirs = law.answers(one.entry), law.answers(entry)
        differ = {key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)}
        if differ - (set_before - mine.keys()):
            wrong.append("; ".join(f"{k}: {theirs.get(k)} in Collect, {mine.get(k)} here" for k in sorted(differ)))
    assert not wrong, "\n".join(wrong)

"""The same questions of every kind. A new folder in bulou/kinds is asked them without a line being added here."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bulou.core.moments import CHINA
from bulou.ledger.rules import Entry
from bulou.records.checks import faults_in
from bulou.records.display import card, shown
from bulou.records.examples import Example, entry_id
from bulou.records.fields import Field, answers
from bulou.records.kinds import Kind, Lane
from bulou.records.law import BoundKind, uses_rules
from bulou.records.rulesets import RuleSet, parse_ruleset
from bulou.records.schema import columns, openapi, schema
from bulou.records.words import LANGUAGES
from bulou.records.xforms import xform
from bulou.site.kinds import FOLDER, examples_of, find_kinds

ROOT = Path(__file__).parent.parent.parent
TOYS = ROOT / "tests" / "toys"
RULESETS = {
    ruleset.name: ruleset
    for file in (*sorted((ROOT / "bulou/records/rulebooks").glob("*.toml")), *sorted(TOYS.glob("*/*.toml")))
    for ruleset in [parse_ruleset(file.read_text("utf-8"))]
}
PRODUCT, TOY = find_kinds(), find_kinds(TOYS, "tests.toys")
KINDS = {**PRODUCT, **TOY}


def folder_of(name: str) -> Path:
    return (TOYS if name in TOY else FOLDER) / name


def examples(name: str) -> list[Example]:
    """Return the examples of a kind; none if it has none yet, which is asked below."""
    if not (folder_of(name) / "examples.py").exists():
        return []
    return examples_of(name, "tests.toys" if name in TOY else "bulou.kinds")


def rulesets_of(kind: Kind) -> list[RuleSet]:
    """Return the rule sets the kind must work under: the product's for its kinds, a toy's own for a toy."""
    return [ruleset for ruleset in RULESETS.values() if (ruleset.name == "library") == (kind.name in TOY)]


LAWS: dict[str, BoundKind] = {name: kind.law(RULESETS.__getitem__) for name, kind in KINDS.items()}
every_kind = pytest.mark.parametrize("name", sorted(KINDS))
every_example = pytest.mark.parametrize(
    ("name", "example"),
    [
        pytest.param(name, example, id=f"{name}: {example.title}")
        for name in sorted(KINDS)
        for example in examples(name)
    ],
)


@every_example
def test_its_examples_hold(name: str, example: Example) -> None:
    entries = example.made()
    for number, entry in enumerate(entries, 1):
        problems = LAWS[entry.kind].problems(entry)
        if example.refused and number == len(entries):
            assert example.refused in "\n".join(problems), f"refused for another reason: {problems}"
        else:
            assert not problems, f"entry {number} of the example: {problems}"
    if example.owed is not None:
        states = example.states(LAWS)
        assert example.owes(states), f"owed instead: {states}"
    if example.shown:
        said = {each.label: each.text for each in card(KINDS[name], entries[-1].body)}
        assert said == example.shown


@every_kind
def test_it_has_examples_of_what_is_owed_and_what_is_refused(name: str) -> None:
    assert any(example.refused for example in examples(name)), "show an entry that is refused, and why"
    if KINDS[name].duties:
        assert any(example.owed for example in examples(name)), "show what is owed after an entry"


@every_kind
def test_it_is_complete(name: str) -> None:
    """Words in both languages, expressions that mean something, personal fields marked, under every rule set."""
    assert not [f for f in faults_in([KINDS[name]], rulesets_of(KINDS[name])) if "the duty" not in f]


@pytest.mark.parametrize("kinds", [PRODUCT, TOY], ids=["product", "toys"])
def test_every_duty_can_be_met_and_every_evidence_is_of_a_duty(kinds: dict[str, Kind]) -> None:
    assert not [fault for fault in faults_in(tuple(kinds.values())) if "the duty" in fault]


@every_kind
def test_its_readme_has_a_title_and_a_source(name: str) -> None:
    text = (folder_of(name) / "README.md").read_text("utf-8")
    assert text.startswith("# ")
    assert "来源" in text or "Source" in text, "name the guideline its rules come from"


@every_kind
def test_a_phone_can_fill_it_in(name: str) -> None:
    """pyxform turns it into an XForm without a warning; no rule is left for the phone to look up."""
    for ruleset in rulesets_of(KINDS[name]) if uses_rules(KINDS[name]) else [None]:
        for language in LANGUAGES:
            made = xform(KINDS[name], ruleset, language)
            assert "rule(" not in made
            assert f'id="{name}"' in made


@every_kind
def test_its_schema_is_one(name: str) -> None:
    for language in LANGUAGES:
        Draft202012Validator.check_schema(schema(KINDS[name], language))
        headers = [column.header for column in columns(KINDS[name], language)]
        assert len(headers) == len(set(headers))
    document = openapi([KINDS[name]])
    Draft202012Validator.check_schema(document["components"]["schemas"][f"{name}_entry"])
    json.dumps(document)


@every_example
def test_its_schema_accepts_its_examples(name: str, example: Example) -> None:
    for entry in example.made():
        if not LAWS[entry.kind].problems(entry):
            assert accepts(entry.kind)(entry.body)


@cache
def accepts(name: str) -> Callable[[Any], bool]:
    validator = Draft202012Validator(schema(KINDS[name]))
    return validator.is_valid


@every_kind
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_body_is_judged_and_what_is_accepted_keeps_the_schema(name: str, data: st.DataObject) -> None:
    kind, law = KINDS[name], LAWS[name]
    body = data.draw(bodies(kind.fields))
    ruleset = rulesets_of(kind)[0].name if rulesets_of(kind) else ""
    at = datetime(2020, 2, 3, 12, tzinfo=CHINA)
    entry = Entry(entry_id(1), name, f"{kind.subject[0]}:1", 610927100201000000, at, at, "x", body, rules=ruleset)
    problems = law.problems(entry)
    assert bool(problems) == bool(law.problems_in(entry, "en"))
    if not problems:
        assert accepts(name)(body)
        law.effects(entry)
        shown(kind, law.answers(entry), "en")


def bodies(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Bodies that are mostly right: every answer of its type, some missing, a few of any type at all."""
    return st.fixed_dictionaries({}, optional={field.name: values(field) for field in answers(fields)})


def values(field: Field) -> st.SearchStrategy[Any]:
    junk = st.one_of(
        st.none(), st.text(max_size=5), st.integers(), st.floats(), st.booleans(), st.just([]), st.just({})
    )
    return st.one_of(right(field), right(field), right(field), junk)


def right(field: Field) -> st.SearchStrategy[Any]:
    match field.type:
        case "integer":
            return st.integers(-5, 200)
        case "decimal":
            return st.floats(30, 45).map(lambda number: round(number, 1))
        case "date":
            return st.dates(datetime(2019, 12, 1).date(), datetime(2020, 3, 31).date()).map(str)
        case "dateTime":
            return st.datetimes(datetime(2020, 1, 1), datetime(2020, 3, 1)).map(lambda at: f"{at:%Y-%m-%dT%H:%M}")
        case "time":
            return st.times().map(lambda at: f"{at:%H:%M}")
        case "geopoint":
            return st.just("31.88 109.52 900 5")
        case "select_one" | "yes_no":
            return st.sampled_from(field.options)
        case "select_multiple":
            return st.lists(st.sampled_from(field.options), unique=True)
        case "acknowledge":
            return st.sampled_from([True, "OK"])
        case "repeat":
            return st.lists(bodies(field.fields), max_size=3)
        case "body":
            return st.just({"any": "thing"})
    return st.one_of(st.text(max_size=12), st.sampled_from(["安娜", "13800138000", "11010519491231002X"]))


every_lane = pytest.mark.parametrize(
    ("name", "lane"),
    [pytest.param(name, lane, id=f"{name}: {lane.name}") for name in sorted(KINDS) for lane in KINDS[name].lanes],
)


@every_lane
def test_what_its_fast_lanes_fill_in_can_be_saved(name: str, lane: Lane) -> None:
    """With what is asked answered as on a good day, nothing is left to ask, under every rule set."""
    kind, law = KINDS[name], LAWS[name]
    for ruleset in rulesets_of(kind):
        at = datetime(2020, 2, 3, 12, tzinfo=CHINA)
        body = filled(kind.fields, lane, ruleset)
        entry = Entry(
            entry_id(1), name, f"{kind.subject[0]}:1", 610927100201000000, at, at, "x", body, rules=ruleset.name
        )
        assert not law.problems(entry)
        worked = {key: value for (key, _), value in law.asked(entry).worked.items()}
        for key, value in lane.fill.items():
            assert key not in worked or worked[key] == value, f"{key} came out as {worked[key]!r}"


def filled(fields: tuple[Field, ...], lane: Lane, ruleset: RuleSet, prefix: str = "") -> dict[str, Any]:
    """Return a body as the phone makes it: filled in by the lane, by defaults and by the register, rest on a good day."""
    said: dict[str, Any] = {}
    for field in answers(fields):
        key = prefix + field.name
        if field.type == "calculate":
            continue
        if field.type == "repeat":
            if any(asked.startswith(f"{key}.") for asked in lane.fill):
                said[field.name] = [filled(field.fields, lane, ruleset, f"{key}.")]
        elif key in lane.fill:
            said[field.name] = lane.fill[key]
        elif field.appearance == "hidden" and "^person:" in field.constraint:
            said[field.name] = f"person:{entry_id(2)}"
        elif key in lane.asks or (field.required is True and not field.relevant):
            said[field.name] = {"decimal": 36.5, "text": "安娜"}[field.type]
        elif field.default.startswith("rule("):
            said[field.name] = ruleset.get(field.default[6:-2])
        elif "if(rule(" in field.default:
            said[field.name] = "yes"
        elif field.default == "now()":
            said[field.name] = "2020-02-03T11:59"
    return said

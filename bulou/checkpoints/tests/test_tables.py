"""The decision table: first hit, checked against asking every case; another county's table; what is refused."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.checkpoints.rules.checking import check, describe, findings
from bulou.checkpoints.rules.deciding import as_json, decide, decide_vehicle
from bulou.checkpoints.rules.tables import GRAVITY, Row, Span, Table, in_force, read_inputs, read_table
from bulou.checkpoints.tests.made import RULES

HERE = Path(__file__).parent.parent
INPUTS = read_inputs((HERE / "tables/inputs.toml").read_text("utf-8"))
HEAD = 'name = "试"\ntitle = { zh = "试", en = "Try" }\nsource = "试"\nvalid_from = 2020-01-01\n'


def shipped(name: str) -> Table:
    return read_table((HERE / f"tables/{name}.toml").read_text("utf-8"), INPUTS, RULES)


ROADS, HUANGSHAN = shipped("cn-2020-02-roads"), shipped("huangshan-2020-02")
CALM = {"region": "low", "address": "yes", "purpose": "home", "exempt": "none", "measured": "first", "refused": "no",
        "temperature": 36.5}  # fmt: skip


def made(*rows: str) -> Table:
    said = "\n".join(
        f'[[row]]\nname = "r{i}"\nzh = "因"\nen = "why"\nsource = "s"\n{row}' for i, row in enumerate(rows)
    )
    return read_table(HEAD + said, INPUTS, RULES)


@pytest.mark.parametrize("table", [ROADS, HUANGSHAN], ids=lambda table: table.name)
def test_what_ships_decides_every_case_and_reaches_every_row(table: Table) -> None:
    assert not [describe(finding) for finding in findings(table) if finding.is_error]


@pytest.mark.parametrize(
    ("known", "outcome", "row"),
    [
        ({}, "pass", "normal"),
        ({"temperature": None}, "hold", "not_measured"),
        ({"temperature": 37.29}, "pass", "normal"),
        ({"temperature": 37.3}, "hold", "fever_first"),
        ({"temperature": 37.3, "measured": "again"}, "refer", "fever_again"),
        ({"temperature": 37.3, "region": "outbreak"}, "refer", "fever_outbreak"),
        ({"region": "outbreak"}, "pass", "outbreak_home"),
        ({"region": "outbreak", "address": "no"}, "turn_back", "outbreak"),
        ({"refused": "yes", "temperature": None}, "hand_over", "refused"),
        ({"exempt": "emergency", "temperature": None}, "pass", "emergency"),
        ({"purpose": "visit"}, "turn_back", "visit"),
        ({"address": "no"}, "turn_back", "no_address"),
    ],
)
def test_the_roads_table(known: dict, outcome: str, row: str) -> None:
    decision = decide(ROADS, {**CALM, **known})
    assert (decision.outcome, decision.name) == (outcome, row)


def test_another_countys_table_decides_otherwise() -> None:
    fever = {**CALM, "temperature": 37.3}
    assert decide(ROADS, fever).outcome == "hold"
    assert decide(HUANGSHAN, fever).outcome == "refer"
    central = decide(HUANGSHAN, {**CALM, "region": "outbreak", "address": "no"})
    assert central.row is not None and (central.row.follow_days, central.row.follow_where) == (14, "central")


def test_a_county_uses_its_own_and_the_others_the_general_one() -> None:
    day = HUANGSHAN.valid_from
    assert in_force([ROADS, HUANGSHAN], 341002, day) is HUANGSHAN
    assert in_force([ROADS, HUANGSHAN], 610927, day) is ROADS
    with pytest.raises(LookupError):
        in_force([HUANGSHAN], 610927, day)


def test_a_vehicle_is_treated_as_its_gravest() -> None:
    shared = {key: CALM[key] for key in ("region", "address", "purpose", "exempt", "measured")}
    found = decide_vehicle(
        ROADS, shared, [{"temperature": 36.5, "refused": "no"}, {"temperature": 37.8, "refused": "no"}]
    )
    assert found.outcome == "hold" and [one.outcome for one in found.people] == ["pass", "hold"]


def test_the_longest_prefix_says_how_risky_a_place_is() -> None:
    found = [HUANGSHAN.level_of(code) for code in ("420106", "330302", "330402", "")]
    assert found == ["outbreak", "high", "low", "unknown"]


def test_a_gap_a_dead_row_and_an_overlap_are_told() -> None:
    table = made(
        'then = "pass"\nwhen = { region = ["low", "medium"], temperature = { to = 37.3 } }',
        'then = "turn_back"\nwhen = { region = "medium", purpose = "visit" }',
        'then = "hold"\nwhen = { region = "low", temperature = { to = 37.0 } }',
    )
    found = findings(table)
    codes = {(finding.code, finding.rows) for finding in found}
    assert ("unreachable", ("r2",)) in codes and ("gap", ()) in codes
    (overlap,) = (finding for finding in found if finding.code == "overlap")
    assert overlap.rows == ("r0", "r1") and overlap.lax
    with pytest.raises(ValueError, match="r2 is never reached"):
        check(table)


def test_the_end_of_a_span_is_a_case_of_its_own() -> None:
    low, high = "{ to = 37.3 }", "{ from = 37.3, from_included = false }"
    table = made(f'then = "pass"\nwhen = {{ temperature = {low} }}', f'then = "hold"\nwhen = {{ temperature = {high} }}',
                 'then = "hold"\nwhen = { temperature = { missing = true } }')  # fmt: skip
    (gap,) = findings(table)
    assert (gap.code, gap.example) == ("gap", {"temperature": 37.3})


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('then = "shoot"', "then is one of"),
        ('then = "pass"\nwhen = { colour = "red" }', "does not know 'colour'"),
        ('then = "pass"\nwhen = { region = "red" }', "one or several of"),
        ('then = "pass"\nwhen = { temperature = { from = "rule:fever.threshhold_c" } }', "fever.threshold_c"),
        ('then = "pass"\nwhen = { temperature = { from = 38, to = 37 } }', "nothing lies between"),
        ('then = "hold"\nfollow = { days = 14, where = "home" }', "only whoever is let in"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_with_its_row(row: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        made(row)
    assert "r0" in str(caught.value)


def spans() -> st.SearchStrategy[Span]:
    bounds = st.sampled_from([36.0, 36.5, 37.3, 38.0])
    return st.builds(lambda a, b, i, j: Span(min(a, b), max(a, b), i or a == b, j or a == b), bounds, bounds,
                     st.booleans(), st.booleans()) | st.just(Span(missing=True))  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> Table:
    small = {name: INPUTS[name] for name in ("region", "address", "temperature")}
    rows = []
    for i in range(draw(st.integers(1, 6))):
        when: dict = {}
        for name in draw(st.lists(st.sampled_from(sorted(small)), unique=True)):
            some = st.frozensets(st.sampled_from(sorted(small[name].choices) or [""]), min_size=1)
            when[name] = draw(spans() if small[name].is_number else some)
        rows.append(Row(f"r{i}", when, draw(st.sampled_from(GRAVITY)), {}, "s"))
    return Table("t", {}, "s", ROADS.valid_from, (), {}, tuple(rows), small)


VALUES = (None, 34.0, 35.0, 36.0, 36.2, 36.5, 37.0, 37.3, 37.9, 38.0, 40.0, 43.0)  # every piece between the bounds


@settings(max_examples=200, deadline=None)
@given(tables())
def test_the_checker_agrees_with_asking_every_case(table: Table) -> None:
    cases = [
        {"region": r, "address": a, "temperature": t}
        for r, a, t in itertools.product(INPUTS["region"].choices, ("yes", "no"), VALUES)
    ]
    decided = [decide(table, case) for case in cases]
    found = findings(table)
    assert any(f.code == "gap" for f in found) == any(not d.outcome for d in decided)
    hit = {d.name for d in decided}
    assert {f.rows[0] for f in found if f.code == "unreachable"} == {row.name for row in table.rows} - hit
    for finding in found:
        if finding.code == "overlap":
            assert decide(table, finding.example).name == finding.rows[0]
            assert table.get(finding.rows[1]).fits(finding.example)
        if finding.code == "gap":
            assert decide(table, finding.example).outcome == ""


def test_json_says_all_and_names_no_rule() -> None:
    said = as_json(ROADS)
    assert "rule:" not in str(said)
    assert [row["name"] for row in said["rows"]] == [row.name for row in ROADS.rows]

"""Whatever a desk writes down, the kinds take: bodies made by the phone's own code over vehicles drawn by a seed.

And the phone proposes what the server's reading of the same table does.
"""

import json
import os
import random
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from bulou.checkpoints.queries import shipped_tables
from bulou.checkpoints.rules.deciding import as_json, decide_vehicle
from bulou.checkpoints.rules.tables import Table
from bulou.core.moments import CHINA
from bulou.ledger.rules import Entry
from bulou.records.examples import entry_id
from bulou.records.law import BoundKind
from bulou.records.rulebook import rulesets
from bulou.site.kinds import find_kinds
from tests.agreement.asking import NODE, ROOT

KINDS, RULES = find_kinds(), rulesets()
NAME = "cn-2020-02-community"
NOW = datetime(2020, 2, 3, 12, 0, tzinfo=CHINA)
POST = "post:00000000-0000-7000-8000-0000000000aa"
COUNT = int(os.environ.get("AGREEMENT_BODIES", "16")) * 10
TEXTS = ("", " ", "安娜", "a'b\"c<&>", "一组3号", "13800138000", "0")
TEMPERATURES = (None, 33.9, 34.0, 36.5, 37.2, 37.3, 37.4, 38.9, 43.0, 43.1)
PLATES = (
    "",
    "陕G12345",
    "陕AD12345",
    "陕A12345F",
    "WJ陕12345",
    "鄂A1234警",
    "粤Z1234港",
    "?",
    "陕G1",
    "临时0815",
    "陕g·12345",
)
pytestmark = pytest.mark.timeout(600)


def desk_of(table: Table) -> dict[str, Any]:
    rules = RULES[NAME]
    return {
        "table": as_json(table), "temperature": [rules.get("temperature.min_c"), rules.get("temperature.max_c")],
        "follow_days_most": rules.get("observation.days_most"), "fever_c": rules.get("fever.threshold_c"),
    }  # fmt: skip


def vehicle(chance: random.Random, table: Table) -> dict[str, Any]:
    pick = chance.choice
    people = [
        {"temperature": pick(TEMPERATURES), "refused": chance.random() < 0.1, "name": pick(TEXTS), "phone": pick(TEXTS),
         "id_number": pick(TEXTS)}
        for _ in range(chance.randint(1, 4))
    ]  # fmt: skip
    where = {"code": pick(("", "1", "42", "4201", "3303", "61", "999999999999")), "name": pick(TEXTS)}
    if chance.random() < 0.3:
        where["level"] = pick(list(table.inputs["region"].choices))
    to = {"code": pick(("610927100201", "610927100201000100")), "name": "文彩村", "address": pick(TEXTS)}
    made = {
        "vehicle": pick(("car", "coach", "truck", "motorbike", "on_foot", "other")), "plate": pick(PLATES),
        "from": pick((None, where, where)), "to": pick((None, to, to)),
        "purpose": pick(list(table.inputs["purpose"].choices)),
        "exempt": pick(list(table.inputs["exempt"].choices)), "people": people,
        "again_of": pick((None, None, str(entry_id(7)))),
    }  # fmt: skip
    cards = [f"DG03AB-0126-K7QP-{i:03d}" for i in range(1, len(people) + 1)] if chance.random() < 0.5 else []
    return {"vehicle": made, "cards": cards, "why": pick(("", " ", "体温计不准"))}


def rush(chance: random.Random) -> list[dict[str, Any]]:
    taps: list[dict[str, Any]] = []
    for second in sorted(chance.randint(0, 400) for _ in range(chance.randint(0, 60))):
        at = (NOW - timedelta(seconds=500 - second)).isoformat()
        undone = chance.random() < 0.2
        tap = {
            "at": at,
            "vehicles": chance.choice((0, 1)),
            "people": chance.choice((0, 1, 2, 4)),
            "back": chance.random() < 0.3,
        }
        taps.append(tap | {"undo": undone})
    return taps


def ask(asked: dict[str, Any]) -> dict[str, Any]:
    if not NODE.exists():
        if os.environ.get("CI"):
            pytest.fail("no Node: run `make setup`")
        pytest.skip("no Node: run `make setup`")
    with TemporaryDirectory() as folder:
        said, answered = Path(folder, "asked.json"), Path(folder, "answered.json")
        said.write_text(json.dumps(asked), "utf-8")
        done = subprocess.run(
            [NODE, "--no-warnings", ROOT / "tests" / "agreement" / "desk.mjs", said, answered],
            env={**os.environ, "TZ": "America/New_York"}, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
        return json.loads(answered.read_text("utf-8"))  # type: ignore[no-any-return]


def problems(kind: str, body: dict[str, Any]) -> list[str]:
    law = KINDS[kind].law(RULES.__getitem__)
    assert isinstance(law, BoundKind)
    return list(
        law.problems_in(Entry(entry_id(1), kind, POST, 610927100201000000, NOW, NOW, "x", body, rules=NAME), "en")
    )


@pytest.mark.parametrize("table", shipped_tables(RULES[NAME]), ids=lambda table: table.name)
def test_whatever_a_desk_writes_down_the_kind_takes_and_the_server_would_have_proposed_the_same(table):
    chance = random.Random(f"desk {table.name}")
    vehicles = [vehicle(chance, table) for _ in range(COUNT)]
    answers = ask({"desk": desk_of(table), "vehicles": vehicles, "taps": [], "plates": []})["vehicles"]
    wrong, made, lacking, referred = [], 0, 0, 0
    for asked, answer in zip(vehicles, answers, strict=True):
        one = asked["vehicle"]
        place = one["from"]
        level = "unknown" if place is None else place.get("level") or table.level_of(place["code"])
        known = {"region": level, "address": "yes" if one["to"] else "no", "purpose": one["purpose"],
                 "exempt": one["exempt"], "measured": "again" if one["again_of"] else "first"}  # fmt: skip
        people = [{"temperature": p["temperature"], "refused": "yes" if p["refused"] else "no"} for p in one["people"]]
        mine = decide_vehicle(table, known, people)
        assert (answer["outcome"], answer["row"]) == (mine.outcome, mine.row.name if mine.row else ""), known
        for decided in answer["made"]:
            if "lacking" in decided:
                lacking += 1
                continue
            made += 1
            if found := problems("vehicle_pass", decided["body"]):
                wrong.append(f"{decided['body']}: {found}")
        if answer["referral"]:
            referred += 1
            asked_still = {"name", "transport", "clinic", "headquarters_told", "left_at"}
            said = {"left_at": "2020-02-03T11:59", "transport": "ambulance", "clinic": "县医院", "headquarters_told": "yes",
                    "name": "安娜", "first_temperature": 37.9} | answer["referral"]  # fmt: skip
            rows = [{"name": "巴勇", "what": "waits_here"} | row for row in said.get("companions", [])]
            said |= {"companions": rows} if rows else {}
            if found := problems("fever_referral", said):
                wrong.append(f"{said} without {asked_still}: {found}")
    assert not wrong, "\n".join(wrong[:10])
    assert min(made, lacking, referred) > COUNT // 4


def test_whatever_was_counted_the_kind_takes():
    chance = random.Random("rush")
    rushes = [rush(chance) for _ in range(200)]
    table = shipped_tables(RULES[NAME])[0]
    bodies = [b for b in ask({"desk": desk_of(table), "vehicles": [], "taps": rushes, "plates": []})["taps"] if b]
    assert len(bodies) > 150
    assert not [found for body in bodies if (found := problems("pass_tally", body))]

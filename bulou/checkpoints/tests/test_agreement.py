"""The phone decides alone: web/phone/desk/cases.json holds decide.ts to what is decided here.

Written again by `BULOU_WRITE_CASES=1 pytest bulou/checkpoints/tests/test_agreement.py`.
"""

import json
import os
import random
from datetime import date
from pathlib import Path
from typing import Any

from bulou.checkpoints.rules.cards import card_number
from bulou.checkpoints.rules.deciding import as_json, decide, decide_vehicle
from bulou.checkpoints.tests.test_tables import HUANGSHAN, INPUTS, ROADS, made

FILE = Path(__file__).parents[3] / "web/phone/desk/cases.json"
ENDS = made(  # every sort of end, and cases that no row decides
    'then = "pass"\nwhen = { temperature = { from = 36.0, to = 37.0 }, region = ["low", "unknown"] }',
    'then = "hold"\nwhen = { temperature = { from = 37.0, from_included = false, to = 37.3, to_included = true } }',
    'then = "refer"\nwhen = { temperature = { from = 37.3, from_included = false } }',
    'then = "turn_back"\nwhen = { temperature = { missing = true }, purpose = "visit" }',
)
TABLES = (ROADS, HUANGSHAN, ENDS)


def known(chance: random.Random) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, given in INPUTS.items():
        if given.is_number:
            said[name] = chance.choice((None, 35.9, 36.0, 36.5, 37.0, 37.1, 37.29, 37.3, 37.31, 38.5))
        elif chance.random() < 0.97:  # now and then not answered
            said[name] = chance.choice(sorted(given.choices))
    return said


def cases() -> dict[str, Any]:
    chance = random.Random(20200130)
    asked, vehicles = [], []
    for number, table in enumerate(TABLES):
        for _ in range(150):
            said = known(chance)
            found = decide(table, said)
            asked.append({"table": number, "known": said, "outcome": found.outcome, "row": found.name})
        for _ in range(20):
            shared = {k: v for k, v in known(chance).items() if INPUTS[k].of == "vehicle"}
            some = [known(chance) for _ in range(chance.randint(0, 5))]
            people = [{k: v for k, v in one.items() if INPUTS[k].of == "person"} for one in some]
            both = decide_vehicle(table, shared, people)
            vehicles.append({"table": number, "vehicle": shared, "people": people, "outcome": both.outcome,
                             "row": both.row.name if both.row else ""})  # fmt: skip
    levels = {code: HUANGSHAN.level_of(code) for code in ("420106", "330302", "3310", "330402", "")}
    card = card_number(post_code="DG03", day=date(2020, 1, 30), mark="K7QP", number=12)
    return {"tables": [as_json(table) for table in TABLES], "cases": asked, "vehicles": vehicles, "levels": levels,
            "card": card}  # fmt: skip


def test_the_phones_cases_are_what_is_decided_here() -> None:
    now = cases()
    if os.environ.get("BULOU_WRITE_CASES"):
        FILE.write_text(json.dumps(now, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    assert json.loads(FILE.read_text("utf-8")) == now, "write web/phone/desk/cases.json again (BULOU_WRITE_CASES=1)"
    assert {case["outcome"] for case in now["cases"]} >= {"", "pass", "hold", "refer", "turn_back", "hand_over"}

"""What a phone carries to a post so that it can decide, number cards and name destinations without a signal."""

from datetime import datetime
from typing import Any

from bulou.areas import queries as areas
from bulou.checkpoints.queries.tables import table_in_force
from bulou.checkpoints.rules.cards import post_code
from bulou.checkpoints.rules.deciding import as_json
from bulou.checkpoints.rules.plates import KINDS, LETTERS, PROVINCES
from bulou.core.divisions import TOWNSHIP, VILLAGE, area_at, code_of, county_area
from bulou.core.moments import day_of
from bulou.core.scope import EVERYTHING, seeing
from bulou.records.rulesets import RuleSet
from bulou.rosters.queries import Post

VERSION = 1
OUTCOMES = {
    "pass": {"zh": "放行", "en": "Let pass"},
    "turn_back": {"zh": "劝返", "en": "Turn back"},
    "hold": {"zh": "留观复测", "en": "Hold and measure again"},
    "refer": {"zh": "转发热门诊", "en": "Refer to the fever clinic"},
    "hand_over": {"zh": "移交公安", "en": "Hand over to the police"},
}


def desk(post: Post, *, now: datetime, ruleset: RuleSet) -> dict[str, Any]:
    """Return the desk of a post as plain JSON; nobody is named in it.

    `table` is what web/phone/desk/decide.ts reads; `recheck_minutes` how long to wait before measuring again;
    `destinations` every village of the county by code, with its township; `travel_minutes` the drive where no better is
    known; `fever_c` for the keys' colour only, the table decides. A pass's body takes `decision_table`, `decision_row`,
    `proposed`, and, from the row, `follow_days` and `follow_where`.
    """
    table = table_in_force(post.county, day_of(now), ruleset)
    with seeing(EVERYTHING):  # names of villages are public
        villages = areas.at_level(county_area(post.county), VILLAGE)
        names = areas.names({area_at(number, TOWNSHIP) for number in (v.number for v in villages)})
    return {
        "version": VERSION,
        "at": now.isoformat(),
        "post": {
            "subject": post.subject,
            "code": post_code(str(post.id)),
            "name": post.name,
            "type": post.type,
            "road": post.road,
            "area": code_of(post.area),
        },
        "county": code_of(county_area(post.county)),
        "table": as_json(table),
        "outcomes": OUTCOMES,
        "rules": ruleset.name,
        "recheck_minutes": ruleset.get("fever.recheck_after_min"),
        "fever_c": ruleset.get("fever.threshold_c"),
        "temperature": [ruleset.get("temperature.min_c"), ruleset.get("temperature.max_c")],
        "follow_days_most": ruleset.get("observation.days_most"),
        "travel_minutes": ruleset.get("checkpoint.travel_minutes"),
        "keep_days": ruleset.get("retention.pass_days"),
        "destinations": [
            {"code": code_of(v.number), "name": v.name, "in": names.get(area_at(v.number, TOWNSHIP), "")}
            for v in villages
        ],
        "plates": {"provinces": PROVINCES, "letters": LETTERS, "kinds": list(KINDS)},
    }

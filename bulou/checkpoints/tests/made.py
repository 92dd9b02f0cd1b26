"""What the tests of checkpoints write down. People have made-up names."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from bulou.core.divisions import number_of
from bulou.core.ids import new_id
from bulou.core.moments import parse_moment
from bulou.ledger.actions import Receipt, append
from bulou.ledger.rules import Entry
from bulou.records.rulesets import parse_ruleset
from bulou.rosters.queries import Post

COUNTY = 610927
AT = parse_moment("2020-01-30 10:00")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SYSTEM = "system:test"
VILLAGE, OTHER_VILLAGE = number_of("610927100005"), number_of("610927101201")
RULES = parse_ruleset(
    (Path(__file__).parent.parent.parent / "records/rulebooks/cn-2020-02-community.toml").read_text("utf-8")
)
KEEP = 14


@dataclass
class County:
    """The one post there is."""

    post: Post
    post_area: ClassVar[int] = number_of("610927102000")

    def write(self, kind: str, subject: str, body: dict[str, Any], at: datetime, area: int = 0) -> Receipt:
        entry = Entry(new_id(), kind, subject, area or self.post_area, at, at, SYSTEM, body)
        receipt = append([entry], at=at)[0]
        assert receipt.outcome == "applied", receipt
        return receipt

    def passes(self, at: datetime = AT, **changes: Any) -> UUID:
        """Write a car with 安娜 and 巴勇 from the outbreak area, let in to VILLAGE an hour's drive away."""
        return self.write("vehicle_pass", self.post.subject, {**LET_IN, **changes}, at).id


LET_IN: dict[str, Any] = {
    "vehicle": "car",
    "plate": "鄂A12345",
    "plate_kind": "ordinary",
    "region": "outbreak",
    "purpose": "home",
    "destination": "610927100005",
    "destination_address": "一组3号",
    "travel_minutes": 60,
    "people": [
        {"temperature": 36.4, "name": "安娜", "phone": "13800138000", "id_number": "11010519491231002X"},
        {"temperature": 36.6, "name": "巴勇", "phone": "13800138001"},
    ],
    "decision_table": "cn-2020-02-roads",
    "decision_row": "outbreak_home",
    "proposed": "pass",
    "decision": "pass",
    "follow_days": 14,
    "follow_where": "home",
}
PASSED = {"vehicle": "car", "plate": "陕G12345", "people": [{"temperature": 36.5}], "decision": "pass"}
SEEN = {"where": "here", "seen_by": "in_person", "seen_at": "2020-01-30T10:50", "follow": "no"}


def arrival(entry: UUID, row: int = 1, code: str = "610927100005") -> str:
    return f"arrival:{code}.{entry}.{row}"

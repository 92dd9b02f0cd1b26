"""The columns of this folder's tables, for the ledger's set-based SQL."""

from collections.abc import Iterable

from bulou.areas.rules.tree import subject_of
from bulou.core.divisions import TOWNSHIP, VILLAGE, county_of, depth_of
from bulou.ledger.actions import follow_registers
from bulou.ledger.queries import counties_begun
from bulou.store import Table, query, rows_json, unpack

AREA = Table("areas_area", {
    "number": "bigint", "name": "text", "kind": "text", "parent": "bigint", "depth": "smallint", "since": "date",
    "registered_at": "timestamptz",
})  # fmt: skip
RESPONSIBILITY = Table("areas_responsibility", {
    "county": "int", "id": "uuid", "area": "bigint", "household": "text", "tier": "smallint", "role": "text",
    "person": "text", "unit": "text", "phone": "text", "account": "uuid", "since": "date", "assigned_by": "text",
    "assigned_at": "timestamptz", "ended_by": "text",
})  # fmt: skip
SETS = {TOWNSHIP: "townships", VILLAGE: "villages"}  # the sets of subjects that duties expand over, by depth


def existing(numbers: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return the name and kind of those of the numbers that are in the tree."""
    rows = query(
        f"SELECT a.number, a.name, a.kind FROM {unpack({'number': 'bigint'})} JOIN areas_area a ON a.number = x.number",  # noqa: S608
        rows_json([number] for number in numbers),
    )
    return {number: (name, kind) for number, name, kind in rows}


def follow(numbers: Iterable[int]) -> None:
    """Tell the ledger which townships and villages joined or left, county by county: standing orders reach them."""
    joined: dict[int, list[int]] = {}
    for number in numbers:
        joined.setdefault(county_of(number), []).append(number)
    for county in sorted(counties_begun(joined)):
        subjects = {subject_of(number) for number in joined[county] if depth_of(number) in SETS}
        if subjects:
            follow_registers(county, subjects, names=set(SETS.values()))

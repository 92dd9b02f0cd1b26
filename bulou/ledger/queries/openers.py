"""What is owed now, counted by whom or what the entry that opened it is about."""

from datetime import datetime

from bulou import store
from bulou.core.divisions import county_area
from bulou.core.scope import visible_within


def missing_by_opener(county: int, *, now: datetime, name: str) -> dict[str, tuple[int, int]]:
    """Return for each subject whose entries opened duties of the name how many are owed now, and how many overdue.

    One statement over the index of what is unmet, whatever was ever owed. Needs the whole county in sight: {} if not.
    """
    whole = county_area(county)
    if not any(low <= whole and high >= county_area(county + 1) - 1 for low, high in visible_within(whole)):
        return {}
    moment = store.stamp(now)
    rows = store.query(
        "SELECT e.subject, count(*), sum(CASE WHEN d.due_at < %s THEN 1 ELSE 0 END) FROM ledger_duty d"
        " JOIN ledger_entry e ON e.county = d.county AND e.id = d.opened_by"
        " WHERE d.county = %s AND d.name = %s AND d.met_by IS NULL AND d.waived_by IS NULL"
        " AND d.opens_at <= %s AND d.closes_at > %s GROUP BY e.subject",
        *(moment, county, name, moment, moment),
    )  # fmt: skip
    return {row[0]: (row[1], row[2]) for row in rows}

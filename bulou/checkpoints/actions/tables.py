"""Taking a decision table into use."""

from datetime import date, datetime
from uuid import UUID

from bulou.access.actions import audit, need
from bulou.checkpoints.models import AdoptedTable
from bulou.checkpoints.queries.tables import shipped_inputs
from bulou.checkpoints.rules.checking import check
from bulou.checkpoints.rules.tables import read_table
from bulou.core.divisions import county_area
from bulou.core.ids import new_id
from bulou.records.rulesets import RuleSet
from bulou.store import writing


def adopt_table(*, county: int, text: str, since: date, basis: str, ruleset: RuleSet, by: str, at: datetime) -> UUID:
    """Take the table into use for the county's posts from the day on, and return its id.

    Raise ValueError, saying which row or which case, if it has a row never reached or leaves a case undecided, if it is
    another county's, or if no basis is given. Phones take it at their next pull. It takes a second person: NeedsSecond.
    """
    table = read_table(text, shipped_inputs(), ruleset)
    check(table)
    if table.counties and county not in table.counties:
        raise ValueError(f"decision table {table.name} is for {', '.join(map(str, table.counties))}, not {county}")
    if not basis.strip():
        raise ValueError("a decision table needs a written basis")
    said = {"name": table.name, "since": since.isoformat(), "basis": basis.strip(), "text": text}
    with writing(county):
        need("decision_table", area=county_area(county), asked=said, by=by, at=at)
        row = AdoptedTable.objects.create(
            county=county, id=new_id(), name=table.name[:100], since=since, text=text, basis=basis.strip(), by=by, at=at
        )
        audit(by=by, at=at, action="decision table", area=county_area(county), purpose=basis.strip(),
              detail={"table": table.name, "since": since.isoformat()})  # fmt: skip
    return row.id

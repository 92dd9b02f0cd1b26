"""Calling people back to their posts, and keeping those off who cannot serve."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from bulou.core.divisions import code_of, county_of
from bulou.core.moments import CHINA
from bulou.rosters.actions.publishing import owners_of
from bulou.rosters.actions.writing import entry, write
from bulou.rosters.rules.registers import Refused
from bulou.store import writing

MOST = 1000  # rows of one entry


def call_back(
    *, area: int, title: str, basis: str, deadline: datetime, responders: Sequence[UUID], by: str, at: datetime
) -> UUID:
    """Call these back by the deadline and return the order's entry id. Raise LookupError, Refused."""
    if len(responders) > MOST:
        raise Refused("too many", f"one order calls at most {MOST} people; make two", str(len(responders)))
    county = county_of(area)
    with writing(county):
        owners = owners_of(county, set(responders))
        people = [{"responder": f"responder:{who}", "owner": owners[who]} for who in dict.fromkeys(responders)]
        body = {"title": title, "basis": basis, "deadline": deadline.astimezone(CHINA).isoformat(), "people": people}
        made = entry("muster_order", f"area:{code_of(area)}", area, body, by=by, at=at)
        write([made], received_at=at)
    return made.id

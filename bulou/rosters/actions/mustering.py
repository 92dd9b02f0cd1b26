"""Calling people back to their posts, and keeping those off who cannot serve."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from bulou.core.divisions import code_of, county_of
from bulou.core.moments import CHINA
from bulou.rosters.actions.publishing import owners_of
from bulou.rosters.actions.writing import entry, write
from bulou.rosters.models import Responder
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


def report_returns(county: int, responders: Sequence[UUID], *, by: str, at: datetime, contact: bool = False) -> None:
    """Write that these are back at their posts. Raise LookupError, Refused."""
    body = {"outcome": "returned", "contact": "yes" if contact else "no"}
    _about(county, responders, "muster_return", body, by=by, at=at)


def excuse(county: int, responder: UUID, *, reason: str, until: date, by: str, at: datetime, note: str = "") -> None:
    """Write that somebody called back cannot come until that day. `reason`: ill, exposed, road_closed or other."""
    body = {"outcome": "cannot", "reason": reason, "until": until.isoformat(), "note": note}
    _about(county, [responder], "muster_return", body, by=by, at=at)


def keep_off(
    county: int, responder: UUID, *, reason: str, first: date, last: date, by: str, at: datetime, note: str = ""
) -> None:
    """Keep a responder off every roster from day to day. `reason`: ill, exposed, family, called_away or other."""
    body = {"reason": reason, "from": first.isoformat(), "until": last.isoformat(), "note": note}
    _about(county, [responder], "cannot_serve", body, by=by, at=at)


def _about(county: int, responders: Sequence[UUID], kind: str, body: dict[str, str], *, by: str, at: datetime) -> None:
    areas = dict(Responder.objects.filter(county=county, id__in=list(responders)).values_list("id", "area"))
    if missing := set(responders) - set(areas):
        raise LookupError(f"there is no responder {missing.pop()} in county {county}")
    with writing(county):
        write([entry(kind, f"responder:{r}", areas[r], body, by=by, at=at) for r in responders], received_at=at)

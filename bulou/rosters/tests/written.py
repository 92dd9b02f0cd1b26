"""What responders' own forms and a hand-over say, written as at a desk; and the seconds a post stood empty."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from bulou.rosters import queries
from bulou.rosters.actions.writing import entry, write
from bulou.rosters.models import Responder


def report_returns(county: int, responders: Sequence[UUID], *, by: str, at: datetime) -> None:
    """Write that these are back at their posts."""
    _about(county, responders, "muster_return", {"outcome": "returned", "contact": "no"}, by=by, at=at)


def excuse(county: int, responder: UUID, *, reason: str, until: date, by: str, at: datetime) -> None:
    """Write that somebody called back cannot come until that day."""
    body = {"outcome": "cannot", "reason": reason, "until": until.isoformat()}
    _about(county, [responder], "muster_return", body, by=by, at=at)


def keep_off(county: int, responder: UUID, *, reason: str, first: date, last: date, by: str, at: datetime) -> None:
    """Keep a responder off every roster from day to day."""
    body = {"reason": reason, "from": first.isoformat(), "until": last.isoformat()}
    _about(county, [responder], "cannot_serve", body, by=by, at=at)


def _about(county: int, responders: Sequence[UUID], kind: str, body: dict[str, str], *, by: str, at: datetime) -> None:
    areas = dict(Responder.objects.filter(county=county, id__in=list(responders)).values_list("id", "area"))
    write([entry(kind, f"responder:{r}", areas[r], body, by=by, at=at) for r in responders], received_at=at)


def empty_seconds(area: int, post: UUID, *, since: datetime, until: datetime, now: datetime | None = None) -> float:
    """Return for how many seconds nobody was at the post while somebody had to be."""
    spans = queries.empty(area, post, since=since, until=until, now=now)
    return sum(((end - start).total_seconds() for start, end in spans), 0.0)

"""What follows the close of an incident: two people's word to destroy, and the way back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bulou.access.actions import audit, need
from bulou.command.actions.declaring import declare_level, get_row
from bulou.command.models import Destruction, Incident
from bulou.command.rules import HIGHEST, LOWEST, Problem, Refused, check_filled
from bulou.core.divisions import county_of
from bulou.core.ids import new_id
from bulou.core.moments import day_of


def approve_destruction(*, area: int, incident: UUID, basis: str, by: str, at: datetime) -> int:
    """Give one's word that what counts from the close may be destroyed when its days are over; return whose it is.

    It begins with the second person's. Raise Refused if the incident is open, or this person's word is given already.
    """
    check_filled(basis=basis)
    with transaction.atomic():
        row = get_row(area, incident)
        if row.closed_on is None or day_of(at) <= row.closed_on:
            raise Refused(Problem.STILL_OPEN)
        given = Destruction.objects.filter(county=row.county, incident=incident, withdrawn_at__isnull=True)
        if given.filter(by=by).exists():
            raise Refused(Problem.SAME_PERSON)
        Destruction.objects.create(
            county=row.county, id=new_id(), incident=incident, area=area, closed_on=row.closed_on, by=by, at=at,
            basis=basis.strip()[:200],
        )  # fmt: skip
        audit(by=by, at=at, action="destruction approved", area=area, subject=f"incident:{incident}")
        return given.count()


def reopen_incident(*, area: int, incident: UUID, level: int, basis: str, by: str, at: datetime) -> None:
    """Take a closed incident up again: its clocks stand still and every word given is withdrawn. Raise Refused.

    What was destroyed stays destroyed. It takes a second person: NeedsSecond.
    """
    check_filled(basis=basis)
    with transaction.atomic():
        row = get_row(area, incident)
        if row.closed_on is None:
            raise Refused(Problem.STILL_OPEN)
        if not HIGHEST <= level <= LOWEST:
            raise Refused(Problem.LEVEL)
        said = {"incident": str(incident), "name": row.name, "level": level, "basis": basis.strip()}
        need("reopen_incident", area=area, asked=said, by=by, at=at)
        declare_level(row, level, since=day_of(at), basis=basis, by=by, at=at)
        Incident.objects.filter(county=row.county, id=incident).update(closed_on=None)
        given = Destruction.objects.filter(county=county_of(area), incident=incident, withdrawn_at__isnull=True)
        given.update(withdrawn_at=at)
        audit(by=by, at=at, action="incident reopened", area=area, subject=f"incident:{incident}")

"""Did the author of an entry stand at the post it speaks of? Asked by the ledger, like places: not limited by scope."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Entry
from bulou.ledger.trust import counted
from bulou.rosters.models import Responder, Shift
from bulou.rosters.queries.shifts import ARRIVE, STAND, duties_of
from bulou.rosters.rules.standing import AROUND, Stood


def stood_there(county: int, entries: Sequence[Entry]) -> list[bool]:
    """Tell of each entry, in order, whether its author was put down for its post when it happened, or sent there as relief.

    About one's own turn one may write at any time: a sick call comes days before, a signature after the end. Four
    queries, whatever the batch; one if none of the authors is a responder.
    """
    accounts = [_id_in(entry.by, "account") for entry in entries]
    who = Responder.objects.filter(county=county, account__in={one for one in accounts if one})
    responders: dict[UUID, UUID] = {id_: account for id_, account in who.values_list("id", "account") if account}
    if not responders:
        return [False] * len(entries)
    about = _about(county, entries)
    moments = [_moment(entry, about) for entry in entries]
    turns = _turns(county, responders, entries, moments)
    found = []
    for account, entry, moment in zip(accounts, entries, moments, strict=True):
        its, post = turns.get(account, ()) if account else (), _post(entry, about)
        until = entry.received_at or moment
        found.append(any(turn.permits(entry.subject, post, moment, until) for turn in its))
    return found


def _id_in(name: str, sort: str) -> UUID | None:
    found, _, rest = name.partition(":")
    try:
        return UUID(rest) if found == sort else None
    except ValueError:
        return None


def _about(county: int, entries: Sequence[Entry]) -> dict[UUID, Entry]:
    """Return the entries that these are about or correct, in the batch or before it."""
    found = {entry.id: entry for entry in entries}
    named = {id_ for entry in entries for id_ in (entry.amends, _id_in(entry.subject, "entry")) if id_}
    if wanted := named - found.keys():
        with seeing(EVERYTHING):
            found |= ledger.entries_by_id(county, wanted)
    return found


def _moment(entry: Entry, about: Mapping[UUID, Entry]) -> datetime:
    """Return when it happened, as far as it can be believed; putting one's own words right is judged as they were."""
    target = about.get(entry.amends) if entry.amends else None
    said = target if target is not None and target.by == entry.by else entry
    return counted(said.happened_at, said.written_from, said.received_at)


def _post(entry: Entry, about: Mapping[UUID, Entry]) -> str:
    """Return the subject the entry is about, or what the entry it is about is itself about."""
    behind = _id_in(entry.subject, "entry")
    return about[behind].subject if behind is not None and behind in about else entry.subject


def _turns(
    county: int, responders: Mapping[UUID, UUID], entries: Sequence[Entry], moments: Sequence[datetime]
) -> dict[UUID, list[Stood]]:
    """Return by account what its responder was put down for then; a roster that was withdrawn put nobody down."""
    named = [id_ for entry in entries if (id_ := _id_in(entry.subject, "shift"))]
    then = Q(starts_at__lte=max(moments) + AROUND, ends_at__gte=min(moments) - AROUND)
    rows = list(Shift.objects.filter(then | Q(id__in=named), county=county, responder__in=list(responders)))
    with seeing(EVERYTHING):
        duties = duties_of(county, [row.id for row in rows])
    found: dict[UUID, list[Stood]] = {}
    for row in rows:
        if (duty := duties.get(row.id, {}).get(ARRIVE if row.relief else STAND)) is not None:
            stood = Stood(f"shift:{row.id}", f"post:{row.post}", row.starts_at, row.ends_at, duty.waived_at)
            found.setdefault(responders[row.responder], []).append(stood)
    return found

"""What entries say of people for some days only, found as it comes in and destroyed when the days are over.

Three steps, each cheap however much was ever recorded (docs/adr/0015): the feed and the held tray are read once, as the
reactions read them, and what says something of people for a time is noted (ledger.actions.watch); of what is noted, what
is due is destroyed in batches (ledger.actions.erase); then the database's files are scrubbed. All may be done again at
any time, by the server's jobs and by hand at once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
from django.db import transaction

from bulou.core.divisions import county_of
from bulou.core.scope import EVERYTHING, seeing
from bulou.field.rules.reading import hash_of_link
from bulou.ledger import law
from bulou.ledger import queries as ledger
from bulou.ledger.actions import advance, erase, scrub, watch, watch_held
from bulou.ledger.rules import Entry, Fading
from bulou.office.keeping import DAYS_OF_PASSES, pass_days, rules_of, since
from bulou.records.declaration import Declaration
from bulou.records.fields import Field
from bulou.records.keeping import days_of, left_of, left_unjudged
from bulou.records.kinds import BoundKind

CONSUMER, CORRECTION = "retention", "correction"
BATCH = 500
GRACE = timedelta(days=1)  # so long a server may be switched off before `bulou check` complains


def erase_due(*, at: datetime, rewrite: bool = False) -> int:
    """Destroy all that is due, and return of how many entries and copies in the tray something was destroyed."""
    kinds = _kinds()
    with seeing(EVERYTHING):
        _follow(kinds)
        _look_through_tray(kinds, at)
        done = sum(_erase(county, kind, at) for county in ledger.counties_fading() for kind in kinds.values())
    if done or rewrite:
        scrub(rewrite=rewrite)
    return done


def overdue(*, at: datetime) -> list[tuple[int, str]]:
    """Return the counties and kinds of which something should have been destroyed a day ago and was not."""
    kinds = _kinds()
    with seeing(EVERYTHING):
        late = {
            (county, name)
            for county in ledger.counties_fading()
            for name, kind in kinds.items()
            if ledger.fading(county, kind=name, before=_before(county, kind, at) - GRACE, limit=1)
        }
        # What nobody has noted yet, of which the first to come is the first to be due.
        for _txid, _position, entry in ledger.feed(*ledger.cursor_of(CONSUMER), limit=1, kinds=kinds):
            county = county_of(entry.area)
            if since(entry) <= _before(county, kinds[entry.kind], at) - GRACE:
                late.add((county, entry.kind))
    return sorted(late)


def _kinds() -> dict[str, Declaration]:
    """Return the kinds that say something of people for some days from the entry on."""
    bound = (each for each in law.current().kinds.values() if isinstance(each, BoundKind))
    return {each.name: each.kind for each in bound if days_of(each.kind.fields, pass_days=0) is not None}


def _before(county: int, kind: Declaration, at: datetime) -> datetime:
    return at - timedelta(days=days_of(kind.fields, pass_days=pass_days(county, at)) or 0)


def _follow(kinds: Mapping[str, Declaration]) -> None:
    """Note what came since the last time. A correction is noted with what it corrects, whichever of them came first."""
    end = ledger.horizon()
    while (cursor := ledger.cursor_of(CONSUMER)) < end:
        found = ledger.feed(*cursor, limit=BATCH, kinds={*kinds, CORRECTION}, until=end)
        by_county: dict[int, list[Entry]] = {}
        for _txid, _position, entry in found:
            by_county.setdefault(county_of(entry.area), []).append(entry)
        last = end if len(found) < BATCH else found[-1][:2]
        with transaction.atomic():
            for county, entries in by_county.items():
                watch(county, _fading(county, entries, kinds))
            advance(CONSUMER, txid=last[0], position=last[1])


def _fading(county: int, entries: Sequence[Entry], kinds: Mapping[str, Declaration]) -> list[Fading]:
    originals = {entry.id: entry for entry in entries if entry.kind in kinds}
    amended = {entry.amends for entry in entries if entry.amends} - set(originals)
    corrections = [entry for entry in entries if entry.kind == CORRECTION]
    corrections += [one for some in ledger.corrections_of(county, originals).values() for one in some]
    originals |= {id_: e for id_, e in ledger.entries_by_id(county, amended).items() if e.kind in kinds}
    about = [(one, originals[one.amends]) for one in corrections if one.amends in originals]
    about += [(entry, entry) for entry in originals.values()]
    return [Fading(entry.id, original.kind, since(original)) for entry, original in about]


def _look_through_tray(kinds: Mapping[str, Declaration], at: datetime) -> None:
    """Note what came into the held tray. What cannot be read is taken for a kind if it speaks of one by its name."""
    while found := ledger.unwatched(limit=BATCH):
        by_county: dict[int, list[ledger.Unwatched]] = {}
        for one in found:
            by_county.setdefault(one.county, []).append(one)
        with transaction.atomic():
            for county, some in by_county.items():
                watch(county, [each for one in some if (each := _fading_in_tray(county, one, kinds))])
                watch_held(county, [one.id for one in some], at=at)


def _fading_in_tray(county: int, one: ledger.Unwatched, kinds: Mapping[str, Declaration]) -> Fading | None:
    try:
        entry = msgspec.json.decode(one.sent, type=Entry)
    except msgspec.MsgspecError:
        named = next((name for name in kinds if name in one.sent), None)
        return Fading(one.id, named, one.received_at, held=True) if named else None
    original: Entry | None = entry
    if entry.amends and entry.kind == CORRECTION:
        original = ledger.find_entry(county, entry.amends)
    if original is None or original.kind not in kinds:
        return None
    return Fading(one.id, original.kind, min(since(original), one.received_at), held=True)


def _erase(county: int, kind: Declaration, at: datetime) -> int:
    days = days_of(kind.fields, pass_days=pass_days(county, at))
    basis = f"{rules_of(county, at).name} {DAYS_OF_PASSES} {days}"
    left, done = partial(_left, kind.fields), 0
    while due := ledger.fading(county, kind=kind.name, before=_before(county, kind, at), limit=BATCH):
        done += erase(county, due, left=left, hash_of=hash_of_link, basis=basis, at=at)
    return done


def _left(fields: Sequence[Field], entry: Entry, fading: Fading) -> Mapping[str, Any]:
    """Return what is left of a body. Of a correction, why it was made goes too: it may quote what was wrong."""
    if entry.kind != CORRECTION:
        return left_unjudged(fields, entry.body) if fading.held else left_of(fields, entry.body)
    left = {key: entry.body[key] for key in ("withdrawn", "happened_at") if key in entry.body}
    if (body := entry.body.get("body")) is not None:
        left["body"] = left_unjudged(fields, body) if fading.held else left_of(fields, body)
    return left

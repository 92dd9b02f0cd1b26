"""What is said of people for a time only, found as it comes in and destroyed when its days are over.

Three steps, each cheap however much was ever recorded (docs/adr/0015, 0022): the feed and the held tray are read once, as
the reactions read them, and what says something of people is noted (ledger.actions.watch); of what is noted, and of what
the tables hold, what is due is destroyed in batches; then the database's files are scrubbed. All may be done again at any
time, by the server's jobs and by hand at once. Days that count from the close of an incident begin with two people's word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from bulou.command import queries as command
from bulou.command.queries import Ending
from bulou.core.divisions import county_of
from bulou.core.ids import new_secret
from bulou.core.keeping import END
from bulou.core.scope import EVERYTHING, seeing
from bulou.field.actions.attaching import forget_photographs
from bulou.field.rules.reading import hash_of_link
from bulou.ledger import queries as ledger
from bulou.ledger.actions import (
    Sheet,
    advance,
    blank,
    count_due,
    counties_holding,
    erase,
    scrub,
    watch,
    watch_held,
)
from bulou.ledger.rules import Entry, Fading, effective
from bulou.office.clocks import CORRECTION, UNREADABLE, Watched, clocks, clocks_of, kinds_watched, within
from bulou.office.declared import sheets
from bulou.office.keeping import since
from bulou.records.counting import COUNTED
from bulou.records.keeping import left_of, left_unjudged, photographs
from bulou.records.rulebook import rules_in_force
from bulou.reports.erased import counts_of

CONSUMER = "retention.2"  # another name reads all again: more kinds are watched than before
BATCH = 500
GRACE = timedelta(days=1)  # so long a server may be switched off before `bulou check` complains


def erase_due(*, at: datetime, rewrite: bool = False) -> int:
    """Destroy all that is due, and return in how many entries, copies in the tray and rows something was destroyed."""
    kinds, emptied = kinds_watched(), set[str]()
    with seeing(EVERYTHING):
        _follow(kinds)
        _look_through_tray(kinds, at)
        done, key = 0, new_secret(40).encode()
        for county in ledger.counties_fading():
            closed = command.endings(county, now=at)
            done += sum(_erase(county, kind, closed, key, at) for kind in kinds.values())
        for sheet in sheets():
            rows = sum(_empty(sheet, county, at) for county in list(counties_holding(sheet)))
            if rows:
                emptied.add(sheet.name)
                done += rows
    if done or rewrite:
        scrub(rewrite=rewrite, others=sorted(emptied or ({each.name for each in sheets()} if rewrite else ())))
    return done


def note_all(*, at: datetime) -> None:
    """Note what came since the last time, so that what will be destroyed can be counted. Nothing is destroyed."""
    kinds = kinds_watched()
    with seeing(EVERYTHING):
        _follow(kinds)
        _look_through_tray(kinds, at)


def overdue(*, at: datetime) -> list[tuple[int, str]]:
    """Return the counties and kinds, or tables, of which something should have been destroyed a day ago and was not."""
    kinds, then = kinds_watched(), at - GRACE
    late: set[tuple[int, str]] = set()
    with seeing(EVERYTHING):
        for county in ledger.counties_fading():
            closed = command.endings(county, now=at)
            late |= {
                (county, name)
                for name, kind in kinds.items()
                for clock in clocks(county, kind.limit.starts, kind.limit.days, closed, then)
                if ledger.fading(county, kind=name, before=clock.before, within=clock.span, owed=kind.owed(at), limit=1)
            }
        for sheet in sheets():
            for county in counties_holding(sheet):
                closed = command.endings(county, now=at) if county else []
                for after in sheet.about.after:
                    if any(
                        count_due(sheet, after, county=county, before=clock.before, span=clock.span, most=1)
                        for clock in clocks_of(sheet, after, county, closed, then)
                    ):
                        late.add((county, sheet.name))
        # What nobody has noted yet, of which the first to come is the first to be due.
        for _txid, _position, entry in ledger.feed(*ledger.cursor_of(CONSUMER), limit=1, kinds=kinds):
            county, kind = county_of(entry.area), kinds[entry.kind]
            closed = command.endings(county, now=at)
            for clock in clocks(county, kind.limit.starts, kind.limit.days, closed, then):
                if since(entry) <= clock.before and within(entry.area, clock.span):
                    late.add((county, entry.kind))
    return sorted(late)


def waiting_for_word(*, at: datetime) -> list[str]:
    """Return, in words, the closed incidents whose days are over and for whose destruction two people's word is missing."""
    found = []
    with seeing(EVERYTHING):
        for county in ledger.counties_fading():
            rules = rules_in_force(county, at)
            over = at - GRACE - timedelta(days=int(str(rules.get(END))))
            found += [
                f"incident {one.incident} of {county} was closed on {one.closed_on};"
                f" {command.NEEDED - len(one.approvals)} more must give their word before what it says of people goes"
                for one in command.endings(county, now=at)
                if not one.approved and one.spans and one.since <= over
            ]
    return found


def _follow(kinds: Mapping[str, Watched]) -> None:
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


def _fading(county: int, entries: Sequence[Entry], kinds: Mapping[str, Watched]) -> list[Fading]:
    originals = {entry.id: entry for entry in entries if entry.kind in kinds and entry.kind != CORRECTION}
    amended = {entry.amends for entry in entries if entry.amends} - set(originals)
    corrections = [entry for entry in entries if entry.kind == CORRECTION]
    corrections += [one for some in ledger.corrections_of(county, originals).values() for one in some]
    known = originals | ledger.entries_by_id(county, amended)
    about = [(one, known[one.amends]) for one in corrections if one.amends in known]
    about += [(entry, entry) for entry in originals.values()]
    return [_noted(entry.id, original, kinds) for entry, original in about]


def _noted(id_: UUID, original: Entry, kinds: Mapping[str, Watched], *, held: datetime | None = None) -> Fading:
    """Return it as it is noted. A correction of what says nothing of people goes by itself: why it was made does."""
    name = original.kind if original.kind in kinds else CORRECTION
    began = since(original) if held is None else min(since(original), held)
    return Fading(id_, name, began, held is not None, original.area, kinds[name].limit.starts == "incident")


def _look_through_tray(kinds: Mapping[str, Watched], at: datetime) -> None:
    """Note what came into the held tray. What cannot be read is taken for a kind if it speaks of one by its name."""
    while found := ledger.unwatched(limit=BATCH):
        by_county: dict[int, list[ledger.Unwatched]] = {}
        for one in found:
            by_county.setdefault(one.county, []).append(one)
        with transaction.atomic():
            for county, some in by_county.items():
                watch(county, [_fading_in_tray(county, one, kinds) for one in some])
                watch_held(county, [one.id for one in some], at=at)


def _fading_in_tray(county: int, one: ledger.Unwatched, kinds: Mapping[str, Watched]) -> Fading:
    try:
        entry = msgspec.json.decode(one.sent, type=Entry)
    except msgspec.MsgspecError:
        said = [name for name in kinds if name in one.sent]
        named = min(said, key=lambda name: (kinds[name].limit.starts != "entry", name), default=UNREADABLE)
        return Fading(one.id, named, one.received_at, True, one.area, kinds[named].limit.starts == "incident")
    original: Entry | None = entry
    if entry.amends and entry.kind == CORRECTION:
        original = ledger.find_entry(county, entry.amends)
    if original is not None and original.kind in kinds:
        return replace(_noted(one.id, original, kinds, held=one.received_at), area=one.area)
    began = min(since(entry), one.received_at)
    return Fading(one.id, UNREADABLE, began, True, one.area, True)


def _erase(county: int, kind: Watched, closed: Sequence[Ending], key: bytes, at: datetime) -> int:
    done = 0
    for clock in clocks(county, kind.limit.starts, kind.limit.days, closed, at):
        while due := ledger.fading(
            county, kind=kind.name, before=clock.before, within=clock.span, owed=kind.owed(at), limit=BATCH
        ):
            left = _Left(county, kind, due, key)
            done += erase(county, due, left=left, hash_of=hash_of_link, basis=clock.basis, at=at)
            forget_photographs(county, left.photographs)
    return done


class _Left:
    """Says what is left of each body of a batch. Of a correction, why it was made goes too: it may quote what was wrong."""

    def __init__(self, county: int, kind: Watched, due: Sequence[Fading], key: bytes) -> None:
        self.kind, self.key = kind, key
        self.photographs: set[str] = set()
        written = ledger.entries_by_id(county, [one.id for one in due if not one.held])
        self.corrected = ledger.entries_by_id(county, {e.amends for e in written.values() if e.amends})

    def __call__(self, entry: Entry, fading: Fading) -> Mapping[str, Any]:
        if entry.kind != CORRECTION:
            return self._left(entry, entry.body, fading)
        left = {name: entry.body[name] for name in ("withdrawn", "happened_at") if name in entry.body}
        if (body := entry.body.get("body")) is not None:
            if self.kind.name == CORRECTION and not fading.held:  # of something that says nothing of people
                return left | {"body": body}
            original = self.corrected.get(entry.amends) if entry.amends else None
            stands = effective(original, [entry]) if original else None
            left["body"] = self._left(stands or entry, body, fading)
        return left

    def _left(self, entry: Entry, body: Any, fading: Fading) -> dict[str, Any]:
        fields = self.kind.fields(entry.version)
        if fading.held:
            return left_unjudged(fields, body)
        self.photographs |= photographs(fields, body)
        left = left_of(fields, body, typed=self.kind.typed)
        if left != body and (counted := [[where, self._mark(whom)] for where, whom in counts_of(entry)]):
            left[COUNTED] = counted
        return left

    def _mark(self, whom: str) -> str:
        """Return whom an entry counts; in place of a name, a mark that tells two people apart and means nothing: the key
        to it is in no file, and gone when the round is."""
        subject, bar, name = whom.partition("|")
        return f"{subject}|{blake2b(whom.encode(), key=self.key, digest_size=6).hexdigest()}" if bar and name else whom


def _empty(sheet: Sheet, county: int, at: datetime) -> int:
    closed = command.endings(county, now=at) if county else []
    done = 0
    for after in sheet.about.after:
        for clock in clocks_of(sheet, after, county, closed, at):
            while rows := blank(
                sheet, after, county=county, before=clock.before, span=clock.span, basis=clock.basis, at=at, limit=BATCH
            ):
                done += rows
    return done

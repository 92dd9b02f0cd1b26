"""Entries open duties; entries are evidence that meets them. Nothing here is stored: `fold` is the judge.

A duty is met by the first evidence, in the order it counts, of the same duty name about the same subject inside the
duty's window `opens_at <= happened_at < closes_at` (a waiver reaches every window up to its `until`). It counts from when
it happened, but not from before it can have been written (trust.py). That is all of the law: it does not speak of the
order of arrival, so entries may come in any order and any number of times and the same duties come out. `actions/` keeps
the same answer in tables, batch by batch; the tests hold the two against each other.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Protocol
from uuid import UUID

from bulou.core.divisions import contains
from bulou.core.moments import FAR, parse_moment
from bulou.ledger import trust
from bulou.ledger.entries import Entry as Entry
from bulou.ledger.entries import Fading as Fading


class Lapsed(str):
    """A refusal because of time only: the author held the permission, but not all the while in which the entry can have
    been written. A person who knows better may answer for it."""

    __slots__ = ()


class State(StrEnum):
    """What a duty is at a given moment."""

    WAITING = "waiting"
    OPEN = "open"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met late"
    WAIVED = "waived"


UNSETTLED = frozenset({State.WAITING, State.OPEN, State.OVERDUE})


@dataclass(frozen=True, slots=True)
class Opening:
    """A duty an entry opens, or one for every member of the set `over` inside `area`.

    A member that joins the set after the duty fell due still owes it, `grace` after joining.
    """

    duty: str
    owed_by: str
    subject: str
    area: int
    opens_at: datetime
    due_at: datetime
    closes_at: datetime = FAR
    over: str = ""
    grace: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Meeting:
    """What an entry proves: it meets the duty of this name about this subject.

    With `waives` it lets the duty go instead, every window of it that is open between the entry and `until`.
    """

    duty: str
    subject: str
    waives: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Effects:
    opens: Sequence[Opening] = ()
    meets: Sequence[Meeting] = ()


NOTHING = Effects()


@dataclass(frozen=True, slots=True)
class Member:
    """One of a set of subjects: where it is, since when it has been in the register, and until when it was."""

    subject: str
    area: int
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What the register says of a subject: its present name (after merges) and area."""

    subject: str
    area: int


class KindLaw(Protocol):
    """What the ledger asks of a kind."""

    name: str
    sets: frozenset[str]  # the sets its openings expand over

    def problems(self, entry: Entry) -> list[str]:
        """Return what is wrong with the body, in words for the person who wrote it; nothing if it can be applied."""

    def effects(self, entry: Entry) -> Effects:
        """Return what the entry opens and meets."""


@dataclass(frozen=True)
class Law:
    """All the ledger must learn from above. `site` installs one; tests install a toy."""

    kinds: Mapping[str, KindLaw]
    places: Callable[[int, set[str]], Mapping[str, Place]]  # county, subjects -> those the registers know
    members: Callable[[str, int], Iterator[Member]]  # set name, area number -> every member in the subtree
    joined: Callable[[str, set[str]], Iterator[Member]]  # set name, subjects -> those of them that are members
    rules_at: Callable[[int, datetime], str] = lambda county, moment: ""
    writing_up: Callable[[str], timedelta] = lambda rules: timedelta(days=2)  # rule set -> trust.believe's writing_up
    ruled: bool = False  # whether an entry from before the first rule set is held
    # Of an entry that waited for the one it amends, and that one: what it says now, usually itself. ValueError: why not.
    redrawn: Callable[[Entry, Entry], Sequence[Entry]] = lambda waiting, original: [waiting]
    # Of each entry of one county, in order: why it must be held, such as a lost permission; "" if it need not be. The
    # mapping holds the entries that these change, by id.
    refused: Callable[[Sequence[Entry], Mapping[UUID, Entry]], Sequence[str]] = lambda entries, amended: (
        [""] * len(entries)
    )


@dataclass(frozen=True, slots=True)
class Duty:
    """Something owed: who owes what about whom or where by when. A projection, made again from entries at will."""

    id: UUID
    name: str
    subject: str
    area: int
    owed_by: str
    opened_by: UUID
    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    met_by: UUID | None = None
    met_at: datetime | None = None
    met_reported_at: datetime | None = None
    waived_by: UUID | None = None
    waived_at: datetime | None = None

    def state(self, now: datetime) -> State:
        """Return the duty's state. What was done in time but reported late counts as met."""
        if self.met_at is not None:
            return State.MET if self.met_at <= self.due_at else State.MET_LATE
        if self.waived_at is not None:
            return State.WAIVED
        if now < self.opens_at:
            return State.WAITING
        return State.OVERDUE if now > self.due_at else State.OPEN

    @property
    def reported_late(self) -> bool:
        """Tell whether the duty was met in time by evidence that arrived after it fell due."""
        return (
            self.met_at is not None
            and self.met_at <= self.due_at
            and self.met_reported_at is not None
            and self.met_reported_at > self.due_at
        )


def duty_id(opened_by: UUID, name: str, subject: str, opens_at: datetime) -> UUID:
    """Return the id that the same duty has in every fold."""
    key = f"{opened_by}|{name}|{subject}|{opens_at.timestamp():.6f}"
    return UUID(bytes=blake2b(key.encode(), digest_size=16).digest())


def _duty(entry_id: UUID, o: Opening, subject: str, area: int, due_at: datetime) -> Duty:
    key = duty_id(entry_id, o.duty, subject, o.opens_at)
    return Duty(key, o.duty, subject, area, o.owed_by, entry_id, o.opens_at, due_at, o.closes_at)


def expand(entry_id: UUID, opening: Opening, members: Iterable[Member]) -> Iterator[Duty]:
    """Yield the duties an opening stands for: one, or one a member of its set.

    A member that joined after the order still has the whole of `grace`: nobody is overdue on the day they were found.
    One that has left owes nothing that fell due later; what was missed before stays missed, and can no longer be met.
    """
    if not opening.over:
        yield _duty(entry_id, opening, opening.subject, opening.area, opening.due_at)
        return
    for member in members:
        if not contains(opening.area, member.area) or member.since >= opening.closes_at:
            continue
        due_at = opening.due_at
        if member.since > opening.opens_at:
            due_at = max(due_at, member.since + opening.grace)
        if member.until is None:
            yield _duty(entry_id, opening, member.subject, member.area, due_at)
        elif member.until > due_at:
            closing = replace(opening, closes_at=min(opening.closes_at, member.until))
            yield _duty(entry_id, closing, member.subject, member.area, due_at)


def said_at(e: Entry) -> tuple[datetime, UUID]:
    """Return when an entry was written down, by trusted time, with its id to break ties: corrections go by it."""
    at = trust.written_down(e.recorded_at, written_from=e.written_from, received_at=e.received_at, marked=e.marked)
    return at, e.id


def last_word(entry: Entry, corrections: Iterable[Entry]) -> Entry:
    """Return the one of its corrections by which the entry stands, or itself.

    The correction written down last, by trusted time, wins, ids breaking ties, whatever the order of arrival.
    """
    return max(corrections, key=said_at, default=entry)


def effective(entry: Entry, corrections: Iterable[Entry]) -> Entry | None:
    """Return the entry as it stands after its corrections, or None if it was withdrawn.

    A correction's body says `withdrawn`, or gives the new `body` (and `happened_at`, China time unless it says
    otherwise) in full.
    """
    last = last_word(entry, corrections)
    if last is entry:
        return entry
    if last.body.get("withdrawn"):
        return None
    body, moment = last.body.get("body", entry.body), last.body.get("happened_at")
    return _moved(replace(entry, body=body), parse_moment(moment), last) if moment else replace(entry, body=body)


def _moved(entry: Entry, said: datetime, by: Entry) -> Entry:
    """Return the entry with the moment a correction gives it: it counts no earlier than it did before.

    What is said to have happened after the entry was received is the correction's own word, and judged by its span.
    """
    if by.written_from is None or entry.received_at is None:
        return replace(entry, happened_at=said)
    if said <= entry.received_at + trust.DRIFT:
        since = trust.counted(entry.happened_at, entry.written_from, entry.received_at)
        return replace(entry, happened_at=said, recorded_at=since, written_from=since)
    return replace(
        entry, happened_at=said, recorded_at=by.recorded_at, written_from=by.written_from, received_at=by.received_at,
        marked=by.marked,
    )  # fmt: skip


def belief_in(entry: Entry, law: Law) -> trust.Belief:
    """Return what is believed of the entry's moments."""
    return trust.believe(
        entry.happened_at, entry.recorded_at, written_from=entry.written_from, received_at=entry.received_at,
        marked=entry.marked, writing_up=law.writing_up(entry.rules),
    )  # fmt: skip


def effects_of(entry: Entry | None, law: Law) -> Effects:
    """Return what the entry does under the law. An entry that no longer passes its kind does nothing."""
    if entry is None or (kind := law.kinds.get(entry.kind)) is None or kind.problems(entry):
        return NOTHING
    return believed_effects(entry, kind, law)


def believed_effects(entry: Entry, kind: KindLaw, law: Law) -> Effects:
    """Return what an entry without problems does: no duty is met or waived by a moment that is not believed."""
    belief = belief_in(entry, law)
    if belief.effects_at != entry.happened_at:
        entry = replace(entry, happened_at=belief.effects_at)
    done = kind.effects(entry)
    return done if belief.meets else Effects(done.opens)


def resolve(done: Effects, places: Mapping[str, Place]) -> Effects:
    """Return the effects with every subject under its present name and every duty where its subject now is."""
    return Effects([_settled(each, places) for each in done.opens], [_named(each, places) for each in done.meets])


def _settled(opening: Opening, places: Mapping[str, Place]) -> Opening:
    place = None if opening.over else places.get(opening.subject)
    if place is None or (place.area == opening.area and place.subject == opening.subject):
        return opening
    return replace(opening, subject=place.subject, area=place.area)


def _named(meeting: Meeting, places: Mapping[str, Place]) -> Meeting:
    place = places.get(meeting.subject)
    return replace(meeting, subject=place.subject) if place and place.subject != meeting.subject else meeting


def subjects_of(done: Effects) -> Iterator[str]:
    """Yield every subject the effects speak of."""
    for opening in done.opens:
        if not opening.over:
            yield opening.subject
    for meeting in done.meets:
        yield meeting.subject


@dataclass(frozen=True, slots=True)
class Evidence:
    """A meeting with the entry it comes from. `counts_at`: when it meets, which is not before it can be believed."""

    duty: str
    subject: str
    happened_at: datetime
    until: datetime
    entry: UUID
    waives: bool
    reported_at: datetime
    counts_at: datetime


def evidence_of(entry: Entry, done: Effects, law: Law) -> list[Evidence]:
    """Return what the entry's meetings prove. A waiver is a decision: it holds from when it can have been written."""
    if not done.meets:
        return []
    belief, reported_at = belief_in(entry, law), entry.received_at or entry.recorded_at
    return [
        Evidence(
            meeting.duty,
            meeting.subject,
            belief.counts_at if meeting.waives else belief.before_close,
            (meeting.until or belief.counts_at) if meeting.waives else belief.opened_by,
            entry.id,
            meeting.waives,
            reported_at,
            belief.counts_at,
        )
        for meeting in done.meets
    ]


def covers(evidence: Evidence, duty: Duty) -> bool:
    """Tell whether the evidence falls inside the duty's window."""
    return duty.opens_at <= evidence.until and evidence.happened_at < duty.closes_at


def credit(duty: Duty, evidence: Evidence) -> Duty:
    """Return the duty after one more piece of evidence inside its window; the earliest always wins."""
    key = (evidence.counts_at, evidence.entry.int)
    met = duty.met_by, duty.met_at, duty.met_reported_at
    waived = duty.waived_by, duty.waived_at
    if evidence.waives:
        if duty.waived_at is not None and duty.waived_by is not None and key >= (duty.waived_at, duty.waived_by.int):
            return duty
        waived = evidence.entry, evidence.counts_at
    else:
        if duty.met_at is not None and duty.met_by is not None and key >= (duty.met_at, duty.met_by.int):
            return duty
        met = evidence.entry, evidence.counts_at, evidence.reported_at
    # Once a duty a batch touches: `replace` would take three times as long.
    return Duty(duty.id, duty.name, duty.subject, duty.area, duty.owed_by, duty.opened_by, duty.opens_at, duty.due_at,
                duty.closes_at, *met, *waived)  # fmt: skip


def fold(entries: Iterable[Entry], law: Law, county: int) -> dict[UUID, Duty]:
    """Return every duty a county's entries have opened, with what met it: the judge of the tables."""
    unique = {entry.id: entry for entry in entries}
    corrections: dict[UUID, list[Entry]] = defaultdict(list)
    for written in unique.values():
        if written.amends:
            corrections[written.amends].append(written)
    duties: dict[UUID, Duty] = {}
    evidence: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for original in unique.values():
        if (entry := effective(original, corrections[original.id])) is None:
            continue
        done = effects_of(entry, law)
        done = resolve(done, law.places(county, set(subjects_of(done))))
        for opening in done.opens:
            members = law.members(opening.over, opening.area) if opening.over else ()
            duties.update((duty.id, duty) for duty in expand(entry.id, opening, members))
        for piece in evidence_of(entry, done, law):
            evidence[piece.duty, piece.subject].append(piece)
    for duty in list(duties.values()):
        for piece in evidence[duty.name, duty.subject]:
            if covers(piece, duty):
                duties[duty.id] = credit(duties[duty.id], piece)
    return duties

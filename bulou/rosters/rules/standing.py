"""Who was there: presence from signatures, the time a post stood empty, days on duty in a row. Spans are half-open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bulou.core.moments import at_clock, day_of

Span = tuple[datetime, datetime]
ROUND_THE_CLOCK = ("00:00", "24:00")
AROUND = timedelta(hours=2)  # before and after a turn: who comes early helps, who is not relieved stays


@dataclass(frozen=True, slots=True)
class Stood:
    """A turn as published, and when it was let go, if it was: what gives leave to write at a post that is not one's own."""

    subject: str  # "shift:<id>"
    post: str  # "post:<id>"
    starts: datetime
    ends: datetime
    gone_at: datetime | None = None

    def permits(self, subject: str, post: str, moment: datetime, until: datetime) -> bool:
        """Tell whether its responder may write of the subject, which concerns the post, that it happened at the moment.

        A turn let go in the middle, or so late that the responder may not have heard, still gives leave until then: but
        not for what can have been written later, as all can that was received (`until`) later.
        """
        if subject == self.subject:
            return True
        ends = self.ends if self.gone_at is None else min(self.ends, self.gone_at)
        last = moment if self.gone_at is None else max(moment, until)
        return post == self.post and self.starts - AROUND <= moment and last <= ends + AROUND


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn as it went. `came`: checked in or took over. `went`: the hand-over of those who ended with it was signed,
    or they were sent home. None: nobody has said so."""

    starts: datetime
    ends: datetime
    came: datetime | None = None
    went: datetime | None = None


def presence(turn: Turn, now: datetime) -> Span | None:
    """Return from when to when somebody is known to have been there, as far as `now`; None if they never came.

    Who has not signed for handing over is counted until the end of the turn and not a second longer: nobody has said
    that they waited.
    """
    if turn.came is None or turn.came >= now:
        return None
    left = turn.went if turn.went is not None and turn.went > turn.came else turn.ends
    left = min(left, now)
    return (turn.came, left) if left > turn.came else None


@dataclass(frozen=True, slots=True)
class Manned:
    """A time in which orders ask for somebody at a post: [since, until), `until` None while no end is known, each day from
    the clock time `opens` to `closes`, past midnight if that comes first."""

    since: datetime
    until: datetime | None = None
    opens: str = ROUND_THE_CLOCK[0]
    closes: str = ROUND_THE_CLOCK[1]


def manned_spans(times: Iterable[Manned], since: datetime, until: datetime) -> list[Span]:
    """Return when somebody has to be there between the two moments, in order; pieces that touch are one."""
    found: list[Span] = []
    for time in times:
        start, end = max(time.since, since), until if time.until is None else min(time.until, until)
        if start >= end:
            continue
        if (time.opens, time.closes) == ROUND_THE_CLOCK:
            found.append((start, end))
            continue
        past_midnight = timedelta(days=time.closes <= time.opens)
        first = day_of(start) - timedelta(days=1)
        for n in range((day_of(end) - first).days + 1):
            day = first + timedelta(days=n)
            opens, closes = max(at_clock(day, time.opens), start), min(at_clock(day + past_midnight, time.closes), end)
            if opens < closes:
                found.append((opens, closes))
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def empty_spans(present: Iterable[Span], since: datetime, until: datetime) -> list[Span]:
    """Return when nobody was there between the two moments."""
    found: list[Span] = []
    reached = since
    for start, end in sorted(present):
        if start > reached:
            found.append((reached, min(start, until)))
        reached = max(reached, end)
        if reached >= until:
            break
    if reached < until:
        found.append((reached, until))
    return [(start, end) for start, end in found if start < end]


def days_in_row(days: Iterable[date], on: date) -> int:
    """Return how many days in a row, up to `on` or the day before it, somebody was on duty."""
    served = set(days)
    last = on if on in served else on - timedelta(days=1)
    count = 0
    while last - timedelta(days=count) in served:
        count += 1
    return count


@dataclass(frozen=True, slots=True)
class Signer:
    """A turn as far as signing matters."""

    id: object
    post: object
    starts: datetime
    ends: datetime
    lead: bool


def signers(turns: Sequence[Signer]) -> tuple[set[object], set[object]]:
    """Return the ids of the turns that sign for taking over, and of those that sign for handing over.

    Of those who begin together at a post the leader signs, or else the first by id; so of those who end together.
    """
    begins: dict[tuple[object, datetime], Signer] = {}
    ends: dict[tuple[object, datetime], Signer] = {}
    for turn in sorted(turns, key=lambda each: (not each.lead, str(each.id))):
        begins.setdefault((turn.post, turn.starts), turn)
        ends.setdefault((turn.post, turn.ends), turn)
    return {turn.id for turn in begins.values()}, {turn.id for turn in ends.values()}

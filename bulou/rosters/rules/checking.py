"""The check of any roster, solved or edited by hand. It shares no line with the solver: it counts on the calendar."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bulou.rosters.rules.coverage import Served, coverage
from bulou.rosters.rules.problem import ANYONE, Problem, Responder, Roster, Shift


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a roster. `hard` breaks a limit; a gap is not hard: it may be all that can be done.

    `code` says what, and which of the other fields speak:
    gap: a need nobody fills (role, count missing, start, end). double_booking: shift and other at the same time.
    rest: limit, hours asked for; found, hours between other ("" if before the roster) and shift. nights, days: limit, so
    many in a row allowed. week: limit, shifts in seven days. distance: limit and found, km. unavailable: why (leave, ill,
    exposed …). role: a role the responder does not hold. leader: named leader on duty, and may not be. twice: one person
    twice at one shift. unknown: no such responder or shift.
    """

    code: str
    hard: bool
    responder: str = ""
    shift: str = ""
    other: str = ""
    post: str = ""
    start: datetime | None = None
    end: datetime | None = None
    role: str = ANYONE
    leads: bool = False
    count: int = 0
    found: float = 0
    limit: float = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Duty:
    start: datetime
    end: datetime
    shift: str  # "" for one served before the roster begins


def check(problem: Problem, roster: Roster) -> list[Finding]:
    """Return everything wrong with the roster: broken limits first, then gaps. Empty means nothing is wrong."""
    found: list[Finding] = []
    duties: dict[str, list[_Duty]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    for one in roster.assignments:
        shift, responder = problem.shift_by_id.get(one.shift), problem.responder_by_id.get(one.responder)
        if shift is None or responder is None:
            found.append(Finding("unknown", True, one.responder, one.shift))
            continue
        if (one.shift, one.responder) in seen:
            found.append(_of(shift, "twice", one.responder))
            continue
        seen.add((one.shift, one.responder))
        duties[responder.id].append(_Duty(shift.start, shift.end, shift.id))
        if one.role != ANYONE and one.role not in responder.roles:
            found.append(_of(shift, "role", responder.id, role=one.role))
        if one.leads and not responder.leads:
            found.append(_of(shift, "leader", responder.id))
        found += _alone(problem, responder, shift)
    for who in sorted(duties):
        found += _together(problem, problem.responder_by_id[who], duties[who])
    gaps = coverage(problem.needs, served(problem, roster))
    return found + [
        Finding("gap", False, post=gap.post, start=gap.start, end=gap.end, role=gap.role, leads=gap.leads,
                count=gap.missing)
        for gap in gaps
    ]  # fmt: skip


def served(problem: Problem, roster: Roster) -> list[Served]:
    """Return the people of a roster as they would stand at the posts. Unknown ids and repeats are left out."""
    pairs = dict.fromkeys((one.shift, one.responder) for one in roster.assignments)
    return [
        Served(shift.post, shift.start, shift.end, responder.roles, responder.leads)
        for shift_id, who in pairs
        if (shift := problem.shift_by_id.get(shift_id)) and (responder := problem.responder_by_id.get(who))
    ]


def consequences(problem: Problem, before: Roster, after: Roster) -> tuple[list[Finding], list[Finding]]:
    """Return what an edit by hand brings about and what it puts right: (new findings, findings gone)."""
    was, now = check(problem, before), check(problem, after)
    return [each for each in now if each not in was], [each for each in was if each not in now]


def _of(shift: Shift, code: str, who: str, *, other: str = "", role: str = ANYONE, found: float = 0,
        limit: float = 0, why: str = "") -> Finding:  # fmt: skip
    return Finding(code, True, who, shift.id, other, shift.post, shift.start, shift.end, role, found=found,
                   limit=limit, why=why)  # fmt: skip


def _alone(problem: Problem, responder: Responder, shift: Shift) -> Iterator[Finding]:
    for span in responder.unavailable:
        if span.meets(shift.start, shift.end):
            yield _of(shift, "unavailable", responder.id, why=span.why)
            break
    most = problem.limits.travel_km
    if most is not None and (km := problem.km(responder, shift.post)) > most:
        yield _of(shift, "distance", responder.id, found=round(km, 1), limit=most)


def _together(problem: Problem, responder: Responder, served_: list[_Duty]) -> Iterator[Finding]:
    duties = sorted(
        [*served_, *(_Duty(past.start, past.end, "") for past in responder.past)],
        key=lambda duty: (duty.start, duty.end),
    )
    rest = problem.limits.rest
    for at, later in enumerate(duties):
        for earlier in duties[:at]:
            if not (earlier.shift or later.shift) or earlier.end + rest <= later.start:
                continue
            shift = problem.shift_by_id[later.shift or earlier.shift]
            other = earlier.shift if later.shift else ""
            if earlier.end > later.start:
                yield _of(shift, "double_booking", responder.id, other=other)
            else:
                between = (later.start - earlier.end) / timedelta(hours=1)
                yield _of(shift, "rest", responder.id, other=other, found=between, limit=rest / timedelta(hours=1))
    nights = [(problem.night_of(duty.start, duty.end), duty.shift) for duty in duties]
    days = [(problem.day_of(duty.start), duty.shift) for duty in duties]
    yield from _runs(problem, responder, "nights", nights, problem.limits.nights_in_row)
    yield from _runs(problem, responder, "days", days, problem.limits.days_in_row)
    yield from _weeks(problem, responder, days)


def _runs(
    problem: Problem, responder: Responder, code: str, dated: Sequence[tuple[date | None, str]], most: int | None
) -> Iterator[Finding]:
    """Report each run of dates longer than `most`, at the shift that makes it too long."""
    if most is None:
        return
    run, last = 0, None
    told = False
    for day, shift in sorted((day, shift) for day, shift in dated if day is not None):
        if last is None or day - last > timedelta(days=1):
            run, told = 1, False
        elif day != last:
            run += 1
        last = day
        if run > most and shift and not told:
            yield _of(problem.shift_by_id[shift], code, responder.id, found=run, limit=most)
            told = True


def _weeks(problem: Problem, responder: Responder, dated: Sequence[tuple[date, str]]) -> Iterator[Finding]:
    most = problem.limits.shifts_in_week
    if most is None:
        return
    for day, shift in sorted(dated):
        week = [day - timedelta(days=6) <= other <= day for other, _ in dated]
        if shift and (count := sum(week)) > most:
            yield _of(problem.shift_by_id[shift], "week", responder.id, found=count, limit=most)
            return

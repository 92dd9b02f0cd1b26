"""Writes the part of a judge that opens, meets and waives duties, and what that part calls."""

import math
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bulou.core.moments import at_clock, day_of
from bulou.records.duties import Meets, Opens, Waives
from bulou.records.expressions import Expression, Name, fill, parse
from bulou.records.rulesets import RuleSet
from bulou.records.scopes import FormScope, compiled, moment, number, text, truth

DAYS_LIMIT = 400  # a duty repeated for longer, or due later than that, is a slip of the pen
LONGEST = timedelta(days=DAYS_LIMIT)
_COLUMN = re.compile(r"m\d*_")
Window = tuple[datetime, datetime, datetime]  # opens, due, closes


class Writer:
    """Python source, line by line, and the constants it speaks of by made-up names."""

    def __init__(self, name: str, names: dict[str, Any]) -> None:
        self.name = name
        self.names = names
        self.lines: list[str] = []

    def write(self, line: str, depth: int = 1) -> None:
        """Add a line, indented `depth` times."""
        self.lines.append("    " * depth + line)

    def constant(self, value: Any) -> str:
        """Return a name for the value."""
        name = f"k{len(self.names)}_"
        self.names[name] = value
        return name

    def made(self, name: str) -> Any:
        """Return what the source defines under the name."""
        source = "\n".join(line for line in self.lines if not self._idle(line))
        exec(compile(source, f"<kind {self.name}>", "exec"), self.names)  # noqa: S102  (our own text: names are checked, literals are repr'd)
        return self.names[name]

    def _idle(self, line: str) -> bool:
        """Tell whether the line only prepares what no other line uses: a column of a repeat, or the time."""
        name = line.strip().partition(" = ")[0]
        if not (_COLUMN.match(name) or name in ("now_", "today_")):
            return False
        used = re.compile(rf"\b{name}\b")
        return not any(used.search(other) for other in self.lines if other is not line)


def write_opens(to: Writer, duty: Opens, scope: FormScope, ruleset: RuleSet | None, depth: int) -> None:
    """Write: if `when`, append one Opening, one a member or one a slot; a fault if its moments cannot be told."""
    to.write(f"if {_when(duty.when, scope)}:", depth)
    start = "entry.happened_at"
    if duty.opens:
        start = f"first_moment({moment(parse(duty.opens), scope)}) or {start}"
    to.write(f"o = {start}", depth + 1)
    subject = "''" if duty.over else _subject(duty.subject, scope)
    to.write(f"s = {subject}", depth + 1)
    if duty.slots:
        days, windows = number(parse(duty.days), scope), to.constant(_windows(duty, ruleset))
        to.write(f"d = w = slots(o, entry.happened_at, {days}, {windows})", depth + 1)
        moments, each = "*x", " for x in w"
    else:
        closes = f"last_moment({moment(parse(duty.closes), scope)}) or FAR" if duty.closes else "FAR"
        to.write(f"d = {_due(to, duty, scope)}", depth + 1)
        moments, each = f"o, d, {closes}", ""
    if duty.slots:
        to.write(f"if d is None: faults.append(('', 0, 'due', {duty.duty!r}))", depth + 1)
    else:
        to.write("u = untimely(o, entry.happened_at, d)", depth + 1)
        to.write(f"if u: faults.append(('', 0, u, {duty.duty!r}))", depth + 1)
    if duty.subject:
        to.write(f"elif s[-1:] in ('', ':'): faults.append(('', 0, 'subject', {duty.duty!r}))", depth + 1)
    grace = f", hours({number(parse(duty.grace_hours), scope)}) or timedelta(hours=24)" if duty.grace_hours else ""
    named, owner = _filled(duty.duty, scope), _filled(duty.owed_by, scope)
    made = f"[Opening({named}, {owner}, s, entry.area, {moments}, {duty.over!r}{grace}){each}]"
    to.write(f"else: opens += {f'[x for x in {made} if x not in opens]' if duty.each else made}", depth + 1)


def write_evidence(to: Writer, duty: Meets | Waives, scope: FormScope, depth: int) -> None:
    """Write: if `when`, append one Meeting. A subject without an id is nobody, and meets nothing."""
    to.write(f"if {_when(duty.when, scope)}:", depth)
    to.write(f"s = {_subject(duty.subject, scope)}", depth + 1)
    rest = ""
    if isinstance(duty, Waives):
        until = f"before(last_moment({moment(parse(duty.until), scope)}))" if duty.until else "None"
        rest = f", True, {until}"
    to.write(f"if s[-1:] not in ('', ':'): meets.append(Meeting({_filled(duty.duty, scope)}, s{rest}))", depth + 1)


def _when(expression: str, scope: FormScope) -> str:
    return truth(parse(expression), scope) if expression else "True"


def _subject(expression: str, scope: FormScope) -> str:
    if expression in ("", "self"):
        return "entry.subject" if not expression else "'entry:' + str(entry.id)"
    return text(parse(expression), scope)


def _due(to: Writer, duty: Opens, scope: FormScope) -> str:
    if duty.within_hours:
        span, compiler = compiled(parse(duty.within_hours), scope)
        if isinstance(span.literal, int | float) and hours(span.literal) is not None:
            start = "max(o, entry.happened_at)" if duty.opens else "o"
            return f"later({start}, {to.constant(hours(span.literal))})"
        return f"within(max(o, entry.happened_at), {compiler.number(span)})"
    value = moment(parse(duty.due), scope)
    if not duty.at:
        return f"last_moment({value})"
    clock = repr(duty.at) if duty.at.replace(":", "").isdigit() else text(parse(duty.at), scope)
    return f"last_moment({value}, {clock})"


def _filled(words: str, scope: FormScope) -> str:
    """Return source of the text with its `${field}` filled in."""
    parts = []
    for piece in fill(words):
        if isinstance(piece, Name):
            code, compiler = compiled(Expression(words, piece), scope)
            parts.append(compiler.text(code))
        else:
            parts.append(repr(piece))
    return " + ".join(parts) or "''"


def _windows(duty: Opens, ruleset: RuleSet | None) -> tuple[tuple[str, str], ...]:
    """Return the clock windows a rule lists. Raise LookupError if it lists anything else."""
    if ruleset is None:
        raise ValueError(f"duty {duty.duty}: slots come from a rule set")
    said = ruleset.get(duty.slots)
    try:
        if not isinstance(said, tuple) or not said:
            raise ValueError("it is no list")
        windows = tuple((window.split("-")[0], window.split("-")[1]) for window in said)
        day = day_of(datetime.fromisoformat("2020-01-01T00:00+08:00"))
        moments = [at_clock(day, clock) for window in windows for clock in window]
        if moments != sorted(moments):
            raise ValueError("they overlap")
    except (ValueError, IndexError) as error:
        raise LookupError(
            f"rule {duty.slots!r} must list clock windows such as 00:00-12:00 in order: {error}"
        ) from error
    return windows


# What the written source calls.


def untimely(opens: datetime, happened: datetime, due: datetime | None) -> str:
    """Return why a duty cannot be meant to fall due then, as the code of a fault; "" if it can.

    What nobody can have meant is asked about before it is owed by thousands: a year 9999, a deadline before the beginning.
    """
    if due is None:
        return "due"
    if due < opens:
        return "due early"
    return "due far" if due - happened > LONGEST else ""


def hours(number: float) -> timedelta | None:
    """Return so many hours; None if that is no span of time."""
    return timedelta(hours=number) if math.isfinite(number) and abs(number) <= 24 * DAYS_LIMIT else None


def within(start: datetime, number: float) -> datetime | None:
    """Return the moment so many hours later; None if there is none."""
    span = hours(number)
    return None if span is None else later(start, span)


def later(start: datetime, span: timedelta) -> datetime | None:
    """Return the moment so much later; None if the calendar ends before."""
    try:
        return start + span
    except OverflowError:
        return None


def before(moment: datetime | None) -> datetime | None:
    """Return the last instant before the moment: what is let go until 24:00 is owed again from 0:00."""
    return None if moment is None else moment - timedelta(microseconds=1)


def slots(
    opens: datetime, happened: datetime, days: float, windows: tuple[tuple[str, str], ...]
) -> list[Window] | None:
    """Return the windows of so many days from the day of `opens`; None if the days are no number from 0 to DAYS_LIMIT.

    Windows that were over before the record was made are left out: nobody could have kept them.
    """
    if not 0 <= days <= DAYS_LIMIT or later(opens, timedelta(days=days + 2)) is None:
        return None
    found = list(_each_slot(opens, int(days) + 1, windows))
    ends = [start for start, _ in found[1:]]
    kept = zip(found, ends, strict=False)
    last = int(days) * len(windows)
    return [(start, due, closes) for i, ((start, due), closes) in enumerate(kept) if i < last and due > happened]


def _each_slot(opens: datetime, days: int, windows: tuple[tuple[str, str], ...]) -> Iterator[tuple[datetime, datetime]]:
    first = day_of(opens)
    for n in range(days):
        day = first + timedelta(days=n)
        for start, end in windows:
            yield at_clock(day, start), at_clock(day, end)


PROVIDED: dict[str, Any] = {
    "untimely": untimely,
    "hours": hours,
    "within": within,
    "later": later,
    "before": before,
    "slots": slots,
}

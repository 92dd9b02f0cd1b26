"""Who was let in and is expected somewhere: as the village reads it, and as the post that let them in does.

A hand-off lies in two areas. The village may see the duty, because it lies there; that gives leave to read the one pass
that opened it. The post may see the pass; that gives leave to read what became of it. Each look across is made here,
one entry at a time, and nowhere else. After `keep_days` a pass is shown as a number only.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bulou.areas import queries as areas
from bulou.areas.rules.tree import subject_of
from bulou.checkpoints.rules.handoffs import PREFIX, arrival_places, read_arrival
from bulou.core.divisions import county_area, county_of
from bulou.core.masks import mask_name, mask_phone
from bulou.core.scope import EVERYTHING, may_see, seeing
from bulou.ledger import queries as ledger
from bulou.ledger.rules import UNSETTLED, Duty, Entry, Place, State
from bulou.ledger.rules import effective as standing
from bulou.records.law import judged_of

CONFIRM = "arrival.confirm"
CONFIRMED, NOT_ARRIVED = "arrival_confirmed", "not_arrived"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered of a hand-off: `kind` arrival_confirmed or not_arrived, where, by whom and when."""

    kind: str
    where: str
    note: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody let in: who (masked unless told), where to, how they came, when they should be seen, what was answered.

    `expired`: the pass is older than it may be shown, so nothing of it is.
    """

    subject: str
    area: int
    post: str  # "post:<id>"
    passed_at: datetime
    due_at: datetime
    state: State
    card: str
    name: str
    phone: str
    address: str
    plate: str
    from_place: str
    region: str
    temperature: float | None
    follow_days: int
    follow_where: str
    basis: str
    answers: tuple[Answer, ...] = ()
    expired: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in UNSETTLED


def places(county: int, subjects: Iterable[str]) -> dict[str, Place]:
    """Return where the hand-offs among the subjects are. For the Law: not limited by scope."""
    return arrival_places(county, subjects, lambda numbers: _known(county, numbers))


def _known(county: int, numbers: set[int]) -> Mapping[int, object]:
    return {place.area: place for place in areas.places(county, {subject_of(n) for n in numbers}).values()}


def expected(area: int, *, now: datetime, keep_days: int, limit: int = 200, masked: bool = True) -> list[Expected]:
    """Return who is expected under the area and not confirmed yet, longest overdue first."""
    return _expected(ledger.missing(area, now=now, names=(CONFIRM,), limit=limit), now, keep_days, masked)


def get_expected(county: int, subject: str, *, now: datetime, keep_days: int, masked: bool = True) -> Expected:
    """Return one hand-off, confirmed or not. Raise LookupError if there is none that may be seen."""
    duties = [d for d in ledger.duties_about(county, [subject]) if d.name == CONFIRM]
    found = _expected(duties, now, keep_days, masked)
    if not found:
        raise LookupError(f"there is no hand-off {subject}")
    return found[0]


def unconfirmed(county: int, *, now: datetime) -> dict[str, tuple[int, int]]:
    """Return for each post of the county ("post:<id>") how many it handed off are not confirmed, and how many of these
    are overdue. Counts only: they are shown to whoever may see the post. Costs what is open now, not what ever was."""
    with seeing(EVERYTHING):
        return ledger.missing_by_opener(county, now=now, name=CONFIRM)


def handed_off(
    county: int, post: str, *, now: datetime, since: datetime, keep_days: int, only_open: bool = False
) -> list[Expected]:
    """Return whom the post let in since a moment, and whom it let in before and nobody has confirmed; open ones first.

    Raise LookupError if the post's area may not be seen. `only_open`: only those nobody has confirmed.
    """
    with seeing(EVERYTHING):
        open_ones = ledger.missing(county_area(county), now=now, names=(CONFIRM,))
        passes = ledger.standing_by_id(county, {duty.opened_by for duty in open_ones})
        mine = {id_: entry for id_, entry in passes.items() if entry.subject == post}
        duties = {duty.id: duty for duty in open_ones if duty.opened_by in mine}
        if not only_open:
            lately = ledger.entries_of(county_area(county), kinds=("vehicle_pass",), since=since, until=now)
            ids = [entry.id for entry in lately if entry.subject == post]
            for duty in ledger.duties_opened_by_any(county, ids):
                if duty.name == CONFIRM:
                    duties[duty.id] = duty
        area = next((entry.area for entry in mine.values()), None)
    if area is not None and not may_see(area):
        raise LookupError(f"there is no post {post}")
    found = _expected(duties.values(), now, keep_days, True)
    return sorted(found, key=lambda one: (not one.is_open, one.due_at, one.subject))


def labels(county: int, subjects: Iterable[str], *, now: datetime, keep_days: int) -> dict[str, Expected]:
    """Return what a list shows of each hand-off among the subjects that may be seen: a fixed number of queries."""
    wanted = [subject for subject in subjects if subject.startswith(PREFIX)]
    duties = [d for d in ledger.duties_about(county, wanted) if d.name == CONFIRM] if wanted else []
    return {one.subject: one for one in _expected(duties, now, keep_days, True)}


def _expected(duties: Iterable[Duty], now: datetime, keep_days: int, masked: bool) -> list[Expected]:
    """Return the hand-offs of duties the caller may see, in their order."""
    by_county: dict[int, list[Duty]] = defaultdict(list)
    for duty in duties:
        by_county[county_of(duty.area)].append(duty)
    found = []
    for county, some in by_county.items():
        passes = ledger.standing_by_id(county, {duty.opened_by for duty in some})
        answers = _answers(county, [duty.subject for duty in some])
        for duty in some:
            if (entry := passes.get(duty.opened_by)) is not None:
                found.append(_one(duty, entry, answers.get(duty.subject, ()), now, keep_days, masked))
    return found


def _answers(county: int, subjects: list[str]) -> dict[str, tuple[Answer, ...]]:
    """Return what was answered of hand-offs the caller may see, as corrected, first answer first."""
    with seeing(EVERYTHING):
        written = ledger.entries_about(county, subjects, limit=None) if subjects else []
    written = [entry for entry in written if entry.kind in (CONFIRMED, NOT_ARRIVED)]
    again = ledger.corrections_of(county, [entry.id for entry in written])
    found: dict[str, list[Answer]] = defaultdict(list)
    for original in sorted(written, key=lambda entry: (entry.happened_at, entry.id)):
        entry = standing(original, again.get(original.id, ()))
        if entry is not None:
            said = judged_of(entry).body
            where = said.get("where", "") if entry.kind == CONFIRMED else "nowhere"
            note = said.get("where_note") or said.get("likely_where") or ""
            found[entry.subject].append(Answer(entry.kind, where, note, entry.happened_at, entry.by))
    return {subject: tuple(some) for subject, some in found.items()}


def _one(
    duty: Duty, entry: Entry, answers: tuple[Answer, ...], now: datetime, keep_days: int, masked: bool
) -> Expected:
    arrival = read_arrival(duty.subject)
    expired = now - entry.happened_at >= timedelta(days=keep_days)
    body: Mapping[str, Any] = {} if expired else entry.body
    rows = body.get("people") or ()
    row = rows[arrival.row - 1] if arrival and arrival.row <= len(rows) else {}
    name, phone = row.get("name") or "", row.get("phone") or ""
    address = row.get("own_address") if row.get("own_destination") else body.get("destination_address")
    return Expected(
        duty.subject, duty.area, entry.subject, entry.happened_at, duty.due_at, duty.state(now), row.get("card") or "",
        mask_name(name) if masked else name, mask_phone(phone) if masked else phone, address or "",
        body.get("plate") or "", body.get("from_place") or "", body.get("region") or "", row.get("temperature"),
        body.get("follow_days") or 0, body.get("follow_where") or "", _basis(body), answers, expired,
    )  # fmt: skip


def _basis(body: Mapping[str, Any]) -> str:
    return ":".join(part for part in (body.get("decision_table"), body.get("decision_row")) if part)

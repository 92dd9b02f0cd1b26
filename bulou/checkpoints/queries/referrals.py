"""Whom a post sent to a clinic, who was in the same vehicle, and what the clinic found."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from bulou.core.divisions import county_of
from bulou.core.masks import mask_name, mask_phone
from bulou.ledger import queries as ledger
from bulou.ledger.rules import UNSETTLED, Entry, State

REFERRAL, RESULT, DUTY = "fever_referral", "referral_result", "referral.result"


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody in the same vehicle, masked."""

    name: str
    phone: str
    card: str
    what: str


@dataclass(frozen=True, slots=True)
class Referral:
    """Somebody with fever sent from a post. `result` is the last one that came back, "" while none has."""

    subject: str  # "entry:<id>", what the result is about
    post: str
    name: str
    phone: str
    clinic: str
    transport: str
    left_at: str
    first_temperature: float | None
    second_temperature: float | None
    companions: tuple[Companion, ...]
    state: State
    due_at: datetime
    result: str
    result_at: datetime | None

    @property
    def is_answered(self) -> bool:
        """Tell whether the clinic has said what it found; that somebody never came is no answer."""
        return self.state not in UNSETTLED


def referrals(area: int, *, now: datetime, days: int, post: str = "") -> list[Referral]:
    """Return those under the area of the last `days` days, of one post if it is named: without a result first."""
    since = now - timedelta(days=days)
    until = now + timedelta(microseconds=1)
    sent = [
        e for e in ledger.entries_of(area, kinds=(REFERRAL,), since=since, until=until) if not post or e.subject == post
    ]
    results: dict[str, list[Entry]] = defaultdict(list)
    for entry in ledger.entries_of(area, kinds=(RESULT,), since=since, until=until):
        results[entry.subject].append(entry)
    county = county_of(sent[0].area) if sent else 0
    duties = {d.opened_by: d for d in ledger.duties_opened_by_any(county, [e.id for e in sent]) if d.name == DUTY}
    found = []
    for entry in sent:
        duty = duties.get(entry.id)
        if duty is not None:
            found.append(_referral(entry, results[f"entry:{entry.id}"], duty.state(now), duty.due_at))
    return sorted(found, key=lambda one: (one.is_answered, one.due_at))


def _referral(entry: Entry, results: list[Entry], state: State, due_at: datetime) -> Referral:
    said = entry.body
    last = results[-1] if results else None
    companions = tuple(
        Companion(
            mask_name(row.get("name") or ""),
            mask_phone(row.get("phone") or ""),
            row.get("card") or "",
            row.get("what") or "",
        )
        for row in said.get("companions") or ()
    )
    return Referral(
        f"entry:{entry.id}", entry.subject, mask_name(said.get("name") or ""), mask_phone(said.get("phone") or ""),
        said["clinic"], said["transport"], said["left_at"], said.get("first_temperature"), said.get("second_temperature"),
        companions, state, due_at, last.body.get("result", "") if last else "", last.happened_at if last else None,
    )  # fmt: skip

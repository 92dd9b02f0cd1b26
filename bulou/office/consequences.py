"""What an entry brings about, for whom and by when: said before a large order is given, and on every receipt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bulou.access import queries as access
from bulou.ledger import law
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Duty, Entry, Member, Opening, State, expand
from bulou.office import subjects, words
from bulou.records.law import get_kind
from bulou.rosters import queries as rosters

LARGE = 100  # duties: whoever asks for so many sees the number before they are owed
NAMED = 20  # people, doors and posts named one by one; more are counted


@dataclass(frozen=True, slots=True)
class Consequence:
    """Duties of one sort that an entry opens: how many, owed by whom, when they fall due. `whom`: named where few."""

    title: str
    owed: int
    owner: str
    first_due: datetime
    last_due: datetime
    whom: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """A duty an entry met or let go."""

    title: str
    whom: str
    state: State
    due_at: datetime
    waived: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What became of what was owed because of an entry. `more`: settled duties that are counted and not listed."""

    opened: Sequence[Consequence]
    settled: Sequence[Settled]
    more: int

    @property
    def owed(self) -> int:
        return sum(one.owed for one in self.opened)


def done_by(county: int, entry: UUID, *, now: datetime) -> Done:
    """Return what the entry opened and settled, among what may be seen. A fixed number of queries."""
    counted, settled = ledger.opened(county, entry), ledger.settled_by(county, entry)
    few = ledger.duties_opened_by_any(county, [entry]) if 0 < sum(one.owed for one in counted) <= NAMED else []
    about = subjects.labels([(d.area, d.subject) for d in (*few, *settled[:NAMED])], now=now)
    titles, owners = words.duty_titles(), _owners(county, {one.owed_by for one in counted})
    opened = [
        Consequence(titles.get(one.name, one.name), one.owed, owners[one.owed_by], one.first_due, one.last_due,
                    _whom(few, one.name, one.owed_by, about))
        for one in counted
    ]  # fmt: skip
    its = [
        Settled(titles.get(d.name, d.name), about[d.subject].name, d.state(now), d.due_at, d.met_by != entry)
        for d in settled[:NAMED]
    ]
    return Done(opened, its, max(0, len(settled) - NAMED))


def expected(entry: Entry, *, county: int) -> list[Consequence]:
    """Return what the entry would open if it were written now: the same sets the ledger would open it over."""
    opens = get_kind(entry.kind).effects(entry).opens
    if not opens:  # a visit, a check: what is written all day asks nobody for anything
        return []
    titles, owners = words.duty_titles(), _owners(county, {each.owed_by for each in opens})
    found: dict[tuple[str, str], list[datetime]] = {}
    for each in opens:
        for duty in expand(entry.id, each, _members(each)):
            found.setdefault((duty.name, duty.owed_by), []).append(duty.due_at)
    return [
        Consequence(titles.get(name, name), len(dues), owners[by], min(dues), max(dues))
        for (name, by), dues in found.items()
    ]


def is_large(found: Iterable[Consequence]) -> bool:
    return sum(one.owed for one in found) >= LARGE


def _members(opening: Opening) -> Iterable[Member]:
    return law.current().members(opening.over, opening.area) if opening.over else ()


def _whom(few: Sequence[Duty], name: str, owed_by: str, about: dict[str, subjects.Label]) -> list[str]:
    return list(dict.fromkeys(about[d.subject].name for d in few if (d.name, d.owed_by) == (name, owed_by)))


def _owners(county: int, owed_by: set[str]) -> dict[str, str]:
    """Return in words who owes something: a role, an account or a responder."""
    roles = access.role_names("en" if words.language() == "en" else "zh-hans")
    named = {one for one in owed_by if not one.startswith("role:")}
    found = access.names_of(named) if named else {}
    if any(one.startswith("responder:") for one in named):
        found |= {ref: label.name for ref, label in rosters.subject_labels(county, named).items()}
    return {one: found.get(one) or roles.get(one.partition(":")[2], one.partition(":")[2]) for one in owed_by}

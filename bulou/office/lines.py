"""The missing as a list shows them: whom, what, where and who owes it. A fixed number of queries, however many."""

from collections.abc import Sequence
from dataclasses import dataclass

from bulou.access import queries as access
from bulou.areas import queries as areas
from bulou.areas.rules.answering import Responsible
from bulou.core.divisions import TOWNSHIP, ancestors_of, county_of, depth_of
from bulou.ledger.rules import Duty, State
from bulou.office import subjects, words
from bulou.office.queries import Board
from bulou.office.subjects import Label
from bulou.rosters import queries as rosters


@dataclass(frozen=True, slots=True)
class Line:
    """One of the missing as the list shows it. `owner` is masked."""

    duty: Duty
    title: str
    about: Label
    where: str
    state: State
    owner: Responsible | None
    owner_name: str  # for a duty that names an account itself
    role: str

    @property
    def unowned(self) -> bool:
        return self.owner is None and not self.owner_name


def lines(found: Board, duties: Sequence[Duty]) -> list[Line]:
    """Return the duties as the list shows them: a fixed number of queries, however many."""
    titles, roles = words.duty_titles(), access.role_names("en" if words.language() == "en" else "zh-hans")
    about = subjects.labels(((duty.area, duty.subject) for duty in duties), now=found.now)
    named = {duty.owed_by for duty in duties if not duty.owed_by.startswith("role:")}
    accounts = access.names_of(named)
    for county in {county_of(duty.area) for duty in duties if duty.owed_by.startswith("responder:")}:
        accounts |= {ref: label.name for ref, label in rosters.subject_labels(county, named).items()}
    leaves = {duty.area for duty in duties}
    names = areas.names({n for leaf in leaves for n in (leaf, *ancestors_of(leaf)) if n > found.area})
    drawn = []
    for duty in duties:
        owner = found.owner_of(duty)
        way = [names[n] for n in (*ancestors_of(duty.area), duty.area) if n in names and depth_of(n) >= TOWNSHIP]
        sort, _colon, rest = duty.owed_by.partition(":")
        drawn.append(
            Line(duty, titles.get(duty.name, duty.name), about[duty.subject], " ".join(way), duty.state(found.now),
                 owner.masked() if owner else None, accounts.get(duty.owed_by, ""),
                 roles.get(rest, rest) if sort == "role" else "")
        )  # fmt: skip
    return drawn

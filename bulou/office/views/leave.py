"""What an account may write about something, and what an entry of somebody else's word says: asked of the ledger's law."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from bulou.access.rules import is_order, need_of
from bulou.access.views import Request
from bulou.command import queries as command
from bulou.command.queries import Asking, Leave
from bulou.core.divisions import county_of
from bulou.core.ids import new_id
from bulou.core.moments import now as present
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Entry
from bulou.office import words
from bulou.office.forms import behalf
from bulou.office.subjects import spoken_of
from bulou.own_forms import queries as own_forms
from bulou.records.behalf import find_behalf
from bulou.records.declaration import Declaration
from bulou.records.duties import Opens
from bulou.rosters import queries as rosters


@dataclass(frozen=True, slots=True)
class Recordable:
    """A kind that may be written down about the subject."""

    title: str
    description: str
    url: str
    owed: bool
    for_another: bool = False


def recordable(
    request: Request, area: int, county: int, subject: str, owed: set[str] | None = None
) -> list[Recordable]:
    """Return the kinds this account may write down about the subject: what meets something owed first, then what is its
    own to write, then what it may write down for others."""
    sort, now = subject.partition(":")[0], present()
    kinds = [bound.kind for bound in own_forms.kinds_in(area).values()
             if sort in bound.kind.subject and bound.kind.name not in ("correction", "waiver")]  # fmt: skip
    may = command.leaves([Asking(kind, subject, area, now) for kind in kinds], by=request.by, now=now)
    found = []
    for kind, leave in zip(kinds, may, strict=True):
        if leave is not Leave.NONE:
            said = words.words_of(kind)
            url = reverse("office:record", args=[kind.name, county, subject])
            meets = any(not isinstance(e, Opens) and e.duty in (owed or ()) for e in kind.duties)
            for_another = leave is Leave.FOR_ANOTHER
            found.append((not meets, for_another, Recordable(said.title, said.description, url, meets, for_another)))
    return [one for *_rank, one in sorted(found, key=lambda row: row[:2])]


def leave_to(request: Request, kind: str, subject: str, area: int) -> Leave:
    """Return how the account may write the kind about the subject, by the ledger's own law; "" stands for any there."""
    declared = words.kind_of(kind)
    asked = [Asking(declared, subject, area, present())] if declared else []
    return next(iter(command.leaves(asked, by=request.by, now=present())), Leave.NONE)


def asks_for_whom(
    request: Request, kind: Declaration, subject: str, area: int, leave: Leave
) -> tuple[behalf.Asked | None, str]:
    """Return what to ask about whose word it is, and whose it is where the subject says so; (None, "") if one's own."""
    if is_order(kind) or (leave is Leave.OWN and not request.can("record_for", area)):
        return None, ""
    probe = Entry(new_id(), kind.name, subject, area, present(), present(), request.by)
    whose = rosters.whose(county_of(area), [probe])[0] if kind.own else None
    if whose is not None and (whose.themself or not whose.responder):
        return None, ""
    roles = frozenset() if kind.own else need_of(kind).roles
    return behalf.ask(request.POST, roles=roles, must=leave is Leave.FOR_ANOTHER), whose.responder if whose else ""


@dataclass(frozen=True, slots=True)
class UndoneLine:
    """What an entry did under one duty's name, in words: what goes with it when it is withdrawn."""

    title: str
    done: ledger.Done


def undoing(county: int, entry: UUID) -> list[UndoneLine]:
    """Return what withdrawing the entry undoes."""
    titles = words.duty_titles()
    return [UndoneLine(titles.get(each.duty, each.duty), each) for each in ledger.done_by(county, entry)]


def said_for(entry: Entry, now: datetime) -> str:
    """Return in words for whom the entry was written and from what; "" for one's own."""
    word = find_behalf(entry.body)
    return behalf.said_for(word, spoken_of([(entry.area, word.said())], now=now)) if word else ""

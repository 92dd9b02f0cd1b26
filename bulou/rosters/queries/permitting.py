"""Did the author of an entry stand at the post it speaks of, and is it their own turn? Asked by the ledger, like places:
not limited by scope."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Entry
from bulou.ledger.trust import counted
from bulou.rosters.models import Member, Responder, Shift, Team
from bulou.rosters.queries.shifts import ARRIVE, STAND, duties_of
from bulou.rosters.rules.standing import AROUND, Stood


def stood_there(county: int, entries: Sequence[Entry]) -> list[bool]:
    """Tell of each entry, in order, whether its author was put down for its post when it happened, or sent there as relief.

    About one's own turn one may write at any time: a sick call comes days before, a signature after the end. Four
    queries, whatever the batch; one if none of the authors is a responder.
    """
    accounts = [_id_in(entry.by, "account") for entry in entries]
    who = Responder.objects.filter(county=county, account__in={one for one in accounts if one})
    responders: dict[UUID, UUID] = {id_: account for id_, account in who.values_list("id", "account") if account}
    if not responders:
        return [False] * len(entries)
    about = _about(county, entries)
    moments = [_moment(entry, about) for entry in entries]
    turns = _turns(county, responders, entries, moments)
    found = []
    for account, entry, moment in zip(accounts, entries, moments, strict=True):
        its, post = turns.get(account, ()) if account else (), _post(entry, about)
        until = entry.received_at or moment
        found.append(any(turn.permits(entry.subject, post, moment, until) for turn in its))
    return found


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose word an entry about a responder or a turn would be: `responder`, as a subject; "" if nobody knows.

    `account`: theirs, as an author; "" if they have none. `themself`: its author is that responder. `leads`: its author
    leads where that responder stands.
    """

    responder: str = ""
    account: str = ""
    themself: bool = False
    leads: bool = False


def whose(county: int, entries: Sequence[Entry]) -> list[Whose]:
    """Tell of each entry, in order, whose word it would be and what its author is to them. Five queries at most.

    Who leads a turn at the post leads whoever stands there with them; who leads a team leads its members.
    """
    turns = {id_ for entry in entries if (id_ := _id_in(entry.subject, "shift"))}
    about = {row.id: row for row in Shift.objects.filter(county=county, id__in=turns)} if turns else {}
    spoken = [_id_in(e.subject, "responder") or _of_turn(about, _id_in(e.subject, "shift")) for e in entries]
    known = {one for one in spoken if one}
    accounts = {one for entry in entries if (one := _id_in(entry.by, "account"))}
    if not known:
        return [Whose()] * len(entries)
    rows = Responder.objects.filter(Q(id__in=known) | Q(account__in=accounts), county=county)
    owners = dict(rows.values_list("id", "account"))
    mine: dict[UUID, set[UUID]] = defaultdict(set)  # account -> the responders it is
    for id_, account in owners.items():
        if account:
            mine[account].add(id_)
    third = [(e, r) for e, r in zip(entries, spoken, strict=True) if r and owners.get(r) != _id_in(e.by, "account")]
    led = _led(county, third, mine, about) if third else set()
    found = []
    for entry, responder in zip(entries, spoken, strict=True):
        account = _id_in(entry.by, "account")
        if responder is None:
            found.append(Whose())
        else:
            its = owners.get(responder)
            own = account is not None and its == account
            named = f"account:{its}" if its else ""
            found.append(Whose(f"responder:{responder}", named, own, (entry.id, responder) in led))
    return found


def _of_turn(about: Mapping[UUID, Shift], turn: UUID | None) -> UUID | None:
    return about[turn].responder if turn is not None and turn in about else None


def _led(
    county: int, asked: Sequence[tuple[Entry, UUID]], mine: Mapping[UUID, set[UUID]], about: Mapping[UUID, Shift]
) -> set[tuple[UUID, UUID]]:
    """Return those (entry, responder) whose author leads that responder: at the post of their turn then, or in a team."""
    leaders = {id_ for entry, _ in asked for id_ in mine.get(_id_in(entry.by, "account") or entry.id, ())}
    if not leaders:
        return set()
    when = {e.id: counted(e.happened_at, e.written_from, e.received_at) for e, _ in asked}
    near = Q(starts_at__lte=max(when.values()) + AROUND, ends_at__gte=min(when.values()) - AROUND)
    rows = Shift.objects.filter(near, county=county, responder__in=leaders | {who for _, who in asked})
    turns = list(rows)
    with seeing(EVERYTHING):
        duties = duties_of(county, [row.id for row in turns if row.lead and row.responder in leaders])
    # A turn let go before anybody came leads nobody.
    gone = {id_ for id_, its in duties.items()
            if (one := its.get(STAND)) is None or (one.waived_at is not None and one.met_at is None)}  # fmt: skip
    leading = [row for row in turns if row.lead and not row.relief and row.responder in leaders and row.id not in gone]
    teams = set(
        Member.objects.filter(county=county, responder__in={who for _, who in asked}, until__isnull=True).values_list(
            "team", "responder"
        )
    )
    heads = dict(Team.objects.filter(county=county, lead__in=leaders, until__isnull=True).values_list("id", "lead"))
    found = set()
    for entry, who in asked:
        own = mine.get(_id_in(entry.by, "account") or entry.id, set())
        turn = about.get(_id_in(entry.subject, "shift") or entry.id)
        posts = {turn.post} if turn else {t.post for t in turns if t.responder == who and _around(t, when[entry.id])}
        here = any(row.responder in own and row.post in posts and _around(row, when[entry.id]) for row in leading)
        if here or any(responder == who and heads.get(team) in own for team, responder in teams):
            found.add((entry.id, who))
    return found


def _around(turn: Shift, moment: datetime) -> bool:
    return turn.starts_at - AROUND <= moment <= turn.ends_at + AROUND


def _id_in(name: str, sort: str) -> UUID | None:
    found, _, rest = name.partition(":")
    try:
        return UUID(rest) if found == sort else None
    except ValueError:
        return None


def _about(county: int, entries: Sequence[Entry]) -> dict[UUID, Entry]:
    """Return the entries that these are about or correct, in the batch or before it."""
    found = {entry.id: entry for entry in entries}
    named = {id_ for entry in entries for id_ in (entry.amends, _id_in(entry.subject, "entry")) if id_}
    if wanted := named - found.keys():
        with seeing(EVERYTHING):
            found |= ledger.entries_by_id(county, wanted)
    return found


def _moment(entry: Entry, about: Mapping[UUID, Entry]) -> datetime:
    """Return when it happened, as far as it can be believed; putting one's own words right is judged as they were."""
    target = about.get(entry.amends) if entry.amends else None
    said = target if target is not None and target.by == entry.by else entry
    return counted(said.happened_at, said.written_from, said.received_at)


def _post(entry: Entry, about: Mapping[UUID, Entry]) -> str:
    """Return the subject the entry is about, or what the entry it is about is itself about."""
    behind = _id_in(entry.subject, "entry")
    return about[behind].subject if behind is not None and behind in about else entry.subject


def _turns(
    county: int, responders: Mapping[UUID, UUID], entries: Sequence[Entry], moments: Sequence[datetime]
) -> dict[UUID, list[Stood]]:
    """Return by account what its responder was put down for then; a roster that was withdrawn put nobody down."""
    named = [id_ for entry in entries if (id_ := _id_in(entry.subject, "shift"))]
    then = Q(starts_at__lte=max(moments) + AROUND, ends_at__gte=min(moments) - AROUND)
    rows = list(Shift.objects.filter(then | Q(id__in=named), county=county, responder__in=list(responders)))
    with seeing(EVERYTHING):
        duties = duties_of(county, [row.id for row in rows])
    found: dict[UUID, list[Stood]] = {}
    for row in rows:
        if (duty := duties.get(row.id, {}).get(ARRIVE if row.relief else STAND)) is not None:
            stood = Stood(f"shift:{row.id}", f"post:{row.post}", row.starts_at, row.ends_at, duty.waived_at)
            found.setdefault(responders[row.responder], []).append(stood)
    return found

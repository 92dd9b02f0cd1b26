"""Who may write an entry and who may change one: asked by the ledger of every entry, whatever door it came by.

The office, the phones' list and ODK's list ask the same with an entry as it would be written (command.queries.leaves), so
that what is offered is what is taken. The rules are in docs/adr/0017.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from bulou.access import queries as access
from bulou.access.rules import FOR_ANOTHER, Need, is_order, kinds_of_a_post, need_of
from bulou.core.divisions import county_of
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Entry, KindLaw, Lapsed, effective
from bulou.records.behalf import BEHALF, Behalf, behalf_of
from bulou.records.declaration import Declaration
from bulou.records.duties import Opens
from bulou.records.kinds import BoundKind
from bulou.rosters import queries as rosters
from bulou.rosters.queries import Whose

CORRECTION, WAIVER = "correction", "waiver"
ORDERS = Need("order")
NOT_THEIRS = "this is the word of whom it is about: they say it, or somebody writes it down for them and names them"
NOT_THERE = "that somebody was there is said by themselves, or by whoever leads where they stand and names them"


class Authority:
    """Answers the ledger's question with the grants, and asks the rosters only of what they must be asked."""

    def __init__(self, kinds: Mapping[str, KindLaw], own: Sequence[Declaration]) -> None:
        """Take every kind, and those of the program."""
        self._kinds = kinds
        self._at_a_post = kinds_of_a_post(own)
        openers: dict[str, list[Declaration]] = {}
        for kind in own:
            for name in {effect.duty for effect in kind.duties if isinstance(effect, Opens)}:
                openers.setdefault(name, []).append(kind)
        self._ordering = {name: [one for one in some if is_order(one)] for name, some in openers.items()}

    def refused(self, entries: Sequence[Entry], amended: Mapping[UUID, Entry]) -> list[str]:
        """Return of each entry of one county, in order, why it must be held; "" if it need not be.

        `amended`: the entries of the ledger that these change, by id.
        """
        return _Batch(self, entries, amended).refused()

    def kind_of(self, entry: Entry) -> Declaration | None:
        bound = self._kinds.get(entry.kind)
        return bound.kind if isinstance(bound, BoundKind) else None

    def claims_presence(self, entry: Entry) -> bool:
        """Tell whether the entry proves that something was done: what only lets a turn go proves nobody there."""
        kind = self._kinds[entry.kind]
        return not kind.problems(entry) and any(not meeting.waives for meeting in kind.effects(entry).meets)

    def ordering(self, duty: str) -> Sequence[Declaration]:
        """Return the orders that open duties of the name."""
        return self._ordering.get(duty, ())

    def is_of_a_post(self, kind: str) -> bool:
        return kind in self._at_a_post


class _Batch:
    """One batch of one county: what is looked up for one entry is there for all."""

    def __init__(self, law: Authority, entries: Sequence[Entry], amended: Mapping[UUID, Entry]) -> None:
        self.law, self.entries = law, entries
        self.authors = access.Authors()
        self.targets: dict[UUID, Entry] = dict(amended)
        if any(entry.amends for entry in entries):
            self.targets |= {entry.id: entry for entry in entries}
        self._behind: dict[UUID, Entry] | None = None

    def refused(self) -> list[str]:
        said = [self._refused(entry) for entry in self.entries]
        if theirs := [i for i, reason in enumerate(said) if reason is None]:
            its = [self.entries[i] for i in theirs]
            for i, entry, whose in zip(theirs, its, rosters.whose(county_of(its[0].area), its), strict=True):
                said[i] = self._own(entry, whose)
        found = [reason or "" for reason in said]
        if asked := [i for i, reason in enumerate(found) if reason and self._is_of_a_post(self.entries[i])]:
            its = [self.entries[i] for i in asked]
            for i, there in zip(asked, rosters.stood_there(county_of(its[0].area), its), strict=True):
                found[i] = "" if there else found[i]
        return found

    def _is_of_a_post(self, entry: Entry) -> bool:
        """Tell whether a turn there is leave enough: to write of a post, and to put one's own words about it right."""
        target = self.targets.get(entry.amends) if entry.amends else None
        if target is not None:
            return target.by == entry.by and self.law.is_of_a_post(target.kind)
        return entry.amends is None and self.law.is_of_a_post(entry.kind) and BEHALF not in entry.body

    def _refused(self, entry: Entry) -> str | None:
        """Return why it must be held, "" if it need not, None if only the rosters can say whose word it is."""
        if access.is_internal(entry.by):
            return ""
        if entry.amends is not None:
            return self._change(entry, self.targets.get(entry.amends))
        kind = self.law.kind_of(entry)
        if kind is None:
            return self.authors.refused(entry, Need())  # it is held anyway: no kind is called so
        if kind.own:
            return None
        try:
            behalf = behalf_of(entry.body)
        except ValueError as error:
            return str(error)
        need = need_of(kind, entry.body)
        if behalf is not None:
            return self._for_another(entry, kind, behalf, need)
        return self._both(self.authors.refused(entry, need), lambda: self._reached(entry, kind, entry.by))

    @staticmethod
    def _both(refusal: str, then: Callable[[], str]) -> str:
        """Return why two things are refused: whoever vouches for a grant that lapsed vouches for nothing else."""
        if refusal and not isinstance(refusal, Lapsed):
            return refusal
        return then() or refusal

    def _for_another(self, entry: Entry, kind: Declaration, behalf: Behalf, need: Need) -> str:
        """Ask of what one writes down for somebody else: leave to do so, and that the other might have written it."""
        if is_order(kind):
            return "an order is given by who may give it, in their own name"
        lapsed = self.authors.refused(entry, FOR_ANOTHER)
        if lapsed and not isinstance(lapsed, Lapsed):
            return lapsed
        if behalf.sort == "role":
            known = behalf.whom.partition(":")[2] in need.roles
        else:
            known = behalf.sort == "account" and not self.authors.refused(entry, need, by=behalf.whom)
        if not known:
            return f"{behalf.whom} is nobody whose word this could be here: {', '.join(sorted(need.roles))}"
        return self._reached(entry, kind, behalf.whom) or lapsed

    def _own(self, entry: Entry, whose: Whose) -> str:
        """Ask of somebody's word about themselves, or of what proves that they were there."""
        target = self.targets.get(entry.amends) if entry.amends else None
        if target is not None:
            return self._own_change(entry, target, whose)
        kind = self.law.kind_of(entry)
        assert kind is not None and kind.own
        presence = kind.own == "presence" and self.law.claims_presence(entry)
        try:
            behalf = behalf_of(entry.body)
        except ValueError as error:
            return str(error)
        if whose.themself:
            return ""
        if behalf is None:
            if kind.recorded_by and not presence:
                return self.authors.refused(entry, need_of(kind))
            return NOT_THERE if presence else NOT_THEIRS
        if behalf.whom not in (whose.responder, whose.account or whose.responder):
            return f"{behalf.whom} is not whom this is about"
        if whose.leads:
            return ""
        return NOT_THERE if presence else self.authors.refused(entry, FOR_ANOTHER)

    def _own_change(self, fix: Entry, target: Entry, whose: Whose) -> str:
        """Ask of a correction of such a word: its author, or who orders above. Nobody proves by it more than they could."""
        theirs = whose.themself or fix.by == target.by
        if not theirs and (refusal := self.authors.refused_change(fix, target, ORDERS)):
            return refusal
        changed = effective(target, [fix])
        kind = self.law.kind_of(target)
        assert kind is not None
        if changed is None or kind.own != "presence" or whose.themself or whose.leads:
            return ""
        return NOT_THERE if self.law.claims_presence(changed) else ""

    def _reached(self, entry: Entry, kind: Declaration, by: str) -> str:
        """Ask of what reaches another entry: an answer to an assignment, and letting a duty go. `by`: whose word it is."""
        if kind.answers_owner:
            return self._answer(entry, by)
        if kind.name == WAIVER:
            return self._waiver(entry)
        return ""

    def _answer(self, entry: Entry, by: str) -> str:
        """Only whom a task was given to, or who gave it, or is above them, says what became of it."""
        given = self._about(entry)
        owner = str(given.body.get("owner", "")) if given else ""
        if given is None or by in (owner, given.by):
            return ""
        sort, _colon, role = owner.partition(":")
        if sort == "role" and not self.authors.refused(entry, Need("record", frozenset({role})), by=by):
            return ""
        kind = self.law.kind_of(given)
        if kind is not None and not self.authors.refused_change(replace(entry, by=by), given, need_of(kind)):
            return ""
        return f"this was given to {owner}: they say what became of it, or who gave it"

    def _waiver(self, entry: Entry) -> str:
        """Who lets a duty go could have ordered it there; and what one entry alone owes, who may change that entry."""
        for kind in self.law.ordering(str(entry.body.get("duty", ""))):
            if refusal := self.authors.refused(entry, need_of(kind)):
                return refusal
        about = self._about(entry)
        kind_of_it = self.law.kind_of(about) if about is not None else None
        if about is None or kind_of_it is None:
            return ""
        return self.authors.refused_change(entry, about, need_of(kind_of_it) if is_order(kind_of_it) else ORDERS)

    def _about(self, entry: Entry) -> Entry | None:
        """Return the entry that this one is about."""
        if self._behind is None:
            found = {one.id: one for one in self.entries}
            wanted = {id_ for one in self.entries if (id_ := _named(one.subject))}
            with seeing(EVERYTHING):
                county = county_of(entry.area)
                self._behind = found | ledger.entries_by_id(county, wanted - found.keys())
        key = _named(entry.subject)
        return self._behind.get(key) if key else None

    def _change(self, fix: Entry, target: Entry | None) -> str | None:
        """Ask of a correction: what writing its target there takes, and to be its author, above them, or the desk.

        Of a target that has not come yet nobody can say more: a correction that came before it counts only if it is its
        author's own (ledger.rules.last_word). None: as in _refused.
        """
        kind = self.law.kind_of(fix)
        if kind is None or fix.kind != CORRECTION:
            return f"only a {CORRECTION} changes another entry"
        if target is None:
            return self.authors.refused(fix, need_of(kind))
        written = self.law.kind_of(target)
        if written is None or target.amends:
            return ""  # held for what it is, whoever wrote it
        if fix.body.get("withdrawn") and not str(fix.body.get("reason") or "").strip():
            return "say why it is withdrawn"
        if written.own:
            return None
        try:
            behalf = behalf_of(target.body)
        except ValueError:
            behalf = None
        if behalf is not None and fix.by == target.by:
            return self.authors.refused(fix, FOR_ANOTHER, area=target.area)
        if behalf is not None and fix.by == behalf.whom:
            return self.authors.refused(fix, need_of(written, target.body), area=target.area)
        changed = effective(target, [fix])
        said = [target] if changed is None else [target, changed]
        reasons = [self.authors.refused_change(fix, target, need_of(written, one.body)) for one in said]
        if changed is not None and written.name == WAIVER:
            reasons.append(self._waiver(replace(changed, by=fix.by, area=target.area)))
        return min(filter(None, reasons), key=lambda reason: isinstance(reason, Lapsed), default="")


def _named(subject: str) -> UUID | None:
    """Return the entry a subject names."""
    sort, _colon, rest = subject.partition(":")
    try:
        return UUID(rest) if sort == "entry" else None
    except ValueError:
        return None

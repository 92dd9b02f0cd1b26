"""Entries as a page shows them: who wrote what when, every correction with it, in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bulou.access import queries as access
from bulou.checkpoints import queries as checkpoints
from bulou.core.divisions import county_area, county_of
from bulou.field.queries import standing
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Entry, effective, said_at
from bulou.office import words
from bulou.office.forms import saying
from bulou.office.forms.behalf import said_for
from bulou.office.forms.saying import Answer, answers
from bulou.office.keeping import Gone, gone, has_expired, kept
from bulou.office.subjects import id_of, spoken_of
from bulou.people import queries as people
from bulou.records.behalf import find_behalf
from bulou.records.declaration import Declaration
from bulou.records.law import judged_of
from bulou.records.rulebook import rules_in_force


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of an entry: why, by whom, and what it then said."""

    entry: Entry
    by: str
    reason: str
    withdraws: bool
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What was said of a question and does not count; `counts` is what was worked out instead, "" if it was not asked."""

    label: str
    text: str
    counts: str


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it stands (`answers`), as it was first written, and all that corrected it, earliest first.

    `hidden`: it says something of someone's health that this reader may not see. `gone`: what it said of people was
    destroyed. `beside`: what was said beside the form, and does not count. `doubts`: what a fast
    lane filled in although the record said otherwise. `undone`: what the decision table demanded and was not taken down.
    """

    entry: Entry
    title: str
    by: str
    answers: tuple[Answer, ...]
    first: tuple[Answer, ...]
    corrections: tuple[Correction, ...]
    withdrawn: bool
    hidden: bool
    meets: tuple[str, ...] = ()
    gone: Gone | None = None
    beside: tuple[Beside, ...] = ()
    doubts: tuple[str, ...] = ()
    for_whom: str = ""
    undone: tuple[str, ...] = ()

    @property
    def received_late(self) -> bool:
        """Tell whether it came in more than an hour after it was written down: a phone without a signal."""
        entry = self.entry
        return entry.received_at is not None and (entry.received_at - entry.recorded_at).total_seconds() > 3600


def history(
    county: int,
    subjects: Iterable[str],
    *,
    names: Mapping[str, str],
    health: bool,
    met: Mapping[UUID, Sequence[str]],
    now: datetime,
) -> list[Written]:
    """Return every entry about the subjects, latest first: four queries.

    `names`: masked names of subjects an answer may speak of. `health`: sensitive kinds may be read. `met`: entry -> titles
    of the duties it met.
    """
    found = ledger.entries_about(county, subjects)
    originals = [entry for entry in found if not entry.amends]
    corrections = ledger.corrections_of(county, [entry.id for entry in originals])
    authors = access.names_of({e.by for e in found} | {c.by for some in corrections.values() for c in some})
    names = spoken_of(((entry.area, entry.body) for entry in found), now=now) | dict(names)
    erased = gone(county, [entry.id for entry in originals])
    doubts = doubts_of(county, originals)
    return [
        _written(entry, sorted(corrections.get(entry.id, ()), key=said_at), authors, names, health,
                 tuple(met.get(entry.id, ())), now, erased.get(entry.id), doubts.get(entry.id, ()))
        for entry in originals
    ]  # fmt: skip


def written_of(county: int, entry: Entry, *, health: bool, now: datetime) -> Written:
    """Return one entry with all that corrected it."""
    corrections = sorted(ledger.corrections_of(county, [entry.id]).get(entry.id, ()), key=said_at)
    authors = access.names_of({entry.by, *(one.by for one in corrections)})
    names = spoken_of(((one.area, one.body) for one in (entry, *corrections)), now=now)
    return _written(entry, corrections, authors, names, health, (), now, gone(county, [entry.id]).get(entry.id),
                    doubts_of(county, [entry]).get(entry.id, ()), _undone(entry, corrections))  # fmt: skip


def _written(
    entry: Entry, corrections: Sequence[Entry], authors: Mapping[str, str], names: Mapping[str, str], health: bool,
    meets: tuple[str, ...], now: datetime, erased: Gone | None, doubts: tuple[str, ...],
    undone: tuple[str, ...] = (),
) -> Written:  # fmt: skip
    kind = words.kind_of(entry.kind, entry.version)
    hidden = bool(kind and kind.sensitive and not health)

    def say(body: Mapping[str, Any]) -> tuple[Answer, ...]:
        if kind is None or hidden:
            return ()
        return answers(kind.fields, words.words_of(kind), kept(kind, entry, body, now=now), names)

    drawn = tuple(
        Correction(one, authors.get(one.by, one.by), str(one.body.get("reason", "")), bool(one.body.get("withdrawn")),
                   say(one.body.get("body") or {}))
        for one in corrections
    )  # fmt: skip
    word = find_behalf(entry.body)
    stands = effective(entry, corrections)
    beside = () if kind is None or hidden or stands is None or erased else beside_of(kind, stands, now=now)
    shown = say(stands.body if stands else entry.body)
    return Written(entry, words.title_of(entry.kind), authors.get(entry.by, entry.by), shown, say(entry.body), drawn,
                   stands is None, hidden, meets, erased, beside, () if hidden else doubts,
                   said_for(word, names), undone)  # fmt: skip


def beside_of(kind: Declaration, entry: Entry, *, now: datetime) -> tuple[Beside, ...]:
    """Return what the entry says beside its form, masked, as long as it may be shown at all."""
    if has_expired(kind, entry, now=now):
        return ()
    said = words.words_of(kind)
    return tuple(
        Beside(said.label(one.key), saying.text_of(one.field, said, one.key, one.said), one.counts or "")
        for one in judged_of(entry).beside
    )


def doubts_of(county: int, entries: Sequence[Entry]) -> dict[UUID, tuple[str, ...]]:
    """Return, of each entry that a fast lane made against the record, what it filled in, in words: four queries."""
    made = [entry for entry in entries if standing.is_by_lane(entry)]
    if not made:
        return {}
    about = {entry.subject for entry in made}
    spoken = {who for entry in made for row in entry.body.get("members", ()) if (who := row.get("person"))}
    whole = county_area(county)
    homes = people.households_by_id(
        whole, [key for one in about if one.startswith("household:") and (key := id_of(one))]
    )
    wanted = [key for one in about | spoken if one.startswith("person:") and (key := id_of(one))]
    persons = people.persons_by_id(whole, wanted)
    subjects = {*about, *(one.subject for one in persons.values())}
    before, duties = ledger.entries_about(county, subjects), ledger.duties_about(county, subjects)
    found = {}
    for entry in made:
        kind = words.kind_of(entry.kind, entry.version)
        own = [one for one in persons.values() if one.subject == entry.subject or one.subject in spoken]
        doubts = standing.doubts_about(entry, homes.values(), own, before, duties)
        if doubts and kind:
            said, names = words.words_of(kind), {one.subject: one.name for one in own}
            found[entry.id] = tuple(
                said.label(key) + (f" ({names[who]})" if who in names else "") for key, who in doubts
            )  # fmt: skip
    return found


def _undone(entry: Entry, corrections: Sequence[Entry]) -> tuple[str, ...]:
    stands, kind = effective(entry, corrections), words.kind_of(entry.kind, entry.version)
    if stands is None or kind is None:
        return ()
    found = checkpoints.undone(stands, rules_in_force(county_of(entry.area), entry.happened_at))
    return tuple(words.words_of(kind).choice("demands", name) for name in found)

"""Settling a batch of lines: whom each speaks of, what it adds, where it differs. Then all is written at once."""

from typing import Any
from uuid import UUID

import msgspec

from bulou.core.ids import new_id
from bulou.core.scope import may_see
from bulou.ledger.actions import follow_registers
from bulou.people.actions.batches import Group, Home, Reading, Register, Work, as_id
from bulou.people.actions.registering import NAMES
from bulou.people.actions.tables import (
    HOUSEHOLD,
    HOUSEHOLD_VALUES,
    PERSON,
    PERSON_VALUES,
    blank,
    insert,
    put_sources,
    update,
)
from bulou.people.models import Person
from bulou.people.rules.matching import Known, Match, compare, match
from bulou.people.rules.rows import Line, Problem, Said, Verdict


class Batch:
    """One transaction's lines."""

    def __init__(self, work: Work, readings: list[Reading]) -> None:
        self.work, self.readings = work, readings
        self.known = Register(work.county, work.at)
        self.sources: dict[str, tuple[Any, ...]] = {}
        self.fresh: dict[UUID, Known] = {}  # to be inserted
        self.touched: dict[UUID, Known] = {}  # to be updated
        self.back: set[UUID] = set()  # had been taken out of the register
        self.moved: set[str] = set()  # subjects whose place in the sets has changed

    def apply(self) -> None:
        self.known.load(self.readings)
        for group in {id(r.group): r.group for r in self.readings if r.group}.values():
            if group.home:  # carried over from the batch before, which is committed
                group.home = self.known.homes.get(group.home.id)
        for reading in self.readings:
            self._one(reading)
        self._write()

    def _one(self, reading: Reading) -> None:
        said, counts = reading.said, self.work.counts
        verdict = Verdict.BAD if said.errors else self._settle(reading)
        counts.add(verdict)
        differing = [p for p in said.warnings if p.code == "differs"]
        if verdict is not Verdict.BAD:
            counts.differing += bool(differing)
            counts.doubtful += len(differing) < len(said.warnings)
        if said.errors or said.warnings:
            self.work.report(reading.line, verdict, [*said.errors, *said.warnings])

    def _settle(self, reading: Reading) -> Verdict:
        said, known, area = reading.said, self.known, reading.area
        assert area is not None
        home = self._home(reading)
        found = self._match(said, home)
        if found.weak and found.known and found.known.id in self.work.lately[0] | self.work.lately[1]:
            said.errors.append(Problem("twice in one household", "name", said.name))
            return Verdict.BAD
        if said.person_id and found.known is None and not said.name:
            said.errors.append(Problem("unknown person id", "person_id", said.person_id))
            return Verdict.BAD
        said.warnings.extend(self._seemly(found))
        group = reading.group
        if (
            group
            and home
            and said.is_head
            and group.key.startswith("h:")
            and home.head
            and (found.known is None or (found.known.id != home.head and found.known.household != home.id))
        ):
            home = known.home_of(found.known, area)  # a namesake heads another household here
            group.named = False
        if group and home is None:
            home = self._new_home(group, said)
        if group:
            group.home = home
        verdict = self._home_values(said, home, reading)
        if not said.name and found.known is None:
            return verdict
        if found.known is None:
            person = self._new_person(said, found, home, area)
            verdict = Verdict.ADDED
        else:
            person = found.known
            if self._person_values(said, person, home, area, found) and verdict is not Verdict.ADDED:
                verdict = Verdict.CHANGED
            elif verdict is Verdict.ADDED:
                verdict = Verdict.CHANGED  # the household is new, the person is not
        self.work.lately[0].add(person.id)
        if home and said.is_head and self._head(said, home, person) and verdict is Verdict.UNCHANGED:
            verdict = Verdict.CHANGED
        if not (said.person_id and verdict is Verdict.UNCHANGED):
            self._say(f"person:{person.id}", reading.line)
        return verdict

    def _match(self, said: Said, home: Home | None) -> Match:
        known = self.known
        if said.person_id and (person := known.find_person(said.person_id)):
            return Match(person)
        if not said.name:
            return Match(None)
        return match(
            said,
            same_id=known.by_number.get(str(said.person.get("id_number")), ()),
            same_phone=known.by_phone.get(str(said.person.get("phone")), ()),
            at_home=known.members.get(home.id, ()) if home else (),
        )

    def _seemly(self, found: Match) -> list[Problem]:
        """Return the match's warnings, without what the person importing may not see."""
        hidden = found.known is not None and not may_see(found.known.area)
        return [Problem(p.code, p.column, p.value) if hidden else p for p in found.warnings]

    def _home(self, reading: Reading) -> Home | None:
        """Return the household of the line's group: by our own id, its number, the household its people live in,
        its name."""
        group, known = reading.group, self.known
        if group is None or group.home is not None:
            return group.home if group else None
        if (id_ := as_id(group.household_id)) and id_ in known.homes:
            return known.homes[id_]
        keyed = known.by_key.get((group.area, group.key))
        if keyed and group.key.startswith("n:"):
            return keyed
        return known.home_of(self._match(reading.said, None).known, group.area) or keyed

    def _new_home(self, group: Group, said: Said) -> Home:
        values = {c: said.household.get(c, blank(c)) for c in HOUSEHOLD_VALUES}
        home = Home(new_id(), group.area, group.key if group.named else "", None, values, new=True)
        self.known.learn_home(home)
        self.work.counts.households += 1
        return home

    def _home_values(self, said: Said, home: Home | None, reading: Reading) -> Verdict:
        if home is None:
            return Verdict.UNCHANGED
        verdict = Verdict.UNCHANGED
        if home.new:
            verdict = Verdict.UNCHANGED if f"household:{home.id}" in self.sources else Verdict.ADDED
        adds, differs = compare(home.values, said.household)
        if adds:
            home.values |= adds
            home.changed = True
            verdict = Verdict.CHANGED if verdict is Verdict.UNCHANGED else verdict
        said.warnings.extend(Problem("differs", d.field, str(d.said), str(d.known)) for d in differs)
        if home.new or adds or differs or not said.household_id:
            self._say(f"household:{home.id}", reading.line, keep_first=True)
        return verdict

    def _head(self, said: Said, home: Home, person: Known) -> bool:
        if home.head is None:
            home.head, home.changed = person.id, True
            return True
        if home.head != person.id:
            other = self.known.persons.get(home.head)
            said.warnings.append(Problem("differs", "head", said.name, str(other.name) if other else ""))
        return False

    def _new_person(self, said: Said, found: Match, home: Home | None, area: int) -> Known:
        values = {c: said.person.get(c, blank(c)) for c in PERSON_VALUES}
        sure = said.id_sure and not found.drop_id
        if found.drop_id:
            values["id_number"] = ""
        person = Known(new_id(), home.area if home else area, home.id if home else None, values, sure, new=True)
        self.known.learn(person)
        self.fresh[person.id] = person
        return person

    def _person_values(self, said: Said, person: Known, home: Home | None, area: int, found: Match) -> bool:
        if not may_see(person.area):
            said.warnings.append(Problem("registered elsewhere", "name", said.name))
            return False
        given = {c: v for c, v in said.person.items() if not (c == "id_number" and found.drop_id)}
        adds, differs = compare(person.values, given)
        said.warnings.extend(Problem("differs", d.field, str(d.said), str(d.known)) for d in differs)
        changed = bool(adds)
        person.values |= adds
        if "id_number" in adds:
            person.id_sure = said.id_sure
            self.known.by_number[str(adds["id_number"])].append(person)
        if person.id in self.known.ended:
            self.known.ended.discard(person.id)
            said.warnings.append(Problem("back again", "name", said.name))
            self.back.add(person.id)
            changed = True
        if home and person.household is None:
            person.household, changed = home.id, True
            self.known.members[home.id].append(person)
            if person.area != home.area:
                person.area = home.area
                self.moved.add(f"person:{person.id}")
        elif (home.area if home else area) != person.area:
            names = self.work.area_names
            said.warnings.append(Problem("differs", "area", names.get(area, ""), names.get(person.area, "")))
        elif home and person.household != home.id:
            said.warnings.append(Problem("differs", "household", said.head))
        if changed and person.id not in self.fresh:
            self.touched[person.id] = person
        return changed

    def _say(self, subject: str, line: Line, *, keep_first: bool = False) -> None:
        if keep_first and subject in self.sources:
            return
        work = self.work
        data = msgspec.json.encode({h: t for h, t in line.cells.items() if t}).decode()
        ref = f"{line.sheet}!{line.number}"[:120]
        self.sources[subject] = (work.county, subject, work.list_name, ref, work.at, work.by, data, work.run)

    def _write(self) -> None:
        """Write what the batch has changed: one statement a table."""
        county, at, known = self.work.county, self.work.at, self.known
        homes = [h for h in known.homes.values() if h.new]
        insert(
            HOUSEHOLD,
            [
                (
                    county,
                    h.id,
                    h.area,
                    h.key,
                    *(h.values[c] for c in HOUSEHOLD_VALUES[:-1]),
                    h.head,
                    h.values["note"],
                    at,
                )
                for h in homes
            ],
        )
        insert(
            PERSON,
            [
                (
                    county,
                    p.id,
                    p.household,
                    p.area,
                    *(p.values[c] for c in PERSON_VALUES[:4]),
                    p.id_sure,
                    *(p.values[c] for c in PERSON_VALUES[4:]),
                    at,
                )
                for p in self.fresh.values()
            ],
        )
        changed = [h for h in known.homes.values() if h.changed and not h.new]
        update(
            HOUSEHOLD,
            (*HOUSEHOLD_VALUES, "head"),
            county,
            [(h.id, *(h.values[c] for c in HOUSEHOLD_VALUES), h.head) for h in changed],
        )
        update(
            PERSON,
            (*PERSON_VALUES, "id_sure", "household", "area"),
            county,
            [
                (p.id, *(p.values[c] for c in PERSON_VALUES), p.id_sure, p.household, p.area)
                for p in self.touched.values()
            ],
        )
        if self.back:
            Person.objects.filter(county=county, id__in=self.back).update(ended_at=None)
        put_sources(self.sources.values())
        self.moved.update(f"household:{h.id}" for h in homes)
        self.moved.update(f"person:{id_}" for id_ in (*self.fresh, *self.back))
        if self.moved:
            follow_registers(county, self.moved, names=NAMES)

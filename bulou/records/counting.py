"""Counts what records say, for reports: which records, or rows of a repeat, answer to a condition, and about whom.

As with judging, the function is written once per kind and rule set and then only called. It works out no more of a
record than its conditions ask, because a report reads a whole county's day at once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from hashlib import blake2b
from typing import Any

from bulou.ledger.rules import Entry
from bulou.records.declaration import Declaration
from bulou.records.expressions import parse
from bulou.records.judging import Judge, row_names
from bulou.records.rulesets import RuleSet
from bulou.records.scopes import FormScope, Question, columns_of, text, truth
from bulou.records.shapes import blank_of

COUNTED = "_counted"
"""What is left of an entry whose answers were destroyed says here what it counted: [[key of the condition, whom], …]."""

Counted = tuple[int, str]
"""The place of the condition in the list, and whom it counts ("person:…"; something of its own for one without id)."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Counts the record, or each row of the repeat `each`, for which `when` is true (always if empty).

    `subject` is an expression of whom it is about; the entry's own subject if empty. Expressions may use `rule('…')`
    and what the envelope says (`${_happened_at} ${_by} ${_subject} ${_area} ${_id}`).
    """

    _: KW_ONLY
    when: str = ""
    each: str = ""
    subject: str = ""

    def rules(self) -> set[str]:
        """Return the paths of the rules it speaks of."""
        said = [parse(expression).rules() for expression in (self.when, self.subject) if expression]
        return set().union(*said)


def make_counter(
    kind: Declaration, ruleset: RuleSet | None, conditions: Sequence[Condition]
) -> Callable[[Entry], list[Counted]]:
    """Return the function that says which of the conditions an entry answers to, once for each row.

    Raise ExpressionError or ValueError if a condition makes no sense for the kind. An entry without faults is expected.
    """
    written = _Counter(kind, ruleset)
    scopes = [written.place(condition) for condition in conditions]
    sources = [written.source(condition, scope) for condition, scope in zip(conditions, scopes, strict=True)]
    written.keep_only({key for scope in scopes for key in scope.used} | {c.each for c in conditions if c.each})
    written.write("def count(entry):", 0)
    written.write("body = entry.body; faults = []; counted = []")
    written.clock()
    written.shapes(strict=False)
    written.facts()
    for repeat in dict.fromkeys(condition.each for condition in conditions):
        depth, row = (2, "row_") if repeat else (1, "0")
        if repeat:
            written.each(repeat)
        for i, condition in enumerate(conditions):
            if condition.each == repeat:
                when, subject = sources[i]
                written.write(f"if {when}: counted.append(({i}, {subject} or f'{{entry.id}}#{{{row}}}'))", depth)
    written.write("return counted")
    made: Callable[[Entry], list[Counted]] = written.made("count")
    places: dict[str, list[int]] = {}
    for i, condition in enumerate(conditions):
        places.setdefault(key_of(condition), []).append(i)

    def count(entry: Entry) -> list[Counted]:
        said = entry.body.get(COUNTED)
        if said is None:
            return made(entry)
        return [(i, whom) for key, whom in said for i in places.get(key, ())]

    return count


def key_of(condition: Condition) -> str:
    """Return by what an erased entry names the condition it answered to: one that is changed afterwards counts anew."""
    said = "|".join((condition.each, condition.when, condition.subject))
    return blake2b(said.encode(), digest_size=6).hexdigest()


class _Counter(Judge):
    """A judge that asks nothing of a record: faults were found when it was received."""

    def place(self, condition: Condition) -> FormScope:
        """Return what names mean where the condition stands. Raise ValueError if there is no such repeat."""
        if not condition.each:
            return self.scope(envelope=True)
        return self.scope(repeats=(self._repeat(condition.each),), envelope=True)

    def source(self, condition: Condition, scope: FormScope) -> tuple[str, str]:
        """Return the source of when and of whom. Raise ExpressionError if they make no sense."""
        when = truth(parse(condition.when), scope) if condition.when else "True"
        return when, text(parse(condition.subject), scope) if condition.subject else "entry.subject"

    def keep_only(self, keys: Iterable[str]) -> None:
        """Forget every question but these and what they depend on."""
        wanted: set[str] = set()
        by_key: dict[str, tuple[Question, tuple[Question, ...]]] = {q.key: (q, ()) for q in self.form}
        by_key |= {path[-1].key: (path[-1], path[:-1]) for path in columns_of(self.form)}
        found = list(keys)
        while found:
            key = found.pop()
            if key in wanted:
                continue
            wanted.add(key)
            question, repeats = by_key[key]
            found += self._needs(question, repeats)
            found += [repeat.key for repeat in repeats]
        self.form = tuple(
            replace(q, rows=tuple(r for r in q.rows if r.key in wanted) or q.rows[:1])
            for q in self.form
            if q.key in wanted
        )

    def each(self, repeat: str) -> None:
        """Write the head of a loop over the rows of the repeat."""
        self.write(f"for row_, ({row_names(self._repeat(repeat))}) in enumerate(t_{repeat}, 1):")

    def _repeat(self, name: str) -> Question:
        for question in self.form:
            if question.field.name == name and question.field.type == "repeat":
                return question
        raise ValueError(f"kind {self.kind.name}: there is no repeat {name!r}")

    def made(self, name: str) -> Any:
        """Return what the source defines; the time is not told where no condition asks for it."""
        self.lines = [line for line in self.lines if not self._idle(line)]
        return super().made(name)

    def _shape(self, each: Question, source: str, row: int | str, depth: int) -> None:
        """Write: read the answer. Its shape was found good when the record was received."""
        self.write(f"{each.variable} = {source}.get({each.field.name!r})", depth)
        if each.field.type == "acknowledge":
            self.write(f"{each.variable} = 'OK' if {each.variable} in (True, 'OK') else ''", depth)
        else:
            self.write(f"if {each.variable} is None: {each.variable} = {blank_of(each.field)}", depth)
            if each.field.type == "calculate" and not each.field.calculation:
                self.write(f"{each.variable} = plain({each.variable})", depth)

    def _known(self, source: str, form: tuple[Question, ...], prefix: str, row: int | str, depth: int) -> None:
        pass

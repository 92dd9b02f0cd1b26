"""A kind as the ledger knows it: what is wrong with an entry, in words, and what it opens and meets."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bulou.ledger import law
from bulou.ledger.rules import Effects, Entry
from bulou.records.apart import Judged, can_differ, judged
from bulou.records.declaration import Declaration
from bulou.records.duties import Opens
from bulou.records.expressions import ExpressionError, parse
from bulou.records.faults import describe
from bulou.records.judging import make_answers, make_asked, make_judge
from bulou.records.places import Asked, Fault, Verdict, numbers_in
from bulou.records.rulesets import RuleSet


class BoundKind:
    """A kind bound to the rule sets its entries name. Compiled once per rule set, on first use.

    `ruleset_of("")` is asked for the set in force when an entry names none; it raises LookupError for one it lacks.
    """

    def __init__(self, kind: Declaration, ruleset_of: Callable[[str], RuleSet]) -> None:
        self.kind = kind
        self.name = kind.name
        self.sets = frozenset(duty.over for duty in kind.duties if isinstance(duty, Opens) and duty.over)
        self.ruleset_of = ruleset_of
        self._bound = uses_rules(kind)
        self._subjects = tuple(f"{subject}:" for subject in kind.subject)
        self._judges: dict[str, Callable[[Entry], Verdict]] = {}
        self._answering: dict[str, Callable[[Entry], dict[str, Any]]] = {}
        self._asking: dict[str, Callable[[Entry], Asked]] = {}
        self._last: tuple[Entry, Verdict] | None = None

    def at(self, version: int) -> Declaration:
        """Return the kind as an entry of that version is read. A kind of the program's has one that reads them all."""
        return self.kind

    def versions(self) -> list[Declaration]:
        """Return every way records of the kind are read, oldest first."""
        return [self.kind]

    def bound_at(self, version: int) -> "BoundKind":
        """Return what judges entries of that version."""
        return self

    def problems(self, entry: Entry) -> list[str]:
        """Return what is wrong with the entry, in Chinese for the person who wrote it; nothing if it can be applied."""
        return self.problems_in(entry, "zh_Hans")

    def problems_in(self, entry: Entry, language: str) -> list[str]:
        """Return what is wrong with the entry, in one of the kind's languages."""
        faults = self._judged(entry)[0]
        return [describe(self.kind, fault, language) for fault in faults] if faults else []

    def faults(self, entry: Entry) -> list[Fault]:
        """Return what is wrong with the entry as (field key, row from 1 or 0, code, detail), for forms and files."""
        return self._judged(entry)[0]

    def effects(self, entry: Entry) -> Effects:
        """Return what the entry opens and meets. It must be free of problems."""
        _, opens, meets = self._judged(entry)
        return Effects(opens, meets)

    def answers(self, entry: Entry) -> dict[str, Any]:
        """Return the relevant answers with calculated ones filled in. The entry must be free of problems."""
        rules = entry.rules if self._bound else ""
        if rules not in self._answering:
            self._answering[rules] = make_answers(self.kind, self._ruleset(rules))
        return self._answering[rules](entry)

    def judged(self, entry: Entry) -> Judged:
        """Return the entry's body as the form means it, and what was said beside it.

        One with faults, such as one of which a part was destroyed, is returned as it is.
        """
        declared = self.at(entry.version)
        if not can_differ(declared) or self._judged(entry)[0]:
            return Judged(entry.body)
        return judged(declared, entry.body, self.answers(entry))

    def unconfirmed(self, entry: Entry) -> list[Fault]:
        """Return the soft questions a form must still ask, as faults; none of them keeps the entry from being taken."""
        keys = self.at(entry.version).keys()
        if not any(field.soft for field in keys.values()):
            return []
        asked = self.asked(entry)
        return [
            (key, row, "required", "")
            for key, row in sorted(asked.required - asked.hidden, key=str)
            if keys[key].soft and not answer_at(entry.body, key, numbers_in(row))
        ]

    def asked(self, entry: Entry) -> Asked:
        """Return what a form asks with the entry's answers so far. It may have any faults but an unknown rule set."""
        rules = entry.rules if self._bound else ""
        if rules not in self._asking:
            self._asking[rules] = make_asked(self.kind, self._ruleset(rules))
        return self._asking[rules](entry)

    def _judged(self, entry: Entry) -> Verdict:
        last = self._last
        if last is not None and last[0] is entry:  # the ledger asks for problems and effects of one entry in turn
            return last[1]
        verdict = self._judge(entry)
        self._last = entry, verdict
        return verdict

    def _judge(self, entry: Entry) -> Verdict:
        if not entry.subject.startswith(self._subjects):
            return [("", 0, "subject type", entry.subject.partition(":")[0])], [], []
        if entry.version > self.kind.version:
            return [("", 0, "version", str(entry.version))], [], []
        rules = entry.rules if self._bound else ""
        judge = self._judges.get(rules)
        if judge is None:
            try:
                judge = self._judges[rules] = make_judge(self.kind, self._ruleset(rules))
            except (LookupError, ExpressionError) as error:  # no such rule set, or one the kind cannot use
                return [("", 0, "rules", f"{rules}: {error}")], [], []
        return judge(entry)

    def _ruleset(self, name: str) -> RuleSet | None:
        return self.ruleset_of(name) if self._bound else None


def answer_at(body: Mapping[str, Any], key: str, numbers: Sequence[int]) -> Any:
    """Return what was answered in the rows of these numbers (from 1)."""
    *steps, name = key.split(".")
    for step, number in zip(steps, numbers, strict=True):
        rows = body.get(step) or ()
        body = rows[number - 1] if number <= len(rows) else {}
    return body.get(name)


def known_kinds() -> dict[str, BoundKind]:
    """Return every kind of this installation by name, the program's and the counties' own: those the ledger judges by."""
    return {name: kind for name, kind in law.current().kinds.items() if isinstance(kind, BoundKind)}


def find_kind(name: str) -> BoundKind | None:
    """Return the kind of that name, None if this installation knows none. Nothing else looks kinds up in the law."""
    found = law.current().kinds.get(name)
    return found if isinstance(found, BoundKind) else None


def get_kind(name: str) -> BoundKind:
    """Return the kind of that name. Raise LookupError if this installation knows none."""
    found = find_kind(name)
    if found is None:
        raise LookupError(f"there is no kind {name!r}")
    return found


def judged_of(entry: Entry) -> Judged:
    """Return the body of an entry of any kind as its form means it (BoundKind.judged)."""
    bound = find_kind(entry.kind)
    return bound.judged(entry) if bound else Judged(entry.body)


def uses_rules(kind: Declaration) -> bool:
    """Tell whether what the kind says depends on a rule set."""
    return bool(rules_of(kind))


def rules_of(kind: Declaration) -> set[str]:
    """Return the paths of every rule the kind speaks of."""
    found: set[str] = set()
    for each in kind.keys().values():
        required = each.required if isinstance(each.required, str) else ""
        for expression in (each.relevant, each.constraint, each.calculation, each.default, required):
            found |= parse(expression).rules() if "rule(" in expression else set()
    for duty in kind.duties:
        for name in duty.__slots__:
            said = getattr(duty, name)
            if "rule(" in said:
                found |= parse(said).rules()
        if isinstance(duty, Opens) and duty.slots:
            found.add(duty.slots)
    return found

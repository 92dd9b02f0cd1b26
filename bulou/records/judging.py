"""Writes the Python function that judges a kind's entries under a rule set: what is wrong, what is owed, what is met.

The function is made once per kind and rule set and then only called. It takes four steps, each only if the one before
found no fault: the shape of every answer; what is relevant and what is calculated; what is required and constrained;
duties. An answer to a question that is not relevant reads as unanswered, as on the phone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from graphlib import CycleError, TopologicalSorter
from itertools import groupby
from typing import Any

from bulou.core.divisions import code_of
from bulou.core.moments import FAR
from bulou.ledger.rules import Entry, Meeting, Opening
from bulou.records import owing, runtime, shapes
from bulou.records.coercion import days_of, first_moment, last_moment
from bulou.records.declaration import Declaration
from bulou.records.duties import Effect, Opens, Waives
from bulou.records.expressions import parse
from bulou.records.fields import Field, is_computed
from bulou.records.owing import Writer, write_evidence, write_opens
from bulou.records.rulesets import RuleSet
from bulou.records.scopes import FormScope, Question, RowScope, questions, text, truth

Fault = tuple[str, int, str, str]
"""The field's key ("" if the entry itself is at fault), the row from 1 (0 outside rows), a code, a detail."""
Verdict = tuple[list[Fault], list[Opening], list[Meeting]]

_NAMES: dict[str, Any] = {
    **runtime.PROVIDED,
    **shapes.SHAPES,
    **owing.PROVIDED,
    **{each.__name__: each for each in (Opening, Meeting, timedelta, code_of, days_of, first_moment, last_moment)},
    "FAR": FAR,
}


def make_judge(kind: Declaration, ruleset: RuleSet | None) -> Callable[[Entry], Verdict]:
    """Return the function that judges the kind's entries. Raise ExpressionError or ValueError if the kind is faulty."""
    written = Judge(kind, ruleset)
    written.write("def judge(entry):", 0)
    written.write("body = entry.body; faults = []; opens = []; meets = []")
    written.clock()
    written.shapes()
    written.facts()
    written.demands()
    written.duties()
    written.write("return faults, opens, meets")
    made: Callable[[Entry], Verdict] = written.made("judge")
    return made


def make_answers(kind: Declaration, ruleset: RuleSet | None) -> Callable[[Entry], dict[str, Any]]:
    """Return the function that gives an entry's answers as the form reads them.

    Only relevant ones, calculated ones filled in, rows as lists of such mappings. It expects an entry without faults.
    """
    written = Judge(kind, ruleset)
    written.write("def answers(entry):", 0)
    written.write("body = entry.body; faults = []")
    written.clock()
    written.shapes()
    written.facts()
    written.write("said = {}")
    for each in written.form:
        name = repr(each.field.name)
        if each.rows:
            columns = tuple(q.field.name for q in each.rows)
            kept = f"{{k: v for k, v in zip({columns!r}, row) if v or v == 0}}"
            written.write(f"if t_{each.field.name}: said[{name}] = [{kept} for row in t_{each.field.name}]")
        else:
            written.write(f"if {each.variable} or {each.variable} == 0: said[{name}] = {each.variable}")
    written.write("return said")
    made: Callable[[Entry], dict[str, Any]] = written.made("answers")
    return made


@dataclass(frozen=True, slots=True)
class Asked:
    """How a form stands that is still being filled in, each question as (key, row from 1; 0 outside rows).

    `hidden` are not relevant with the answers so far, `required` must be answered, `worked` is what is calculated, and
    `preset` the text of what an unanswered question begins with.
    """

    hidden: frozenset[tuple[str, int]]
    required: frozenset[tuple[str, int]]
    worked: Mapping[tuple[str, int], Any]
    preset: Mapping[tuple[str, int], str]


def make_asked(kind: Declaration, ruleset: RuleSet | None) -> Callable[[Entry], Asked]:
    """Return the function that tells what a form asks with the answers so far, however wrong they are."""
    written = Judge(kind, ruleset)
    written.write("def asked(entry):", 0)
    written.write("body = entry.body; faults = []; hidden = set(); required = set(); worked = {}; preset = {}")
    written.clock()
    written.shapes(strict=False)
    written.facts()
    for each in written.form:
        written.standing(each, None, 1)
        if each.rows:
            written.write(f"for row_, ({row_names(each)}) in enumerate(t_{each.field.name}, 1):")
            written.write("pass", 2)  # nothing may depend on anything in it
            for question in each.rows:
                written.standing(question, each, 2)
    written.write("return Asked(frozenset(hidden), frozenset(required), worked, preset)")
    written.names["Asked"] = Asked
    made: Callable[[Entry], Asked] = written.made("asked")
    return made


class Judge(Writer):
    """The source being written; `names` are the constants it speaks of."""

    def __init__(self, kind: Declaration, ruleset: RuleSet | None) -> None:
        super().__init__(kind.name, dict(_NAMES))
        self.kind = kind
        self.ruleset = ruleset
        self.form = tuple(questions(kind.fields))

    def scope(self, own: Question | None = None, repeat: Question | None = None, envelope: bool = False) -> FormScope:
        """Return what names mean on the form, or in a row of the repeat."""
        if repeat is None:
            return FormScope(self.form, self.ruleset, envelope, own)
        return RowScope(self.form, self.ruleset, envelope, own, repeat=repeat)

    def clock(self) -> None:
        """Write the two moments expressions may ask for."""
        self.write("now_ = days_of(entry.happened_at)")
        self.write("today_ = day(now_)")

    def shapes(self, *, strict: bool = True) -> None:
        """Write: every answer looks as its type must, and nothing else was said.

        Not `strict`: one that does not look so reads as unanswered, and the function goes on.
        """
        self._known("body", self.form, "", 0, 1)
        for each in self.form:
            self._shape(each, "body", 0, 1)
            if each.rows:
                self.write(f"s_{each.field.name} = []")
                self.write(f"for row_, row in enumerate({each.variable}, 1):")
                self._known("row", each.rows, f"{each.field.name}.", "row_", 2)
                for question in each.rows:
                    self._shape(question, "row", "row_", 2)
                variables = "".join(f"{q.variable}, " for q in each.rows)
                self.write(f"s_{each.field.name}.append(({variables}))", 2)
        if strict:
            self.write("if faults: return faults, (), ()")

    def _known(self, source: str, form: tuple[Question, ...], prefix: str, row: int | str, depth: int) -> None:
        known = self.constant(frozenset(each.field.name for each in form))
        self.write(f"if not {source}.keys() <= {known}:", depth)
        self.write(
            f"faults.extend(({prefix!r} + str(key), {row}, 'unknown', '') for key in {source}.keys() - {known})",
            depth + 1,
        )

    def _shape(self, each: Question, source: str, row: int | str, depth: int) -> None:
        blank = shapes.blank_of(each.field)
        test = shapes.test_of(each.field)
        if each.field.options:
            test = test.replace("options", self.constant(frozenset(each.field.options)))
        self.write(f"v = {source}.get({each.field.name!r})", depth)
        self.write(f"if v is None: v = {blank}", depth)
        said = "v != '' and " if blank == "''" else ""
        self.write(f"elif {said}not {test}:", depth)
        self.write(f"faults.append(({each.key!r}, {row}, {each.field.type!r}, '')); v = {blank}", depth + 1)
        if each.field.type == "acknowledge":
            self.write("v = 'OK' if v is True or v == 'OK' else ''", depth)
        if each.field.type == "calculate" and not each.field.calculation:
            self.write("v = plain(v)", depth)
        self.write(f"{each.variable} = v", depth)

    def facts(self) -> None:
        """Write: what is not relevant is unanswered, what is calculated is filled in, each after what it depends on."""
        needs: dict[str, set[str]] = {}
        for each in self.form:
            needs[each.key] = self._needs(each, None)
            if each.rows:
                needs[f"{each.key}."] = {each.key}.union(*(self._needs(q, each) for q in each.rows)) - {
                    q.key for q in each.rows
                }
        needs = {key: {_unit(name) for name in names} for key, names in needs.items()}
        by_key = {each.key: each for each in self.form}
        for key in self._ordered(needs):
            if key.endswith("."):
                self._rows(by_key[key[:-1]])
            else:
                self._fact(by_key[key], None, 1)

    def _needs(self, each: Question, repeat: Question | None) -> set[str]:
        scope = self.scope(own=each, repeat=repeat)
        for relevant in each.relevants:
            truth(relevant, scope)
        if each.field.calculation:
            text(parse(each.field.calculation), scope)
        return scope.used - {each.key}

    def _ordered(self, needs: dict[str, set[str]]) -> Iterable[str]:
        try:
            return tuple(TopologicalSorter(needs).static_order())
        except CycleError as error:
            raise ValueError(
                f"kind {self.kind.name}: these fields wait for each other: {' → '.join(error.args[1])}"
            ) from error

    def _fact(self, each: Question, repeat: Question | None, depth: int) -> None:
        scope = self.scope(own=each, repeat=repeat)
        if each.relevants:
            conditions = " and ".join(truth(relevant, scope) for relevant in each.relevants)
            self.write(f"o{each.variable} = {conditions}", depth)
            self.write(f"if not o{each.variable}: {each.variable} = {shapes.blank_of(each.field)}", depth)
        if each.field.calculation:
            value = text(parse(each.field.calculation), scope)
            self.write(f"{'else' if each.relevants else 'if True'}: {each.variable} = {value}", depth)

    def _rows(self, each: Question) -> None:
        """Write the rows of a repeat into `t_<repeat>`, a list of tuples, and each column into `m_<repeat>_<field>`."""
        name = each.field.name
        inner = {q.key: self._needs(q, each) & {r.key for r in each.rows} for q in each.rows}
        by_key = {q.key: q for q in each.rows}
        self.write(f"t_{name} = []")
        variables = "".join(f"{q.variable}, " for q in each.rows)
        self.write(f"for row_, ({variables}) in enumerate(s_{name} if {each.variable} else (), 1):")
        for key in self._ordered(inner):
            self._fact(by_key[key], each, 2)
        self.write(f"t_{name}.append(({row_names(each)}))", 2)
        for i, question in enumerate(each.rows):
            self.write(f"m_{name}_{question.field.name} = [row[{i}] for row in t_{name}]")

    def demands(self) -> None:
        """Write: what is required is answered, and every answer keeps its constraint."""
        for each in self.form:
            self._demand(each, None, 1)
            rows = [q for q in each.rows if q.field.required or q.field.constraint]
            if rows:
                with self.rows_of(each):
                    for question in rows:
                        self._demand(question, each, 2)
        self.write("if faults: return faults, (), ()")

    def _demand(self, each: Question, repeat: Question | None, depth: int) -> None:
        asked: Field = each.field
        scope = self.scope(own=each, repeat=repeat)
        missing = f"{each.variable} is None" if shapes.blank_of(asked) == "None" else f"not {each.variable}"
        row = "row_" if repeat else "0"
        if asked.required:
            conditions = [missing]
            if each.relevants:
                conditions.append(f"o{each.variable}")
            if isinstance(asked.required, str):
                conditions.append(truth(parse(asked.required), scope))
            self.write(f"if {' and '.join(conditions)}: faults.append(({each.key!r}, {row}, 'required', ''))", depth)
        if asked.constraint:
            keeps = truth(parse(asked.constraint), scope)
            self.write(f"if not ({missing}) and not {keeps}:", depth)
            self.write(f"faults.append(({each.key!r}, {row}, 'constraint', ''))", depth + 1)

    def standing(self, each: Question, repeat: Question | None, depth: int) -> None:
        """Write: whether the question is asked, whether it must be answered, and what is worked out for it."""
        where = f"({each.key!r}, {'row_' if repeat else '0'})"
        scope = self.scope(own=each, repeat=repeat)
        if each.relevants:
            self.write(f"if not o{each.variable}: hidden.add({where})", depth)
        if each.field.required:
            condition = truth(parse(each.field.required), scope) if isinstance(each.field.required, str) else "True"
            self.write(f"if {condition}: required.add({where})", depth)
        if each.field.calculation:
            self.write(f"worked[{where}] = {each.variable}", depth)
        if each.field.default:
            said = each.field.default
            value = text(parse(said), scope) if is_computed(said) else repr(said)
            self.write(f"preset[{where}] = {value}", depth)

    def duties(self) -> None:
        """Write: what is opened, met and waived. Duties of each row of one repeat that follow each other share a loop."""
        for name, group in groupby(self.kind.duties, lambda duty: "" if isinstance(duty, Waives) else duty.each):
            if not name:
                for duty in group:
                    self._duty(duty, None)
                continue
            each = next((q for q in self.form if q.rows and q.field.name == name), None)
            if each is None:
                raise ValueError(f"kind {self.kind.name}: a duty speaks of each {name!r}; there is no repeat {name!r}")
            with self.rows_of(each):
                for duty in group:
                    self._duty(duty, each)

    def _duty(self, duty: Effect, each: Question | None) -> None:
        scope, depth = self.scope(repeat=each, envelope=True), 2 if each else 1
        if isinstance(duty, Opens):
            write_opens(self, duty, scope, self.ruleset, depth)
        else:
            write_evidence(self, duty, scope, depth)

    @contextmanager
    def rows_of(self, each: Question) -> Iterator[None]:
        """Write a loop over a repeat's rows around what the block writes, binding only the variables it speaks of."""
        self.write(f"for row_, row in enumerate(t_{each.field.name}, 1):")
        start = len(self.lines)
        yield
        words = set(re.findall(r"\w+", "\n".join(self.lines[start:])))
        names = row_names(each).replace(" ", "").strip(",").split(",")
        self.lines[start:start] = [f"        {name} = row[{i}]" for i, name in enumerate(names) if name in words]


def row_names(each: Question) -> str:
    """Return the variables of a row: its answers, then whether each that may be irrelevant is relevant."""
    return "".join(f"{q.variable}, " for q in each.rows) + "".join(f"o{q.variable}, " for q in each.rows if q.relevants)


def _unit(key: str) -> str:
    """Return what must be worked out before the key is known: itself, or all the rows it is one column of."""
    return f"{key.split('.')[0]}." if "." in key else key

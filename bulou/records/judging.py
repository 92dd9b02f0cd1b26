"""Writes the Python function that judges a kind's entries under a rule set: what is wrong, what is owed, what is met.

The function is made once per kind and rule set and then only called. It takes four steps, each only if the one before
found no fault: the shape of every answer; what is relevant and what is calculated; what is required and constrained;
duties. An answer to a question that is not relevant reads as unanswered, as on the phone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from graphlib import CycleError, TopologicalSorter
from itertools import groupby, pairwise
from math import isfinite
from typing import Any

from bulou.core.divisions import code_of
from bulou.core.moments import FAR
from bulou.ledger.rules import Entry, Meeting, Opening
from bulou.records import owing, runtime, scopes, shapes
from bulou.records.coercion import days_of, first_moment, last_moment
from bulou.records.declaration import Declaration
from bulou.records.duties import Effect, Opens, Waives
from bulou.records.expressions import parse
from bulou.records.fields import BEHALF, Field, is_computed
from bulou.records.masking import takes_names
from bulou.records.owing import Writer, write_evidence, write_opens
from bulou.records.places import Asked, Verdict, folds_of, unfolded
from bulou.records.rulesets import RuleSet
from bulou.records.scopes import FormScope, Question, column_name, columns_of, number, questions, row_name, text, truth

_NAMES: dict[str, Any] = {
    **runtime.PROVIDED,
    **shapes.SHAPES,
    **owing.PROVIDED,
    **{each.__name__: each for each in (Opening, Meeting, timedelta, code_of, days_of, first_moment, last_moment)},
    "FAR": FAR,
    "row_count": lambda said: max(0, min(shapes.ROWS_LIMIT, int(said))) if isfinite(said) else 0,
    "unfolded": unfolded,
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
        if any(q.rows for q in each.rows):
            written.write(f"if t_{each.field.name}: said[{name}] = unfolded({folds_of(each)!r}, t_{each.field.name})")
        elif each.rows:
            columns = tuple(q.field.name for q in each.rows)
            kept = f"{{k: v for k, v in zip({columns!r}, row) if v or v == 0}}"
            written.write(f"if t_{each.field.name}: said[{name}] = [{kept} for row in t_{each.field.name}]")
        else:
            written.write(f"if {each.variable} or {each.variable} == 0: said[{name}] = {each.variable}")
    written.write("return said")
    made: Callable[[Entry], dict[str, Any]] = written.made("answers")
    return made


def make_asked(kind: Declaration, ruleset: RuleSet | None) -> Callable[[Entry], Asked]:
    """Return the function that tells what a form asks with the answers so far, however wrong they are."""
    written = Judge(kind, ruleset)
    written.write("def asked(entry):", 0)
    written.write(
        "body = entry.body; faults = []; hidden = set(); required = set(); worked = {}; preset = {}; offered = {}; rows = {}"
    )
    written.clock()
    written.shapes(strict=False)
    written.facts()
    written.standings(written.form, ())
    written.write("return Asked(frozenset(hidden), frozenset(required), worked, preset, offered, rows)")
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

    def scope(
        self, own: Question | None = None, repeats: tuple[Question, ...] = (), envelope: bool = False
    ) -> FormScope:
        """Return what names mean on the form, or in a row of the repeats (the outermost first)."""
        return FormScope(self.form, self.ruleset, envelope, own, repeats=repeats, tables=self.kind.tables,
                         constant=self.constant)  # fmt: skip

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
                self._shape_rows(each, 1)
        if strict:
            self.write("if faults: return faults, (), ()")

    def _shape_rows(self, each: Question, level: int) -> None:
        """Write the rows into `s_<repeat>`, a list of tuples; rows within rows take the place of what was sent."""
        shaped, counter, row = f"s{_nth(level)}_{each.field.name}", row_name(level), f"row{_nth(level)}"
        self.write(f"{shaped} = []", level)
        self.write(f"for {counter}, {row} in enumerate({each.variable}, 1):", level)
        self._known(row, each.rows, f"{each.key}.", _place(level), level + 1)
        for question in each.rows:
            self._shape(question, row, _place(level), level + 1)
            if question.rows:
                self._shape_rows(question, level + 1)
        variables = "".join(f"{q.variable}, " for q in each.rows)
        self.write(f"{shaped}.append(({variables}))", level + 1)
        if level > 1:
            self.write(f"{each.variable} = {shaped}", level)

    def _known(self, source: str, form: tuple[Question, ...], prefix: str, row: int | str, depth: int) -> None:
        known = self.constant(frozenset((*(each.field.name for each in form), *((BEHALF,) if not prefix else ()))))
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
        self._facts(self.form, ())

    def _facts(self, form: tuple[Question, ...], repeats: tuple[Question, ...]) -> None:
        needs: dict[str, set[str]] = {}
        for each in form:
            needs[each.key] = self._needs(each, repeats)
            if each.rows:
                needs[f"{each.key}."] = {each.key, *self._needs_of_rows(each, repeats)}
        needs = {key: {_unit(name, form) for name in names} & needs.keys() for key, names in needs.items()}
        by_key = {each.key: each for each in form}
        for key in self._ordered(needs):
            if key.endswith("."):
                self._rows(by_key[key[:-1]], repeats)
            else:
                self._fact(by_key[key], repeats, len(repeats) + 1)

    def _needs(self, each: Question, repeats: tuple[Question, ...]) -> set[str]:
        scope = self.scope(own=each, repeats=repeats)
        for relevant in each.relevants:
            truth(relevant, scope)
        if each.field.calculation:
            text(parse(each.field.calculation), scope)
        return scope.used - {each.key}

    def _needs_of_rows(self, each: Question, repeats: tuple[Question, ...]) -> set[str]:
        """Return what the rows of the repeat need that does not stand in them."""
        inside = (*repeats, each)
        found: set[str] = set()
        for question in each.rows:
            found |= self._needs(question, inside)
            if question.rows:
                found |= self._needs_of_rows(question, inside)
        return {key for key in found if not key.startswith(f"{each.key}.")}

    def _ordered(self, needs: dict[str, set[str]]) -> Iterable[str]:
        try:
            return tuple(TopologicalSorter(needs).static_order())
        except CycleError as error:
            raise ValueError(
                f"kind {self.kind.name}: these fields wait for each other: {' → '.join(error.args[1])}"
            ) from error

    def _fact(self, each: Question, repeats: tuple[Question, ...], depth: int) -> None:
        scope = self.scope(own=each, repeats=repeats)
        if each.relevants:
            conditions = " and ".join(truth(relevant, scope) for relevant in each.relevants)
            self.write(f"o{each.variable} = {conditions}", depth)
            self.write(f"if not o{each.variable}: {each.variable} = {shapes.blank_of(each.field)}", depth)
        if each.field.calculation:
            value = text(parse(each.field.calculation), scope)
            self.write(f"{'else' if each.relevants else 'if True'}: {each.variable} = {value}", depth)

    def _rows(self, each: Question, repeats: tuple[Question, ...]) -> None:
        """Write the rows of a repeat into `t_<repeat>`, a list of tuples, and each column into `m_<repeat>_<field>`."""
        name, level = each.field.name, len(repeats) + 1
        source = each.variable if repeats else f"s_{name} if {each.variable} else ()"
        done = f"t{_nth(level)}_{name}"
        self.write(f"{done} = []", level)
        variables = "".join(f"{q.variable}, " for q in each.rows)
        self.write(f"for {row_name(level)}, ({variables}) in enumerate({source}, 1):", level)
        self._facts(each.rows, (*repeats, each))
        self.write(f"{done}.append(({row_names(each)}))", level + 1)
        if repeats:
            self.write(f"{each.variable} = {done}", level)
        for line in self._columns(each, done, len(repeats)):
            self.write(line, level)

    def _columns(self, each: Question, rows: str, level: int) -> Iterator[str]:
        """Yield the lines that gather each column of the repeat's rows, as seen from so many rows deep."""
        for path in columns_of((each,)):
            steps = [within.rows.index(question) for within, question in pairwise(path)]
            of, loops = "r0", [f"for r0 in {rows}"]
            for i, step in enumerate(steps):
                last = i == len(steps) - 1
                if last and not path[-1].rows:
                    of = f"{of}[{step}]"
                else:
                    loops.append(f"for r{i + 1} in {of}[{step}]")
                    of = f"r{i + 1}"
            yield f"{column_name(path, level)} = [{of} {' '.join(loops)}]"

    def demands(self) -> None:
        """Write: what is required is answered, and every answer keeps its constraint."""
        self._demands(self.form, ())
        self.write("if faults: return faults, (), ()")

    def _demands(self, form: tuple[Question, ...], repeats: tuple[Question, ...]) -> None:
        for each in form:
            self._demand(each, repeats, len(repeats) + 1)
            if scopes.demanding(each.rows):
                with self.rows_of(each, repeats):
                    self.write("pass", len(repeats) + 2)  # of a county's own form perhaps nothing is demanded
                    self._demands(each.rows, (*repeats, each))

    def _demand(self, each: Question, repeats: tuple[Question, ...], depth: int) -> None:
        asked: Field = each.field
        scope = self.scope(own=each, repeats=repeats)
        missing = f"{each.variable} is None" if shapes.blank_of(asked) == "None" else f"not {each.variable}"
        row = _place(len(repeats))
        if asked.required and not asked.soft:
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
        if takes_names(asked) and not self.kind.xform_xml:
            fault = f"faults.append(({each.key!r}, {row}, 'masked', ''))"
            self.write(f"if '*' in {each.variable} or '＊' in {each.variable}: {fault}", depth)
        if asked.choice_filter:
            by_value: dict[str, list[Mapping[str, str]]] = {}
            for one in self.kind.tables[asked.choice_table]:
                by_value.setdefault(one.get(asked.choice_value, ""), []).append(one)
            found, holds = self.constant(by_value), self._filter(each, repeats)
            chosen = f"({each.variable},)" if asked.type == "select_one" else each.variable
            self.write(f"if {each.variable} and not all(any({holds} for c_ in {found}.get(e_, ())) for e_ in {chosen}):",
                       depth)  # fmt: skip
            self.write(f"faults.append(({each.key!r}, {row}, 'filter', ''))", depth + 1)

    def _filter(self, each: Question, repeats: tuple[Question, ...]) -> str:
        """Return source that tells whether the row `c_` of the list may be chosen."""
        scope = self.scope(repeats=repeats)
        scope.columns = frozenset().union(*self.kind.tables[each.field.choice_table])
        return truth(parse(each.field.choice_filter), scope)

    def standings(self, form: tuple[Question, ...], repeats: tuple[Question, ...]) -> None:
        """Write how every question of the form, or of a row, stands."""
        level = len(repeats) + 1
        for each in form:
            self.standing(each, repeats, level)
            if each.rows:
                rows = each.variable if repeats else f"t_{each.field.name}"
                self.write(f"for {row_name(level)}, ({row_names(each)}) in enumerate({rows}, 1):", level)
                self.write("pass", level + 1)  # nothing may depend on anything in it
                for question in each.rows:
                    if question.rows:
                        for line in self._columns(question, question.variable, level):
                            self.write(line, level + 1)
                self.standings(each.rows, (*repeats, each))

    def standing(self, each: Question, repeats: tuple[Question, ...], depth: int) -> None:
        """Write: whether the question is asked, whether it must be answered, and what is worked out for it."""
        where = f"({each.key!r}, {_place(len(repeats))})"
        scope = self.scope(own=each, repeats=repeats)
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
        if each.field.repeat_count:
            self.write(f"rows[{where}] = row_count({number(parse(each.field.repeat_count), scope)})", depth)
        if each.field.choice_filter:
            rows, value = self.constant(self.kind.tables[each.field.choice_table]), each.field.choice_value
            found = f"c_.get({value!r}, '') for c_ in {rows} if {self._filter(each, repeats)}"
            self.write(f"offered[{where}] = tuple(dict.fromkeys({found}))", depth)

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
        scope, depth = self.scope(repeats=(each,) if each else (), envelope=True), 2 if each else 1
        if isinstance(duty, Opens):
            write_opens(self, duty, scope, self.ruleset, depth)
        else:
            write_evidence(self, duty, scope, depth)

    @contextmanager
    def rows_of(self, each: Question, repeats: tuple[Question, ...] = ()) -> Iterator[None]:
        """Write a loop over a repeat's rows around what the block writes, binding only the variables it speaks of."""
        level = len(repeats) + 1
        row = f"row{_nth(level)}"
        rows = each.variable if repeats else f"t_{each.field.name}"
        self.write(f"for {row_name(level)}, {row} in enumerate({rows}, 1):", level)
        start = len(self.lines)
        yield
        words = set(re.findall(r"\w+", "\n".join(self.lines[start:])))
        gathered = [line for q in each.rows if q.rows for line in self._columns(q, q.variable, level)]
        gathered = [line for line in gathered if line.partition(" = ")[0] in words]
        words |= set(re.findall(r"\w+", "\n".join(gathered)))
        names = row_names(each).replace(" ", "").strip(",").split(",")
        bound = [f"{name} = {row}[{i}]" for i, name in enumerate(names) if name in words]
        self.lines[start:start] = ["    " * (level + 1) + line for line in (*bound, *gathered)]


def row_names(each: Question) -> str:
    """Return the variables of a row: its answers, then whether each that may be irrelevant is relevant."""
    return "".join(f"{q.variable}, " for q in each.rows) + "".join(f"o{q.variable}, " for q in each.rows if q.relevants)


def _nth(level: int) -> str:
    return str(level) if level > 1 else ""


def _place(level: int) -> str:
    """Return source of the place of a question so many rows deep."""
    if level < 2:
        return row_name(1) if level else "0"
    return f"({', '.join(row_name(each) for each in range(1, level + 1))})"


def _unit(key: str, form: tuple[Question, ...]) -> str:
    """Return what must be worked out before the key is known: itself, or all the rows it is one column of."""
    return next((f"{each.key}." for each in form if each.rows and key.startswith(f"{each.key}.")), key)

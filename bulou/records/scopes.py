"""What the names in an expression mean, depending on where it stands: on the form, in a row, in a duty."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bulou.records import functions  # noqa: F401  (registers what may be called)
from bulou.records.compiler import Code, Compiler, Type
from bulou.records.expressions import Column, Expression, Name, Node, Self, nearest, parse
from bulou.records.fields import Field, FieldType, Table
from bulou.records.masking import takes_names
from bulou.records.rulesets import RuleSet

_TYPES: Mapping[FieldType, Type] = {
    "integer": "number",
    "decimal": "number",
    "select_multiple": "list",
    "repeat": "rows",
}
ENVELOPE: Mapping[str, Code] = {
    "_happened_at": Code("now_", "moment"),
    "_by": Code("entry.by", "text"),
    "_subject": Code("entry.subject", "text"),
    "_area": Code("code_of(entry.area)", "text"),
    "_id": Code("str(entry.id)", "text"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A field where it stands: the groups around it add to what makes it relevant. `rows`: what a row of it asks."""

    field: Field
    key: str
    variable: str
    relevants: tuple[Expression, ...]
    rows: "tuple[Question, ...]" = ()

    @property
    def code(self) -> Code:
        """What reads its answer inside its own form or row."""
        repeat = self.field.name if self.field.type == "repeat" else ""
        return Code(self.variable, _TYPES.get(self.field.type, "text"), field=True, repeat=repeat)


def questions(fields: tuple[Field, ...], prefix: str = "", around: tuple[Expression, ...] = ()) -> Iterator[Question]:
    """Yield the questions of a form or of a row, groups opened. Those of a row within a row have variables of their own."""
    level = prefix.count(".")
    letter = "v" if not level else "w" if level == 1 else f"w{level}"
    for each in fields:
        relevants = (*around, parse(each.relevant)) if each.relevant else around
        if each.type == "group":
            yield from questions(each.fields, prefix, relevants)
        elif each.type != "note":
            rows = tuple(questions(each.fields, f"{prefix}{each.name}.")) if each.type == "repeat" else ()
            yield Question(each, prefix + each.name, f"{letter}_{each.name}", relevants, rows)


def columns_of(form: tuple[Question, ...]) -> Iterator[tuple[Question, ...]]:
    """Yield every question in the rows of the form's repeats, with the repeats it stands in before it."""
    for each in form:
        for question in each.rows:
            yield each, question
        for path in columns_of(each.rows):
            yield each, *path


def column_name(path: tuple[Question, ...], level: int) -> str:
    """Return the variable of a column, as seen from so many rows deep: m_members_name, m_homes__members__name."""
    joint = "_" if len(path) == 2 else "__"
    return f"m{level or ''}_{joint.join(each.field.name for each in path)}"


def repeats_around(form: tuple[Question, ...], key: str) -> tuple[Question, ...]:
    """Return the repeats whose row asks the question of the key, the outermost first."""
    found: tuple[Question, ...] = ()
    for name in key.split(".")[:-1]:
        repeat = next(each for each in (found[-1].rows if found else form) if each.field.name == name)
        found = (*found, repeat)
    return found


@dataclass
class FormScope:
    """Names as the form, or a row of `repeats` (the outermost first), sees them: its own questions before those around.

    A question of a repeat it does not stand in is the list of its rows' answers. `used` gathers the questions spoken of
    ("members.name" for a row's), so that they can be put in order. `columns` are those of the list that a choice_filter
    speaks of; `tables` those that pulldata() looks into, for which `constant` gives a name.
    """

    form: tuple[Question, ...]
    ruleset: RuleSet | None = None
    envelope: bool = False
    own: Question | None = None
    used: set[str] = field(default_factory=set)
    repeats: tuple[Question, ...] = ()
    columns: frozenset[str] = frozenset()
    tables: Mapping[str, Table] = field(default_factory=dict)
    constant: Callable[[Any], str] = repr

    def field(self, expression: Expression, name: Name) -> Code:
        found = self._find(name.name)
        if len(found) == 1:
            return found[0]
        if found:
            raise expression.error(name, f"expected one field: several repeats have a field {name.name!r}")
        if name.name in ENVELOPE:
            if not self.envelope:
                raise expression.error(name, f"expected a field: ${{{name.name}}} is known in duties only")
            return ENVELOPE[name.name]
        known = {each.field.name for form in self._levels() for each in form}
        known |= {path[-1].field.name for path in columns_of(self.form)}
        raise expression.error(name, f"expected a field: there is no {name.name!r}{nearest(name.name, known)}")

    def _levels(self) -> list[tuple[Question, ...]]:
        """Return the questions of the form, of the row in it, of the row in that."""
        return [self.form, *(each.rows for each in self.repeats)]

    def _find(self, name: str) -> list[Code]:
        """Return what the name may mean; "members.name" says which repeat."""
        levels = self._levels()
        for form in reversed(levels):
            for each in form:
                if each.field.name == name:
                    self.used.add(each.key)
                    return [each.code]
        for level, form in reversed(list(enumerate(levels))):
            found = []
            for path in columns_of(form):
                question = path[-1]
                if name in (question.field.name, question.key):
                    self.used.add(question.key)
                    repeat = path[0].field.name if len(path) == 2 else ""
                    found.append(Code(column_name(path, level), question.code.type, field=True, many=True, repeat=repeat,
                                      asked=not any(each.relevants for each in path[1:])))  # fmt: skip
            if found:
                return found
        return []

    def self(self, expression: Expression, node: Self) -> Code:
        if self.own is None:
            raise expression.error(node, "expected a field: . is known in constraints only")
        return self.own.code

    def column(self, expression: Expression, node: Column) -> Code:
        if node.name in self.columns:
            return Code(f"c_.get({node.name!r}, '')", "text", field=True)
        if self.columns:
            said = f"the list has no column {node.name!r}{nearest(node.name, self.columns)}"
        else:
            said = f"not the bare word {node.name!r}: write ${{{node.name}}} for the field, '{node.name}' for the text"
        raise expression.error(node, f"expected a value, {said}")

    def row(self, expression: Expression, node: Node) -> Code:
        if not self.repeats:
            raise expression.error(node, "expected a repeat around position(..)")
        return Code(row_name(len(self.repeats)), "number")

    def now(self, expression: Expression, node: Node) -> Code:
        return Code("now_", "moment")

    def today(self, expression: Expression, node: Node) -> Code:
        return Code("today_", "moment")


def row_name(level: int) -> str:
    """Return the variable of the number of the row, so many rows deep."""
    return f"row{level if level > 1 else ''}_"


_fresh = count()


def compiled(expression: Expression, scope: FormScope) -> tuple[Code, Compiler]:
    """Return the source of the expression in the scope, and the compiler to turn it into another type with."""
    compiler = Compiler(expression, scope, _fresh)
    return compiler.compile(expression.root), compiler


def truth(expression: Expression, scope: FormScope) -> str:
    """Return source that is true or false. Raise ExpressionError if the expression makes no sense there."""
    code, compiler = compiled(expression, scope)
    return compiler.truth(code, expression.root)


def text(expression: Expression, scope: FormScope) -> str:
    """Return source of a text. Raise ExpressionError if the expression makes no sense there."""
    code, compiler = compiled(expression, scope)
    return compiler.text(code)


def number(expression: Expression, scope: FormScope) -> str:
    """Return source of a number. Raise ExpressionError if the expression makes no sense there."""
    code, compiler = compiled(expression, scope)
    return compiler.number(code)


def moment(expression: Expression, scope: FormScope) -> str:
    """Return source of a text or of days, either of which `first_moment` understands."""
    code, compiler = compiled(expression, scope)
    days = code.type == "moment" or (code.type == "number" and not code.field)  # today() + 1 is a number of days
    return code.source if days else compiler.text(code)


def demanding(rows: tuple[Question, ...]) -> bool:
    """Tell whether an answer in the rows, or that there is none, can be wrong."""
    return any(takes_names(q.field) or q.field.demands or demanding(q.rows) for q in rows)

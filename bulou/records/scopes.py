"""What the names in an expression mean, depending on where it stands: on the form, in a row, in a duty."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from bulou.records import functions  # noqa: F401  (registers what may be called)
from bulou.records.compiler import Code, Compiler, Type
from bulou.records.expressions import Expression, Name, Node, Self, nearest, parse
from bulou.records.fields import Field, FieldType
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
    """A field where it stands: the groups around it add to what makes it relevant."""

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
    """Yield the questions of a form or of a row, groups opened.

    A repeat within a row is one question, whose rows nothing here looks into.
    """
    for each in fields:
        relevants = (*around, parse(each.relevant)) if each.relevant else around
        if each.type == "group":
            yield from questions(each.fields, prefix, relevants)
        elif each.type != "note":
            rows = tuple(questions(each.fields, f"{each.name}.")) if each.type == "repeat" and not prefix else ()
            yield Question(each, prefix + each.name, f"{'w' if prefix else 'v'}_{each.name}", relevants, rows)


@dataclass
class FormScope:
    """Names as the form sees them: its own questions, and a question of a repeat as the list of its rows' answers.

    `used` gathers the questions spoken of ("members.name" for a row's), so that they can be put in order.
    """

    form: tuple[Question, ...]
    ruleset: RuleSet | None = None
    envelope: bool = False
    own: Question | None = None
    used: set[str] = field(default_factory=set)

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
        known = {question.field.name for each in self.form for question in (each, *each.rows)}
        raise expression.error(name, f"expected a field: there is no {name.name!r}{nearest(name.name, known)}")

    def _find(self, name: str) -> list[Code]:
        """Return what the name may mean; "members.name" says which repeat."""
        for each in self.form:
            if each.field.name == name:
                self.used.add(each.key)
                return [each.code]
        repeat, _dot, name = name.rpartition(".")
        found = []
        for each in self.form:
            for question in each.rows:
                if question.field.name == name and repeat in ("", each.field.name):
                    self.used.add(question.key)
                    source = f"m_{each.field.name}_{name}"
                    type_, repeat, asked = question.code.type, each.field.name, not question.relevants
                    found.append(Code(source, type_, field=True, many=True, repeat=repeat, asked=asked))
        return found

    def self(self, expression: Expression, node: Self) -> Code:
        if self.own is None:
            raise expression.error(node, "expected a field: . is known in constraints only")
        return self.own.code

    def row(self, expression: Expression, node: Node) -> Code:
        raise expression.error(node, "expected a repeat around position(..)")

    def now(self, expression: Expression, node: Node) -> Code:
        return Code("now_", "moment")

    def today(self, expression: Expression, node: Node) -> Code:
        return Code("today_", "moment")


@dataclass
class RowScope(FormScope):
    """Names as a row of a repeat sees them: its own fields first."""

    repeat: Question | None = None

    def _find(self, name: str) -> list[Code]:
        assert self.repeat is not None
        for each in self.repeat.rows:
            if each.field.name == name:
                self.used.add(each.key)
                return [each.code]
        return super()._find(name)

    def row(self, expression: Expression, node: Node) -> Code:
        return Code("row_", "number")


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

"""What is wrong with somebody's decision table: rows never reached, cases no row decides, rows that contradict.

Every input is cut into the pieces no row tells apart (a choice is a piece; a number falls between or on the bounds the
rows name; that it is missing is a piece). A row is then a box of pieces. Walking from the top, what is left uncovered
is kept as disjoint boxes: a row that meets none of them is never reached; what is left at the end is a gap.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bulou.checkpoints.rules.deciding import gravity
from bulou.checkpoints.rules.tables import Condition, Input, Row, Span, Table

Piece = str | tuple[float, float]  # a choice, "" for a missing number, or the ends of an open span (equal: the point)
Box = tuple[frozenset[Piece], ...]
MISSING = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """`code`: gap (an error), unreachable (an error) or overlap (to know: the first row wins). `example`: such a case.

    A number in the example is one it happens with; None is "not measured". `lax`: the first of two overlapping rows is
    the milder, so that a case a later row would have stopped goes through: look at these.
    """

    code: str
    rows: tuple[str, ...]
    example: Mapping[str, str | float | None]
    lax: bool = False

    @property
    def is_error(self) -> bool:
        return self.code != "overlap"


def findings(table: Table) -> list[Finding]:
    """Return what is wrong with the table: errors first, then overlaps, those that let through before the others."""
    inputs = _asked(table)
    domain = tuple(_pieces(given, table.rows) for given in inputs)
    boxes = [_box(row, inputs, domain) for row in table.rows]
    errors, overlaps, left = [], [], [domain]
    for i, (row, box) in enumerate(zip(table.rows, boxes, strict=True)):
        own = [both for other in left if (both := _meet(box, other)) is not None]
        if not own:
            errors.append(Finding("unreachable", (row.name,), _example(box, inputs)))
        for later, its in zip(table.rows[i + 1 :], boxes[i + 1 :], strict=True):
            if _said(row) == _said(later) or not _partly(box, its):
                continue
            if both := next((both for mine in own if (both := _meet(mine, its)) is not None), None):
                lax = gravity(row.then) > gravity(later.then)
                overlaps.append(Finding("overlap", (row.name, later.name), _example(both, inputs), lax))
        left = [rest for other in left for rest in _minus(other, box)]
    errors += [Finding("gap", (), _example(box, inputs)) for box in left[:20]]
    return errors + sorted(overlaps, key=lambda finding: not finding.lax)


def check(table: Table) -> None:
    """Raise ValueError, naming every row never reached and a case of every gap, if the table must not be used."""
    if errors := [finding for finding in findings(table) if finding.is_error]:
        raise ValueError(f"decision table {table.name}: " + "; ".join(map(describe, errors)))


def describe(finding: Finding) -> str:
    """Return the finding in English, for a log or an error."""
    case = ", ".join(f"{name} {'not measured' if value is None else value}" for name, value in finding.example.items())
    match finding.code:
        case "gap":
            return f"no row decides: {case}"
        case "unreachable":
            return f"row {finding.rows[0]} is never reached: those above it decide every case of its own"
    return f"rows {finding.rows[0]} and {finding.rows[1]} both fit ({case}): the first decides"


def _said(row: Row) -> tuple[object, ...]:
    return row.then, row.follow_days, row.follow_where


def _partly(a: Box, b: Box) -> bool:
    """Tell whether neither holds the other: an exception above its rule, or a rest below, is how tables are meant."""
    return any(x - y for x, y in zip(a, b, strict=True)) and any(y - x for x, y in zip(a, b, strict=True))


def _asked(table: Table) -> list[Input]:
    """Return the inputs any row asks for: the others cannot make a difference."""
    return [given for name, given in table.inputs.items() if any(name in row.when for row in table.rows)]


def _pieces(given: Input, rows: Sequence[Row]) -> frozenset[Piece]:
    if not given.is_number:
        return frozenset(given.choices)
    spans = [span for row in rows if isinstance(span := row.when.get(given.name), Span)]
    bounds = {bound for span in spans for bound in (span.low, span.high)} | {given.least, given.most}
    ends = sorted(bound for bound in bounds if given.least <= bound <= given.most)
    found: set[Piece] = {MISSING, *((end, end) for end in ends if abs(end) != float("inf"))}
    found.update(pairwise(ends))
    return frozenset(found)


def _holds(condition: Condition, piece: Piece) -> bool:
    if isinstance(condition, frozenset):
        return piece in condition
    return condition.holds(_inside(piece))


def _inside(piece: Piece) -> float | None:
    """Return a number of the piece; None if it is that there is none."""
    if isinstance(piece, str):
        return None
    low, high = piece
    if low == high:
        return low
    if low == float("-inf"):
        return 0.0 if high == float("inf") else high - 1
    return low + 1 if high == float("inf") else (low + high) / 2


def _box(row: Row, inputs: Sequence[Input], domain: Box) -> Box:
    return tuple(
        frozenset(piece for piece in pieces if _holds(row.when[given.name], piece))
        if given.name in row.when
        else pieces
        for given, pieces in zip(inputs, domain, strict=True)
    )


def _meet(a: Box, b: Box) -> Box | None:
    both = tuple(x & y for x, y in zip(a, b, strict=True))
    return both if all(both) else None


def _minus(box: Box, taken: Box) -> Iterator[Box]:
    """Yield the rest of a box as disjoint boxes."""
    if _meet(box, taken) is None:
        yield box
        return
    for i, (have, gone) in enumerate(zip(box, taken, strict=True)):
        if rest := have - gone:
            yield (*(h & g for h, g in zip(box[:i], taken[:i], strict=True)), rest, *box[i + 1 :])


def _example(box: Box, inputs: Sequence[Input]) -> dict[str, str | float | None]:
    found: dict[str, str | float | None] = {}
    for given, pieces in zip(inputs, box, strict=True):
        if not given.is_number:
            found[given.name] = next((value for value in given.choices if value in pieces), "")
            continue
        numbers = sorted(n for piece in pieces if (n := _inside(piece)) is not None)
        found[given.name] = round(numbers[0], 4) if numbers else None
    return found

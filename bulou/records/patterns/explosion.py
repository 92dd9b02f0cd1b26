"""How long an engine that goes back and tries again can be at it, told from the pattern alone.

JavaScript on the phone and Java in Collect try one way through the pattern after another. How many ways there are to
read a text is the ambiguity of the pattern's automaton, and it is known how to decide how that grows (Weber and Seidl,
"On the degree of ambiguity of finite automata", 1991; for regular expressions Weideman et al., 2016):

* exponentially, if from some state two different ways lead back to it with the same text: ^(a+)+$, ^(a|a)*$;
* with the text's length to the power of d, if d times over one loop leads into another with a text both take: ^a*a*$.

The automaton has a state for every character class and keeps count of how many ways lead from one to the next, since
empty parts are ways too. What does not grow but is many all the same, ^(a?){30}a{30}$, is found by counting ways over
short texts. What would take too long to decide is refused: nobody vouches for it.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from bulou.records.patterns.reading import Alt, BadPattern, Chars, Part, Rep, Seq, atoms, united

MOST_STATES, MOST_EDGES = 1500, 20_000
MOST_STEPS = 150_000  # of any of the searches below
MOST_DEGREE = 1  # with d the time grows as the length to the power of d + 1: squares are taken, cubes are not
FEWEST_LETTERS, MOST_WAYS = 64, 2  # ways a letter: a square with a large number before it is one, too
_COUNTED = 10**9  # ways; more are not told apart


@dataclass(frozen=True, slots=True)
class _Ends:
    """A part of the pattern: how many ways it takes nothing, where it begins and ends, with how many ways each."""

    empty: int
    first: dict[int, int]
    last: dict[int, int]


@dataclass
class Automaton:
    """`takes`: the letters each state takes, as bits; `edges`: the states after it, with how many ways lead there."""

    takes: list[int] = field(default_factory=list)
    edges: list[dict[int, int]] = field(default_factory=list)
    first: dict[int, int] = field(default_factory=dict)
    letters: int = 0


def automaton(tree: Part) -> Automaton:
    """Return the automaton of a pattern. Raise BadPattern("too large")."""
    cuts = sorted({end for ranges in atoms(tree) for low, high in united(ranges) for end in (low, high + 1)})
    made = _Builder({cut: i for i, cut in enumerate(cuts)})
    ends = made.build(tree)
    return Automaton(made.takes, made.edges, ends.first, max(len(cuts) - 1, 0))


def _some(ends: _Ends) -> _Ends:
    """Return the part taken once more in a loop, where engines take no empty turn."""
    return _Ends(0, ends.first, ends.last)


class _Builder:
    def __init__(self, cuts: dict[int, int]) -> None:
        self.cuts = cuts
        self.left = MOST_EDGES  # of what may still be built
        self.takes: list[int] = []
        self.edges: list[dict[int, int]] = []

    def _count(self, many: int = 1) -> None:
        self.left -= many
        if self.left < 0:
            raise BadPattern("too large", str(MOST_STATES))

    def build(self, part: Part) -> _Ends:
        self._count()
        match part:
            case Chars(ranges=ranges):
                if len(self.takes) >= MOST_STATES:
                    raise BadPattern("too large", str(MOST_STATES))
                mask = 0
                for low, high in ranges:
                    mask |= (1 << self.cuts[high + 1]) - (1 << self.cuts[low])
                self.takes.append(mask)
                self.edges.append({})
                state = len(self.takes) - 1
                return _Ends(0, {state: 1}, {state: 1})
            case Seq(parts=parts):
                ends = _Ends(1, {}, {})
                for one in parts:
                    ends = self._then(ends, self.build(one))
                return ends
            case Alt(parts=parts):
                built = [self.build(one) for one in parts]
                first: dict[int, int] = {}
                last: dict[int, int] = {}
                for each in built:
                    _add(first, each.first)
                    _add(last, each.last)
                return _Ends(min(sum(each.empty for each in built), _COUNTED), first, last)
            case Rep(part=inner, low=low, high=high):
                return self._repeat(inner, low, high)
        return _Ends(1, {}, {})  # an edge takes nothing

    def _repeat(self, inner: Part, low: int, high: int | None) -> _Ends:
        ends = _Ends(1, {}, {})
        for _ in range(low if high is not None else max(low - 1, 0)):
            ends = self._then(ends, self.build(inner))
        if high is None:
            body = self.build(inner)
            self._join(body.last, body.first)
            return self._then(ends, _Ends(body.empty if low else 1, body.first, body.last))
        rest = _Ends(1, {}, {})
        for _ in range(high - low):
            once = self._then(_some(self.build(inner)), rest)
            rest = _Ends(1, once.first, once.last)
        return self._then(ends, rest)

    def _then(self, one: _Ends, other: _Ends) -> _Ends:
        self._join(one.last, other.first)
        first, last = dict(one.first), dict(other.last)
        _add(first, other.first, one.empty)
        _add(last, one.last, other.empty)
        return _Ends(min(one.empty * other.empty, _COUNTED), first, last)

    def _join(self, last: dict[int, int], first: dict[int, int]) -> None:
        self._count(len(last) * len(first))
        for state, ways in last.items():
            _add(self.edges[state], first, ways)


def _add(into: dict[int, int], more: dict[int, int], times: int = 1) -> None:
    if times:
        for state, ways in more.items():
            into[state] = min(into.get(state, 0) + ways * times, _COUNTED)


class _Steps:
    """What may still be tried before a pattern is too complicated to vouch for."""

    def __init__(self) -> None:
        self.left = MOST_STEPS

    def one(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise BadPattern("complicated")


def check_explosion(made: Automaton) -> None:
    """Raise BadPattern("explodes") if going back and trying again takes too long over some text."""
    loops = _loops(made)
    steps = _Steps()
    for loop in loops:
        _check_loop(made, loop, steps)
    _check_degree(made, loops, steps)
    _check_ways(made)


def _loops(made: Automaton) -> list[frozenset[int]]:
    """Return the strongly connected parts that a text can go round in, later ones first (Tarjan's algorithm)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on: set[int] = set()
    found: list[frozenset[int]] = []
    for root in range(len(made.takes)):
        if root in index:
            continue
        work: list[tuple[int, list[int]]] = [(root, list(made.edges[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on.add(root)
        while work:
            state, rest = work[-1]
            if rest:
                other = rest.pop()
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on.add(other)
                    work.append((other, list(made.edges[other])))
                elif other in on:
                    low[state] = min(low[state], index[other])
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[state])
            if low[state] == index[state]:
                part = set()
                while True:
                    one = stack.pop()
                    on.discard(one)
                    part.add(one)
                    if one == state:
                        break
                if len(part) > 1 or state in made.edges[state]:
                    found.append(frozenset(part))
    return found


def _check_loop(made: Automaton, loop: frozenset[int], steps: _Steps) -> None:
    """Raise BadPattern("explodes") if two different ways lead from a state of the loop back to it with the same text."""
    if any(made.edges[state].get(other, 0) > 1 for state in loop for other in loop):
        raise BadPattern("explodes")
    seen: set[tuple[int, int]] = set()
    work: deque[tuple[int, int]] = deque((state, state) for state in loop)
    while work:
        one, other = work.popleft()
        for left in made.edges[one]:
            for right in made.edges[other]:
                steps.one()
                if left not in loop or right not in loop or not made.takes[left] & made.takes[right]:
                    continue
                after = (left, right) if left <= right else (right, left)
                if left == right and one != other:  # they came from one state, and come together again
                    raise BadPattern("explodes")
                if left != right and after not in seen:
                    seen.add(after)
                    work.append(after)


def _check_degree(made: Automaton, loops: list[frozenset[int]], steps: _Steps) -> None:
    """Raise BadPattern("explodes") if loops lead into each other, with a text both take, more often than may be."""
    degree = [0] * len(loops)  # loops come later ones first
    for number, loop in enumerate(loops):
        reach = _reach(made, next(iter(loop)), steps) if number else set()
        best = 0
        for later in range(number):
            if next(iter(loops[later])) in reach:
                best = max(best, degree[later] + _leads_into(made, loop, loops[later], steps))
        degree[number] = best
        if best > MOST_DEGREE:
            raise BadPattern("explodes")


def _reach(made: Automaton, state: int, steps: _Steps) -> set[int]:
    """Return the states that the state leads to."""
    seen = set(made.edges[state])
    work = list(seen)
    while work:
        for other in made.edges[work.pop()]:
            steps.one()
            if other not in seen:
                seen.add(other)
                work.append(other)
    return seen


def _leads_into(made: Automaton, loop: frozenset[int], later: frozenset[int], steps: _Steps) -> bool:
    """Tell whether a text leads from a state of the loop back to it, from there into the later one, and round that."""
    return any(_same_text(made, start, end, loop, later, steps) for start in loop for end in later)


def _same_text(
    made: Automaton, start: int, end: int, loop: frozenset[int], later: frozenset[int], steps: _Steps
) -> bool:
    seen = {(start, start, end)}
    work = list(seen)
    while work:
        one, between, other = work.pop()
        for a in made.edges[one]:
            for c in made.edges[other]:
                steps.one()
                both = made.takes[a] & made.takes[c]
                if a not in loop or c not in later or not both:
                    continue
                for b in made.edges[between]:
                    steps.one()
                    if not both & made.takes[b]:
                        continue
                    if (a, b, c) == (start, end, end):
                        return True
                    if (a, b, c) not in seen:
                        seen.add((a, b, c))
                        work.append((a, b, c))
    return False


def _check_ways(made: Automaton) -> None:
    """Raise BadPattern("explodes") if a short text is read in very many ways, though more of it would not be in more."""
    length = max(FEWEST_LETTERS, len(made.takes) + 1)
    most = MOST_WAYS * length
    steps = _Steps()
    known: dict[frozenset[int], list[dict[int, int]]] = {}
    level = _by_letter(made, [(made.first, 1)])
    for _ in range(length):
        following: list[dict[int, int]] = []
        for ways in level:
            if sum(ways.values()) > most:
                raise BadPattern("explodes")
            for after in _by_letter(made, [(made.edges[state], count) for state, count in ways.items()], steps):
                if _is_new(known, after):
                    following.append(after)
        level = following
        if not level:
            return


def _by_letter(
    made: Automaton, sources: Iterable[tuple[dict[int, int], int]], steps: _Steps | None = None
) -> list[dict[int, int]]:
    """Return, for each letter, the states it leads to from the sources, with the ways there; each outcome once."""
    reached: dict[int, int] = {}
    for edges, count in sources:
        for state, ways in edges.items():
            if steps is not None:
                steps.one()
            reached[state] = min(reached.get(state, 0) + ways * count, _COUNTED)
    blocks = _blocks([made.takes[state] for state in reached])
    found = []
    for block in blocks:
        if steps is not None:
            steps.one()
        found.append({state: ways for state, ways in reached.items() if made.takes[state] & block})
    return found


def _blocks(masks: list[int]) -> list[int]:
    """Return the letters in groups that the masks do not tell apart, none of them outside all masks."""
    blocks: list[int] = []
    for mask in dict.fromkeys(masks):
        rest, split = mask, []
        for block in blocks:
            both = block & rest
            split += [one for one in (both, block & ~mask) if one]
            rest &= ~block
        blocks = [*split, rest] if rest else split
    return blocks


def _is_new(known: dict[frozenset[int], list[dict[int, int]]], ways: dict[int, int]) -> bool:
    """Tell whether no text so far led to the same states in at least as many ways each, and remember it."""
    states = frozenset(ways)
    others = known.setdefault(states, [])
    if any(all(count <= other[state] for state, count in ways.items()) for other in others):
        return False
    others.append(ways)
    return True

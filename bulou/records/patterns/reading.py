"""A regular expression as every engine reads it: the phone's (JavaScript), Collect's (Java) and ours (RE2).

Only what the three read alike is taken; the rest is refused in words. What is read is a tree of characters, sequences,
alternatives and repetitions, from which it can be told how hard the pattern is (explosion.py), written for RE2, and
written again more simply (simpler.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

TOP = 0x10FFFF
MANY = 1000  # repetitions: RE2 counts no further
DEEPEST = 40
LONGEST = 1000  # characters of a pattern
Ranges = tuple[tuple[int, int], ...]
DIGITS: Ranges = ((48, 57),)
WORDS: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
BLANKS: Ranges = ((9, 13), (32, 32))


class BadPattern(ValueError):
    """A pattern that is not taken. `code` is a key of the words in wording.py, `detail` what was met, `instead` an equal
    pattern that is."""

    def __init__(self, code: str, detail: str = "", instead: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail, self.instead = code, detail, instead


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of these ranges; `text` is how it was written."""

    ranges: Ranges
    text: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A place that takes no character: ^ $ \\b \\B."""

    text: str


@dataclass(frozen=True, slots=True)
class Seq:
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Alt:
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Rep:
    """From `low` to `high` times (None: without end); `lazy` as few as will do."""

    part: "Part"
    low: int
    high: int | None
    lazy: bool = False


Part = Chars | Edge | Seq | Alt | Rep


def united(ranges: Sequence[tuple[int, int]]) -> Ranges:
    """Return the ranges in order, none touching another."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return tuple(found)


def without(ranges: Ranges) -> Ranges:
    """Return every character that is in none of the ranges."""
    found, at = [], 0
    for low, high in united(ranges):
        if at < low:
            found.append((at, low - 1))
        at = high + 1
    return (*found, (at, TOP)) if at <= TOP else tuple(found)


_CLASSES: dict[str, Ranges] = {
    "d": DIGITS, "w": WORDS, "s": BLANKS, "D": without(DIGITS), "W": without(WORDS), "S": without(BLANKS),
}  # fmt: skip
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_ANY = without(((10, 10),))


class _Reader:
    def __init__(self, pattern: str) -> None:
        if len(pattern) > LONGEST:
            raise BadPattern("too large", str(LONGEST))
        self.text, self.at, self.depth = pattern, 0, 0

    def peek(self, ahead: int = 0) -> str:
        return self.text[self.at + ahead : self.at + ahead + 1]

    def take(self) -> str:
        self.at += 1
        return self.text[self.at - 1 : self.at]

    def alternatives(self) -> Part:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadPattern("too large", self.text[:40])
        found = [self.sequence()]
        while self.peek() == "|":
            self.take()
            found.append(self.sequence())
        self.depth -= 1
        return found[0] if len(found) == 1 else Alt(tuple(found))

    def sequence(self) -> Part:
        found: list[Part] = []
        while self.peek() not in ("", "|", ")"):
            found.append(self.repeated(self.atom()))
        return found[0] if len(found) == 1 else Seq(tuple(found))

    def atom(self) -> Part:
        start, sign = self.at, self.take()
        if sign == "(":
            if self.peek() == "?":
                after = self.text[self.at + 1 : self.at + 4]
                if not after.startswith(":"):
                    ahead = after.startswith(("=", "!", "<=", "<!"))
                    raise BadPattern("lookaround" if ahead else "group", f"(?{after[:2]}")
                self.at += 2
            inner = self.alternatives()
            if self.take() != ")":
                raise BadPattern("unreadable", ") is missing")
            return inner
        if sign == "[":
            return self.a_class(start)
        if sign == "\\":
            return self.escaped(start)
        if sign == ".":
            return Chars(_ANY, ".")
        if sign in "^$":
            return Edge(sign)
        if sign in "*+?":
            raise BadPattern("unreadable", f"nothing before {sign}")
        if sign in "{}]":
            raise BadPattern("engines", f"write \\{sign}")
        return Chars(((ord(sign), ord(sign)),), sign)

    def escaped(self, start: int) -> Part:
        sign = self.take()
        if sign in ("b", "B"):
            return Edge("\\" + sign)
        if sign.isdigit() and sign.isascii():
            raise BadPattern("backreference" if sign != "0" else "engines", f"\\{sign}")
        if sign == "k":
            raise BadPattern("backreference", "\\k")
        ranges = self.class_escape(sign)
        return Chars(ranges, self.text[start : self.at])

    def class_escape(self, sign: str) -> Ranges:
        """Return what stands for the escape whose letter was just taken."""
        if sign in _CLASSES and sign:
            return _CLASSES[sign]
        if sign in _CONTROLS and sign:
            return ((_CONTROLS[sign],) * 2,)
        if sign in ("u", "x"):
            size = 4 if sign == "u" else 2
            said = self.text[self.at : self.at + size]
            if len(said) != size or any(one not in "0123456789abcdefABCDEF" for one in said):
                raise BadPattern("engines", f"\\{sign}{said}")
            self.at += size
            return ((int(said, 16), int(said, 16)),)
        if not sign:
            raise BadPattern("unreadable", "\\ at the end")
        if (sign.isalnum() or ord(sign) > 126) or sign == "_":
            raise BadPattern("engines", f"\\{sign}")
        return ((ord(sign), ord(sign)),)

    def a_class(self, start: int) -> Part:
        other = self.peek() == "^"
        if other:
            self.take()
        if self.peek() == "]":
            raise BadPattern("engines", "[]")
        found: list[tuple[int, int]] = []
        while self.peek() != "]":
            low = self.one_of_class()
            if self.peek() == "-" and self.peek(1) not in ("]", ""):
                self.take()
                high = self.one_of_class()
                if len(low) > 1 or len(high) > 1 or low[0][0] != low[0][1] or high[0][0] != high[0][1]:
                    raise BadPattern("engines", self.text[start : self.at])
                if low[0][0] > high[0][0]:
                    raise BadPattern("unreadable", self.text[start : self.at])
                found.append((low[0][0], high[0][0]))
            else:
                found += low
        self.take()
        ranges = without(tuple(found)) if other else united(found)
        if not ranges:
            raise BadPattern("unreadable", self.text[start : self.at])
        return Chars(ranges, self.text[start : self.at])

    def one_of_class(self) -> Ranges:
        sign = self.take()
        if not sign:
            raise BadPattern("unreadable", "] is missing")
        if sign == "\\":
            sign = self.take()
            if sign in ("b", "B") or (sign.isdigit() and sign.isascii()):
                raise BadPattern("engines", f"[\\{sign}]")
            return self.class_escape(sign)
        if sign == "[" or (sign in "&~" and self.peek() == sign):
            raise BadPattern("engines", f"write \\{sign}")
        return ((ord(sign), ord(sign)),)

    def repeated(self, part: Part) -> Part:
        sign = self.peek()
        if sign not in ("*", "+", "?", "{") or not sign:
            return part
        if isinstance(part, Edge):
            raise BadPattern("engines", f"{part.text}{sign}")
        self.take()
        low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(sign) or self.counts()
        lazy = self.peek() == "?"
        if lazy:
            self.take()
        if self.peek() == "+":
            raise BadPattern("engines", f"{sign}+")
        if self.peek() in ("*", "?", "{") and self.peek():
            raise BadPattern("unreadable", f"{sign}{self.peek()}")
        return Rep(part, low, high, lazy)

    def counts(self) -> tuple[int, int | None]:
        end = self.text.find("}", self.at)
        said = self.text[self.at : end] if end >= 0 else ""
        low, comma, high = said.partition(",")
        if not (low.isascii() and low.isdigit() and (not high or (high.isascii() and high.isdigit()))):
            raise BadPattern("engines", f"{{{said[:10]}")
        self.at = end + 1
        numbers = int(low), (int(high) if high else None) if comma else int(low)
        if any(one is not None and one > MANY for one in numbers):
            raise BadPattern("too large", f"{{{said}}}")
        if numbers[1] is not None and numbers[0] > numbers[1]:
            raise BadPattern("unreadable", f"{{{said}}}")
        return numbers


def read(pattern: str) -> Part:
    """Return the pattern as a tree. Raise BadPattern for what is none, or is not read alike everywhere."""
    reader = _Reader(pattern)
    found = reader.alternatives()
    if reader.peek():
        raise BadPattern("unreadable", ") too many")
    return found


def atoms(part: Part) -> list[Ranges]:
    """Return the ranges of every character class in the tree."""
    match part:
        case Chars(ranges=ranges):
            return [ranges]
        case Seq(parts=parts) | Alt(parts=parts):
            return reduce(lambda found, one: found + atoms(one), parts, list[Ranges]())
        case Rep(part=inner):
            return atoms(inner)
    return []

"""A pattern's tree written out again: for people as they write it, and for RE2 by numbers, so that nothing is read anew."""

from bulou.records.patterns.reading import Alt, Chars, Edge, Part, Rep, Seq

_EDGES = {"^": r"\A", "$": r"\z", r"\b": r"\b", r"\B": r"\B"}


def written(part: Part) -> str:
    """Return the pattern as people write it."""
    return _written(part, for_re2=False)


def for_re2(part: Part) -> str:
    """Return the pattern for RE2: every class by its code points, every edge as RE2 writes it."""
    return _written(part, for_re2=True)


def _written(part: Part, *, for_re2: bool) -> str:
    match part:
        case Chars(ranges=ranges, text=text):
            return _by_numbers(ranges) if for_re2 else text
        case Edge(text=text):
            return _EDGES[text] if for_re2 else text
        case Alt(parts=parts):
            return "|".join(_written(one, for_re2=for_re2) for one in parts)
        case Seq(parts=parts):
            return "".join(_inside(one, Alt, for_re2) for one in parts)
        case Rep(part=inner, low=low, high=high, lazy=lazy):
            said = _inside(inner, (Alt, Seq, Rep), for_re2)
            return said + _times(low, high) + ("?" if lazy else "")
    raise AssertionError(part)


def _inside(part: Part, grouped: type | tuple[type, ...], for_re2: bool) -> str:
    said = _written(part, for_re2=for_re2)
    if not isinstance(part, grouped):
        return said
    return f"(?:{said})" if for_re2 else f"({said})"


def _times(low: int, high: int | None) -> str:
    plain = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((low, high))
    if plain:
        return plain
    return f"{{{low}}}" if low == high else f"{{{low},{'' if high is None else high}}}"


def _by_numbers(ranges: tuple[tuple[int, int], ...]) -> str:
    return "[" + "".join(rf"\x{{{low:x}}}-\x{{{high:x}}}" for low, high in ranges) + "]"

"""The same pattern written more simply: what repeats a repetition, says one thing twice, or splits one loop into several.

Every step leaves the texts that match as they are; tests hold the two against each other.
"""

from bulou.records.patterns.reading import Alt, Chars, Part, Rep, Seq, united

_MOST_TURNS = 30


def simpler(part: Part) -> Part:
    """Return the pattern after all the steps there are."""
    for _ in range(_MOST_TURNS):
        after = _step(part)
        if after == part:
            break
        part = after
    return part


def _step(part: Part) -> Part:
    match part:
        case Seq(parts=parts):
            return _sequence([_step(one) for one in parts])
        case Alt(parts=parts):
            return _alternatives([_step(one) for one in parts])
        case Rep(part=inner, low=low, high=high, lazy=lazy):
            return _repetition(_step(inner), low, high, lazy)
    return part


def _repetition(inner: Part, low: int, high: int | None, lazy: bool) -> Part:
    if (low, high) == (1, 1):
        return inner
    if isinstance(inner, Rep) and inner.low <= 1:  # (x+)+, (x?){30}, (x{1,5}){2,3}: the counts leave no gap
        return Rep(inner.part, inner.low * low, _times(inner.high, high), lazy)
    if high is None and low <= 1:
        if (told := _separated(inner)) is not None:
            return told if low else Rep(told, 0, 1, lazy)
        once = _once(inner)
        if once != inner:
            return Rep(once, 0 if _is_nullable(inner) else low, None, lazy)
        if isinstance(inner, Seq) and inner.parts:  # (a*b*)*
            loose = [one for one in inner.parts if isinstance(one, Rep) and one.low == 0 and one.high in (None, 1)]
            if len(loose) == len(inner.parts):
                return Rep(_alternatives([one.part for one in loose]), 0, None, lazy)
    return Rep(inner, low, high, lazy)


def _times(one: int | None, other: int | None) -> int | None:
    if one == 0 or other == 0:
        return 0
    return None if one is None or other is None else one * other


def _separated(inner: Part) -> Part | None:
    """Return (x+ y?)+ as x+ (y x+)* y?, and (x+ y*)+ as x [xy]*, where no character is in both x and y; None if it is
    neither."""
    if not isinstance(inner, Seq) or len(inner.parts) != 2:
        return None
    first, second = inner.parts
    if not (isinstance(first, Rep) and isinstance(second, Rep) and (first.low, first.high) == (1, None)):
        return None
    x, y = first.part, second.part
    if not (isinstance(x, Chars) and isinstance(y, Chars)) or second.low:
        return None
    if second.high is None:
        both = _either(x, y)
        return Seq((x, Rep(both, 0, None))) if both is not None else None
    apart = all(b[1] < a[0] or a[1] < b[0] for a in x.ranges for b in y.ranges)
    return Seq((first, Rep(Seq((y, first)), 0, None), second)) if second.high == 1 and apart else None


def _once(part: Part) -> Part:
    """Return what is repeated without the repetitions in it that say nothing more: (a+|b)* is (a|b)*."""
    if not isinstance(part, Alt):
        return part
    return _alternatives([
        one.part if isinstance(one, Rep) and one.low <= 1 and one.high in (None, 1) else one for one in part.parts
    ])  # fmt: skip


def _is_nullable(part: Part) -> bool:
    match part:
        case Seq(parts=parts):
            return all(map(_is_nullable, parts))
        case Alt(parts=parts):
            return any(map(_is_nullable, parts))
        case Rep(part=inner, low=low):
            return low == 0 or _is_nullable(inner)
    return False


def _alternatives(parts: list[Part]) -> Part:
    flat: list[Part] = []
    for one in parts:
        flat += one.parts if isinstance(one, Alt) else [one]
    kept: list[Part] = []
    for one in flat:
        if isinstance(one, Chars):
            at = next((i for i, other in enumerate(kept) if isinstance(other, Chars)), None)
            both = _either(kept[at], one) if at is not None else None
            if at is not None and both is not None:
                kept[at] = both
                continue
        if one not in kept:
            kept.append(one)
    return kept[0] if len(kept) == 1 else Alt(tuple(kept))


def _either(one: Part, other: Part) -> Chars | None:
    """Return one character of either; None if that cannot be written so that every engine reads it."""
    assert isinstance(one, Chars)
    assert isinstance(other, Chars)
    both = united([*one.ranges, *other.ranges])
    if both == united(one.ranges):
        return one
    if both == united(other.ranges):
        return other
    if both[-1][1] > 0xFFFF:
        return None
    plain = [_plain(each) for each in (one, other)]
    text = f"[{''.join(plain)}]" if all(plain) else "[" + "".join(map(_range, both)) + "]"
    return Chars(both, text)


def _plain(part: Chars) -> str:
    """Return what of a character can stand inside brackets beside others; "" if it cannot."""
    text = part.text
    if text.startswith("["):
        return "" if text.startswith("[^") or text[1] == "-" or text[-2] == "-" else text[1:-1]
    if text == ".":
        return ""
    return "\\" + text if text in ("-", "^", "]") else text


def _range(ends: tuple[int, int]) -> str:
    return "-".join(f"\\u{end:04x}" for end in dict.fromkeys(ends))


def _sequence(parts: list[Part]) -> Part:
    flat: list[Part] = []
    for one in parts:
        flat += one.parts if isinstance(one, Seq) else [one]
    kept: list[Part] = []
    for one in flat:
        before = kept[-1] if kept else None
        joined = _joined(before, one) if before is not None else None
        if joined is not None:
            kept[-1] = joined
        else:
            kept.append(one)
    return kept[0] if len(kept) == 1 else Seq(tuple(kept))


def _joined(one: Part, other: Part) -> Part | None:
    """Return two repetitions of the same as one: a+a* is a+, \\d\\d+ is \\d{2,}. None if they are not."""
    if not (isinstance(one, Rep) or isinstance(other, Rep)):
        return None
    first = one if isinstance(one, Rep) else Rep(one, 1, 1)
    second = other if isinstance(other, Rep) else Rep(other, 1, 1)
    if first.part != second.part or not isinstance(first.part, Chars) or first.lazy != second.lazy:
        return None
    return _sum(first, second)


def _sum(one: Rep, other: Rep) -> Rep:
    high = None if one.high is None or other.high is None else one.high + other.high
    return Rep(one.part, one.low + other.low, high, one.lazy)

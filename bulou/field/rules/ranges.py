"""Sets of sequence numbers as ranges, first and last inclusive, in order and never touching."""

from collections.abc import Iterable

Ranges = list[tuple[int, int]]


def merged(*parts: Iterable[tuple[int, int]]) -> Ranges:
    """Return all the numbers of all the parts."""
    found: Ranges = []
    for first, last in sorted((first, last) for part in parts for first, last in part if first <= last):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def singles(numbers: Iterable[int]) -> Ranges:
    return merged((n, n) for n in numbers)


def gaps(received: Ranges) -> Ranges:
    """Return the numbers between 1 and the highest received that were not."""
    found: Ranges = []
    expected = 1
    for first, last in received:
        if first > expected:
            found.append((expected, first - 1))
        expected = last + 1
    return found


def unbroken(*parts: Ranges) -> int:
    """Return the highest number up to which none is missing; 0 if number 1 is."""
    whole = merged(*parts)
    return whole[0][1] if whole and whole[0][0] <= 1 else 0


def within(number: int, ranges: Ranges) -> bool:
    return any(first <= number <= last for first, last in ranges)

"""Places on the earth as ODK writes them: "latitude longitude altitude accuracy", a line or area of them between ";".

Distances and areas are on a sphere, in metres and square metres to the hundredth, as ODK's engines reckon them.
"""

import math
import re
from collections.abc import Sequence
from itertools import pairwise

_RADIUS_M = 6_378_100
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
Point = tuple[float, float]
"""Latitude and longitude in degrees."""


def point_of(text: str) -> Point | None:
    """Return the place a text names; None if it names none."""
    parts = text.split()
    if not 2 <= len(parts) <= 4 or not all(_NUMBER.fullmatch(part) for part in parts[:2]):
        return None
    latitude, longitude = float(parts[0]), float(parts[1])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def line_of(texts: Sequence[str]) -> list[Point] | None:
    """Return the places of a line: one text that holds them all, or a text for each. None if that is no line."""
    if len(texts) == 1:
        texts = re.sub(r"(?:\s*;)+$", "", texts[0].strip()).split(";")
    points = [point for point in map(point_of, texts) if point is not None]
    return points if len(points) == len(texts) >= 2 else None


def distance(texts: Sequence[str]) -> float:
    """Return the length of the line; NaN if it is none."""
    line = line_of(texts)
    if line is None:
        return math.nan
    return _hundredths(sum(_between(start, end) for start, end in pairwise(line)))


def area(texts: Sequence[str]) -> float:
    """Return what the line, closed, goes around; 0 if it is none."""
    line = line_of(texts) or []
    if len(line) < 3:
        return 0
    shape = line if line[0] == line[-1] else [*line, line[0]]
    total = sum(
        math.radians(end[1] - start[1]) * (2 + math.sin(math.radians(end[0])) + math.sin(math.radians(start[0])))
        for start, end in pairwise(shape)
    )
    return abs(_hundredths(total * _RADIUS_M * _RADIUS_M / 2))


def inside(place: str, shape: str) -> bool:
    """Tell whether the place lies in the shape, which must end where it begins."""
    point, corners = point_of(place), line_of([shape])
    if point is None or corners is None or corners[0] != corners[-1]:
        return False
    y, x = point
    found = False
    for (y1, x1), (y2, x2) in pairwise(corners):
        if (y2 > y) != (y1 > y) and x < (x1 - x2) * (y - y2) / (y1 - y2) + x2:
            found = not found
    return found


def _between(start: Point, end: Point) -> float:
    phi, psi = math.radians(start[0]), math.radians(end[0])
    cosine = math.sin(phi) * math.sin(psi) + math.cos(phi) * math.cos(psi) * math.cos(math.radians(start[1] - end[1]))
    return math.acos(cosine) * _RADIUS_M if -1 <= cosine <= 1 else math.nan  # of one place twice it may be 1.0000…2


def _hundredths(metres: float) -> float:
    return math.floor(metres * 100 + 0.5) / 100 if math.isfinite(metres) else metres


PROVIDED = {"distance": distance, "area": area, "inside": inside}
"""By the names compiled source calls them."""

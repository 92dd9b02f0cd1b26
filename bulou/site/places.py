"""Which areas the forms of accounts offer, by name: access lies below areas and cannot ask for them itself."""

from collections.abc import Iterator

from bulou.areas import queries as areas
from bulou.areas.rules.tree import Area
from bulou.core.divisions import LEVELS, depth_of
from bulou.core.scope import visible

COUNTY, VILLAGE = LEVELS.index("county"), LEVELS.index("village")
MOST = 1000  # more than a county's villages; beyond it the code is typed


def offered_areas() -> list[tuple[int, str]]:
    """Return number and name of the areas of the bound scope, down to the village; of a prefecture only the counties."""
    return [(area.number, area.name) for area in _offered()][:MOST]


def _offered() -> Iterator[Area]:
    for first, _ in visible():
        depth = depth_of(first)
        deepest = VILLAGE if depth >= COUNTY else COUNTY
        yield from areas.subtree(first, deepest - depth if depth < deepest else None)

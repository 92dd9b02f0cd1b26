"""Reads. All of them obey core.scope, but for the three that the ledger asks (registers.py)."""

from bulou.areas.queries.answering import (
    ListRow,
    household_responsible,
    owners,
    responsibility_list,
    responsible,
    staff_above,
    standing_in,
)
from bulou.areas.queries.blueprints import grid_templates
from bulou.areas.queries.registers import joined, members, places
from bulou.areas.queries.tree import (
    at_level,
    children,
    find_area,
    get_area,
    leaves,
    names,
    path,
    subtree,
)

__all__ = [
    "ListRow",
    "at_level",
    "children",
    "find_area",
    "get_area",
    "grid_templates",
    "household_responsible",
    "joined",
    "leaves",
    "members",
    "names",
    "owners",
    "path",
    "places",
    "responsibility_list",
    "responsible",
    "staff_above",
    "standing_in",
    "subtree",
]

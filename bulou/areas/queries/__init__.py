"""Reads. All of them obey core.scope, but for the three that the ledger asks (registers.py)."""

from bulou.areas.queries.answering import (
    ListRow,
    household_responsible,
    owners,
    responsibility_list,
    responsible,
    staff,
    staff_above,
    standing_in,
)
from bulou.areas.queries.blueprints import division_files, grid_templates
from bulou.areas.queries.registers import joined, members, places
from bulou.areas.queries.tree import (
    Level,
    at_level,
    children,
    find_area,
    get_area,
    leaves,
    levels,
    names,
    path,
    search,
    subtree,
)

__all__ = [
    "Level",
    "ListRow",
    "at_level",
    "children",
    "division_files",
    "find_area",
    "get_area",
    "grid_templates",
    "household_responsible",
    "joined",
    "leaves",
    "levels",
    "members",
    "names",
    "owners",
    "path",
    "places",
    "responsibility_list",
    "responsible",
    "search",
    "staff",
    "staff_above",
    "standing_in",
    "subtree",
]

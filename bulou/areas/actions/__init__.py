"""The only doors through which the tree of areas and who answers for it are changed."""

from bulou.areas.actions.imports import ImportReport, import_areas, import_file
from bulou.areas.actions.responsibility import assign_responsibilities, assign_responsibility, end_responsibility
from bulou.areas.actions.tree import add_area, close, rename

__all__ = [
    "ImportReport",
    "add_area",
    "assign_responsibilities",
    "assign_responsibility",
    "close",
    "end_responsibility",
    "import_areas",
    "import_file",
    "rename",
]

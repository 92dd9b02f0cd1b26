"""The tree: areas under an area are a range of numbers.

Asked without a day, a query shows the areas that have no end; with `on`, those that existed on the day.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bulou.areas.models import Area as AreaTable
from bulou.areas.rules.tree import Area
from bulou.core.divisions import ancestors_of, code_of, depth_of, last_of
from bulou.core.scope import may_see, visible_within
from bulou.store import query, rows_json, unpack

_COLUMNS = ("number", "name", "kind", "since", "until")


def _within(area: int) -> Q:
    """Return the condition for areas under this one that may be read: none of them if no scope is bound."""
    condition = Q(pk__in=[])
    for span in visible_within(area):
        condition |= Q(number__range=span)
    return condition


def _standing(on: date | None) -> Q:
    if on is None:
        return Q(until__isnull=True)
    return (Q(since__isnull=True) | Q(since__lte=on)) & (Q(until__isnull=True) | Q(until__gt=on))


def _read(rows: "QuerySet[AreaTable]") -> list[Area]:
    return [Area(*row) for row in rows.order_by("number").values_list(*_COLUMNS)]


def find_area(number: int) -> Area | None:
    """Return the area, closed or not, if it may be read."""
    found = _read(AreaTable.objects.filter(number=number)) if may_see(number) else []
    return found[0] if found else None


def get_area(number: int) -> Area:
    """Return the area; raise LookupError if there is none or it may not be read."""
    if (area := find_area(number)) is None:
        raise LookupError(_("There is no area %(code)s here.") % {"code": code_of(number)})
    return area


def children(number: int, *, on: date | None = None) -> list[Area]:
    """Return the areas directly under it. With levels left out (a 片区 under the county) they are of several levels."""
    return _read(AreaTable.objects.filter(_within(number), _standing(on), parent=number))


def subtree(number: int, depth: int | None = None, *, on: date | None = None) -> list[Area]:
    """Return the area and everything under it, in the order of the tree; with `depth`, only so many levels down.

    Levels are those of core.divisions.LEVELS: from a county, depth 1 is its townships, depth 2 its villages too.
    """
    rows = AreaTable.objects.filter(_within(number), _standing(on))
    return _read(rows if depth is None else rows.filter(depth__lte=depth_of(number) + depth))


def at_level(number: int, depth: int, *, on: date | None = None) -> list[Area]:
    """Return the areas in the subtree whose level has this index in core.divisions.LEVELS (3: township, 4: village)."""
    return _read(AreaTable.objects.filter(_within(number), _standing(on), depth=depth))


def leaves(number: int, *, on: date | None = None) -> list[Area]:
    """Return the areas in the subtree that have nothing under them: where households are."""
    inner = AreaTable.objects.filter(_standing(on), number__range=(number, last_of(number)), parent__isnull=False)
    return _read(AreaTable.objects.filter(_within(number), _standing(on)).exclude(number__in=inner.values("parent")))


def path(number: int) -> list[Area]:
    """Return the areas above and the area itself, from the province down, closed or not; nothing if it may not be read.

    Who may read an area may know what it is part of: the names above it, and nothing else of what is there.
    """
    if not visible_within(number):
        return []
    return _read(AreaTable.objects.filter(number__in=[*ancestors_of(number), number]))


def names(numbers: Iterable[int]) -> dict[int, str]:
    """Return the names of these areas, in one query: of those that may be read, and of those above them."""
    wanted = {number for number in numbers if visible_within(number)}
    rows = query(
        f"SELECT a.number, a.name FROM {unpack({'number': 'bigint'})} JOIN areas_area a ON a.number = x.number",  # noqa: S608
        rows_json([number] for number in sorted(wanted)),
    )
    return dict(rows)

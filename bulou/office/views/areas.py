"""Areas: the tree below one, how many live there, who answers for it on a day, and whether its grid is staffed."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from bulou.access.views import Request, page
from bulou.areas import queries as areas
from bulou.areas.rules.answering import Responsible
from bulou.areas.rules.staffing import GridTemplate, Staff, check_staffing
from bulou.areas.rules.tree import Area
from bulou.areas.words import describe_finding
from bulou.core.divisions import COUNTY, last_of
from bulou.core.moments import day_of
from bulou.core.reading import day_or
from bulou.office.views.frame import stand_in
from bulou.people import queries as people


@dataclass(frozen=True, slots=True)
class Row:
    """One area below, with everybody in it. `answering` is the last tier somebody answers in, masked."""

    area: Area
    households: int
    persons: int
    answering: Responsible | None


@dataclass(frozen=True, slots=True)
class Staffing:
    """A grid's staff held against a template: what is wrong, in words that name the role."""

    template: GridTemplate
    have: int
    findings: tuple[str, ...]


@page("see")
def home(request: Request) -> HttpResponse:
    """The highest area the account may see."""
    return _draw(request, request.scope.root())


@page("see")
def area(request: Request, area: int) -> HttpResponse:
    return _draw(request, int(area))


def read_on(request: Request, today: date) -> date:
    """Return the day asked about, today if none or no day was given."""
    return day_or(request.GET.get("on", ""), today)


def _draw(request: Request, number: int) -> HttpResponse:
    area, now, context = stand_in(number, "office:area")
    today = day_of(now)
    on = read_on(request, today)
    children = areas.children(number, on=on)
    tiers = areas.responsible([number, *(child.number for child in children)], on=on)
    # Registers are kept by county: above it nobody counts heads of millions for a page.
    counted = area.depth >= COUNTY
    counts = people.counts_by_area(number) if counted else {}
    standing = areas.standing_in(number, on=on)
    context |= {
        "section": "office:areas", "on": on, "today": today, "counted": counted,
        "rows": _rows(children, counts, tiers),
        "households": sum(one.households for one in counts.values()),
        "persons": sum(one.persons for one in counts.values()),
        "tiers": [one.masked() for one in tiers.get(number, ())],
        "standing": [one.masked() for one in standing if not one.household],
        "households_answered": sum(1 for one in standing if one.household),
        "templates": list(areas.grid_templates().values()),
        "staffing": _staffing([Staff(p.role, p.person) for p in standing if not p.household],
                              areas.staff_above(number, on=on), request.GET.get("template", "")),
        "can_manage": request.can("manage_areas", number),
        "can_export": request.can("export", number),
        "can_add_household": request.can("manage_people", number) and counted,
    }  # fmt: skip
    return render(request, "office/areas.html", context)


def _rows(
    children: Sequence[Area], counts: dict[int, people.RegisterCount], tiers: dict[int, list[Responsible]]
) -> list[Row]:
    """Return the areas below with what their registers hold: each count belongs to the child whose range it is in."""
    places = sorted(counts)
    rows = []
    for child in children:
        low, high = bisect_left(places, child.number), bisect_right(places, last_of(child.number))
        inside = [counts[place] for place in places[low:high]]
        answering = tiers.get(child.number, [])
        rows.append(Row(child, sum(c.households for c in inside), sum(c.persons for c in inside),
                        answering[-1].masked() if answering else None))  # fmt: skip
    return rows


def _staffing(staff: Iterable[Staff], above: Iterable[Staff], asked: str) -> Staffing | None:
    """Return the staff held against the template asked for, or the one with most roles in common; None if no template
    has at least half of the roles that are held."""
    staff = list(staff)
    templates = areas.grid_templates()
    template = templates.get(asked) or _nearest(templates.values(), {one.role for one in staff})
    if template is None:
        return None
    findings = tuple(describe_finding(finding, template) for finding in check_staffing(template, staff, above))
    return Staffing(template, len({one.person for one in staff}), findings)


def _nearest(templates: Iterable[GridTemplate], roles: set[str]) -> GridTemplate | None:
    def common(template: GridTemplate) -> int:
        return sum(1 for slot in template.slots if roles & set(slot.roles))

    best: Any = max(templates, key=common, default=None)
    return best if best is not None and roles and 2 * common(best) >= len(roles) else None

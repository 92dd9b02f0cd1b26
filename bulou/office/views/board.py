"""The board: what is owed, done and missing, by area and by duty, down to a grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bulou.access.views import Request, page
from bulou.areas import queries as areas
from bulou.areas.rules.tree import Area
from bulou.core.divisions import code_of, county_of
from bulou.ledger import queries as ledger
from bulou.office import queries, rules, subjects, words
from bulou.office.rules import Coverage
from bulou.office.templatetags.office import china
from bulou.office.views.cycle import reports_missing
from bulou.office.views.frame import stand_in
from bulou.office.views.record import recordable
from bulou.people import queries as people

COUNTY = 2
HOUSEHOLDS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One area under the board's."""

    number: int
    name: str
    coverage: Coverage
    url: str
    missing_url: str


@dataclass(frozen=True, slots=True)
class DutyRow:
    name: str
    title: str
    coverage: Coverage


@page("see")
def home(request: Request) -> HttpResponse:
    """The board of the highest area the account may see."""
    return _draw(request, request.scope.root())


@page("see")
def board(request: Request, area: int) -> HttpResponse:
    return _draw(request, int(area))


def _draw(request: Request, number: int) -> HttpResponse:
    area, now, context = stand_in(number, "office:board")
    found = queries.board(number, now=now)
    titles = words.duty_titles()
    coverage = rules.by_name(found.counts, found.unowned)
    duty = request.GET.get("duty", "")
    duty = duty if duty in coverage else ""
    children = areas.children(number)
    rows = _rows(found, children, duty)
    others = [root for root in request.scope.roots() if root != number] if number == request.scope.root() else []
    if not children:
        context |= _households(request, number)
    context |= {
        "section": "office:home",
        "wall": "wall" in request.GET,
        "whole": rules.total(found.counts, found.unowned),
        "shown": sum((row.coverage for row in rows), rules.NONE),
        "duty": duty,
        "rows": rows,
        "names": [DutyRow(name, titles.get(name, name), one) for name, one in coverage.items()],
        "since": found.since,
        "held": len(ledger.held(number)) if request.can("resolve", number) else None,
        "reports_missing": reports_missing(number, now),
        "record": recordable(request, number, county_of(number), area.subject) if area.depth >= COUNTY else [],
        "others": [(reverse("office:board", args=[root]), name) for root, name in areas.names(others).items()],
        "treemap": {
            "lang": "en" if words.language() == "en" else "zh-hans",
            "unit": _("duties"),
            "asOf": _("As of %(moment)s") % {"moment": china(now)},
            "areas": [_box(row) for row in rows],
        },
    }
    return render(request, "office/board.html", context)


def _rows(found: queries.Board, children: Sequence[Area], duty: str) -> list[Row]:
    counts = [count for count in found.counts if not duty or count.name == duty]
    parts = rules.under(counts, [child.number for child in children])
    query = f"?duty={duty}" if duty else ""
    rows = [
        Row(child.number, child.name, rules.total(parts[child.number], found.unowned),
            reverse("office:board", args=[child.number]), reverse("office:missing", args=[child.number]) + query)
        for child in children
    ]  # fmt: skip
    if children and parts.get(0):
        missing = reverse("office:missing", args=[found.area]) + query
        rows.append(Row(found.area, _("Here, in none of these"), rules.total(parts[0], found.unowned), "", missing))
    return rows


def _households(request: Request, number: int) -> dict[str, object]:
    """Return a page of the households of an area that has nothing under it: where the sweep is walked."""
    said = request.GET.get("after", "")
    after = people.HouseholdCursor(number, UUID(said)) if subjects.id_of(f"household:{said}") else None
    found = people.households_in(number, limit=HOUSEHOLDS, after=after)
    more = f"?after={found[-1].id}" if len(found) == HOUSEHOLDS else ""
    return {"households": [(subjects.household_label(one), one) for one in found], "more_households": more}


def _box(row: Row) -> dict[str, object]:
    one = row.coverage
    return {"code": code_of(row.number), "name": row.name, "owed": one.begun,
            "done": one.settled, "overdue": one.overdue, "href": row.url}  # fmt: skip

"""The board: what is owed, done and missing, by area and by duty, down to a grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bulou.access import queries as access
from bulou.access.rules import Scope
from bulou.access.views import Request, page
from bulou.areas import queries as areas
from bulou.areas.rules.tree import Area
from bulou.core.divisions import code_of, county_of
from bulou.ledger import queries as ledger
from bulou.ledger.queries import Round
from bulou.office import queries, rules, subjects, words
from bulou.office.rules import Coverage
from bulou.office.sweeps import duty_rows, round_title, verdict_text
from bulou.office.templatetags.office import china
from bulou.office.views.cycle import reports_missing
from bulou.office.views.frame import stand_in
from bulou.office.views.leave import recordable
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


@page("see")
def home(request: Request) -> HttpResponse:
    """The board of the highest area the account may see."""
    return _draw(request, request.scope.root())


@page("see")
def board(request: Request, area: int) -> HttpResponse:
    return _draw(request, int(area))


def _draw(request: Request, number: int) -> HttpResponse:
    area, now, context = stand_in(number, "office:board")
    rounds = queries.sweeps(number, now=now)
    chosen = chosen_sweep(request, rounds)
    sweep = queries.sweep_board(number, now=now, opens_at=chosen.opens_at) if chosen else None
    units = words.swept()
    found = queries.board(number, now=now, without=units)
    swept, others = duty_rows(sweep, units) if sweep else [], duty_rows(found, {})
    names = [*swept, *others]
    duty = request.GET.get("duty", "")
    row = next((one for one in names if one.name == duty), names[0] if names else None)
    children = areas.children(number)
    rows = _rows(sweep if sweep and row and row.unit else found, children, row.name) if row else []
    elsewhere = [root for root in request.scope.roots() if root != number] if number == request.scope.root() else []
    if not children:
        context |= _households(request, number)
    context |= {
        "section": "office:home",
        "wall": "wall" in request.GET,
        "rounds": rounds,
        "sweeps": [{"key": queries.sweep_key(one), "title": round_title(one, units)} for one in rounds],
        "sweep_key": queries.sweep_key(chosen),
        "whole": sum((one.coverage for one in swept), rules.NONE),
        "swept": swept,
        "verdict_text": verdict_text({one.name: one.coverage for one in swept}),
        "shown": sum((each.coverage for each in rows), rules.NONE),
        "duty": row,
        "rows": rows,
        "names": names,
        "duties": others,
        "since": found.since,
        "lapsed": sum(one.coverage.lapsed for one in others),
        "held": _held(request, number),
        "alerts": access.count_alerts("desk") if number == request.scope.root() and request.can("resolve") else 0,
        "reports_missing": reports_missing(number, now),
        "record": recordable(request, number, county_of(number), area.subject) if area.depth >= COUNTY else [],
        "others": [(reverse("office:board", args=[root]), name) for root, name in areas.names(elsewhere).items()],
        "treemap": {
            "lang": "en" if words.language() == "en" else "zh-hans",
            "unit": _("duties"),
            "asOf": _("As of %(moment)s") % {"moment": china(now)},
            "areas": [_box(each) for each in rows],
        },
    }
    return render(request, "office/board.html", context)


def chosen_sweep(request: Request, rounds: Sequence[Round]) -> Round | None:
    """Return the sweep the address names, else the latest; None where none has begun."""
    said = request.GET.get("sweep", "")
    return queries.find_sweep(rounds, said) or (rounds[0] if rounds else None)


def _held(request: Request, number: int) -> int | None:
    """Return how many wait in the tray this account decides about; None where the page of the tray shows others too."""
    if number != request.scope.root() or not request.can("resolve"):
        return None
    return sum(ledger.held_count(root) for root in Scope("resolve", request.scope.holdings).roots())


def _rows(found: queries.Board, children: Sequence[Area], duty: str) -> list[Row]:
    counts = [count for count in found.counts if count.name == duty]
    parts = rules.under(counts, [child.number for child in children])
    query = f"?duty={duty}" + (f"&sweep={queries.sweep_key(found)}" if found.opens_at else "")
    rows = [
        Row(child.number, child.name, rules.total(parts[child.number], found.unowned),
            reverse("office:board", args=[child.number]) + query, reverse("office:missing", args=[child.number]) + query)
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

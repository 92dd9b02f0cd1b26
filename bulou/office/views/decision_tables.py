"""A county's decision table: what holds, what is wrong with another one, what it would do, taking it into use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bulou.access.views import Request, page
from bulou.checkpoints import actions
from bulou.checkpoints import queries as checkpoints
from bulou.checkpoints.queries.desk import OUTCOMES
from bulou.checkpoints.rules.checking import Finding, findings
from bulou.checkpoints.rules.deciding import decide_vehicle
from bulou.checkpoints.rules.tables import FAULTS, Input, Table, Unreadable, read_table
from bulou.core.divisions import county_area, county_of
from bulou.core.moments import day_of
from bulou.core.moments import now as present
from bulou.core.reading import FAULTS as READING
from bulou.core.reading import Unread, read_day
from bulou.office import words
from bulou.office.views.frame import stand_in
from bulou.records.rulebook import rules_in_force
from bulou.records.rulesets import RuleSet

MOST_BYTES = 64_000
SHOWN = 40  # findings; beyond it there is more wrong than anybody reads at once
SAMPLES: tuple[dict[str, str | float | None], ...] = (
    {"region": "low", "purpose": "home", "address": "yes", "temperature": 36.5},
    {"region": "outbreak", "purpose": "home", "address": "yes", "temperature": 36.5},
    {"region": "outbreak", "purpose": "visit", "address": "no", "temperature": 36.5},
    {"region": "outbreak", "purpose": "home", "address": "yes", "temperature": 38.0},
    {"region": "low", "measured": "first", "temperature": 38.0},
    {"region": "low", "measured": "again", "temperature": 38.0},
    {"region": "low", "exempt": "supply", "purpose": "supply", "temperature": 36.5},
    {"region": "low", "purpose": "work", "temperature": None},
    {"region": "low", "refused": "yes", "temperature": None},
)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a table does with a sample: the case in words, the outcome, why, and the row that says so."""

    case: str
    outcome: str
    reason: str
    row: str
    follow: str


@page("order", methods=("GET", "POST"))
def tables(request: Request, area: int) -> HttpResponse:
    """Show the county's tables; check another one and try it. It is the county's or nobody's."""
    return _draw(request, int(area))


@page("order", methods=("GET", "POST"), totp=True)
def adopt(request: Request, area: int) -> HttpResponse:
    """Take a table into use: from then on it decides at every post whom it lets in, so that it is an approval."""
    number, now = int(area), present()
    if number != county_area(county_of(number)):
        raise Http404
    if request.method == "GET":
        return redirect("office:decision_tables", area)  # whoever had to prove themselves first comes back here
    said = {"since": request.POST.get("since", ""), "basis": request.POST.get("basis", "")}
    county = county_of(number)
    if (problem := _adopt(request, county, _text(request), said, rules_in_force(county, now), now)) is not None:
        return _draw(request, number, problem)
    messages.success(request, _("The table was taken into use. Phones take it at their next exchange."))
    return redirect("office:decision_tables", area)


def _draw(request: Request, number: int, problem: str = "") -> HttpResponse:
    county = county_of(number)
    if number != county_area(county):
        raise Http404
    _area, now, context = stand_in(number, "office:checkpoints")
    rules, text = rules_in_force(county, now), _text(request)
    said = {"since": request.POST.get("since") or day_of(now).isoformat(), "basis": request.POST.get("basis", "")}
    held = checkpoints.table_in_force(county, day_of(now), rules)
    context |= {"section": "office:checkpoints_home", "text": text, **said, "inputs": _asked(request),
                "held": held, "held_title": held.titles[_language()], "adopted": checkpoints.adopted(county)}  # fmt: skip
    if request.method == "POST":
        context |= _checked(request, county, text, rules) | ({"problem": problem} if problem else {})
    else:
        context["tried"] = [_try(held, sample) for sample in SAMPLES]
    return render(request, "office/decision_tables.html", context, status=422 if context.get("problem") else 200)


def _text(request: Request) -> str:
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("text", "")[:MOST_BYTES]
    return str(file.read(MOST_BYTES), "utf-8", "replace")


def _adopt(
    request: Request, county: int, text: str, said: Mapping[str, str], rules: RuleSet, now: datetime
) -> str | None:
    """Take the table into use; return what is wrong instead, in the language of the page where it is ours to say."""
    try:
        since = read_day(said["since"])
    except Unread as error:
        return _(READING[error.code]) % {"said": error.said}
    if not said["basis"].strip():
        return _("Name the document it rests on.")
    try:
        actions.adopt_table(
            county=county, text=text, since=since, basis=said["basis"], ruleset=rules, by=request.by, at=now
        )
    except Unreadable as error:
        return _("It cannot be taken into use: %(why)s") % {"why": _fault(error)}
    except ValueError as error:
        return _("It cannot be taken into use: %(why)s") % {"why": error}
    return None


def _checked(request: Request, county: int, text: str, rules: RuleSet) -> dict[str, object]:
    try:
        table = read_table(text, checkpoints.shipped_inputs(), rules)
    except Unreadable as error:
        return {"problem": _("This is not a decision table that can be read: %(why)s") % {"why": _fault(error)}}
    found = findings(table)
    own = {given: _given(given, request) for given in table.inputs}
    return {
        "table": table,
        "table_title": table.titles[_language()],
        "errors": [_say(one, table) for one in found if one.is_error][:SHOWN],
        "overlaps": [(_say(one, table), one.lax) for one in found if not one.is_error][:SHOWN],
        "elsewhere": bool(table.counties) and county not in table.counties,
        "tried": [_try(table, own | {"own": "yes"}), *(_try(table, sample) for sample in SAMPLES)],
    }


def _asked(request: Request) -> list[tuple[Input, str, list[tuple[str, str]], str | float | None]]:
    """Return the questions of one's own sample: the input, what it is called, its choices, what was answered."""
    found = []
    for given in checkpoints.shipped_inputs().values():
        choices = [(value, said[_language()]) for value, said in given.choices.items()]
        found.append((given, given.titles[_language()], choices, _given(given.name, request)))
    return found


def _given(name: str, request: Request) -> str | float | None:
    given, said = checkpoints.shipped_inputs()[name], request.POST.get(f"try-{name}", "")
    if not given.is_number:
        return said if said in given.choices else given.default
    try:
        return float(said) if said else None
    except ValueError:
        return None


def _try(table: Table, sample: Mapping[str, str | float | None]) -> Tried:
    known = {name: sample.get(name, given.default or None) for name, given in table.inputs.items()}
    vehicle = {name: value for name, value in known.items() if table.inputs[name].of == "vehicle"}
    person = {name: value for name, value in known.items() if table.inputs[name].of == "person"}
    found = decide_vehicle(table, vehicle, [person])
    row = found.row
    asked = known if "own" in sample else {name: value for name, value in sample.items() if name in table.inputs}
    case = " · ".join(_case(table, asked))
    if row is None:
        return Tried(case, _("Nothing: no row fits"), "", "", "")
    follow = _("%(n)d days of follow-up") % {"n": row.follow_days} if row.follow_days else ""
    return Tried(case, OUTCOMES[found.outcome][_language()], row.reasons[_language()], row.name, follow)


def _say(one: Finding, table: Table) -> str:
    """Return a finding as headquarters reads it, with a case in which it happens."""
    said = {"case": " · ".join(_case(table, one.example)), "row": one.rows[0] if one.rows else ""}
    if one.code == "gap":
        return _("No row decides this case: %(case)s") % said
    if one.code == "unreachable":
        return _("Row %(row)s is never reached: the rows above it decide every case of its own.") % said
    said |= {"other": one.rows[1], "then": OUTCOMES[table.get(one.rows[0]).then][_language()],
             "instead": OUTCOMES[table.get(one.rows[1]).then][_language()]}  # fmt: skip
    return _("Rows %(row)s (%(then)s) and %(other)s (%(instead)s) both fit, and the first decides: %(case)s") % said


def _case(table: Table, known: Mapping[str, str | float | None]) -> Iterator[str]:
    for name, value in known.items():
        given = table.inputs[name]
        title = given.titles[_language()]
        if given.is_number:
            yield (
                f"{title} {value:g} {given.unit}" if value is not None else _("%(what)s not measured") % {"what": title}
            )
        elif given.choices.get(str(value)):
            yield f"{title}: {given.choices[str(value)][_language()]}"


def _language() -> str:
    return "en" if words.language() == "en" else "zh"


def _fault(error: Unreadable) -> str:
    """Return what is wrong with the text of a table, in the language of the page."""
    return _(FAULTS[error.code]) % error.said

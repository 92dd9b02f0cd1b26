"""Today's cycle: the report compiled, confirmed, or zero in one tap; decisions; assignments due by midnight; overnight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bulou.access import queries as access
from bulou.access.views import Request, page
from bulou.areas import queries as areas
from bulou.command import actions as command
from bulou.command.queries import Assignment
from bulou.command.rules import Refused, Result
from bulou.command.words import say
from bulou.core.divisions import number_of
from bulou.core.moments import at_clock, day_of
from bulou.core.moments import now as present
from bulou.core.reading import day_or
from bulou.core.scope import may_see
from bulou.office import actions, queries, subjects, words
from bulou.office import lines as drawn
from bulou.office.lines import Line
from bulou.office.queries import Filters
from bulou.office.views.frame import stand_in
from bulou.office.views.missing import XLSX
from bulou.reports import actions as reports
from bulou.reports import queries as compiled
from bulou.reports.queries import Report
from bulou.reports.reported import reported
from bulou.reports.rules import NotZero
from bulou.reports.stated import Origin, Stated, changes
from bulou.reports.text import counted, moment_text, not_zero_text, paragraph

DAY = timedelta(days=1)
NAMED = 10  # of the missed, of each duty: the rest is a tap away


@dataclass(frozen=True, slots=True)
class Task:
    """An assignment as the page shows it, its owner by name."""

    one: Assignment
    place: str
    owner: str
    role: str
    given_by: str


@dataclass(frozen=True, slots=True)
class Missed:
    """Whom the sweep had missed when the report closed, in numbers, and who is missing still, the first by name."""

    complete: bool
    numbers: tuple[str, ...]
    lines: tuple[Line, ...]
    more: int
    sweep: str


@page("see")
def home(request: Request) -> HttpResponse:
    """The day of the highest area the account may see."""
    return _draw(request, request.scope.root())


@page("see")
def cycle(request: Request, area: int) -> HttpResponse:
    return _draw(request, int(area))


def read_day(said: str, now: datetime) -> date:
    """Return the day asked for, today if none or one that has not come was."""
    return min(day_or(said, day_of(now)), day_of(now))


def _draw(request: Request, number: int, *, problem: str = "", at: str = "") -> HttpResponse:
    """Draw the day; after a refusal with what was wrong, beside the form (`at`) and with what had been filled in."""
    area, now, context = stand_in(number, "office:cycle")
    day = read_day(request.GET.get("day", ""), now)
    report = compiled.compile_report(number, day, now=now)
    live = report.stated()
    stated = _chosen(request, report)
    language = "en" if words.language() == "en" else "zh-hans"
    places = areas.names({
        number, *(r.area for r in report.reporting.owed), *(a.area for a in (*report.cycle.open, *report.cycle.done))
    })  # fmt: skip
    tasks = _tasks([*report.cycle.open, *report.cycle.done], places, now)
    context |= {
        "section": "office:cycle_home", "day": day, "report": report, "problem": problem, "at": at, "said": request.POST,
        "before": _address(number, day - DAY), "after": _address(number, day + DAY) if day < day_of(now) else "",
        "is_today": day == day_of(now), "cut_off": moment_text(report.window.cut_off),
        "until": moment_text(stated.until), "stated": stated,
        "counts": live if day == day_of(now) else stated, "as_known": "view" in request.GET,
        "since_then": changes(stated, live, language, _columns()) if stated.origin is not Origin.NOW else [],
        "as_reported_url": _address(number, day), "as_known_url": _address(number, day) + "&view=now",
        "figures": [
            {"title": f.indicator.title(language), "day": f.day, "day_text": counted(f.day, f.indicator.unit),
             "total": None if f.total is None else counted(f.total, f.indicator.unit),
             "finding": f.indicator.finding, "history": f.indicator.history,
             "url": _address(number, day, "office:cycle_rows", f.indicator.name)}
            for f in stated.figures if f.day or f.total or f.indicator.finding
        ],
        "coverage": [{"title": c.duty.title(language), "unit": c.duty.unit, "one": c} for c in stated.coverage if c.owed],
        "missed": _missed(report, stated),
        "missing_reports": [{"name": places.get(r.area, ""), "one": r} for r in report.reporting.missing],
        "late_reports": [places.get(r.area, "") for r in report.reporting.late],
        "zero_reports": [places.get(one, "") for one in report.reporting.zero if one in places],
        "own_report": next((r for r in report.reporting.owed if r.area == number), None),
        "confirmed": [{"one": c, "by": name, "url": _address(number, day) + f"&version={i}"}
                      for i, (c, name) in enumerate(_signed(report.confirmed))],
        "decisions": [{"one": d, "by": name} for d, name in _signed(report.cycle.decisions)],
        "open": [task for task in tasks if task.one.done_at is None],
        "done": [task for task in tasks if task.one.done_at is not None],
        "can_record": request.can("record", number), "can_order": request.can("order", number),
        "paragraph": paragraph(stated, language),
        "results": _results(), "clock": "24:00",
    }  # fmt: skip
    if context["can_order"]:
        context["roles"] = access.role_names(language)
        context["targets"] = [area, *areas.children(number)]
    return render(request, "office/cycle.html", context, status=422 if problem else 200)


def _chosen(request: Request, report: Report) -> Stated:
    """Return the report as the page was asked for: as reported, in one of its versions, or as everything is known now."""
    if "view" in request.GET:
        return report.stated()
    said = request.GET.get("version", "")
    try:
        return reported(report, version=int(said) if said.isascii() and said.isdigit() and len(said) < 4 else None)
    except LookupError:
        raise Http404 from None


def _columns() -> dict[str, str]:
    return {"owed": _("owed"), "met": _("done in time"), "met_late": _("done late"), "waived": _("waived"),
            "lapsed": _("lapsed")}  # fmt: skip


def _missed(report: Report, stated: Stated) -> Missed | None:
    """Return what a report must say before all else: whether it is complete, and if not, who is missing. None: no sweep
    was ordered."""
    swept = [one for one in stated.coverage if one.duty.latest and one.owed]
    if not swept:
        return None
    # By name only those of the sweep the report speaks of: who is missed in one ordered since is in another report.
    rounds = [one for one in queries.sweeps(report.area, now=report.now) if one.opens_at <= stated.until]
    pages = []
    if rounds:
        found = queries.sweep_board(report.area, now=report.now, opens_at=rounds[0].opens_at)
        pages = [queries.missing_page(found, Filters(one.duty.name), offset=0, limit=NAMED) for one in swept]
    duties = [duty for one in pages for duty in one.duties]
    return Missed(
        all(one.complete for one in swept),
        tuple(counted(left, one.duty.unit) for one in swept if (left := one.owed - one.done - one.waived)),
        tuple(drawn.lines(found, duties)) if duties else (),
        sum(one.total for one in pages) - len(duties),
        queries.sweep_key(rounds[0]) if rounds else "",
    )


def _results() -> list[tuple[str, str]]:
    said = {"done": _("Done"), "partly": _("Done in part"), "cannot": _("Cannot be done")}
    return [(result.value, said.get(result.value, result.value)) for result in Result]


def _signed(found: Sequence[Any]) -> list[tuple[Any, str]]:
    authors = access.names_of({one.by for one in found})
    return [(one, authors.get(one.by, one.by)) for one in found]


def _tasks(found: Sequence[Assignment], places: dict[int, str], now: datetime) -> list[Task]:
    """Return the assignments with their owners by name: one query for accounts, one for each role."""
    unique = {one.id: one for one in found}.values()
    names = access.names_of({a.owner for a in unique} | {a.given_by for a in unique})
    titles = access.role_names("en" if words.language() == "en" else "zh-hans")
    owners: dict[tuple[int, str], str] = {}
    for role in {a.owner for a in unique if a.owner.startswith("role:")}:
        for area, person in areas.owners({a.area for a in unique if a.owner == role}, role, on=day_of(now)).items():
            owners[area, role] = person.masked().person if person else ""
    return [
        Task(a, places.get(a.area, ""), owners.get((a.area, a.owner), "") if a.owner.startswith("role:") else
             names.get(a.owner, ""),
             titles.get(a.owner.partition(":")[2], ""), names.get(a.given_by, a.given_by))
        for a in unique
    ]  # fmt: skip


def _address(number: int, day: date, route: str = "office:cycle", *more: str) -> str:
    return f"{reverse(route, args=[number, *more])}?day={day.isoformat()}"


def _carry_out(
    request: Request, area: int, at: str, order: Callable[[date, datetime], object], done: str
) -> HttpResponse:
    """Give the order; go back to the day, or draw it again with what was wrong."""
    now = present()
    day = read_day(request.GET.get("day", ""), now)
    try:
        order(day, now)
    except NotZero as refused:
        return _draw(
            request, area, problem=not_zero_text(refused, "en" if words.language() == "en" else "zh-hans"), at=at
        )
    except Refused as refused:
        return _draw(request, area, problem=say(refused), at=at)
    except ValueError:
        return _draw(request, area, problem=_("Give the due time as a clock time up to 24:00, such as 18:00."), at=at)
    messages.success(request, done)
    return redirect(_address(area, day))


def _text(request: Request, name: str) -> str:
    return str(request.POST.get(name, "")).strip()


@page("record", methods=("POST",))
def confirm(request: Request, area: int) -> HttpResponse:
    """Confirm the report with the numbers as they stand; confirm it again, with a reason, as a correction."""
    number = int(area)

    def order(day: date, now: datetime) -> None:
        reports.confirm_report(area=number, day=day, situation=_text(request, "situation"), needs=_text(request, "needs"),
                               reason=_text(request, "reason"), by=request.by, at=now)  # fmt: skip

    return _carry_out(request, number, "confirm", order, _("The report is confirmed."))


@page("record", methods=("POST",))
def zero(request: Request, area: int) -> HttpResponse:
    """Report in one tap that nothing was found."""
    number = int(area)
    return _carry_out(request, number, "zero",
                      lambda day, now: reports.zero_report(area=number, day=day, by=request.by, at=now),
                      _("The zero report is in."))  # fmt: skip


@page("order", methods=("POST",))
def decide(request: Request, area: int) -> HttpResponse:
    number = int(area)
    basis = [UUID(one) for one in request.POST.getlist("report") if subjects.id_of(f"entry:{one}")]

    def order(day: date, now: datetime) -> None:
        command.record_decision(area=number, text=_text(request, "text"), reports=basis, by=request.by, at=now,
                                basis_note=_text(request, "basis_note"), document=_text(request, "document"))  # fmt: skip

    return _carry_out(request, number, "decide", order, _("The decision is on record."))


@page("order", methods=("POST",))
def assign(request: Request, area: int) -> HttpResponse:
    """Make a role in an area owe a piece of work by midnight."""
    number = int(area)

    def order(day: date, now: datetime) -> None:
        target = number_of(_text(request, "target"))
        if not may_see(target):
            raise Http404
        role = _text(request, "owner")
        due = at_clock(day_of(now), _text(request, "due") or "24:00")
        decision = subjects.id_of(f"entry:{_text(request, 'decision')}")
        command.give_assignment(area=target, what=_text(request, "what"), owner=f"role:{role}" if role else "", due=due,
                                decision=decision, by=request.by, at=now)  # fmt: skip

    return _carry_out(request, number, "assign", order, _("The assignment is given."))


@page("record", methods=("POST",))
def complete(request: Request, area: int, assignment: UUID) -> HttpResponse:
    """Report what became of an assignment."""
    number = int(area)

    def order(day: date, now: datetime) -> None:
        command.complete_assignment(
            area=number, assignment=assignment, what_was_done=_text(request, "what_was_done"), by=request.by, at=now,
            result=Result(_text(request, "result") or Result.DONE), left_over=_text(request, "left_over"),
        )  # fmt: skip

    return _carry_out(request, number, f"complete-{assignment}", order, _("It is on record."))


@page("see")
def rows(request: Request, area: int, indicator: str) -> HttpResponse:
    """Show the records behind a number of the report."""
    number = int(area)
    _area, now, context = stand_in(number, "office:cycle")
    day, total = read_day(request.GET.get("day", ""), now), "total" in request.GET
    try:
        found = compiled.rows_behind(number, day, indicator, now=now, total=total)
        title = compiled.plan().get(indicator).title("en" if words.language() == "en" else "zh-hans")
    except LookupError:
        raise Http404 from None
    about = subjects.labels([(row.area, row.whom or row.subject) for row in found], now=now)
    authors, places = access.names_of({row.by for row in found}), areas.names({row.area for row in found})
    context |= {
        "section": "office:cycle_home", "title": title, "day": day, "back": _address(number, day),
        "rows": [{"one": row, "about": about[row.whom or row.subject], "kind": words.title_of(row.kind),
                  "by": authors.get(row.by, row.by), "place": places.get(row.area, "")} for row in found],
    }  # fmt: skip
    return render(request, "office/cycle_rows.html", context)


@page("see")
def workbook(request: Request, area: int) -> HttpResponseBase:
    """Hand over the report as .xlsx: totals only, no names."""
    number = int(area)
    place, now, _context = stand_in(number, "office:cycle")
    day = read_day(request.GET.get("day", ""), now)
    language = "en" if words.language() == "en" else "zh-hans"
    report = compiled.compile_report(number, day, now=now)
    made = actions.export_report(_chosen(request, report), place=place.name, language=language, by=request.by, at=now)
    return FileResponse(BytesIO(made.content), as_attachment=True, filename=made.name, content_type=XLSX)


def reports_missing(area: int, now: datetime) -> int:
    """Return how many reports of today areas under this one owe and have not made."""
    return len(compiled.missing_reports(area, day_of(now), now=now))

"""The published roster by day and post: on a screen, on paper, as a file; and turns given to somebody else."""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bulou.access.views import Request, page
from bulou.core.divisions import county_area, county_of
from bulou.core.moments import CHINA, at_midnight, day_of
from bulou.core.moments import now as present
from bulou.core.reading import day_or
from bulou.exchange import actions as exchange
from bulou.office.forms import rosters as forms
from bulou.office.forms.sheets import PurposeForm, carried_out
from bulou.office.views.duty.posts import said
from bulou.office.views.duty.standing import begin, sheet
from bulou.office.views.missing import XLSX
from bulou.office.views.sheets import draw_sheet
from bulou.records.rulebook import rules_in_force
from bulou.rosters import actions, queries
from bulou.rosters.queries import Shift
from bulou.rosters.words import role_word

DAYS, POSTS = 7, 25


@page("see")
def grid(request: Request, area: int) -> HttpResponse:
    """Posts down, days across, who stands when in every cell."""
    place, now, context = begin(request, area, "grid")
    first, page_number = _first(request, day_of(now)), _number(request.GET.get("page"))
    listed = [post for post in queries.posts(int(area)) if post.opened_at]
    shown = listed[page_number * POSTS : (page_number + 1) * POSTS]
    days = [first + timedelta(days=n) for n in range(DAYS)]
    since, until = at_midnight(first), at_midnight(first) + timedelta(days=DAYS)
    ids = [post.id for post in shown]
    cells: dict[tuple[UUID, date], list[Any]] = {}
    for shift in queries.shifts(int(area), since=since, until=until, posts=ids):
        if shift.starts_at >= since:
            cells.setdefault((shift.post, day_of(shift.starts_at)), []).append((shift, shift.state(now)))
    gaps: dict[tuple[UUID, date], list[Any]] = {}
    for gap in queries.gaps_ahead(int(area), since=max(since, now), until=until, only=ids):
        for day in days:  # a gap of several days is seen on each of them
            if gap.start < at_midnight(day + timedelta(days=1)) and gap.end > at_midnight(day):
                gaps.setdefault((gap.post, day), []).append((max(gap.start, at_midnight(day)), said(gap)))
    context |= {
        "days": days,
        "rows": [
            (post, [(day, _turns(cells.get((post.id, day), [])), gaps.get((post.id, day), [])) for day in days])
            for post in shown
        ],
        "tired": queries.short_of_rest(int(area), since=since, until=until, rest=_rest(int(area), now)),
        "first": first,
        "before": first - timedelta(days=DAYS),
        "after": first + timedelta(days=DAYS),
        "today": day_of(now),
        "page": page_number,
        "pages": range((len(listed) + POSTS - 1) // POSTS),
        "can_export": request.can("export", int(area)),
        "place": place,
    }
    return render(request, "office/duty/grid.html", context)


def _turns(found: list[Any]) -> list[tuple[str, list[Any]]]:
    """Return the turns of a cell gathered by their hours, whoever leads first."""
    gathered: dict[str, list[Any]] = {}
    for shift, state in found:
        hours = f"{shift.starts_at.astimezone(CHINA):%H:%M}–{shift.ends_at.astimezone(CHINA):%H:%M}"
        gathered.setdefault(hours, []).append((shift, state))
    return list(gathered.items())


def _first(request: Request, today: date) -> date:
    return day_or(str(request.GET.get("first", "")), today)


def _number(text: object) -> int:
    return min(int(str(text)), 1000) if str(text).isdigit() else 0


@page("export", methods=("GET", "POST"))
def export(request: Request, area: int) -> HttpResponseBase:
    """值班表 as an Excel file: date, turn, place, leader, staff, check-in, hand-over. Names are masked."""
    place, now, context = begin(request, area, "grid")
    first = _first(request, day_of(now))
    form = PurposeForm(request.POST or None)
    made: list[exchange.Exported] = []

    def order(given: dict[str, Any]) -> None:
        made.append(exchange.export_roster(
            int(area), first=first, days=DAYS, by=request.by, exporter=str(request.user), purpose=given["purpose"], at=now,
            role_word=role_word,
        ))  # fmt: skip

    if request.method == "POST" and carried_out(form, order):
        return FileResponse(BytesIO(made[0].content), as_attachment=True, filename=made[0].name, content_type=XLSX)
    return draw_sheet(
        request, form, context, submit=_("Export"), back=reverse("office:grid", args=[area]),
        heading=_("%(name)s: roster") % {"name": place.name},
        lead=_("Seven days from %(day)s, one line a turn. Names are masked.") % {"day": first},
    )  # fmt: skip


@page("order", methods=("GET", "POST"))
def turn(request: Request, county: int, shift: UUID) -> HttpResponse:
    """Put somebody else on a published turn. Who is offered is free then; rest is said beside the name."""
    found = queries.find_shift(county_area(county), shift)
    if found is None:
        raise Http404
    form = forms.WhoForm(request.POST or None, people=_free(found), needed=True)
    label = queries.subject_labels(county, [found.subject])[found.subject]

    def order(given: dict[str, Any], at: datetime) -> None:
        actions.give_turn(county, shift, UUID(given["who"]), reason="absence" if found.gone else "relief", by=request.by,
                          at=at, starts=at if found.starts_at < at < found.ends_at else None)  # fmt: skip

    return sheet(request, found.area, "grid", form, order, done=_("The turn was given to somebody else."),
                 heading=_("Give the turn to somebody else"), submit=pgettext("a turn", "Give"),
                 lead=f"{label.detail} · {label.name}", back=reverse("office:post", args=[county, found.post]))  # fmt: skip


@page("order", methods=("GET", "POST"))
def swap(request: Request, county: int, shift: UUID) -> HttpResponse:
    """Let two responders change turns: this one with another of the fortnight. Too little rest is said before saving."""
    found, now = queries.find_shift(county_area(county), shift), present()
    if found is None or found.gone or found.starts_at <= now:
        raise Http404
    area = county_area(county)
    near = queries.shifts(area, since=now, until=found.starts_at + timedelta(days=14))
    others = {str(s.id): s for s in near if s.starts_at > now and not s.gone and s.responder != found.responder
              and s.role == found.role and s.lead == found.lead}  # fmt: skip
    rest = timedelta(hours=float(str(rules_in_force(county_of(area), now).get("roster.rest_hours"))))
    names = {post.id: post.name for post in queries.posts(area, ids={s.post for s in others.values()})}
    form = forms.WhoForm(request.POST or None, needed=True, people=[
        (key, _swapped(found, s, near, rest, names.get(s.post, ""))) for key, s in others.items()
    ])  # fmt: skip
    form.fields["who"].label = _("With which turn")
    label = queries.subject_labels(county, [found.subject])[found.subject]

    def order(given: dict[str, Any], at: datetime) -> None:
        actions.swap(county, shift, UUID(given["who"]), by=request.by, at=at)

    return sheet(request, found.area, "grid", form, order, done=_("The turns were swapped."), heading=_("Swap turns"),
                 submit=_("Swap"), lead=f"{label.detail} · {label.name}",
                 back=reverse("office:post", args=[county, found.post]))  # fmt: skip


def _swapped(one: Shift, other: Shift, near: list[Shift], rest: timedelta, place: str) -> str:
    """Return a turn to swap with, in words, and whether either would then have too little rest."""
    tired = any(
        s.responder == who and s.id not in (one.id, other.id) and not s.gone
        and s.starts_at < new.ends_at + rest and new.starts_at < s.ends_at + rest
        for who, new in ((one.responder, other), (other.responder, one)) for s in near
    )  # fmt: skip
    start, end = other.starts_at.astimezone(CHINA), other.ends_at.astimezone(CHINA)
    said = f"{start:%m-%d %H:%M}–{end:%H:%M} · {place} · {other.name}"
    return f"{said} ({_('too little rest')})" if tired else said


def _rest(area: int, now: datetime) -> timedelta:
    return timedelta(hours=float(str(rules_in_force(county_of(area), now).get("roster.rest_hours"))))


def _free(shift: Shift) -> list[tuple[str, str]]:
    """Return who could stand the turn: nobody who stands another then or cannot serve, the rested first."""
    rest = _rest(shift.area, shift.starts_at)
    area = county_area(county_of(shift.area))
    near = queries.shifts(area, since=shift.starts_at - rest, until=shift.ends_at + rest)
    busy = {s.responder for s in near if not s.gone and s.starts_at < shift.ends_at and shift.starts_at < s.ends_at}
    tired = {s.responder for s in near if not s.gone}
    absent = queries.away(shift.county, since=shift.starts_at, until=shift.ends_at)
    people = [
        p for p in queries.responders(area, role=shift.role, limit=2000) if p.id not in busy and p.id not in absent
    ]
    people.sort(key=lambda p: (p.id in tired, p.name))
    short = _("too little rest")
    return [(str(p.id), f"{p.name} · {p.unit}" + (f" ({short})" if p.id in tired else "")) for p in people]

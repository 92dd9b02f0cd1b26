"""Posts on the roads: headquarters' list, one post, who is coming to a village, and which roads are open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bulou.access.rules import Refusal, TooMany
from bulou.access.views import Request, page, public
from bulou.access.words import purpose_word, refusal_text
from bulou.areas import queries as areas
from bulou.checkpoints import actions
from bulou.checkpoints import queries as checkpoints
from bulou.checkpoints.queries import Expected, PostLine
from bulou.checkpoints.rules import counts
from bulou.checkpoints.rules.counts import Count
from bulou.command.queries import Leave
from bulou.core.divisions import code_of, county_area, county_of
from bulou.core.moments import CHINA, at_midnight, day_of
from bulou.core.moments import now as present
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger.actions import Outcome
from bulou.office.forms.purposes import read_purpose
from bulou.office.keeping import pass_days
from bulou.office.views.frame import stand_in
from bulou.office.views.leave import leave_to
from bulou.rosters import queries as rosters
from bulou.rosters.queries import PostNow
from bulou.rosters.words import type_word

MEAN_DAYS = 7
HOURS_SHOWN = 12
AHEAD = timedelta(hours=24)  # gaps; the page of rosters looks further
PASSAGE = {
    "checked": gettext_noop("Open, checked"),
    "residents_only": gettext_noop("Residents only"),
    "supplies_only": gettext_noop("Supplies and emergencies only"),
    "closed": gettext_noop("Road closed"),
}
STANDING = {
    "no order": gettext_noop("No order: nobody has said on what basis it stands"),
    "not yet": gettext_noop("Ordered, not open yet"),
    "stands": gettext_noop("Stands"),
    "lapsed": gettext_noop("Its order has ended"),
    "closed": gettext_noop("Closed"),
}
ANSWERS = {
    "here": gettext_noop("Arrived"),
    "elsewhere": gettext_noop("Seen elsewhere"),
    "left_again": gettext_noop("Left the county again"),
    "nowhere": gettext_noop("Not arrived, says the village"),
}
RESULTS = {
    "": gettext_noop("No result yet"),
    "excluded": gettext_noop("Excluded"),
    "observed": gettext_noop("Kept for observation"),
    "suspected": gettext_noop("Suspected"),
    "confirmed": gettext_noop("Confirmed"),
    "did_not_arrive": gettext_noop("Did not arrive at the clinic"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """The posts of one type. Its counts are of this type only: types are never added up."""

    type: str
    lines: list[PostLine]
    today: Count
    last_hour: Count
    unconfirmed: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Guest:
    """A hand-off as a list shows it."""

    one: Expected
    answer: str
    said: str
    where: str
    confirm_url: str
    missing_url: str


@page("see")
def home(request: Request) -> HttpResponse:
    return _posts(request, request.scope.root())


@page("see")
def posts(request: Request, area: int) -> HttpResponse:
    return _posts(request, int(area))


def _posts(request: Request, number: int) -> HttpResponse:
    area, now, context = stand_in(number, "office:checkpoints")
    lines = checkpoints.post_lines(number, now=now)
    first = day_of(now) - timedelta(days=MEAN_DAYS)
    # A mean over several types would add them up.
    one_type = len({line.post.type for line in lines}) == 1
    context |= {
        "section": "office:checkpoints_home",
        "groups": [_group(name, some) for name, some in _by_type(lines)],
        "on": {one.post.id: one for one in rosters.posts_now(number, now, ahead=AHEAD)},
        "mean": checkpoints.daily(number, first=first, days=MEAN_DAYS) if one_type else None,
        "standings": {name: _(word) for name, word in STANDING.items()},
        "roads": reverse("office:roads", args=[county_of(number)]) if number >= 10**17 else "",
        "tables": reverse("office:decision_tables", args=[number])
        if number == county_area(county_of(number)) and request.can("order", number)
        else "",
        "arriving": reverse("office:arriving", args=[number]),
        "area": area,
    }
    return render(request, "office/checkpoints.html", context)


def _by_type(lines: Iterable[PostLine]) -> list[tuple[str, list[PostLine]]]:
    return [(name, list(some)) for name, some in groupby(lines, key=lambda line: line.post.type)]


def _group(name: str, lines: list[PostLine]) -> Group:
    return Group(
        type_word(name),
        lines,
        counts.total(line.today for line in lines),
        counts.total(line.last_hour for line in lines),
        sum(line.unconfirmed for line in lines),
        sum(line.overdue for line in lines),
    )


@page("see")
def post(request: Request, county: int, post: UUID) -> HttpResponse:
    """One post: what it stands on, who is on duty, the last hours, whom it handed off, whom it sent to a clinic."""
    now = present()
    try:
        line = checkpoints.get_post_line(county_area(county), post, now=now)
    except LookupError:
        raise Http404 from None
    _area, now, context = stand_in(line.post.area, "office:checkpoints")
    keep = pass_days(county, now)
    hourly = checkpoints.hourly(line.post.area, since=_hours_back(now), until=now + timedelta(microseconds=1))
    handed = checkpoints.handed_off(county, line.post.subject, now=now, since=at_midnight(day_of(now)), keep_days=keep)
    standing: list[PostNow] = [one for one in rosters.posts_now(line.post.area, now) if one.post.id == post]
    may_answer = bool(leave_to(request, "referral_result", "", line.post.area))
    context |= {
        "section": "office:checkpoints_home",
        "line": line,
        "type": type_word(line.post.type),
        "standing": _(STANDING[str(line.ground.standing)]),
        "passage": _(PASSAGE[line.order.passage]) if line.order else "",
        "hours": [(hour, one) for (who, hour), one in sorted(hourly.items(), key=lambda row: row[0][1], reverse=True)
                  if who == line.post.subject],
        "guests": _guests(handed, county, ask=False),
        "referrals": [
            (one, _(RESULTS[one.result]), "" if one.is_answered or not may_answer
             else reverse("office:record", args=["referral_result", county, one.subject]))
            for one in checkpoints.referrals(line.post.area, now=now, days=keep, post=line.post.subject)
        ],
        "on": standing[0] if standing else None,
        "keep": keep,
    }  # fmt: skip
    return render(request, "office/checkpoint.html", context)


def _hours_back(now: datetime) -> datetime:
    return counts.hour_of(now) - timedelta(hours=HOURS_SHOWN - 1)


@page("see")
def arriving(request: Request, area: int) -> HttpResponse:
    """Who is coming to the area and has not been seen yet: for the village that receives them."""
    number = int(area)
    _area, now, context = stand_in(number, "office:arriving")
    keep = pass_days(county_of(number), now)
    found = checkpoints.expected(number, now=now, keep_days=keep)
    context |= {
        "section": "office:checkpoints_home",
        "guests": _guests(found, county_of(number), ask=bool(leave_to(request, "arrival_confirmed", "", number))),
        "can_reveal": request.can("reveal", number),
        "keep": keep,
    }
    return render(request, "office/arriving.html", context)


def _guests(found: Iterable[Expected], county: int, *, ask: bool) -> list[Guest]:
    some = list(found)
    with seeing(EVERYTHING):  # what a village is called is no secret of the village's
        names = areas.names({one.area for one in some})
    guests = []
    for one in some:
        last = one.answers[-1] if one.answers else None
        guests.append(
            Guest(one, _(ANSWERS[last.where]) if last and last.where in ANSWERS else "", last.note if last else "",
                  names.get(one.area, code_of(one.area)),
                  reverse("office:record", args=["arrival_confirmed", county, one.subject]) if ask else "",
                  reverse("office:record", args=["not_arrived", county, one.subject]) if ask else "")
        )  # fmt: skip
    return guests


@page("record", methods=("POST",))
def arrived(request: Request, county: int, subject: str) -> HttpResponse:
    """They are here, seen just now: one press. Whoever gave a name is in the register afterwards, once."""
    now = present()
    keep = pass_days(county, now)
    try:
        one = checkpoints.get_expected(county, subject, now=now, keep_days=keep)
    except LookupError:
        raise Http404 from None
    if leave_to(request, "arrival_confirmed", subject, one.area) is not Leave.OWN:
        raise PermissionDenied
    local = now.astimezone(CHINA)
    body: dict[str, object] = {
        "where": "here",
        "seen_by": "in_person",
        "seen_at": f"{local:%Y-%m-%dT%H:%M}",
        "follow": "no",
    }
    if one.follow_days and one.basis:
        body |= {"follow": "yes", "follow_reason": "returnee" if one.region == "outbreak" else "outsider",
                 "basis": one.basis, "days": one.follow_days, "start": f"{local:%Y-%m-%d}",
                 "checked_by": "village_doctor"}  # fmt: skip
    receipt = actions.confirm_arrival(county=county, subject=subject, body=body, by=request.by, at=now, keep_days=keep)
    if receipt.outcome is Outcome.HELD:
        messages.error(request, _("This was kept in the held tray: %(why)s") % {"why": receipt.detail})
    else:
        messages.success(request, _("Noted: arrived. The post sees it too."))
    return redirect("office:arriving", area=one.area)


@page("reveal", methods=("POST",))
def reveal(request: Request, county: int, subject: str) -> HttpResponse:
    """Show who is coming in full, for a purpose, on record."""
    now = present()
    try:
        checkpoints.get_expected(county, subject, now=now, keep_days=0)
        purpose = read_purpose(request.POST)
        one = actions.reveal_arrival(county=county, subject=subject, purpose=purpose, by=request.by, at=now,
                                     keep_days=pass_days(county, now))  # fmt: skip
    except LookupError:
        raise Http404 from None
    except Refusal as refused:
        if isinstance(refused, TooMany):
            raise  # the door says it
        return render(request, "office/revealed.html", {"refused": refusal_text(refused)})
    return render(request, "office/revealed.html", {"persons": [one], "purpose": purpose_word(purpose)})


@public
def roads(request: HttpRequest, county: int) -> HttpResponse:
    """Which barriers stand, for anybody: orders only. No count and nothing that was recorded at a post."""
    with seeing(EVERYTHING):
        name = areas.names([county_area(county)]).get(county_area(county))
    if name is None:
        raise Http404
    now = present()
    found = [(line, type_word(line.type), _(PASSAGE[line.passage])) for line in checkpoints.road_lines(county, now=now)]
    return render(request, "office/roads.html", {"name": name, "roads": found, "now": now})

"""My duty: where I stand now, where next, checking in and handing over. Made for a phone held in one hand."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bulou.access.views import Request, personal
from bulou.core.divisions import county_area
from bulou.core.moments import CHINA
from bulou.core.moments import now as present
from bulou.core.scope import EVERYTHING, seeing
from bulou.office.views.duty.reserve import arrive
from bulou.rosters import actions, queries
from bulou.rosters.queries import Responder, Shift
from bulou.rosters.rules.registers import Refused
from bulou.rosters.words import explain, role_word

AHEAD, EARLY = timedelta(days=14), timedelta(minutes=30)


def _me(request: Request) -> Responder | None:
    sort, _colon, key = request.by.partition(":")
    return queries.find_by_account(UUID(key)) if sort == "account" and key else None


@personal
def duty(request: Request) -> HttpResponse:
    """The turns of whoever is signed in. One's own are seen whatever else one may see."""
    me, now = _me(request), present()
    context: dict[str, object] = {"me": me, "now": now, "section": "office:my_duty"}
    if me is not None:
        with seeing(EVERYTHING):  # one's own turns, and the names of the posts they are at
            its = queries.own_shifts(me.county, me.id, since=now - timedelta(days=1), until=now + AHEAD)
            posts = {post.id: post for post in queries.posts(county_area(me.county), ids={s.post for s in its})}
            beside = _beside(me, its, now)
            days = queries.days_on_duty(me.county, [me.id], on=now)[me.id]
        live = [shift for shift in its if not shift.gone]
        current = [shift for shift in live if shift.starts_at - EARLY <= now < shift.ends_at
                   or _owes_give(shift, now)]  # fmt: skip
        later = [shift for shift in live if shift.starts_at > now and shift not in current]
        context |= {
            "current": [(s, posts.get(s.post), role_word(s.role) if s.role else "", s.state(now),
                         _can_take(s, now), _can_come(s, now), _owes_give(s, now)) for s in current],
            "later": [(s, posts.get(s.post), role_word(s.role) if s.role else "") for s in later],
            "days": days,
            "beside": beside,
        }  # fmt: skip
    return render(request, "office/duty/own.html", context)


def _beside(me: Responder, its: list[Shift], now: datetime) -> list[Shift]:
    """Return who stands at a post with me now, has no account, and has not come: whoever leads checks them in."""
    led = [s for s in its if s.lead and not s.gone and not s.relief and s.starts_at - EARLY <= now < s.ends_at]
    found: list[Shift] = []
    for mine in led:
        near = queries.shifts(county_area(me.county), since=now, until=now + EARLY, posts=[mine.post])
        found += [s for s in near if s.responder != me.id and not s.gone and _can_come(s, now)]
    without = {one.id for one in queries.responders(county_area(me.county), ids={s.responder for s in found})
               if one.account is None} if found else set()  # fmt: skip
    return [s for s in {s.id: s for s in found}.values() if s.responder in without]


@personal
def check_in(request: Request, shift: UUID) -> HttpResponse:
    """Check in somebody who has no account, at the post where one leads now."""
    if request.method != "POST":
        return redirect("office:my_duty")
    me, now = _me(request), present()
    if me is None:
        raise Http404
    with seeing(EVERYTHING):
        its = queries.own_shifts(me.county, me.id, since=now - timedelta(days=1), until=now + AHEAD)
        other = next((s for s in _beside(me, its, now) if s.id == shift), None)
        if other is None:
            raise Http404
        try:
            actions.check_in(me.county, shift, by=request.by, at=now, source="spoken")
        except Refused as refused:
            messages.error(request, explain(refused))
        else:
            messages.success(request, _("%(name)s was checked in.") % {"name": other.name})
    return redirect("office:my_duty")


def _can_come(shift: Shift, now: datetime) -> bool:
    return not shift.relief and shift.stand is not None and shift.came_at is None and now >= shift.stand.opens_at


def _can_take(shift: Shift, now: datetime) -> bool:
    take = shift.take
    return take is not None and take.met_at is None and take.waived_at is None and take.opens_at <= now < take.closes_at


def _owes_give(shift: Shift, now: datetime) -> bool:
    give = shift.give
    return give is not None and give.met_at is None and give.waived_at is None and give.opens_at <= now < give.closes_at


@personal
def act(request: Request, shift: UUID, step: str) -> HttpResponse:
    """Check in, sign for taking over or handing over, say that one has arrived, or that one cannot come."""
    if request.method != "POST":
        return redirect("office:my_duty")
    me, now = _me(request), present()
    if me is None:
        raise Http404
    with seeing(EVERYTHING):
        mine = next((s for s in queries.own_shifts(me.county, me.id, since=now - AHEAD, until=now + 2 * AHEAD)
                     if s.id == shift), None)  # fmt: skip
        if mine is None:
            raise Http404
        try:
            _write(request, mine, step, now)
        except Refused as refused:
            messages.error(request, explain(refused))
        else:
            messages.success(
                request, _("It was written down at %(at)s.") % {"at": now.astimezone(CHINA).strftime("%H:%M")}
            )
    return redirect("office:my_duty")


def _write(request: Request, mine: Shift, step: str, now: datetime) -> None:
    said = {key: str(request.POST.get(key, "")).strip() for key in ("why", "matters", "lacking", "present", "reason")}
    if step == "in":
        actions.check_in(mine.county, mine.id, by=request.by, at=now, unfit_why=said["why"])
    elif step in ("take", "give"):
        number = int(said["present"]) if said["present"].isdigit() else 1
        actions.sign(mine.county, mine.id, side=step, present=number, open_matters=said["matters"] or _("None"),
                     lacking=said["lacking"], by=request.by, at=now)  # fmt: skip
    elif step == "arrived":
        arrive(mine, by=request.by, at=now)
    elif step == "absent":
        actions.report_absence(mine.county, mine.id, reason=said["reason"] or "ill", by=request.by, at=now)
    else:
        raise Http404

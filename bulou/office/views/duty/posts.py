"""Posts: who is on now, what is not covered, for how long one stood empty."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bulou.access.views import Request, page
from bulou.checkpoints import actions as checkpoints
from bulou.command import queries as command
from bulou.core.divisions import county_area, county_of
from bulou.core.ids import new_id
from bulou.core.moments import CHINA, at_midnight, day_of
from bulou.core.moments import now as present
from bulou.core.scope import may_see
from bulou.ledger.actions import Outcome
from bulou.ledger.rules import Entry
from bulou.office.forms import rosters as forms
from bulou.office.views.duty.standing import begin, sheet
from bulou.office.views.leave import leave_to
from bulou.records.behalf import BEHALF, Behalf
from bulou.records.rulebook import rules_in_force
from bulou.rosters import actions, queries
from bulou.rosters.queries import Gap
from bulou.rosters.rules.registers import NewPost, Refused
from bulou.rosters.words import explain, role_word, type_word

AHEAD = timedelta(hours=72)
BEGINNING = datetime(2000, 1, 1, tzinfo=CHINA)
SHOWN = 40  # gaps listed; the rest are counted


@page("see")
def home(request: Request) -> HttpResponse:
    """The posts of the highest area the account may see."""
    return _draw(request, request.scope.root())


@page("see")
def posts(request: Request, area: int) -> HttpResponse:
    return _draw(request, int(area))


def _draw(request: Request, area: int) -> HttpResponse:
    _place, now, context = begin(request, area, "posts")
    found = queries.posts_now(area, now, ahead=AHEAD)
    gaps = queries.gaps_ahead(area, since=now, until=now + AHEAD)
    known = {post.id: post for post in queries.posts(area)}
    relief = int(str(rules_in_force(county_of(area), now).get("roster.relief_days")))
    by_county: dict[int, set[UUID]] = {}
    names: dict[UUID, str] = {}
    for row in found:
        for shift in (*row.present, *row.expected):
            by_county.setdefault(shift.county, set()).add(shift.responder)
            names[shift.responder] = shift.name
    days = {who: n for county, ids in by_county.items() for who, n in queries.days_on_duty(county, ids, on=now).items()}
    context |= {
        "posts": [(row, type_word(row.post.type), row.gap_now[:1]) for row in found],
        "types": [(type_word(name), n) for name, n in Counter(row.post.type for row in found).most_common()],
        "empty": sum(1 for row in found if row.empty),
        "gaps": [(known[gap.post], gap, said(gap), gap.start <= now) for gap in gaps[:SHOWN]],
        "more_gaps": max(0, len(gaps) - SHOWN),
        "posts_short": len({gap.post for gap in gaps}),
        "relief": sorted(((names[who], n) for who, n in days.items() if n >= relief), key=lambda row: -row[1]),
        "relief_days": relief,
        "closed": [post for post in known.values() if not post.open_at(now)],
        "hours": int(AHEAD.total_seconds() // 3600),
    }
    return render(request, "office/duty/posts.html", context)


def said(gap: Gap) -> str:
    """Return what a gap lacks, in words."""
    if gap.leads:
        return _("no leader on duty")
    return _("%(count)d short: %(role)s") % {"count": gap.missing, "role": role_word(gap.role)}


def find_post(county: int, post: UUID) -> queries.Post:
    """Return the post. Raise Http404 if there is none, or it may not be seen."""
    try:
        found = queries.get_post(county_area(county), post)
    except LookupError:
        raise Http404 from None
    if not may_see(found.area):
        raise Http404
    return found


@page("see")
def post(request: Request, county: int, post: UUID) -> HttpResponse:
    """One post: now, next, hand-overs, gaps, and the seconds it stood empty today, in the week before and ever."""
    found = find_post(county, post)
    _place, now, context = begin(request, found.area, "posts")
    today = at_midnight(day_of(now))
    its = queries.shifts(found.area, since=today - timedelta(days=1), until=today + timedelta(days=3), posts=[post])
    here = next((row for row in queries.posts_now(found.area, now) if row.post.id == post), None)
    gaps = queries.gaps_ahead(found.area, since=now, until=now + AHEAD, only=[post])
    empty = queries.empty(found.area, post, until=now, now=now)
    subject, one_hand = found.subject, queries.signed_by_one(county, its)
    people = queries.responders(county_area(county), ids={shift.responder for shift in its})
    without = {one.id for one in people if one.account is None}
    absence = bool(leave_to(request, "shift_absence", its[0].subject, found.area)) if its else False
    led = _led(request, its, now)
    context |= {
        "post": found,
        "type": type_word(found.type),
        "here": here,
        "is_open": found.open_at(now),
        "shifts": [
            (shift, role_word(shift.role) if shift.role else "", shift.state(now), shift.responder in without,
             shift.id in led and not shift.came_at and not shift.gone and shift.stand is not None
             and shift.stand.opens_at <= now < shift.ends_at, shift.id in one_hand)
            for shift in its
        ],
        "one_hand": bool(one_hand),
        "coming": [(one, one.state(now), call) for call in queries.calls(found.area, now=now) if call.post == post
                   and call.until > now for one in call.sent],
        "gaps": [(gap, said(gap)) for gap in gaps[:SHOWN]],
        "empty": [(start, end, (end - start).total_seconds()) for start, end in empty][-SHOWN:],
        "empty_today": int(_seconds(empty, today)),
        "empty_week": int(_seconds(empty, today - timedelta(days=7))),
        "empty_ever": int(_seconds(empty, BEGINNING)),
        "empty_before": max(0, len(empty) - SHOWN),
        "nobody_needed": found.open_at(now) and not found.manned_at(now),
        "needs": [
            (_("leader on duty") if need.leads else role_word(need.role), need.count, f"{need.start}–{need.end}"
             if need.start != need.end else _("round the clock"))
            for need in found.needs
        ],
        "help_url": reverse("office:record", args=["help_request", county, subject])
        if leave_to(request, "help_request", subject, found.area) else "",
        "may": absence,
        "owner": found.area,
    }  # fmt: skip
    return render(request, "office/duty/post.html", context)


def _led(request: Request, its: list[queries.Shift], now: datetime) -> set[UUID]:
    """Return the turns whose responder this account may say is here: its own, and those of whom it leads there now."""
    asked = [
        Entry(new_id(), "shift_checkin", shift.subject, shift.area, now, now, request.by,
              {"fit": "yes", BEHALF: Behalf(f"responder:{shift.responder}", "spoken").said()}, received_at=now)
        for shift in its
    ]  # fmt: skip
    return {shift.id for shift, reason in zip(its, command.refusals(asked), strict=True) if not reason}


def _seconds(spans: list[tuple[datetime, datetime]], since: datetime) -> float:
    return sum((end - max(start, since)).total_seconds() for start, end in spans if end > since)


@page("order", methods=("GET", "POST"))
def add(request: Request, area: int) -> HttpResponse:
    """Register a post in the area. It opens by an order, with its basis and its last day."""
    form = forms.PostForm(request.POST or None)

    def order(given: dict[str, Any], at: datetime) -> None:
        new = NewPost(given["name"], int(area), given["type"], given["place"], given["road"])
        actions.add_post(new, by=request.by, at=at)

    return sheet(request, area, "posts", form, order, done=_("The post was registered. It opens by an order."),
                 heading=_("Register a post"), submit=pgettext("button", "Register"))  # fmt: skip


@page("order", methods=("GET", "POST"))
def needs(request: Request, county: int, post: UUID) -> HttpResponse:
    """Say who must stand at the post."""
    found = find_post(county, post)
    form = forms.NeedsForm(request.POST or None, initial={"needs": forms.needs_text(found.needs)})

    def order(given: dict[str, Any], at: datetime) -> None:
        actions.set_needs(county, post, given["needs"], by=request.by, at=at)

    return sheet(request, found.area, "posts", form, order, done=_("The needs were noted."),
                 heading=_("%(name)s: who must stand there") % {"name": found.name}, submit=pgettext("button", "Note down"),
                 back=reverse("office:post", args=[county, post]))  # fmt: skip


@page("order", methods=("GET", "POST"))
def stand(request: Request, county: int, post: UUID) -> HttpResponse:
    """Open the post or close it: by an order that says on what basis, and until when."""
    found, now = find_post(county, post), present()
    back = reverse("office:post", args=[county, post])
    if found.open_at(now):
        form: Any = forms.CloseForm(request.POST or None)
        heading, submit, done = _("%(name)s: close it"), _("Close the post"), _("The post was closed.")
    else:
        form = forms.OpenForm(request.POST or None, initial={"place": found.place or found.name})
        heading, submit, done = _("%(name)s: open it"), _("Open the post"), _("The post stands open.")

    def order(given: dict[str, Any], at: datetime) -> None:
        if isinstance(form, forms.CloseForm):
            body = {"reason": given["reason"], "basis": given["basis"], "closed_at": at.astimezone(CHINA).isoformat(),
                    "road_open": "yes" if given["road_open"] else "no"}  # fmt: skip
            receipt = checkpoints.close_post(post=found, body=body, by=request.by, at=at)
        else:
            body = {"type": found.type, "place": given["place"], "passage": "checked", "basis": given["basis"],
                    "starts": at.astimezone(CHINA).isoformat(), "until": given["until"].isoformat(),
                    "hours": "00:00-24:00", **({"road": found.road} if found.road else {})}  # fmt: skip
            receipt = checkpoints.order_post(post=found, body=body, by=request.by, at=at)
        if receipt.outcome is not Outcome.APPLIED:
            raise Refused(receipt.reason or "held", receipt.detail, receipt.detail)

    return sheet(request, found.area, "posts", form, order, done=done, heading=heading % {"name": found.name},
                 submit=submit, back=back)  # fmt: skip


@page("record", methods=("POST",))
def check_in(request: Request, county: int, shift: UUID) -> HttpResponse:
    """Check somebody in who has no telephone of ours: whoever leads at the post does it for them, and nobody else."""
    found = queries.find_shift(county_area(county), shift)
    if found is None or found.relief:
        raise Http404
    try:
        actions.check_in(county, shift, by=request.by, at=present(), source="spoken")
    except Refused as refused:
        messages.error(request, explain(refused))
    else:
        messages.success(request, _("%(name)s was checked in.") % {"name": found.name})
    return redirect("office:post", county, found.post)

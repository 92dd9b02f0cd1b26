"""The reserve: who offered, which posts call, whom to send, who has arrived."""

from collections.abc import Sequence
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
from bulou.core.divisions import county_area, county_of
from bulou.core.moments import now as present
from bulou.core.scope import EVERYTHING, may_see, seeing
from bulou.ledger.rules import State
from bulou.office.forms.rosters import ArrivedForm
from bulou.office.views.duty.standing import begin, sheet
from bulou.records.rulebook import rules_in_force
from bulou.rosters import actions, queries
from bulou.rosters.queries import Shift
from bulou.rosters.rules.problem import limits_from
from bulou.rosters.rules.registers import Refused
from bulou.rosters.rules.turns import Turn
from bulou.rosters.words import explain, reason_word, role_word

SHOWN = 200


@page("see")
def reserve(request: Request, area: int) -> HttpResponse:
    """Calls for help with how each was answered, and the sign-ups that wait for an answer."""
    _place, now, context = begin(request, area, "reserve")
    offers = queries.offers(int(area), now=now)
    found = queries.calls(int(area), now=now)
    posts = {post.id: post for post in queries.posts(int(area), ids={call.post for call in found})}
    context |= {
        "calls": [
            (call, posts.get(call.post), [role_word(each) for each in call.skills], [reason_word(r) for r in call.reasons],
             call.dispatch.state(now) if call.dispatch else None,
             sum(1 for one in call.sent if one.state(now) is State.OVERDUE))
            for call in found
        ],
        "ready": sum(1 for one in {o.responder: o for o in offers}.values() if one.answer == "accepted" and not one.contact),
        "waiting": [(one, [role_word(each) for each in one.skills]) for one in offers if not one.answer][:SHOWN],
        "exposed": sum(1 for one in offers if one.contact),
        "county": county_of(area),
    }  # fmt: skip
    return render(request, "office/duty/reserve.html", context)


@page("order", methods=("POST",))
def answer(request: Request, area: int) -> HttpResponse:
    """Take the chosen sign-ups into the reserve, or decline them."""
    _place, now, _context = begin(request, area, "reserve")
    offered = {str(one.entry): one.entry for one in queries.offers(int(area), now=now) if not one.answer}
    chosen = [offered[key] for key in request.POST.getlist("offer") if key in offered]
    accepted = "decline" not in request.POST
    reason = str(request.POST.get("reason", "")).strip()
    if not chosen:
        messages.error(request, _("Choose at least one sign-up."))
    elif not accepted and not reason:
        messages.error(request, _("Say why they are declined."))
    else:
        actions.answer_signups(county_of(area), chosen, accepted=accepted, by=request.by, at=now, reason=reason)
        messages.success(request, _("The sign-ups were answered."))
    return redirect("office:reserve", area)


@page("order", methods=("GET", "POST"))
def send(request: Request, county: int, entry: UUID) -> HttpResponse:
    """Choose whom to send to the post that called: the best matched first."""
    call = queries.find_call(county, entry)
    if call is None:
        raise Http404
    _place, now, context = begin(request, call.area, "reserve")
    rules = rules_in_force(county_of(call.area), now)
    rest = timedelta(hours=float(str(rules.get("roster.rest_hours"))))
    found = queries.candidates(call, now=now, rest=rest)
    wanted = max(0, call.how_many - len(call.sent))
    if request.method == "POST":
        may = {one.id for one, _name in found}
        chosen = [UUID(key) for key in request.POST.getlist("who") if key in may]
        short = wanted - len(chosen)
        left = _("%(n)d still to be sent") % {"n": short} if short > 0 else ""
        try:
            if not chosen:
                raise Refused("nobody", "nobody was chosen", _("Choose whom to send."))
            there = now + timedelta(hours=float(str(rules.get("reserve.arrive_hours"))))
            turns = _plan(call.area, county, call.post, chosen, there, call.until)
            actions.send(
                county, entry, chosen, until=call.until, by=request.by, at=present(), left_over=left, turns=turns
            )
        except Refused as refused:
            messages.error(request, explain(refused))
        else:
            # Nothing may be lacking on paper: then they help those who stand there.
            said = _("They are on their way: each owes an arrival. %(n)d turns the post lacked are theirs.")
            messages.success(
                request, said % {"n": len(turns)} if turns else _("They are on their way: each owes an arrival.")
            )
            county_wide = county_area(county)  # whoever sends from the county looks at the county's reserve again
            return redirect("office:reserve", county_wide if may_see(county_wide) else call.area)
    post = next(iter(queries.posts(county_area(county), ids=[call.post])), None)
    context |= {
        "call": call,
        "post": post,
        "wanted": wanted,
        "skills": [role_word(each) for each in call.skills],
        "rows": [(one, name, [role_word(each) for each in sorted(one.skills)], n < wanted)
                 for n, (one, name) in enumerate(found[:SHOWN])],
        "sent": [(one, one.state(now), reverse("office:reserve_arrived", args=[county, one.shift])) for one in call.sent],
    }  # fmt: skip
    return render(request, "office/duty/send.html", context)


def _plan(area: int, county: int, post: UUID, people: Sequence[UUID], since: datetime, until: datetime) -> list[Turn]:
    """Return the turns the post lacks that these can stand from then on, by the rules in force."""
    rules = rules_in_force(county_of(area), since)
    pattern = rules.get("roster.pattern")
    assert isinstance(pattern, list | tuple)
    with seeing(EVERYTHING):  # a township's desk sends who stands elsewhere too
        return queries.plan_relief(county, post, people, since=since, until=until, pattern=[str(p) for p in pattern],
                                   limits=limits_from(rules.get))  # fmt: skip


def arrive(shift: Shift, *, by: str, at: datetime, why_not: str = "", source: str = "") -> None:
    """Write that relief has arrived, and put it on what the post lacks from now on; or why it does not come."""
    turns = [] if why_not else _plan(shift.area, shift.county, shift.post, [shift.responder], at, shift.ends_at)
    actions.arrive(shift.county, shift.id, by=by, at=at, why_not=why_not, turns=turns, source=source)


@page("record", methods=("GET", "POST"))
def arrived(request: Request, county: int, shift: UUID) -> HttpResponse:
    """Say for somebody of the reserve why they will not come, as they told; whoever leads at the post, that they came."""
    found = queries.find_shift(county_area(county), shift)
    if found is None or not found.relief:
        raise Http404
    label = queries.subject_labels(county, [found.subject])[found.subject]
    form = ArrivedForm(request.POST or None)

    def order(given: dict[str, Any], at: datetime) -> None:
        arrive(found, by=request.by, at=at, why_not=given["why_not"], source=given["source"])

    return sheet(request, found.area, "reserve", form, order, done=_("It was noted."), heading=_("Arrival"),
                 submit=pgettext("button", "Note down"), lead=f"{label.name} · {label.detail}",
                 back=reverse("office:post", args=[county, found.post]))  # fmt: skip

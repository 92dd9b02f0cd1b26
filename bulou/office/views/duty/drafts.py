"""Making a roster: asked for, made beside the pages, looked at, changed by hand, published."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bulou.access.queries import names_of
from bulou.access.views import Request, page
from bulou.core.divisions import county_area, county_of
from bulou.core.moments import CHINA, day_of
from bulou.jobs.queries import before
from bulou.office.forms import rosters as forms
from bulou.office.views.duty.standing import begin
from bulou.office.views.sheets import draw_sheet
from bulou.records.rulebook import rules_in_force
from bulou.rosters import actions, queries
from bulou.rosters.queries import Draft
from bulou.rosters.rules.checking import Finding, check, consequences
from bulou.rosters.rules.explaining import Reason, Shortage, broken_promises
from bulou.rosters.rules.explaining import explain as shortages
from bulou.rosters.rules.problem import Limits, Problem, limits_from
from bulou.rosters.rules.registers import Refused
from bulou.rosters.rules.turns import Turn
from bulou.rosters.words import (
    draft_word,
    explain,
    finding_word,
    kept_away_word,
    lacks_word,
    pigeonhole_word,
    role_word,
    why_not_made,
)

SHOWN = 60


@page("order", methods=("GET", "POST"))
def drafts(request: Request, area: int) -> HttpResponse:
    """The rosters in the making, and a form to ask for another."""
    _place, now, context = begin(request, area, "drafts")
    posts = queries.posts(int(area), open_at=now)
    form = forms.DraftForm(
        request.POST or None, posts=[(str(post.id), post.name) for post in posts],
        initial={"first": day_of(now) + timedelta(days=1), "days": 7},
    )  # fmt: skip
    form.use_required_attribute = False
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wanted = [UUID(each) for each in given["posts"]] or [post.id for post in posts]
        try:
            draft = actions.begin_draft(
                area=int(area), name=given["name"], posts=wanted, first=given["first"], days=given["days"],
                pattern=given["pattern"].split(), limits=_limits(int(area), now),
                by=request.by, at=now,
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, explain(refused))
        else:
            return redirect("office:draft", area, draft)
    context |= {
        "form": form,
        "rows": [(one, draft_word(one.stands)) for one in queries.drafts(int(area))],
        "any_posts": bool(posts),
        "seconds": int(actions.SECONDS),
    }
    return render(request, "office/duty/drafts.html", context, status=422 if form.errors else 200)


def _find(area: int, draft: UUID) -> Draft:
    found = queries.find_draft(int(area), draft)
    if found is None:
        raise Http404
    return found


def _limits(area: int, now: datetime) -> Limits:
    return limits_from(rules_in_force(county_of(area), now).get)


def _problem(found: Draft, now: datetime) -> Problem:
    limits = _limits(found.area, now)
    return queries.problem_for(
        found.area, found.posts, first=found.first, days=found.days, pattern=found.pattern, limits=limits
    )


@page("order")
def draft(request: Request, area: int, draft: UUID) -> HttpResponse:
    """One roster in the making: how far it is, what it breaks, every turn with a way to change it."""
    _place, now, context = begin(request, area, "drafts")
    found = _find(area, draft)
    job, going = found.job, found.stands in ("waiting", "running")
    context |= {
        "draft": found, "state": draft_word(found.stands), "going": going, "why_not": why_not_made(found),
        "passed": max(0, int((now - job.changed_at).total_seconds())) if job and found.stands == "running" else 0,
        "most": int(actions.SECONDS), "before": before(job) if job and found.stands == "waiting" else 0,
        "stopped_by": names_of([job.changed_by]).get(job.changed_by, "") if job and found.stands == "stopped" else "",
        "can_change": found.state == "ready",
    }  # fmt: skip
    if found.state in ("ready", "published"):
        context |= _rows(found)
    response = render(request, "office/duty/draft.html", context)
    if "HX-Request" in request.headers and not going:
        response["HX-Refresh"] = (
            "true"  # only the progress was being asked for: now there are turns, reasons and buttons
        )
    return response


def _rows(found: Draft) -> dict[str, Any]:
    posts = {post.id: post.name for post in queries.posts(county_area(found.county), ids=found.posts)}
    called = queries.names(found.county, {turn.responder for turn in found.turns})
    days: dict[Any, dict[Any, list[Any]]] = {}
    for number, turn in enumerate(found.turns):
        hours = f"{turn.starts.astimezone(CHINA):%H:%M}–{turn.ends.astimezone(CHINA):%H:%M}"
        cell = days.setdefault(day_of(turn.starts), {}).setdefault((posts.get(turn.post, ""), hours), [])
        cell.append((number, turn, called.get(turn.responder, "*"), role_word(turn.role) if turn.role else ""))
    return {
        "days": [(day, [(post, hours, its) for (post, hours), its in rows.items()]) for day, rows in days.items()],
        "turns": len(found.turns),
        "people": len(called),
    }


def _drawn(found: Draft, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return findings with the names and hours they are about."""
    ids = {UUID(each.responder) for each in findings if each.responder}
    called = queries.names(found.county, ids)
    posts = {str(post.id): post.name for post in queries.posts(county_area(found.county), ids=found.posts)}
    drawn = []
    for each in findings:
        who = called.get(UUID(each.responder), "*") if each.responder else ""
        shift_post, _slash, when = each.shift.partition("/")
        place = posts.get(each.post or shift_post, "")
        if each.start:
            end = each.end.astimezone(CHINA).strftime("%m-%d %H:%M") if each.end else ""
            when = f"{each.start.astimezone(CHINA):%m-%d %H:%M} – {end}"
        elif len(when) == 15:
            when = f"{when[5:10]} {when[11:13]}:{when[13:]}"
        drawn.append({"hard": each.hard, "who": who, "place": place, "when": when, "what": finding_word(each)})
    return drawn


@page("order", methods=("GET", "POST"))
def draft_turn(request: Request, area: int, draft: UUID, number: int) -> HttpResponse:
    """Change who stands a turn: first what that brings about and puts right, then the change."""
    _place, now, context = begin(request, area, "drafts")
    found = _find(area, draft)
    if found.state != "ready" or number >= len(found.turns):
        raise Http404
    old, back = found.turns[number], reverse("office:draft", args=[area, draft])
    people = queries.responders(county_area(found.county), role=old.role, limit=2000)
    form = forms.WhoForm(
        request.POST or None, people=[(str(p.id), f"{p.name} · {p.unit}") for p in people],
        initial={"who": str(old.responder)},
    )  # fmt: skip
    submit = _("Show what this changes")
    if request.method == "POST" and form.is_valid():
        after = _changed(found.turns, number, form.cleaned_data["who"])
        problem = _problem(found, now)
        worse, better = consequences(problem, queries.roster_of(found.turns), queries.roster_of(after))
        if request.POST.get("sure") == form.cleaned_data["who"] + "!":
            actions.change_draft(found.county, draft, after, by=request.by, at=now)
            messages.success(request, _("The roster was changed."))
            return redirect(back)
        context |= {"worse": _drawn(found, worse), "better": _drawn(found, better), "looked": True,
                    "sure": form.cleaned_data["who"] + "!"}  # fmt: skip
        submit = _("Change it so")
    posts = {post.id: post.name for post in queries.posts(county_area(found.county), ids=found.posts)}
    hours = f"{old.starts.astimezone(CHINA):%m-%d %H:%M}–{old.ends.astimezone(CHINA):%H:%M}"
    if "looked" in context:
        return render(request, "office/duty/consequences.html", context | {
            "form": form, "heading": _("Change a turn"), "submit": submit, "back": back,
            "lead": f"{posts.get(old.post, '')} · {hours} · {role_word(old.role)}",
        })  # fmt: skip
    return draw_sheet(request, form, context, heading=_("Change a turn"), submit=submit, back=back,
                      lead=f"{posts.get(old.post, '')} · {hours} · {role_word(old.role)}")  # fmt: skip


def _changed(turns: Sequence[Turn], number: int, who: str) -> list[Turn]:
    kept = [turn for n, turn in enumerate(turns) if n != number]
    return [*kept[:number], replace(turns[number], responder=UUID(who)), *kept[number:]] if who else kept


@page("order")
def why(request: Request, area: int, draft: UUID) -> HttpResponse:
    """What does not fit in the roster, and why it stays short: which post, which hour, how many of which role."""
    _place, now, context = begin(request, area, "drafts")
    found = _find(area, draft)
    if found.state != "ready":
        raise Http404
    context |= {"draft": found, **_weighed(found, _problem(found, now))}
    return render(request, "office/duty/why.html", context)


def _weighed(found: Draft, problem: Problem) -> dict[str, Any]:
    """Return what breaks a limit, what is short by post and role with the reasons, and which promises are not kept."""
    roster = queries.roster_of(found.turns)
    hard = [each for each in check(problem, roster) if each.hard]
    short = shortages(problem, roster)
    posts = {str(post.id): post for post in queries.posts(county_area(found.county), ids=found.posts)}
    gathered: dict[tuple[str, str, bool], list[Shortage]] = {}
    for each in short:
        gathered.setdefault((each.post, each.role, each.leads), []).append(each)
    holes = dict.fromkeys(pigeonhole_word(each.pigeonhole) for each in short if each.pigeonhole)
    broken = broken_promises(problem, roster)
    called = queries.names(found.county, {UUID(one.responder) for one in broken})
    return {
        "findings": _drawn(found, hard[:SHOWN]),
        "more": max(0, len(hard) - SHOWN),
        "short": [
            (posts.get(post), role_word("leader" if leads else role), sum(each.missing for each in its),
             [(each, lacks_word(each), [kept_away_word(reason) for reason in each.reasons]) for each in its[:SHOWN]],
             max(0, len(its) - SHOWN))
            for (post, role, leads), its in sorted(gathered.items(), key=lambda pair: -len(pair[1]))
        ],
        "missing": sum(each.missing for each in short),
        "holes": list(holes),
        "promises": [(called.get(UUID(one.responder), "*"), _slot(one.shift, posts), kept_away_word(Reason(one.code, 1)))
                     for one in broken[:SHOWN]],
    }  # fmt: skip


def _slot(shift: str, posts: dict[str, queries.Post]) -> str:
    post, _slash, when = shift.partition("/")
    return f"{posts[post].name if post in posts else ''} {when[5:10]} {when[11:13]}:{when[13:]}".strip()


@page("order", methods=("POST",))
def publish(request: Request, area: int, draft: UUID) -> HttpResponse:
    """Publish the roster: from now on every turn is owed. With gaps or broken limits only after looking, with a reason."""
    _place, now, context = begin(request, area, "drafts")
    found = _find(area, draft)
    back = reverse("office:draft", args=[area, draft])
    reason = str(request.POST.get("reason", "")).strip()
    if found.state == "ready" and not reason:
        weighed = _weighed(found, _problem(found, now))
        if weighed["findings"] or weighed["short"] or weighed["promises"]:
            form = forms.ReasonForm(request.POST if "reason" in request.POST else None)
            form.use_required_attribute = False
            context |= {"draft": found, "form": form, "back": back, **weighed}
            return render(request, "office/duty/publish.html", context, status=422 if form.errors else 200)
    try:
        actions.publish_draft(found.county, draft, by=request.by, at=now, reason=reason[:200])
    except Refused as refused:
        messages.error(request, explain(refused))
        return redirect(back)
    messages.success(request, _("The roster was published: every turn is owed from now on."))
    return redirect(reverse("office:grid", args=[area]) + f"?first={found.first}")


@page("order", methods=("POST",))
def again(request: Request, area: int, draft: UUID) -> HttpResponse:
    """Make the roster again, keeping the chosen turns: they are promised."""
    _place, now, _context = begin(request, area, "drafts")
    found = _find(area, draft)
    chosen = {int(each) for each in request.POST.getlist("keep") if each.isdigit()}
    fixed = [turn for number, turn in enumerate(found.turns) if number in chosen]
    made = actions.begin_draft(area=found.area, name=found.name, posts=found.posts, first=found.first, days=found.days,
                               pattern=found.pattern, limits=_limits(found.area, now), by=request.by,
                               at=now, fixed=fixed)  # fmt: skip
    return redirect("office:draft", area, made)


@page("order", methods=("POST",))
def try_again(request: Request, area: int, draft: UUID) -> HttpResponse:
    """Have a roster made that was not: what made it died, or somebody stopped it."""
    _place, now, _context = begin(request, area, "drafts")
    return _done(
        request,
        area,
        draft,
        lambda found: actions.try_draft_again(
            found.county, draft, limits=_limits(found.area, now), by=request.by, at=now
        ),
    )


@page("order", methods=("POST",))
def stop(request: Request, area: int, draft: UUID) -> HttpResponse:
    """Stop making a roster."""
    _place, now, _context = begin(request, area, "drafts")
    return _done(request, area, draft, lambda found: actions.stop_draft(found.county, draft, by=request.by, at=now))


def _done(request: Request, area: int, draft: UUID, act: Callable[[Draft], None]) -> HttpResponse:
    try:
        act(_find(area, draft))
    except Refused as refused:
        messages.error(request, explain(refused))
    return redirect("office:draft", area, draft)

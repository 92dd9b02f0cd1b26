"""Teams with their members, zones, pioneer and service posts, and what the county has declared about them."""

from datetime import datetime
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
from bulou.core.moments import day_of
from bulou.core.moments import now as present
from bulou.core.scope import may_see
from bulou.office.forms import teams as forms
from bulou.office.views.duty.standing import begin, sheet
from bulou.records.rulebook import rules_in_force
from bulou.rosters import actions, queries
from bulou.rosters.actions import NewStand, NewTeam
from bulou.rosters.queries import TeamRecord
from bulou.rosters.words import label_word, role_word, stand_word, team_finding_word

MOST = 2000  # responders offered in a list


@page("see")
def teams(request: Request, area: int) -> HttpResponse:
    """Teams with what the rule set finds; counts that never add what overlaps."""
    _place, now, context = begin(request, area, "teams")
    on, known = day_of(now), queries.labels_of(county_of(area))
    found = queries.teams(int(area), on=on)
    findings = queries.team_findings(int(area), on=on, get=rules_in_force(county_of(area), now).get)
    counts = queries.team_counts(int(area), on=on)
    by_team: dict[UUID, list[str]] = {}
    for each in findings:
        if each.team is not None:
            by_team.setdefault(each.team, []).append(team_finding_word(each, known))
    leads = queries.names(county_of(area), {row.team.lead for row in found if row.team.lead})
    posts = {post.id: post for post in queries.posts(int(area))}
    context |= {
        "rows": [
            (row, [_label(known, label) for label in sorted(row.team.labels)], by_team.get(row.team.id, []),
             leads.get(row.team.lead, "") if row.team.lead else "", posts.get(row.team.post) if row.team.post else None)
            for row in found
        ],
        "counts": counts,
        "by_label": [(_label(known, label), n) for label, n in sorted(counts.by_label.items(), key=lambda p: -p[1])],
        "stands": [(stand_word(sort), n) for sort, n in queries.stand_counts(int(area), on=on).items()],
        "posts_found": [(posts[each.post], team_finding_word(each, known)) for each in findings
                        if each.team is None and each.post in posts],
        "on": on,
        "is_county": int(area) == county_area(county_of(area)),
    }  # fmt: skip
    return render(request, "office/duty/teams.html", context)


def _label(known: dict[str, tuple[str, str]], label: str) -> str:
    return label_word(known[label]) if label in known else label


@page("order", methods=("GET", "POST"))
def add_team(request: Request, area: int) -> HttpResponse:
    known = queries.labels_of(county_of(area))
    posts = [(str(post.id), post.name) for post in queries.posts(int(area))]
    form = forms.TeamForm(request.POST or None, labels=[(slug, label_word(words)) for slug, words in known.items()],
                          posts=posts)  # fmt: skip

    def order(given: dict[str, Any], at: datetime) -> None:
        new = NewTeam(given["name"], int(area), tuple(given["labels"]), given["since"],
                      UUID(given["post"]) if given["post"] else None, given["site"], head_count=given["head_count"],
                      minimum=given["minimum"])  # fmt: skip
        actions.add_teams([new], by=request.by, at=at)

    return sheet(request, area, "teams", form, order, done=_("The team was registered."), heading=_("Register a team"),
                 submit=pgettext("button", "Register"))  # fmt: skip


def _find(county: int, team: UUID) -> TeamRecord:
    found = next(iter(queries.teams(county_area(county), on=day_of(present()), ids=[team])), None)
    if found is None or not may_see(found.area):
        raise Http404
    return found


def _people(area: int) -> list[tuple[str, str]]:
    found = queries.responders(county_area(county_of(area)), limit=MOST)
    return [(str(one.id), f"{one.name} · {one.unit or '–'}") for one in found]


@page("see")
def team(request: Request, county: int, team: UUID) -> HttpResponse:
    """One team: who is in it today, who leads it, what the rule set finds."""
    found = _find(county, team)
    _place, now, context = begin(request, found.area, "teams")
    known, on = queries.labels_of(county), day_of(now)
    members = queries.responders(county_area(county), ids=found.team.members)
    context |= {
        "row": found,
        "county": county,
        "labels": [_label(known, label) for label in sorted(found.team.labels)],
        "members": [(one, [role_word(each) for each in one.roles], one.id == found.team.lead) for one in members],
        "found": [team_finding_word(each, known) for each in
                  queries.team_findings(found.area, on=on, get=rules_in_force(county, now).get) if each.team == team],
        "post": next(iter(queries.posts(found.area, ids=[found.team.post])), None) if found.team.post else None,
        "lead": queries.names(county, [found.team.lead]).get(found.team.lead, "") if found.team.lead else "",
        "party": queries.keeps_party(county),
        "live": found.until is None or found.until > on,
    }  # fmt: skip
    return render(request, "office/duty/team.html", context)


@page("order", methods=("GET", "POST"))
def add_members(request: Request, county: int, team: UUID) -> HttpResponse:
    found = _find(county, team)
    here = {str(each) for each in found.team.members}
    people = [pair for pair in _people(found.area) if pair[0] not in here]
    form = forms.MembersForm(request.POST or None, people=people, initial={"since": day_of(present())})

    def order(given: dict[str, Any], at: datetime) -> None:
        actions.add_members(county, team, [UUID(each) for each in given["people"]], since=given["since"], by=request.by,
                            at=at)  # fmt: skip

    return sheet(request, found.area, "teams", form, order, done=_("They are in the team."), submit=_("Add"),
                 heading=_("%(name)s: who joins") % {"name": found.team.name},
                 back=reverse("office:team", args=[county, team]))  # fmt: skip


@page("order", methods=("GET", "POST"))
def set_lead(request: Request, county: int, team: UUID) -> HttpResponse:
    found = _find(county, team)
    form = forms.LeadForm(
        request.POST or None, people=_people(found.area), initial={"lead": str(found.team.lead or "")}
    )

    def order(given: dict[str, Any], at: datetime) -> None:
        actions.set_lead(county, team, UUID(given["lead"]) if given["lead"] else None, by=request.by, at=at)

    return sheet(request, found.area, "teams", form, order, done=_("It was noted who leads the team."),
                 heading=_("%(name)s: who leads it") % {"name": found.team.name}, submit=pgettext("button", "Note down"),
                 back=reverse("office:team", args=[county, team]))  # fmt: skip


@page("order", methods=("GET", "POST"))
def end_team(request: Request, county: int, team: UUID) -> HttpResponse:
    found = _find(county, team)
    form = forms.EndForm(request.POST or None, initial={"until": day_of(present())})

    def order(given: dict[str, Any], at: datetime) -> None:
        actions.end_team(county, team, until=given["until"], by=request.by, at=at)

    return sheet(request, found.area, "teams", form, order, done=_("The team has ended."), submit=_("End"),
                 heading=_("%(name)s: end it") % {"name": found.team.name})  # fmt: skip


@page("order", methods=("POST",))
def end_member(request: Request, county: int, team: UUID) -> HttpResponse:
    """Take a member out from today on."""
    _find(county, team)
    now = present()
    try:
        actions.end_member(
            county, team, UUID(str(request.POST.get("who", ""))), until=day_of(now), by=request.by, at=now
        )
    except (ValueError, LookupError):
        raise Http404 from None
    messages.success(request, _("From today on they are not in the team."))
    return redirect("office:team", county, team)


@page("see")
def stands(request: Request, area: int) -> HttpResponse:
    """Responsibility zones, pioneer posts and service posts, each with who answers for it."""
    _place, now, context = begin(request, area, "teams")
    on = day_of(now)
    found = queries.stands(int(area), on=on)
    called = queries.names(county_of(area), {row.responder for row in found if row.responder})
    context |= {
        "rows": [(row, stand_word(row.sort), called.get(row.responder, "") if row.responder else "") for row in found],
        "counts": [(stand_word(sort), n) for sort, n in queries.stand_counts(int(area), on=on).items()],
    }
    return render(request, "office/duty/stands.html", context)


@page("order", methods=("GET", "POST"))
def add_stand(request: Request, area: int) -> HttpResponse:
    form = forms.StandForm(request.POST or None, people=_people(int(area)), initial={"since": day_of(present())})

    def order(given: dict[str, Any], at: datetime) -> None:
        who = UUID(given["who"]) if given["who"] else None
        actions.add_stands(
            [NewStand(given["sort"], given["name"], int(area), given["since"], who)], by=request.by, at=at
        )

    return sheet(request, area, "teams", form, order, done=_("It was registered."), submit=pgettext("button", "Register"),
                 heading=_("Register a zone or post"), back=reverse("office:stands", args=[area]))  # fmt: skip


@page("order", methods=("POST",))
def end_stand(request: Request, area: int) -> HttpResponse:
    """Let a zone or post end today."""
    now = present()
    here = {str(row.id): row for row in queries.stands(int(area), on=day_of(now))}
    row = here.get(str(request.POST.get("stand", "")))
    if row is None:
        raise Http404
    actions.end_stand(row.county, row.id, until=day_of(now), by=request.by, at=now)
    messages.success(request, _("It has ended."))
    return redirect("office:stands", area)


def _whole_county(area: int) -> int:
    """Return the county if the area is one: no town declares for the others. Raise Http404."""
    if int(area) != county_area(county_of(area)):
        raise Http404
    return county_of(area)


@page("order", methods=("GET", "POST"))
def settings(request: Request, area: int) -> HttpResponse:
    """What the county declares: whether party membership is kept."""
    county = _whole_county(area)
    form = forms.PartyForm(request.POST or None, initial={"party": queries.keeps_party(county)})

    def order(given: dict[str, Any], at: datetime) -> None:
        actions.declare(county=county, name="party", value=given["party"], basis=given["basis"], by=request.by, at=at)

    return sheet(request, area, "teams", form, order, done=_("It was declared."), submit=_("Declare"),
                 heading=_("Party membership"),
                 lead=_("What a county keeps about people is a decision, with a basis. While it is off, no screen has the "
                        "column and no list brings it in."))  # fmt: skip


@page("order", methods=("GET", "POST"))
def labels(request: Request, area: int) -> HttpResponse:
    """The kinds of teams a county has of its own."""
    county = _whole_county(area)
    own = "\n".join(" ".join(each) for each in queries.setting(county, "labels", default=[]))
    form = forms.LabelsForm(request.POST or None, initial={"labels": own})

    def order(given: dict[str, Any], at: datetime) -> None:
        actions.declare(county=county, name="labels", value=given["labels"], basis=given["basis"], by=request.by, at=at)

    return sheet(request, area, "teams", form, order, done=_("It was declared."), submit=_("Declare"),
                 heading=_("Own kinds of teams"))  # fmt: skip

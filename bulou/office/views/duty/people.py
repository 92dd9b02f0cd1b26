"""Responders, who was called back, teams and the contact matrix."""

from datetime import date, datetime
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
from bulou.areas import queries as areas
from bulou.core.divisions import county_area, county_of
from bulou.core.moments import CHINA, day_of
from bulou.exchange import actions as exchange
from bulou.office.forms import rosters as forms
from bulou.office.forms.sheets import PurposeForm, carried_out
from bulou.office.views.duty.standing import begin, rules_now, sheet
from bulou.office.views.missing import XLSX
from bulou.office.views.sheets import draw_sheet
from bulou.rosters import actions, queries
from bulou.rosters.actions import NewContact, NewTeam
from bulou.rosters.rules.registers import NewResponder
from bulou.rosters.words import ROLES, label_word, role_word, stand_word, team_finding_word

PAGE = 50


@page("see")
def responders(request: Request, area: int) -> HttpResponse:
    """The responders of the area: masked, by system and role, with who cannot serve until when."""
    place, now, context = begin(request, area, "responders")
    role, system = str(request.GET.get("role", "")), str(request.GET.get("system", ""))
    number = str(request.GET.get("page", "0"))
    at = min(int(number), 10_000) if number.isdigit() else 0
    found = queries.responders(int(area), role=role, system=system, limit=PAGE, offset=at * PAGE)
    total = queries.count_responders(int(area), role=role, system=system)
    absent = (
        queries.away(county_of(area), since=now, until=now.replace(year=now.year + 1)) if context["in_county"] else {}
    )
    context |= {
        "rows": [(one, [role_word(each) for each in one.roles], absent.get(one.id, [])[:1]) for one in found],
        "total": total,
        "role": role,
        "system": system,
        "roles": [(each, role_word(each)) for each in ROLES],
        "systems": queries.systems(int(area)),
        "party": queries.keeps_party(county_of(area)),
        "at": at,
        "more": (at + 1) * PAGE < total,
        "place": place,
    }
    return render(request, "office/duty/responders.html", context)


@page("order", methods=("GET", "POST"))
def add(request: Request, area: int) -> HttpResponse:
    """Register a responder whose home is the area."""
    form = forms.ResponderForm(request.POST or None, party=queries.keeps_party(county_of(area)))

    def order(given: dict[str, Any], at: datetime) -> None:
        actions.add_responder(
            NewResponder(area=int(area), **given | {"roles": tuple(given["roles"])}), by=request.by, at=at
        )

    return sheet(request, area, "responders", form, order, done=_("The responder was registered."),
                 heading=_("Register a responder"), submit=pgettext("button", "Register"))  # fmt: skip


@page("see")
def musters(request: Request, area: int) -> HttpResponse:
    """Orders to return to post: share returned, who is missing."""
    _place, now, context = begin(request, area, "musters")
    context |= {"rows": [(one, round(100 * one.share) if one.share is not None else None) for one in
                         queries.musters(int(area), now=now)]}  # fmt: skip
    return render(request, "office/duty/musters.html", context)


@page("see")
def muster(request: Request, county: int, entry: UUID) -> HttpResponse:
    found = queries.find_muster(county, entry)
    if found is None:
        raise Http404
    _place, now, context = begin(request, found.area, "musters")
    may = request.can("record", found.area)
    context |= {
        "muster": found,
        "share": round(100 * found.share) if found.share is not None else None,
        "rows": [
            (row, reverse("office:record", args=["muster_return", county, f"responder:{row.responder}"]) if may else "")
            for row in queries.called_back(found, now=now)
        ],
    }
    return render(request, "office/duty/muster.html", context)


@page("order", methods=("GET", "POST"))
def call_back(request: Request, area: int) -> HttpResponse:
    """Call responders of the area back to their posts."""
    every = queries.count_responders(int(area))
    choices = [("", _("Everybody (%(n)d)") % {"n": every})]
    choices += [(name, f"{name} ({n})") for name, n in queries.systems(int(area)) if name]
    form = forms.MusterForm(request.POST or None, systems=choices)

    def order(given: dict[str, Any], at: datetime) -> None:
        people = [one.id for one in queries.responders(int(area), system=given["system"])]
        if not people:
            raise ValueError(_("Nobody is in the register here."))
        actions.call_back(area=int(area), title=given["title"], basis=given["basis"], deadline=_china(given["deadline"]),
                          responders=people, by=request.by, at=at)  # fmt: skip

    return sheet(request, area, "musters", form, order, done=_("The order was given."), heading=_("Call back to post"),
                 submit=_("Call back"))  # fmt: skip


def _china(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


@page("see")
def teams(request: Request, area: int) -> HttpResponse:
    """Teams with what the rule set finds; counts that never add what overlaps."""
    _place, now, context = begin(request, area, "teams")
    on, known = day_of(now), queries.labels_of(county_of(area))
    found = queries.teams(int(area), on=on)
    findings = queries.team_findings(int(area), on=on, get=rules_now(area, now).get)
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
    }  # fmt: skip
    return render(request, "office/duty/teams.html", context)


def _label(known: dict[str, tuple[str, str]], label: str) -> str:
    return label_word(known[label]) if label in known else label


@page("order", methods=("GET", "POST"))
def add_team(request: Request, area: int) -> HttpResponse:
    known = queries.labels_of(county_of(area))
    form = forms.TeamForm(request.POST or None, labels=[(slug, label_word(words)) for slug, words in known.items()])

    def order(given: dict[str, Any], at: datetime) -> None:
        new = NewTeam(given["name"], int(area), tuple(given["labels"]), given["since"], site=given["site"],
                      head_count=given["head_count"])  # fmt: skip
        actions.add_teams([new], by=request.by, at=at)

    return sheet(request, area, "teams", form, order, done=_("The team was registered."), heading=_("Register a team"),
                 submit=pgettext("button", "Register"))  # fmt: skip


@page("see")
def contacts(request: Request, area: int) -> HttpResponse:
    """Which leader answers for which department and which township, as of a day."""
    _place, now, context = begin(request, area, "contacts")
    on = _on(request, day_of(now))
    lines = queries.contacts(county_of(area), on=on)
    places = areas.names({line.area for line in lines if line.area})
    leaders: dict[tuple[str, str], dict[str, list[Any]]] = {}
    for line in lines:
        row = leaders.setdefault((line.leader, line.position), {"departments": [], "townships": []})
        row["townships" if line.area else "departments"].append(
            places.get(line.area, "") if line.area else line.department
        )
    covered = {line.area for line in lines}
    townships = _townships(int(area))
    context |= {
        "rows": [
            (leader, position, row["departments"], row["townships"]) for (leader, position), row in leaders.items()
        ],
        "uncovered": [name for number, name in townships if number not in covered] if lines else [],
        "on": on,
        "can_export": request.can("export", int(area)),
    }
    return render(request, "office/duty/contacts.html", context)


def _townships(area: int) -> list[tuple[int, str]]:
    return [(each.number, each.name) for each in areas.children(county_area(county_of(area)))]


def _on(request: Request, today: date) -> date:
    try:
        return date.fromisoformat(str(request.GET.get("on", "")))
    except ValueError:
        return today


@page("order", methods=("GET", "POST"))
def add_contact(request: Request, area: int) -> HttpResponse:
    townships = [(str(number), name) for number, name in _townships(int(area))]
    form = forms.ContactForm(request.POST or None, townships=townships)

    def order(given: dict[str, Any], at: datetime) -> None:
        township = int(given["township"]) if given["township"] else None
        new = NewContact(given["leader"], given["since"], given["position"], given["department"], township)
        actions.add_contacts(county_of(area), [new], by=request.by, at=at)

    return sheet(request, area, "contacts", form, order, done=_("The line was added."),
                 heading=_("Add a line to the contact matrix"), submit=_("Add"))  # fmt: skip


@page("export", methods=("GET", "POST"))
def export_contacts(request: Request, area: int) -> HttpResponseBase:
    place, now, context = begin(request, area, "contacts")
    form = PurposeForm(request.POST or None)
    made: list[exchange.Exported] = []

    def order(given: dict[str, Any]) -> None:
        made.append(exchange.export_contacts(int(area), on=_on(request, day_of(now)), by=request.by,
                                             exporter=str(request.user), purpose=given["purpose"], at=now))  # fmt: skip

    if request.method == "POST" and carried_out(form, order):
        return FileResponse(BytesIO(made[0].content), as_attachment=True, filename=made[0].name, content_type=XLSX)
    return draw_sheet(request, form, context, submit=_("Export"), back=reverse("office:contacts", args=[area]),
                      heading=_("%(name)s: contact matrix") % {"name": place.name})  # fmt: skip

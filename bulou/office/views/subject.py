"""A household's page and a person's: everything known, every source, every entry, every duty. Masked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from bulou.access.actions import audit
from bulou.access.rules import Refusal, TooMany
from bulou.access.views import Request, page
from bulou.access.words import purpose_word, refusal_text
from bulou.areas import queries as areas
from bulou.command import queries as command
from bulou.command.queries import Leave
from bulou.core.divisions import county_of
from bulou.core.moments import day_of
from bulou.core.moments import now as present
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Duty, State, effective
from bulou.office import words
from bulou.office.forms.purposes import read_purpose
from bulou.office.forms.saying import answers
from bulou.office.history import history
from bulou.office.keeping import kept, read_held
from bulou.office.views.frame import stand_in
from bulou.office.views.leave import leave_to, recordable
from bulou.people import actions as people_actions
from bulou.people import queries as people
from bulou.store import writing


@dataclass(frozen=True, slots=True)
class DutyLine:
    duty: Duty
    title: str
    state: State
    about: str
    owner: Any


@page("see")
def household(request: Request, county: int, household: UUID) -> HttpResponse:
    try:
        found = people.household_page(county, household)
    except LookupError:
        raise Http404 from None
    home = found.household
    members = {member.subject: member.name for member in found.members}
    context = _context(
        request, home.area, county, [home.subject], {home.subject: home.head_name, **members}, also=members
    )
    context |= {"home": home, "members": found.members, "sources": found.sources,
                "answering": _answering(home.area, home.subject)}  # fmt: skip
    return render(request, "office/household.html", context)


@page("see")
def person(request: Request, county: int, person: UUID) -> HttpResponse:
    try:
        found = people.person_page(county, person)
    except LookupError:
        raise Http404 from None
    one = found.person
    context = _context(request, one.area, county, found.subjects, dict.fromkeys(found.subjects, one.name))
    context |= {"person": one, "home": found.household, "sources": found.sources, "merges": found.merges,
                "answering": _answering(one.area, found.household.subject if found.household else "")}  # fmt: skip
    return render(request, "office/person.html", context)


@page("reveal", methods=("POST",))
def reveal(request: Request, county: int, sort: str, key: UUID) -> HttpResponse:
    """Show names and numbers in full, for a purpose, on record: a fragment that takes the masked one's place."""
    asked: dict[str, list[UUID]]
    if sort in ("entry", "held"):
        return _reveal_written(request, county, sort, key)
    try:
        if sort == "household":
            asked = {"households": [key], "persons": [one.id for one in people.household_page(county, key).members]}
        else:
            asked = {"persons": [people.person_page(county, key).person.id]}
    except LookupError:
        raise Http404 from None
    try:
        purpose = read_purpose(request.POST)
        shown = people_actions.reveal(county=county, by=request.by, at=present(), purpose=purpose,
                                      persons=asked["persons"], households=asked.get("households", ()))  # fmt: skip
    except Refusal as refused:
        return _refused(request, refused)
    if not shown.persons and not shown.households:
        raise Http404
    context = {"persons": list(shown.persons.values()), "purpose": purpose_word(purpose)}
    return render(request, "office/revealed.html", context)


def _refused(request: Request, refused: Refusal) -> HttpResponse:
    if isinstance(refused, TooMany) and "HX-Request" not in request.headers:
        raise refused  # a page of its own says it
    return render(request, "office/revealed.html", {"refused": refusal_text(refused)})


def _reveal_written(request: Request, county: int, sort: str, key: UUID) -> HttpResponse:
    """Show in full what an entry, or one in the held tray, says as it stands."""
    now = present()
    if sort == "entry":
        written = ledger.find_entry(county, key)
        stands = effective(written, ledger.corrections_of(county, [key]).get(key, ())) if written else None
    else:
        held = next((one for area in request.scope.roots() if (one := ledger.find_held(area, key))), None)
        written = stands = read_held(held) if held and county_of(held.area) == county else None
    kind = words.kind_of(written.kind, written.version) if written else None
    if written is None or stands is None or kind is None or written.amends:
        raise Http404
    try:
        purpose = read_purpose(request.POST)
        with writing(county):
            audit(by=request.by, at=now, action="reveal", area=written.area, subject=f"{sort}:{key}", purpose=purpose)
    except Refusal as refused:
        return _refused(request, refused)
    said = answers(kind.fields, words.words_of(kind), kept(kind, written, stands.body, now=now), {}, masked=False)
    context = {"answers": said, "purpose": purpose_word(purpose), "county": county, "of": key}
    return render(request, "office/revealed.html", context)


def _answering(area: int, subject: str) -> list[Any]:
    """Return who answers for the household itself, then who answers for its area, masked."""
    on = day_of(present())
    own = (
        areas.household_responsible([subject], area, on=on).get(subject, []) if subject.startswith("household:") else []
    )
    return [one.masked() for one in (*own, *areas.responsible([area], on=on).get(area, []))]


def _context(
    request: Request, area: int, county: int, subjects: Sequence[str], names: dict[str, str], also: Iterable[str] = ()
) -> dict[str, Any]:
    """Return what both pages show. `also`: subjects whose duties are shown too, such as a household's members."""
    _area, now, context = stand_in(area, "office:board")
    duties = ledger.duties_about(county, [*subjects, *also])
    titles = words.duty_titles()
    owners = _owners({(duty.area, duty.owed_by) for duty in duties if not duty.met_by and not duty.waived_by}, now)
    lines = [
        DutyLine(duty, titles.get(duty.name, duty.name), duty.state(now), names.get(duty.subject, ""),
                 owners.get((duty.area, duty.owed_by)))
        for duty in duties
    ]  # fmt: skip
    owed = [line for line in lines if line.state in (State.OPEN, State.OVERDUE) and now < line.duty.closes_at]
    met: dict[UUID, list[str]] = {}
    for line in lines:
        if line.duty.met_by:
            met.setdefault(line.duty.met_by, []).append(line.title)
    bare = {subject.partition(":")[2]: name for subject, name in names.items()}
    health = request.can("reveal", area)
    written = history(county, subjects, names={**names, **bare}, health=health, met=met, now=present())
    return context | {
        "section": "office:missing_home",
        "county": county,
        "subject": subjects[0],
        "owed": owed,
        "others": [line for line in lines if line not in owed],
        "history": written,
        "changeable": command.changeable([one.entry for one in written], by=request.by, now=now),
        "record": recordable(request, area, county, subjects[0], {line.duty.name for line in owed}),
        "can_reveal": health,
        "can_record": request.can("record", area),
        "can_manage": request.can("manage_people", area),
        "can_waive": leave_to(request, "waiver", subjects[0], area) is Leave.OWN,
    }


def _owners(places: set[tuple[int, str]], now: Any) -> dict[tuple[int, str], Any]:
    """Return who owes the duties of these areas and roles, masked: one query a role."""
    found: dict[tuple[int, str], Any] = {}
    for owed_by in {owed_by for _area, owed_by in places if owed_by.startswith("role:")}:
        people_ = areas.owners({area for area, role in places if role == owed_by}, owed_by, on=day_of(now))
        found |= {(area, owed_by): owner.masked() if owner else None for area, owner in people_.items()}
    return found

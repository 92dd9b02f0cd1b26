"""Writing an entry at a desk: a form drawn from the kind, judged by the kind, appended to the ledger, receipted.

The form carries the id its entry will have, so that a second press, or a page loaded again, writes nothing twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from bulou.access.views import Request, page
from bulou.checkpoints import queries as checkpoints
from bulou.command import queries as command
from bulou.command.queries import Leave
from bulou.core.divisions import county_area, county_of, number_of
from bulou.core.ids import new_id
from bulou.core.moments import CHINA
from bulou.core.moments import now as present
from bulou.core.reading import FAULTS, Unread, read_moment, suggested
from bulou.core.scope import may_see
from bulou.field.rules import beginnings
from bulou.ledger import queries as ledger
from bulou.ledger.actions import Outcome, Receipt, append
from bulou.ledger.rules import Entry
from bulou.office import words
from bulou.office.consequences import done_by, expected, is_large
from bulou.office.forms import behalf
from bulou.office.forms.drawing import Drawing, deciding
from bulou.office.forms.reading import is_photograph, name_on_page, read_body, with_row_changes
from bulou.office.forms.rows import begin_row, begins, count_rows, place_of, relevant_of
from bulou.office.forms.veiling import Veil, starred, veil_of
from bulou.office.subjects import Label, id_of, labels
from bulou.office.views.frame import stand_in
from bulou.office.views.leave import UndoneLine, asks_for_whom, leave_to, said_for
from bulou.office.views.photographs import MOST_SENT, with_photographs
from bulou.own_forms import queries as own_forms
from bulou.people import queries as people
from bulou.records.behalf import BEHALF, Behalf
from bulou.records.declaration import Declaration
from bulou.records.faults import describe
from bulou.records.kinds import BoundKind
from bulou.records.law import answer_at, find_kind, uses_rules
from bulou.records.places import Asked, numbers_in
from bulou.records.rulebook import name_in_force
from bulou.records.words import Words
from bulou.rosters import queries as rosters

CLOCK, REASON, AGREED = "_happened_at", "_reason", "_agreed"
MINUTE = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class About:
    """What an entry is to be about: where it is, how it is shown, and the persons a form may begin with."""

    subject: str
    area: int
    label: Label
    members: tuple[people.Person, ...] = ()


def find_about(county: int, subject: str) -> About:
    """Return what may be known of the subject. Raise Http404 if it does not exist or may not be seen."""
    sort, _colon, rest = subject.partition(":")
    key = id_of(subject)
    members: tuple[people.Person, ...] = ()
    try:
        if sort == "household" and key:
            home = people.household_page(county, key)
            area, members = home.household.area, tuple(m for m in home.members if m.ended_at is None)
        elif sort == "person" and key:
            one = people.person_page(county, key).person
            area, subject = one.area, one.subject
        elif sort == "entry" and key:
            area = ledger.get_entry(county, key).area
        elif sort == "arrival":
            area = checkpoints.get_expected(county, subject, now=present(), keep_days=0).area
        elif sort == "post" and key:
            area = rosters.get_post(county_area(county), key).area
        elif sort == "area":
            area = number_of(rest)
        elif sort in rosters.TYPES:
            area = rosters.places(county, {subject})[subject].area
            if not may_see(area):
                raise Http404
        else:
            raise Http404
    except (LookupError, ValueError):
        raise Http404 from None
    return About(subject, area, labels([(area, subject)], now=present())[subject], members)


def bound_kind(name: str, version: int | None = None) -> BoundKind:
    """Return the kind as the ledger judges it, an older version of a county's own form if that is asked for.

    Raise Http404 if there is none of the name.
    """
    found = find_kind(name)
    if found is None:
        raise Http404
    return found if version is None else found.bound_at(version)


@page("record", methods=("GET", "POST"), most=MOST_SENT)
def record(request: Request, kind: str, county: int, subject: str) -> HttpResponse:
    """Draw the form of a kind about a subject; draw it again as answers change; write the entry."""
    bound, about = bound_kind(kind), find_about(county, subject)
    if about.subject.partition(":")[0] not in bound.kind.subject or kind not in own_forms.kinds_in(about.area):
        raise Http404
    leave = leave_to(request, kind, about.subject, about.area)
    if leave is Leave.NONE:
        raise PermissionDenied
    sheet = begin(request, bound, about)
    whose, responder = asks_for_whom(request, bound.kind, about.subject, about.area, leave)
    if request.method != "POST" or is_redraw(request):
        return draw(request, sheet, behalf=whose)
    problem = sheet.clock_problem
    word, lacking = behalf.read(whose, responder) if whose else (None, {})
    entry = compose(replace(sheet, behalf=word))
    errors = ({CLOCK: [problem]} if problem else {}) | lacking | errors_of(bound, entry) | dict(sheet.problems)
    if not errors and (refused := command.refusals([replace(entry, received_at=sheet.now)])[0]):
        errors[""] = [words.refusal(refused)]  # what was answered may decide who may say it
    if errors:
        return draw(request, sheet, errors=errors, behalf=whose)
    asked = expected(entry, county=county)
    if is_large(asked) and request.POST.get(AGREED) != agreement(entry):
        return draw(request, sheet, expected=asked, agreement=agreement(entry), behalf=whose)
    return receipted(request, about, entry, append_once(entry, at=sheet.now))


def agreement(entry: Entry) -> str:
    """Return what the page sends back once somebody has seen what the entry opens: it fits these answers and no others."""
    said = (entry.kind, entry.subject, dict(entry.body))
    return sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()[:32]


def append_once(entry: Entry, *, at: datetime) -> Receipt:
    """Append the entry, unless the page that made it was sent twice: its second time was written down later, so that to
    the ledger it would look like another entry under the same id."""
    written = ledger.find_entry(county_of(entry.area), entry.id)
    if written is not None and written.by == entry.by:
        return Receipt(entry.id, Outcome.DUPLICATE)
    return append([entry], at=at)[0]


def is_redraw(request: Request) -> bool:
    return "_draw" in request.GET or "_add" in request.POST or "_remove" in request.POST


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form being filled in. `given` are answers fixed by the address it was opened with, shown but not asked."""

    bound: BoundKind
    about: About
    body: dict[str, Any]
    happened: datetime
    clock_problem: str
    key: UUID
    by: str
    now: datetime
    given: Mapping[str, str]
    problems: Mapping[str, list[str]] = field(default_factory=dict)  # with the pictures that were sent, with stars
    typed: str = ""  # the time as it was typed, where it cannot be taken
    veil: Veil = field(default_factory=Veil)  # over what was written before
    behalf: Behalf | None = None  # whose word it is, if not the author's

    @property
    def kind(self) -> Declaration:
        return self.bound.kind

    def entry(self, body: dict[str, Any]) -> Entry:
        rules = name_in_force(county_of(self.about.area), self.happened)
        body = body | {BEHALF: self.behalf.said()} if self.behalf else body
        return Entry(self.key, self.kind.name, self.about.subject, self.about.area, self.happened, self.now, self.by,
                     body, version=self.kind.version, rules=rules)  # fmt: skip


def begin(
    request: Request,
    bound: BoundKind,
    about: About,
    body: dict[str, Any] | None = None,
    happened: datetime | None = None,
) -> Sheet:
    """Return the form as it stands: what was sent, and what is known for questions that were not yet asked.

    `body` and `happened`: what it begins with, when an entry is corrected.
    """
    now = present()
    sent: QueryDict = request.POST
    problems: dict[str, list[str]] = {}
    called = words.words_of(bound.kind)
    veil = veil_of(bound.kind.fields, called, body) if body is not None else Veil()
    if request.method == "POST":
        back = veil.put_back(request.POST)
        sent, problems = with_photographs(request, bound.kind.fields, county_of(about.area), body or {}, back)
    typed = str(sent.get(CLOCK, ""))
    happened, problem = read_clock(typed, happened or now, now)
    if uses_rules(bound.kind) and not name_in_force(county_of(about.area), happened):
        typed = typed or happened.astimezone(CHINA).strftime(MINUTE)
        happened, problem = now, _("No rules are known for so early a day. When did it happen?")
    said = body if request.method != "POST" else with_row_changes(read_body(bound.kind.fields, sent), sent)
    given = {name: str(request.GET[name]) for name in set(bound.kind.keys()) if name in request.GET}
    if request.method == "POST":
        problems = starred(bound.kind.fields, called, said or {}, veil) | problems
    sheet = Sheet(bound, about, {**(said or {}), **given}, happened, problem, key_of(request), request.by, now, given,
                  problems, typed if problem else "", veil)  # fmt: skip
    if body is not None and request.method != "POST":
        return sheet
    asked = bound.asked(sheet.entry(sheet.body))
    if veil.full:  # what a form begins with may be worked out from what must not be shown
        asked = replace(asked, preset={at: said for at, said in asked.preset.items() if not veil.speaks_in(said)})
    for name, value in known_answers(bound.kind, about, asked).items():
        if name not in sheet.body and name not in sent and f"{name}.rows" not in sent:
            sheet.body[name] = value
    if added := str(sent.get("_add", "") or ""):
        begin_row(bound.kind, sheet.body, added, asked)
    for (key, row), count in asked.rows.items():
        if (key, row) not in asked.hidden:
            count_rows(sheet.body, key.split("."), numbers_in(row), count)
    return sheet


def known_answers(kind: Declaration, about: About, asked: Asked) -> dict[str, Any]:
    """Return what is known before anybody answers: defaults, what the order behind an open duty said, and a row for
    every person on the household's register."""
    fields = kind.keys()
    known = {key: begins(fields[key], value) for (key, row), value in asked.preset.items() if not row and value}
    known |= _ordered(kind, about)
    return known | beginnings.member_rows(kind, [{"person": member.subject} for member in about.members])


def _ordered(kind: Declaration, about: About) -> dict[str, Any]:
    """Return the answers that the orders behind what the entry would meet have already given, such as a look-back date."""
    if not beginnings.ordered_names(kind):
        return {}
    county = county_of(about.area)
    behind = beginnings.order_behind(kind, ledger.duties_about(county, [about.subject]))
    order = ledger.find_entry(county, behind) if behind else None
    return beginnings.from_order(kind, order.body) if order else {}


def compose(sheet: Sheet) -> Entry:
    """Return the entry: only relevant answers. Persons of the register are in it by their ids."""
    asked = sheet.bound.asked(sheet.entry(sheet.body))
    return sheet.entry(relevant_of(sheet.body, asked, "", ()))


def receipted(
    request: Request, about: About, entry: Entry, receipt: Any, undone: Sequence[UndoneLine] = ()
) -> HttpResponse:
    """Show what became of the entry: applied, a duplicate or held; what it opened, for whom and by when; what it met; and
    what it undid."""
    _area, now, context = stand_in(about.area, "office:board")
    county = county_of(about.area)
    context |= {"undone": undone if receipt.outcome is Outcome.APPLIED else (), "for_whom": said_for(entry, now)}
    context |= {"about": about, "entry": entry.received(now), "receipt": receipt,
                "title": words.title_of(entry.kind), "received": now,
                "county": county, "done": done_by(county, entry.amends or entry.id, now=now)}  # fmt: skip
    return render(request, "office/receipt.html", context)


def draw(
    request: Request,
    sheet: Sheet,
    *,
    errors: Mapping[str, list[str]] | None = None,
    template: str = "office/record.html",
    **more: Any,
) -> HttpResponse:
    """Draw the form; only its fields, when htmx asks for them after an answer on which others depend."""
    about, kind = sheet.about, sheet.kind
    said = words.words_of(kind)
    errors = {name: [sheet.veil.over(one) for one in lines] for name, lines in (errors or {}).items()}
    asked = sheet.bound.asked(sheet.entry(sheet.body))
    names = {m.subject: m.name for m in about.members}
    drawing = Drawing(
        kind, said, errors or sheet.problems, shown=lambda name: place_of(name) not in asked.hidden,
        required=lambda name: place_of(name) in asked.required, offered=lambda name: asked.offered.get(place_of(name), ()),
        about=lambda row: names.get(str(row.get("person", "")), ""), given=sheet.given, veil=sheet.veil,
    )  # fmt: skip
    context: dict[str, Any] = {"items": drawing.items(sheet.body), "redraw_url": _redraw_address(request),
                               "changes": bool(deciding(kind.fields)),
                               "pictures": any(is_photograph(one) for one in kind.keys().values())}  # fmt: skip
    if is_redraw(request) and request.headers.get("HX-Request"):
        return render(request, "office/form/items.html", context)
    _area, _now, frame = stand_in(about.area, "office:board")
    context |= frame | more | {
        "county": county_of(about.area), "can_reveal": request.can("reveal", about.area) and bool(sheet.veil.full),
        "about": about, "kind": kind, "title": said.title, "description": said.description, "errors": errors,
        "complaints": [(name, one) for name, lines in (errors or {}).items() for one in lines],
        "key": sheet.key, "clock": sheet.typed or sheet.happened.astimezone(CHINA).strftime(MINUTE),
        "clock_errors": (errors or {}).get(CLOCK), "reason_errors": (errors or {}).get(REASON),
        "from_errors": (errors or {}).get(behalf.FROM), "whom_errors": (errors or {}).get(behalf.WHOM),
        "name_errors": (errors or {}).get(behalf.NAME),
        "given": [(said.label(name), _given_text(said, name, value)) for name, value in sheet.given.items()],
    }  # fmt: skip
    return render(request, template, context, status=422 if errors else 200)


def _given_text(said: Words, name: str, value: str) -> str:
    return words.duty_titles().get(value, value) if name == "duty" else said.choice(name, value)


def _redraw_address(request: Request) -> str:
    query = request.GET.copy()
    query["_draw"] = "1"
    return f"{request.path}?{query.urlencode()}"


def errors_of(bound: BoundKind, entry: Entry) -> dict[str, list[str]]:
    """Return what is wrong with the entry by name on the page, "" for the whole, in the language of the page."""
    found: dict[str, list[str]] = {}
    faults, said = bound.faults(entry), bound.problems_in(entry, words.language())
    if not faults:
        faults = bound.unconfirmed(entry)
        said = [describe(bound.at(entry.version), fault, words.language()) for fault in faults]
    for (key, row, code, _detail), text in zip(faults, said, strict=True):
        numbers = numbers_in(row)
        better = suggested(answer_at(entry.body, key, numbers)) if code == "constraint" else None
        asked = " " + _("Did you mean %(number)s?") % {"number": better} if better is not None else ""
        found.setdefault(name_on_page(key, numbers), []).append(text + asked)
    return found


def read_clock(said: str, before: datetime, now: datetime) -> tuple[datetime, str]:
    """Return when it happened, `before` if that was not said, and what is wrong with what was said."""
    if not said.strip():
        return before, ""
    try:
        moment = read_moment(said)
    except Unread as error:
        return before, _(FAULTS[error.code]) % {"said": error.said}
    if moment > now:
        # The browser's clock has no seconds and may be a little fast: a minute is not the future.
        return now, "" if (moment - now).total_seconds() < 120 else _("This time has not come yet. When did it happen?")
    # The page shows minutes: a moment sent back unchanged is the moment it was, seconds and all.
    same = moment == before.replace(second=0, microsecond=0)
    return before if same else moment, ""


def key_of(request: Request) -> UUID:
    """Return the id the page gave its entry, or a fresh one."""
    try:
        return UUID(str(request.POST.get("_id", "")))
    except ValueError:
        return new_id()

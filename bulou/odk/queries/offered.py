"""The forms a worker is offered, and the entity lists they choose from. Forms are made once and then only served."""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from bulou.areas import queries as areas
from bulou.command.queries import Asking, Leave, leaves
from bulou.core.divisions import code_of
from bulou.core.moments import CHINA
from bulou.core.scope import visible
from bulou.field.rules.beginnings import from_order, order_behind, touched
from bulou.ledger import queries as ledger
from bulou.ledger.rules import Duty, Entry
from bulou.odk.queries import AppUser
from bulou.odk.rules.forms import Form, answered_by_orders, can_offer, make_form
from bulou.odk.rules.lists import AREAS, COLUMNS, HOUSEHOLDS, PERSONS, TASKS, Rows
from bulou.own_forms.queries import kinds_in
from bulou.people import queries as people
from bulou.records.declaration import Declaration
from bulou.records.display import card, words_in
from bulou.records.kinds import BoundKind
from bulou.records.rulebook import name_in_force
from bulou.records.rulesets import RuleSet
from bulou.records.xforms import XFormError

MOST_ROWS = 20_000  # of one list: beyond a township, a phone could not search it anyway
_KEPT = 512
_SEXES = {"zh_Hans": {"male": "男", "female": "女"}, "en": {"male": "male", "female": "female"}}
_made: dict[tuple[int, str, str], tuple[Declaration, Form | None]] = {}
_making = Lock()


def kinds(area: int) -> dict[str, BoundKind]:
    """Return the kinds Collect can fill in in the area, by name: the program's and the counties' own."""
    return {name: bound for name, bound in kinds_in(area).items() if can_offer(bound.kind)}


def forms_for(user: AppUser, now: datetime) -> list[Form]:
    """Return the forms of every kind the worker may record in the area, by title."""
    rules = name_in_force(user.county, now)
    found = (form_of(bound, rules, user.language) for bound in _recorded(user, list(kinds(user.area).values()), now))
    return sorted((form for form in found if form), key=lambda form: form.title)


def find_form(user: AppUser, name: str, now: datetime) -> Form | None:
    """Return the form of a kind; None if there is none or the worker may not record it."""
    bound = kinds(user.area).get(name)
    if bound is None or not _recorded(user, [bound], now):
        return None
    return form_of(bound, name_in_force(user.county, now), user.language)


def _recorded(user: AppUser, bounds: Sequence[BoundKind], now: datetime) -> list[BoundKind]:
    """Return those of the kinds that the worker writes in their own name: Collect's forms ask for nobody else's."""
    may = leaves([Asking(bound.kind, "", user.area, now) for bound in bounds], by=user.by, now=now)
    return [bound for bound, leave in zip(bounds, may, strict=True) if leave is Leave.OWN]


def form_of(bound: BoundKind, rules: str, language: str) -> Form | None:
    """Return the form of a kind under a rule set, made on first use; None if Collect cannot be given one."""
    kind = bound.kind
    key = id(kind), rules, language
    kept = _made.get(key)
    if kept is None or kept[0] is not kind:
        with _making:
            if len(_made) >= _KEPT:  # a county's own forms change for ever
                _made.clear()
            kept = _made[key] = kind, _try(kind, _ruleset(bound, rules), language)
    return kept[1]


def _try(kind: Declaration, ruleset: RuleSet | None, language: str) -> Form | None:
    try:
        return make_form(kind, ruleset, language)
    except XFormError:  # asked of every kind by the tests; a county's own form was told so at upload
        return None


def _ruleset(bound: BoundKind, name: str) -> RuleSet | None:
    try:
        return bound.ruleset_of(name) if name and not bound.kind.xform_xml else None
    except LookupError:
        return None


def rows_of(name: str, user: AppUser, now: datetime) -> Rows:
    """Return the rows of an entity list, of what may be seen under the phone's area (columns_of)."""
    return _SOURCES[name](user, now)


def columns_of(name: str, user: AppUser) -> tuple[str, ...]:
    """Return what the columns of an entity list are called."""
    return COLUMNS[name] + (_ordered(user) if name == HOUSEHOLDS else ())


def _ordered(user: AppUser) -> tuple[str, ...]:
    """Return the questions of forms about a household that an order may have answered already."""
    return tuple(sorted({name for bound in kinds(user.area).values() for name in answered_by_orders(bound.kind)}))


def _households(user: AppUser, now: datetime) -> Rows:
    found = people.households_in(user.area, limit=MOST_ROWS)
    columns, orders = _ordered(user), _orders(user, now)
    return [
        (str(h.id), " · ".join(part for part in (h.head_name, h.number, h.address) if part) or str(h.id)[:8],
         h.number, h.address, code_of(h.area),
         *(str(orders.get(f"household:{h.id}", {}).get(column, "")) for column in columns))
        for h in found
    ]  # fmt: skip


def _orders(user: AppUser, now: datetime) -> dict[str, dict[str, Any]]:
    """Return what orders have answered already about each household of which anything is owed. Three queries."""
    asking = [bound.kind for bound in kinds(user.area).values() if answered_by_orders(bound.kind)]
    about: dict[str, list[Duty]] = {}
    for duty in ledger.missing(user.area, now=now, names=set[str]().union(*map(touched, asking))):
        if duty.subject.startswith("household:"):
            about.setdefault(duty.subject, []).append(duty)
    behind = {(subject, kind): order_behind(kind, duties) for subject, duties in about.items() for kind in asking}
    standing = ledger.standing_by_id(user.county, set(filter(None, behind.values())))
    said: dict[str, dict[str, Any]] = {}
    for (subject, kind), order in behind.items():
        if order in standing:
            said.setdefault(subject, {}).update(from_order(kind, standing[order].body))
    return said


def _persons(user: AppUser, now: datetime) -> Rows:
    """Masked as the office masks: a file on a phone is nobody's reveal on record. What is chosen is the person's id, and
    relation, sex and year of birth tell the members of a household apart.
    """
    homes = {h.id: " ".join(part for part in (h.number, h.address) if part)
             for h in people.households_in(user.area, limit=MOST_ROWS)}  # fmt: skip
    sexes = _SEXES.get(user.language, {})
    rows = []
    for p in people.persons_in(user.area, limit=MOST_ROWS):
        told = (p.name, p.relation, sexes.get(p.sex, ""), str(p.birth.year) if p.birth else "",
                homes.get(p.household, "") if p.household else "")  # fmt: skip
        label = " · ".join(part for part in told if part)
        rows.append((str(p.id), label, p.name, str(p.household or ""), p.phone, code_of(p.area)))
    return rows


def _areas(user: AppUser, now: datetime) -> Rows:
    found = [area for first, _ in visible() for area in areas.subtree(first)]
    return [(area.code, area.name, area.level) for area in found][:MOST_ROWS]


def _tasks(user: AppUser, now: datetime) -> Rows:
    """What is owed about another record, such as an assignment to be reported done."""
    owed = [duty for duty in ledger.missing(user.area, now=now) if duty.subject.startswith("entry:")]
    rows: dict[str, tuple[str, ...]] = {}
    titles = _duty_titles(user)
    for duty in owed[:1000]:
        entry = ledger.find_entry(user.county, UUID(duty.subject.partition(":")[2]))
        said = _summary(user, entry) if entry else ""
        due = duty.due_at.astimezone(CHINA).strftime("%m-%d %H:%M")
        title = titles.get(duty.name, duty.name)
        key = duty.subject.partition(":")[2]
        rows.setdefault(key, (key, f"{title} · {said[:60]} · {due}", duty.name, due, code_of(duty.area)))
    return list(rows.values())


def _summary(user: AppUser, entry: Entry) -> str:
    """Return what stands on the record's card, without what names or describes a person."""
    bound = kinds(user.area).get(entry.kind)
    said = card(bound.kind, entry.body, user.language) if bound else []
    return " ".join(each.text for each in said if not each.field.personal)


def _duty_titles(user: AppUser) -> dict[str, str]:
    said = (words_in(bound.kind, user.language).duties for bound in kinds(user.area).values())
    return {name: title for duties in said for name, title in duties.items()}


_SOURCES: dict[str, Callable[[AppUser, datetime], Rows]] = {
    HOUSEHOLDS: _households,
    PERSONS: _persons,
    AREAS: _areas,
    TASKS: _tasks,
}

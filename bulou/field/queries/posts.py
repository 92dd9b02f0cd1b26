"""What a phone carries to a post: the post, who stands there now and next, who it let in and nobody saw yet, the desk.

The decision table and the villages are the county's, and travel once as a card of their own (`desk:<county code>`).
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from bulou.access import queries as access
from bulou.areas import queries as areas
from bulou.checkpoints import queries as checkpoints
from bulou.checkpoints.queries import Expected, Hold, Referral
from bulou.checkpoints.rules.cards import device_mark, post_code
from bulou.core.divisions import code_of, county_area, county_of
from bulou.core.moments import CHINA
from bulou.core.scope import EVERYTHING, Range, seeing
from bulou.field.queries.cards import lines_of
from bulou.field.rules.binding import Phone
from bulou.field.rules.signing import moment_text
from bulou.field.wire import Card
from bulou.ledger import queries as ledger
from bulou.ledger.rules import UNSETTLED, Duty
from bulou.records.rulebook import rules_in_force
from bulou.records.rulesets import RuleSet
from bulou.rosters import queries as rosters
from bulou.rosters.queries import Post, Shift
from bulou.rosters.rules.standing import AROUND

AHEAD = timedelta(hours=72)  # a phone may be without a signal so long
NEXT = timedelta(hours=24)
LATELY = timedelta(hours=24)
MOST_HANDED_OFF = 60
STAFF = "post_staff"  # the role of whoever stands at a post, whatever they are at home
ROAD, PLACE, BASIS, UNTIL = gettext_noop("Road"), gettext_noop("Place"), gettext_noop("Basis"), gettext_noop("Until")
PLATE, CAME_FROM, ADDRESS = gettext_noop("Number plate"), gettext_noop("Came from"), gettext_noop("Address")
LET_IN, FOLLOW = gettext_noop("Let in at"), gettext_noop("Days of follow-up")


def post_cards(
    phone: Phone, ranges: Sequence[Range], mine: Sequence[Shift], owed: Container[str], now: datetime
) -> list[Card]:
    """Return a card for every post the worker may record at or stands a turn at, one for each county's desk, and one for
    whoever waits at a post, if the worker owes measuring them again (`owed`: subjects of duties).

    A post whose order has ended keeps its card until it is closed: whoever still stands there must be told.
    """
    found = {post.id: post for low, _ in ranges for post in rosters.posts(low)}
    if elsewhere := {shift.post for shift in mine} - found.keys():
        with seeing(EVERYTHING):  # one's own roster says where one stands
            for county in {shift.county for shift in mine}:
                found |= {post.id: post for post in rosters.posts(county_area(county), ids=elsewhere)}
    waiting = _waiting(ranges, [found[id_] for id_ in elsewhere if id_ in found], now)
    open_ones = [post for post in found.values() if post.closed_at is None or post.closed_at > now]
    made = []
    for county in sorted({post.county for post in open_ones}):
        its = [post for post in open_ones if post.county == county]
        rules = rules_in_force(county, now)
        for post in its:
            held = waiting.get(post.subject, [])
            made.append(_post_card(post, phone, mine, held, rules, now))
            made += [_hold_card(one, post) for one in held if f"entry:{one['id']}" in owed]
        if (desk := _desk_card(its[0], rules, now)) is not None:
            made.append(desk)
    return made


def owed_at_posts(phone: Phone, turns: Sequence[Shift], now: datetime) -> list[Duty]:
    """Return what the worker owes at posts they stand at, wherever these are: their own turns, and whatever falls to
    whoever stands there now."""
    found: dict[UUID, Duty] = {}
    with seeing(EVERYTHING):  # one's own roster says where one stands
        for county in {turn.county for turn in turns}:
            for duty in ledger.duties_about(county, [turn.subject for turn in turns]):
                if duty.owed_by == phone.by and duty.state(now) in UNSETTLED:
                    found[duty.id] = duty
        here = {turn.post: turn for turn in turns if turn.starts_at - AROUND <= now <= turn.ends_at + AROUND}
        its = {f"post:{post}" for post in here}
        for area in {turn.area for turn in here.values()}:
            owed = ledger.owed(area, now=now, until=now + AHEAD, owed_by=[f"role:{STAFF}"])
            about = ledger.standing_by_id(county_of(area), [d.opened_by for d in owed])
            for duty in owed:
                opener = about.get(duty.opened_by)
                if opener is not None and opener.subject in its:
                    found[duty.id] = duty
    return list(found.values())


def _waiting(ranges: Sequence[Range], elsewhere: Sequence[Post], now: datetime) -> dict[str, list[dict[str, Any]]]:
    """Return by post who waits there to be measured again, so that any phone at the post can do it."""
    with seeing(EVERYTHING):  # of these posts, whose cards the worker has
        areas_ = {*(low for low, _ in ranges), *(post.area for post in elsewhere)}
        found = {one.id: one for area in sorted(areas_) for one in checkpoints.holds(area, now=now, since=now - LATELY)}
    names = access.names_of({one.by for one in found.values()})
    said: dict[str, list[dict[str, Any]]] = {}
    for one in sorted(found.values(), key=lambda each: (each.at, each.id)):
        said.setdefault(one.post, []).append(_held(one, names.get(one.by, "")))
    return said


def _held(one: Hold, name: str) -> dict[str, Any]:
    return {"id": str(one.id), "at": moment_text(one.at), "due_at": moment_text(one.due_at), "by": name,
            "body": dict(one.said)}  # fmt: skip


def _hold_card(one: Mapping[str, Any], post: Post) -> Card:
    plate = str(one["body"].get("plate") or "")
    lines = lines_of((PLATE, plate), (CAME_FROM, one["body"].get("from_place", "")))
    return Card(subject=f"entry:{one['id']}", type="entry", title=plate or "—", subtitle=post.name,
                area=code_of(post.area), area_name="", lines=lines)  # fmt: skip


def own_turns(phone: Phone, now: datetime) -> list[Shift]:
    """Return the worker's turns of the next days, and those that have just ended."""
    me = rosters.find_by_account(UUID(phone.by.removeprefix("account:")))
    if me is None:
        return []
    return rosters.own_shifts(me.county, me.id, since=now - timedelta(hours=12), until=now + AHEAD)


def _desk_card(post: Post, rules: RuleSet, now: datetime) -> Card | None:
    """Return what every desk of the post's county decides by; None if no decision table holds there."""
    try:
        desk = checkpoints.desk(post, now=now, ruleset=rules)
    except LookupError:
        return None
    data = {key: value for key, value in desk.items() if key not in ("post", "at")}
    area = county_area(post.county)
    return Card(subject=f"desk:{code_of(area)}", type="desk", title=desk["table"]["title"]["zh"], subtitle="",
                area=code_of(area), area_name="", lines=[], data=data)  # fmt: skip


def _post_card(
    post: Post, phone: Phone, mine: Sequence[Shift], waiting: Sequence[Mapping[str, Any]], rules: RuleSet, now: datetime
) -> Card:
    with seeing(EVERYTHING):  # of this one post, whose card the worker has
        turns = [s for s in rosters.shifts(post.area, since=now, until=now + NEXT, posts=[post.id]) if not s.gone]
        ground = checkpoints.grounds(post.area, now=now).get(post.subject)
        keep = int(str(rules.get("retention.pass_days")))
        handed = checkpoints.handed_off(post.county, post.subject, now=now, since=now - LATELY, keep_days=keep)
        sick = checkpoints.referrals(post.area, now=now, days=keep, post=post.subject)
        names = areas.names({post.area, *(one.area for one in handed)})
    on = [turn for turn in turns if turn.starts_at <= now]
    after = [turn for turn in turns if turn.starts_at > now]
    order = ground.order if ground else None
    data: dict[str, Any] = {
        "code": post_code(str(post.id)),
        "mark": device_mark(str(phone.id)),
        "type": post.type,
        "road": post.road,
        "place": post.place,
        "county": code_of(county_area(post.county)),
        "standing": str(ground.standing) if ground else "no order",
        "order": {"basis": order.basis, "until": order.until.isoformat(), "hours": order.hours,
                  "passage": order.passage} if order else None,
        "on": [_turn(turn) for turn in on],
        "next": [_turn(turn) for turn in after if turn.starts_at == after[0].starts_at],
        "mine": [_turn(turn) | _signatures(turn) for turn in mine if turn.post == post.id and not turn.relief],
        "held": list(waiting)[:MOST_HANDED_OFF],
        "handed_off": [_handed(one, names) for one in handed if not _seen(one)][:MOST_HANDED_OFF],
        "referred": [_referred(one) for one in sick][:MOST_HANDED_OFF],
    }  # fmt: skip
    lines = lines_of((ROAD, post.road), (PLACE, post.place), (BASIS, order.basis if order else ""),
                     (UNTIL, order.until.isoformat() if order else ""))  # fmt: skip
    return Card(subject=post.subject, type="post", title=post.name, subtitle=" ".join(filter(None, (post.road, post.place))),
                area=code_of(post.area), area_name=names.get(post.area, ""), lines=lines, position=post.position,
                data=data)  # fmt: skip


def _turn(turn: Shift) -> dict[str, Any]:
    return {"subject": turn.subject, "name": turn.name, "role": turn.role, "lead": turn.lead,
            "from": moment_text(turn.starts_at), "to": moment_text(turn.ends_at),
            "came": moment_text(turn.came_at) if turn.came_at else None}  # fmt: skip


def _signatures(turn: Shift) -> dict[str, Any]:
    """Return which hand-overs fall to the turn ("owed", "signed", or none), and whether it was let go."""
    said = {}
    for side, duty in (("take", turn.take), ("give", turn.give)):
        said[side] = None if duty is None else "signed" if duty.met_at else "owed"
    return {**said, "gone": turn.gone}


def _referred(one: Referral) -> dict[str, Any]:
    """Return somebody sent to a clinic: who was with them, and what came back ("" while nothing has)."""
    return {"subject": one.subject, "name": one.name, "clinic": one.clinic, "due_at": moment_text(one.due_at),
            "state": str(one.state), "result": one.result, "companions": [who.name for who in one.companions]}  # fmt: skip


def _seen(one: Expected) -> bool:
    return not one.is_open and (not one.answers or one.answers[-1].where != "nowhere")


def _handed(one: Expected, names: Mapping[int, str]) -> dict[str, Any]:
    answer = one.answers[-1] if one.answers else None
    return {"card": one.card, "name": one.name, "where": names.get(one.area, ""), "plate": one.plate,
            "due_at": moment_text(one.due_at), "state": str(one.state), "answer": answer.where if answer else "",
            "note": answer.note if answer else ""}  # fmt: skip


def cards_about(duties: Iterable[Duty], names: Mapping[int, str], now: datetime) -> list[Card]:
    """Return cards for the turns and hand-offs these duties are about: what a village or a relief is told."""
    places = {d.subject: d.area for d in duties if d.subject.startswith(("arrival:", "shift:"))}
    made = []
    for county in sorted({county_of(area) for area in places.values()}):
        its = sorted(subject for subject, area in places.items() if county_of(area) == county)
        keep = int(str(rules_in_force(county, now).get("retention.pass_days")))
        for subject, one in checkpoints.labels(county, its, now=now, keep_days=keep).items():
            made.append(_arrival_card(subject, one, names))
        with seeing(EVERYTHING):  # whoever owes it is told where and when
            turns = rosters.subject_labels(county, its)
        for subject, label in turns.items():
            made.append(Card(subject=subject, type="shift", title=label.detail, subtitle=label.name,
                             area=code_of(places[subject]), area_name="", lines=[]))  # fmt: skip
    return made


def _arrival_card(subject: str, one: Expected, names: Mapping[int, str]) -> Card:
    let_in = f"{one.passed_at.astimezone(CHINA):%m-%d %H:%M}"
    lines = lines_of((ADDRESS, one.address), (PLATE, one.plate), (CAME_FROM, one.from_place), (LET_IN, let_in),
                     (FOLLOW, one.follow_days or ""))  # fmt: skip
    return Card(subject=subject, type="arrival", title=one.name or one.card or one.plate or "—", subtitle=one.address,
                area=code_of(one.area), area_name=names.get(one.area, ""), lines=lines, phone_masked=one.phone)  # fmt: skip

"""A roster made again after a sick call, wishes, relief that covers gaps, and two hands under one name."""

from datetime import date, timedelta

from bulou.core.ids import new_id
from bulou.ledger.actions import append
from bulou.ledger.rules import Entry
from bulou.rosters import actions, queries
from bulou.rosters.rules.explaining import explain
from bulou.rosters.rules.greedy import greedy
from bulou.rosters.rules.registers import Demand, NewResponder
from bulou.rosters.rules.solving import solve
from bulou.rosters.rules.turns import Turn
from bulou.rosters.tests.conftest import AT, BY, COUNTY, HOUR, TOP, VILLAGE, clock
from bulou.rosters.tests.test_drafts import LIMITS, PATTERN, drafted, make
from bulou.rosters.tests.test_reserve import signed_up
from bulou.rosters.tests.test_teams import RULES
from bulou.rosters.tests.written import empty_seconds, keep_off

SINCE, UNTIL = clock("07:00"), clock("07:00", 9)


def on_duty():
    return {(s.responder, s.starts_at) for s in queries.shifts(TOP, since=SINCE, until=UNTIL) if not s.gone}


def test_solved_again_after_a_sick_call_everybody_else_stays_where_they_are(here):
    people = actions.add_responders(
        [NewResponder(f"民警{n}", VILLAGE, roles=("police",)) for n in range(6)], by=BY, at=AT
    )
    actions.publish_draft(COUNTY, drafted(here).id, by=BY, at=AT)
    before = on_duty()
    assert len(before) == 9
    ill = next(s for s in queries.shifts(TOP, since=SINCE, until=UNTIL) if s.starts_at == clock("15:00"))
    actions.report_absence(COUNTY, ill.id, reason="ill", by=BY, at=AT)
    keep_off(COUNTY, ill.responder, reason="ill", first=date(2020, 2, 5), last=date(2020, 2, 18), by=BY, at=AT)
    again = actions.begin_draft(area=TOP, name="再排", posts=[here.post], first=date(2020, 2, 6), days=3, pattern=PATTERN,
                                limits=LIMITS,
                                by=BY, at=AT)  # fmt: skip
    make()
    turns = queries.find_draft(TOP, again).turns
    assert len(turns) == 9
    assert ill.responder not in {turn.responder for turn in turns}
    actions.publish_draft(COUNTY, again, by=BY, at=AT)
    after = on_duty()
    assert len(after) == 9
    kept = {pair for pair in before if pair[0] != ill.responder}
    assert kept <= after
    assert queries.gaps_ahead(TOP, since=SINCE, until=UNTIL, only=[here.post]) == []
    assert people


def test_a_promised_turn_is_kept_and_a_wish_heeded(here):
    actions.add_responders([NewResponder(f"民警{n}", VILLAGE, roles=("police",)) for n in range(3)], by=BY, at=AT)
    first, away = here.people[0], here.people[2]
    wish = {"wish": "off", "from": "2020-02-06", "until": "2020-02-06", "strength": "strong"}
    append([Entry(new_id(), "duty_wish", f"responder:{away}", VILLAGE, AT, AT, BY, wish)], at=AT)
    actions.set_needs(COUNTY, here.post, [Demand("police", start="07:00", end="07:00")], by=BY, at=AT)
    promised = Turn(here.post, first, clock("23:00"), clock("07:00", 7), "police")
    problem = queries.problem_for(TOP, [here.post], first=date(2020, 2, 6), days=1, pattern=PATTERN,
                                limits=LIMITS,
                                  fixed=[promised])  # fmt: skip
    by_id = problem.responder_by_id
    assert by_id[str(first)].fixed == {f"{here.post}/2020-02-06T2300"}
    assert [(w.on, w.weight) for w in by_id[str(away)].wishes] == [(False, 5)]
    made = solve(problem, seconds=3)
    assert (f"{here.post}/2020-02-06T2300", str(first)) in {(a.shift, a.responder) for a in made.assignments}
    assert str(away) not in {a.responder for a in made.assignments}


def test_a_post_left_without_people_is_explained_by_post_hour_and_role(here):
    draft = drafted(here, days=1)
    for who in here.people:
        keep_off(COUNTY, who, reason="exposed", first=date(2020, 2, 1), last=date(2020, 2, 14), by=BY, at=AT)
    problem = queries.problem_for(TOP, [here.post], first=draft.first, days=1, pattern=PATTERN, limits=LIMITS)
    short = explain(problem, greedy(problem))
    assert [(each.role, each.missing, each.start) for each in short] == [
        ("police", 1, clock("07:00")), ("police", 1, clock("15:00")), ("police", 1, clock("23:00")),
    ]  # fmt: skip
    assert {(reason.code, reason.count) for each in short for reason in each.reasons} == {("exposed", 3)}


def relieved(here, now):
    since = now + 12 * HOUR
    call = queries.calls(TOP, now=now)[0]
    people = [here.people[1], here.people[4]]
    turns = queries.plan_relief(
        COUNTY, here.other, people, since=since, until=call.until, pattern=PATTERN, limits=LIMITS
    )
    ids = actions.send(COUNTY, call.entry, people, until=call.until, by=BY, at=now, turns=turns)
    return since, call, ids, turns


def hours_short(here, since, until):
    gaps = queries.gaps_ahead(TOP, since=since, until=until, only=[here.other])
    return sum(((gap.end - gap.start) / HOUR * gap.missing for gap in gaps), 0.0)


def ask(here):
    signed_up(here, here.people[:5])
    actions.call_for_help(COUNTY, here.other, how_many=2, skills=["general"], reasons=["few_hands"], by=BY,
                          at=clock("15:00", 5), until=clock("07:00", 10))  # fmt: skip


def test_relief_covers_gaps_from_when_it_can_be_there_and_rests_as_everybody(here):
    ask(here)
    now = clock("16:00", 5)
    assert hours_short(here, now, clock("07:00", 10)) == 111
    since, call, _ids, turns = relieved(here, now)
    assert turns
    assert min(turn.starts for turn in turns) >= since
    by_one = {}
    for turn in sorted(turns, key=lambda each: each.starts):
        if (last := by_one.get(turn.responder)) is not None:
            assert turn.starts - last.ends >= 11 * HOUR
        by_one[turn.responder] = turn
    assert hours_short(here, now, since) == 12  # before they arrive nothing is covered
    covered = sum(((turn.ends - turn.starts) / HOUR for turn in turns), 0.0)
    assert hours_short(here, now, call.until) == 111 - covered


def test_who_was_sent_and_does_not_come_leaves_the_gaps_as_they_were(here):
    ask(here)
    _since, call, ids, turns = relieved(here, clock("16:00", 5))
    assert turns
    for one in ids:
        actions.arrive(COUNTY, one, why_not="道路中断", by=BY, at=clock("17:00", 5))
    assert hours_short(here, clock("16:00", 5), call.until) == 111


def test_one_name_under_both_sides_of_a_hand_over_is_flagged(here):
    turns = [
        Turn(here.post, here.people[0], clock("07:00"), clock("15:00"), lead=True),
        Turn(here.post, here.people[2], clock("15:00"), clock("23:00"), lead=True),
    ]
    actions.publish(turns, county=COUNTY, by=BY, at=AT)
    early, late = queries.shifts(TOP, since=clock("07:00"), until=clock("23:00"), posts=[here.post])
    actions.sign(COUNTY, early.id, side="give", present=2, open_matters="无", by="system:one", at=clock("15:00"))
    actions.sign(COUNTY, late.id, side="take", present=2, open_matters="无", by="system:other", at=clock("15:01"))
    found = queries.shifts(TOP, since=clock("07:00"), until=clock("23:00"), posts=[here.post])
    assert queries.signed_by_one(COUNTY, found) == set()


def test_one_account_signing_twice_is_seen(here):
    turns = [
        Turn(here.post, here.people[0], clock("07:00"), clock("15:00"), lead=True),
        Turn(here.post, here.people[2], clock("15:00"), clock("23:00"), lead=True),
    ]
    actions.publish(turns, county=COUNTY, by=BY, at=AT)
    early, late = queries.shifts(TOP, since=clock("07:00"), until=clock("23:00"), posts=[here.post])
    actions.sign(COUNTY, early.id, side="give", present=2, open_matters="无", by="system:one", at=clock("15:00"))
    actions.sign(COUNTY, late.id, side="take", present=2, open_matters="无", by="system:one", at=clock("15:01"))
    found = queries.shifts(TOP, since=clock("07:00"), until=clock("23:00"), posts=[here.post])
    assert queries.signed_by_one(COUNTY, found) == {early.id, late.id}


def test_party_members_are_counted_on_the_day_they_are_at_the_post(here):
    actions.declare(county=COUNTY, name="party", value=True, basis="通知", by=BY, at=AT)
    members = actions.add_responders([NewResponder(f"党员{n}", VILLAGE, party=True) for n in range(3)], by=BY, at=AT)
    days = [(6, 2), (7, 3), (8, 2)]  # two, three, and two of them
    turns = [Turn(here.post, who, clock("07:00", day), clock("15:00", day)) for day, n in days for who in members[:n]]
    actions.publish(turns, county=COUNTY, by=BY, at=AT)

    def found(day):
        return [(f.code, f.found) for f in queries.team_findings(TOP, on=date(2020, 2, day), get=RULES.__getitem__)]

    assert found(6) == []
    assert found(7) == [("no_team", 3)]
    assert found(8) == []
    absent = queries.shifts(TOP, since=clock("07:00", 7), until=clock("08:00", 7), responder=members[2])[0]
    actions.report_absence(COUNTY, absent.id, reason="family", by=BY, at=AT)
    assert found(7) == []


def test_a_hand_over_late_by_ninety_seconds_leaves_no_second_uncounted(here):
    turns = [
        Turn(here.other, here.people[0], clock("07:00"), clock("15:00"), lead=True),
        Turn(here.other, here.people[2], clock("15:00"), clock("23:00"), lead=True),
    ]
    actions.publish(turns, county=COUNTY, by=BY, at=AT)
    early, late = queries.shifts(TOP, since=clock("07:00"), until=clock("23:00"), posts=[here.other])
    late_at = clock("15:00") + timedelta(seconds=30)
    actions.check_in(COUNTY, early.id, by=BY, at=clock("07:00"))
    actions.sign(COUNTY, early.id, side="give", present=1, open_matters="无", by=BY, at=clock("14:59"))
    actions.sign(COUNTY, late.id, side="take", present=1, open_matters="无", by=BY, at=late_at)
    seconds = empty_seconds(TOP, here.other, since=clock("07:00"), until=clock("16:00"))
    assert seconds == 90


def test_after_fourteen_days_in_a_row_the_fourteenth_is_counted(here):
    turns = [Turn(here.other, here.people[0], clock("07:00", day), clock("15:00", day)) for day in range(6, 20)]
    actions.publish(turns, county=COUNTY, by=BY, at=AT)
    assert queries.days_on_duty(COUNTY, here.people[:1], on=clock("12:00", 18))[here.people[0]] == 13
    assert queries.days_on_duty(COUNTY, here.people[:1], on=clock("12:00", 19))[here.people[0]] == 14

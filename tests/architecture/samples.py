"""Things of every sort planted in one's own town and in the neighbouring one, for addresses that are about a thing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from bulou.access import queries as access
from bulou.access.actions import ask, record_looks
from bulou.access.models import Alert
from bulou.access.roles import built_in_roles
from bulou.access.rules import Wanted
from bulou.access.tests.people import make_account, sign_in
from bulou.areas.actions import assign_responsibility, import_file
from bulou.areas.rules.answering import Assignment
from bulou.areas.rules.tree import parent_of
from bulou.areas.tests.lists import division_files
from bulou.command import queries as command
from bulou.command.actions import appoint, open_incident, set_up_headquarters, use_ruleset
from bulou.command.rules import Seat
from bulou.core.divisions import code_of, county_of, number_of
from bulou.core.ids import new_id
from bulou.core.moments import at_clock, at_midnight, day_of, now
from bulou.core.scope import EVERYTHING, seeing
from bulou.field.actions import issue_token
from bulou.field.tests.phones import TestPhone
from bulou.ledger import queries as ledger
from bulou.ledger.actions import append
from bulou.ledger.rules import Entry
from bulou.odk.actions import consent_app_user, make_app_user
from bulou.people.actions import begin_run, finish_run, register_household, register_person
from bulou.people.rules.rows import Counts
from bulou.rosters import actions as rosters
from bulou.rosters import queries as standing
from bulou.rosters.models import Draft
from bulou.rosters.rules.problem import Limits
from bulou.rosters.rules.registers import NewPost, NewResponder
from bulou.rosters.rules.turns import Turn
from bulou.store import writing

COUNTY, TOWN, VILLAGE = (number_of(code) for code in ("610927000000", "610927100000", "610927100005"))
OTHER_TOWN, OTHER_VILLAGE = (number_of(code) for code in ("610927101000", "610927101201"))
BY = "system:test"
OWN_MARK, OTHER_MARK = "本镇的", "隔壁镇的"  # stands in every name planted: the other one must never be read


@dataclass(frozen=True)
class World:
    """What was planted: for each sort of thing, the parts of its address."""

    own: dict[str, dict[str, Any]]
    other: dict[str, dict[str, Any]]


def make_world() -> World:
    """Load the county and plant one thing of every sort in each of two towns."""
    with seeing(EVERYTHING):
        return _make()


def _make() -> World:
    import_file(division_files()["zhenping"], by=BY, at=now())
    use_ruleset(area=COUNTY, name="cn-2020-02-community", since=day_of(now()), basis="令", by=BY, at=now())
    return World(_plant(VILLAGE, OWN_MARK), _plant(OTHER_VILLAGE, OTHER_MARK))


def _plant(village: int, mark: str) -> dict[str, dict[str, Any]]:
    account = make_account("grid_worker", village, username=f"worker-{village}", name=f"{mark}陈梅")
    grant = access.grants_of(account)[0].id
    at, county = now(), county_of(village)
    household = register_household(area=village, by=BY, at=at, address=f"{mark}1号")
    person = register_person(name=f"{mark}李梅", by=BY, at=at, household=household, county=county, is_head=True)
    visited = {
        "outcome": "vacant", "look_back_date": "2020-01-10", "look_back_included": "yes", "nobody_returned": "yes",
        "established_by": ["neighbour"], "note": mark,
    }  # fmt: skip
    subject = f"household:{household}"
    entry, broken = (
        append([Entry(new_id(), "household_visit", subject, village, at, at, BY, body)], at=at)[0]
        for body in (visited, {"outcome": mark})
    )
    assert (entry.outcome, broken.outcome) == ("applied", "held"), entry
    run = begin_run(area=village, list_name=f"{mark}名册", file_name="册.xlsx", sha256="", by=BY, at=at)
    finish_run(county=county, run=run, counts=Counts(read=1, bad=1), at=at, report=b"PK")
    town, day = parent_of(village) or 0, day_of(at)
    answering = assign_responsibility(Assignment(town, "镇长", f"{mark}李镇", day, tier=2), by=BY, at=at)
    incident = open_incident(area=town, name=f"{mark}疫情", disease="新冠", opened_on=day, by=BY, at=at)
    units = set_up_headquarters(area=town, incident=incident, template=command.template(), by=BY, at=at)
    seated = appoint(area=town, incident=incident, seat=Seat.COMMANDER, person=f"{mark}李镇", since=day, by=BY, at=at)
    phone = make_app_user(name=f"{mark}手机", account=account, area=village, language="zh_Hans",
                          expires_at=at + timedelta(days=1), by=BY, at=at)  # fmt: skip
    consent_app_user(user=phone.id, account=account, at=at)
    enrolled = TestPhone()
    token = issue_token(account=account, areas=[village], days=30, by=BY, at=at)
    assert enrolled.enrol(token, f"{mark}手机").status_code == 201
    post = rosters.add_post(NewPost(f"{mark}卡点", village, road="G541", opened_at=at), by=BY, at=at)
    people = [{"temperature": 36.5, "name": f"{mark}安娜"}]
    let_in = {"vehicle": "car", "destination": code_of(village), "destination_address": f"{mark}1号", "people": people,
              "decision": "pass"}  # fmt: skip
    passed = append([Entry(new_id(), "vehicle_pass", f"post:{post}", village, at, at, BY, let_in)], at=at)[0]
    assert passed.outcome == "applied", passed
    alerts = _plant_alerts(village, mark, at)
    return {
        **alerts,
        "arrival": {"county": county, "subject": f"arrival:{code_of(village)}.{passed.id}.1"},
        **_plant_post(village, mark, at, post),
        "post": {"county": county, "post": post},
        "app_user": {"user": phone.id},
        "responsibility": {"responsibility": answering},
        "incident": {"incident": incident},
        "unit": {"incident": incident, "unit": units[1]},
        "appointment": {"incident": incident, "appointment": seated},
        "account": {"account": account},
        "grant": {"account": account, "grant": grant},
        "household": {"county": county, "household": household},
        "person": {"county": county, "person": person},
        "somebody": {"county": county, "sort": "person", "key": person},
        "visited": {"kind": "household_visit", "county": county, "subject": subject},
        "entry": {"county": county, "entry": entry.id},
        "phone": {"device": UUID(enrolled.device)},
        "held": {"held": ledger.held(village)[0].id},
        "run": {"run": run},
    }


def _plant_alerts(village: int, mark: str, at: datetime) -> dict[str, dict[str, Any]]:
    """Plant what stands on the lists of the auditor and the desk after somebody looked at many people."""
    curious = make_account("village", village, username=f"curious-{village}", name=f"{mark}好奇")
    with writing(county_of(village)):
        for looks in (30, 1):
            record_looks([(village, f"person:{new_id()}")] * looks, by=f"account:{curious}", at=at, action="reveal",
                         purpose="other: 看看", detail={})  # fmt: skip
    auditor = {"alert": Alert.objects.get(account=f"account:{curious}", audience="auditor").id}
    return {
        "alert": auditor,
        "ask": {"ask": ask(Wanted("rule_set", village, f"account:{curious}", {"basis": mark}), at=at)},
        "desk_alert": {"alert": Alert.objects.get(account=f"account:{curious}", audience="desk").id},
    }


def _plant_post(village: int, mark: str, at: datetime, post: UUID) -> dict[str, dict[str, Any]]:
    """Plant a post with somebody on it, a draft, a call for help and an order to return."""
    county, town = county_of(village), parent_of(village) or 0
    who = rosters.add_responder(NewResponder(f"{mark}李梅", village), by=BY, at=at)
    stood = Turn(post, who, at + timedelta(hours=1), at + timedelta(hours=9))
    rosters.publish([stood], county=county, by=BY, at=at)
    draft = rosters.begin_draft(area=town, name=f"{mark}排班", posts=[post], first=day_of(at) + timedelta(days=2), days=1,
                                pattern=["00:00-08:00", "08:00-16:00", "16:00-24:00"], by=BY, at=at,
                                limits=Limits(timedelta(hours=11), time(23), time(6), timedelta(hours=2)))  # fmt: skip
    ready = {"missing": 0, "seconds": 0, "method": "hand"}
    shift = standing.shifts(village, since=at, until=at + timedelta(days=1))[0]
    later = Turn(
        post, who, at_midnight(day_of(at) + timedelta(days=2)), at_clock(day_of(at) + timedelta(days=2), "08:00")
    )
    Draft.objects.filter(county=county, id=draft).update(
        state="ready", turns=msgspec.json.encode([later]).decode(), said=msgspec.json.encode(ready).decode()
    )
    call = rosters.call_for_help(county, post, how_many=1, skills=["general"], reasons=["traffic"], note=mark, by=BY, at=at,
                                 until=at + timedelta(days=2))  # fmt: skip
    muster = rosters.call_back(area=town, title=f"{mark}返岗", basis="令", deadline=at + timedelta(days=1), responders=[who],
                               by=BY, at=at)  # fmt: skip
    team = rosters.add_teams([rosters.NewTeam(f"{mark}突击队", village, ("shock",), day_of(at), members=(who,))], by=BY,
                             at=at)[0]  # fmt: skip
    return {
        "responder": {"county": county, "responder": who},
        "team": {"county": county, "team": team},
        "turn": {"county": county, "shift": shift.id},
        "draft": {"draft": draft},
        "call": {"county": county, "entry": call},
        "muster": {"county": county, "entry": muster},
    }


def sign_in_roles() -> dict[str, str]:
    """Sign an account of each built-in role in, all over the same town, with a second factor; return their sessions."""
    sessions = {}
    for role in built_in_roles():
        client = sign_in(make_account(role, TOWN, username=f"role-{role}", name=role), second_factor=True)
        sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return sessions


def clients_of(sessions: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Client]:
    """Return a browser for each of these sessions, with the second factor just proved for a whole test."""
    monkeypatch.setattr(settings, "ACCOUNT_REAUTHENTICATION_TIMEOUT", 3_600)
    clients = {role: Client() for role in sessions}
    for role, session in sessions.items():
        clients[role].cookies[settings.SESSION_COOKIE_NAME] = session
    return clients

"""A receipt says what was opened, met and let go; a large order says so before it is given."""

from datetime import timedelta

import pytest

from bulou.core.ids import new_id
from bulou.core.moments import CHINA, now
from bulou.ledger import queries as ledger
from bulou.office import consequences
from bulou.office.tests.made import COUNTY, make_county, order_sweep, visit, write
from bulou.records.owing import DAYS_LIMIT, untimely

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(db):
    return make_county(now() - timedelta(minutes=1), sweep=False)


def order_fields(due: str, **more: object) -> dict:
    return {"_id": str(new_id()), "title": "第一轮大排查", "items": ["identity", "time"], "look_back_date": "2020-01-10",
            "look_back_included": "yes", "due": due, **more}  # fmt: skip


ADDRESS = "/record/sweep_order/610927/area:610927000000/"


def tomorrow() -> str:
    return (now() + timedelta(days=1)).astimezone(CHINA).strftime("%Y-%m-%dT%H:%M")


def test_a_large_order_says_what_it_asks_for_before_anybody_owes_it(made, signed_in, monkeypatch):
    monkeypatch.setattr(consequences, "LARGE", 20)
    client, fields = signed_in("headquarters"), order_fields(tomorrow())
    shown = client.post(ADDRESS, fields)
    assert [(one.owed, one.owner) for one in shown.context["expected"]] == [(9, "Grid worker"), (17, "Grid worker")]
    assert ledger.counts(COUNTY, now=now(), since=now() - timedelta(days=1)) == []
    # Other answers than those that were agreed to are shown again.
    agreed = fields | {"_agreed": shown.context["agreement"]}
    assert client.post(ADDRESS, agreed | {"title": "另一轮"}).context["expected"]
    given = client.post(ADDRESS, agreed)
    assert given.context["done"].owed == 26
    assert "It opened 26 duties" in given.content.decode()
    assert sum(count.owed for count in ledger.counts(COUNTY, now=now(), since=now() - timedelta(days=1))) == 26


def test_what_was_foreseen_is_what_was_opened(made, signed_in, monkeypatch):
    monkeypatch.setattr(consequences, "LARGE", 1)
    client, fields = signed_in("headquarters"), order_fields(tomorrow())
    shown = client.post(ADDRESS, fields).context
    done = client.post(ADDRESS, fields | {"_agreed": shown["agreement"]}).context["done"]
    assert sorted((o.title, o.owed, o.owner, o.first_due, o.last_due) for o in shown["expected"]) == sorted(
        (o.title, o.owed, o.owner, o.first_due, o.last_due) for o in done.opened
    )


@pytest.mark.parametrize("due", ["9999-12-31T00:00", "2999-01-01T10:00", f"{now().year + 3}-01-01T10:00"])
def test_a_deadline_nobody_can_have_meant_is_refused_in_words(made, signed_in, due):
    page = signed_in("headquarters").post(ADDRESS, order_fields(due))
    assert page.status_code == 422 and page.context["complaints"]
    body = {"title": "x", "items": ["time"], "look_back_date": "2020-01-10", "look_back_included": "yes",
            "due": f"{due}:00+08:00"}  # fmt: skip
    refused = write(made, "sweep_order", "area:610927000000", COUNTY, made.at, body)
    assert refused.outcome == "held" and refused.reason == "body" and refused.detail
    assert ledger.counts(COUNTY, now=now(), since=now() - timedelta(days=1)) == []


def test_a_deadline_before_the_beginning_is_refused():
    opens = now()
    assert untimely(opens, opens, opens - timedelta(seconds=1)) == "due early"
    assert untimely(opens, opens, opens + timedelta(days=DAYS_LIMIT)) == ""
    assert untimely(opens, opens, opens + timedelta(days=DAYS_LIMIT, seconds=1)) == "due far"
    assert untimely(opens, opens, None) == "due"


def test_a_symptom_names_the_duties_it_opens_and_who_owes_them(made, signed_in):
    person = made.persons[made.households[0]][0]
    fields = {"_id": str(new_id()), "observed_at": now().astimezone(CHINA).strftime("%Y-%m-%dT%H:%M"),
              "source": "visit", "symptoms": ["fever"], "temperature": "38.2", "contacts": ["none"],
              "late": "no"}  # fmt: skip
    page = signed_in("village").post(f"/record/symptom_report/610927/person:{person}/", fields)
    done = page.context["done"]
    assert {one.owner for one in done.opened} == {"Village doctor", "County desk"}
    assert all(one.whom == ["王*勇"] for one in done.opened) and done.owed == len(done.opened)
    text = page.content.decode()
    assert "It opened" in text and "Village doctor" in text and "王*勇" in text and "王大勇" not in text


def test_a_visit_says_what_it_settled(made, signed_in):
    order_sweep(made, made.at - timedelta(hours=2), made.at + timedelta(hours=6))
    receipt = visit(made, 0, made.at)
    done = consequences.done_by(made.county, receipt.id, now=made.at)
    assert len(done.settled) == 1 + len(made.persons[made.households[0]]) and done.more == 0
    assert not done.opened and all(one.whom and not one.waived for one in done.settled)

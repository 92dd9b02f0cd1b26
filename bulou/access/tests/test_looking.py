"""Looking at many people: refused above a rate, told to the auditor and the desk, whoever serves the request."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from bulou.access import actions, queries
from bulou.access.looking import editions, purposes
from bulou.access.models import AuditRow
from bulou.access.rules import Refusal, TooMany, Window, check_purpose, check_rate, rates_on
from bulou.access.tests.auditing import audited
from bulou.access.tests.people import COUNTY, TOWN, VILLAGE, make_account, sign_in
from bulou.core.divisions import county_of
from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from bulou.store import writing

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def look(by, count=1, at=AT, action="reveal", area=VILLAGE):
    with writing(county_of(COUNTY)):
        looks = [(area, f"person:{new_id()}") for _ in range(count)]
        actions.record_looks(looks, by=by, at=at, action=action, purpose="follow_up", detail={})


def test_a_purpose_is_one_of_the_list_and_some_ask_for_words() -> None:
    assert check_purpose(purposes(), "follow_up", "") == "follow_up"
    assert check_purpose(purposes(), "other", "核对隔壁村的名单") == "other: 核对隔壁村的名单"
    for name, words in (("x", ""), ("", "because I may"), ("other", ""), ("other", "x"), ("other", "x x x x"),
                        ("supervise", "....")):  # fmt: skip
        with pytest.raises(Refusal):
            check_purpose(purposes(), name, words)


def test_the_rates_are_dated_and_say_where_they_come_from() -> None:
    for one in editions():
        assert one.source and one.since <= date.today()
        assert set(one.limits) == set(one.alerts) == {"reveal", "search", "export"}
    assert rates_on(editions(), date(1999, 1, 1)) and rates_on(editions(), date(2199, 1, 1))


@given(
    gaps=st.lists(st.integers(0, 90), max_size=60), wanted=st.integers(1, 12),
    limits=st.lists(st.tuples(st.integers(1, 60), st.integers(1, 15)), min_size=1, max_size=3),
)  # fmt: skip
def test_whatever_was_looked_at_no_window_ever_holds_more_and_again_means_again(gaps, wanted, limits) -> None:
    windows = [Window(minutes, most) for minutes, most in limits]
    passed: list[datetime] = []
    at = AT
    for gap in gaps:
        at += timedelta(seconds=gap)
        try:
            check_rate("reveal", windows, passed, wanted, at)
        except TooMany as refused:
            if refused.again is not None and len(windows) == 1:
                check_rate("reveal", windows, passed, wanted, refused.again)
            continue
        passed += [at] * wanted
        for window in windows:
            assert sum(moment > at - window.span for moment in passed) <= window.most


@pytest.mark.django_db
def test_two_hundred_people_are_not_looked_at_in_seven_seconds() -> None:
    by = f"account:{make_account('village', VILLAGE)}"
    shown = 0
    for i in range(200):
        try:
            look(by, at=AT + timedelta(milliseconds=35 * i))
            shown += 1
        except TooMany as refused:
            assert refused.again and refused.again > AT
    most = rates_on(editions(), AT.date()).limits["reveal"][0].most
    assert shown == most == AuditRow.objects.filter(account=by, action="reveal").count()
    look(by, at=AT + timedelta(minutes=11))  # the work goes on when the time is over
    with pytest.raises(TooMany) as never:
        look(by, 5_000, at=AT + timedelta(days=9))
    assert never.value.again is None


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["reveal", "search", "export"])
def test_no_single_look_door_goes_round_it(action) -> None:
    """The audit itself counts: whatever writes a look is refused above the rate."""
    by = f"account:{make_account('village', VILLAGE)}"
    with pytest.raises(TooMany):
        for i in range(1_000):
            with audited(by=by, at=AT + timedelta(seconds=i / 10), action=action, area=VILLAGE):
                pass


@pytest.mark.django_db
def test_above_a_rate_the_auditor_and_the_desk_are_told_until_somebody_has_looked() -> None:
    curious = make_account("village", VILLAGE, username="curious", name="好奇")
    auditor = sign_in(make_account("auditor", COUNTY, username="auditor"))
    township = sign_in(make_account("township", TOWN, username="township"), second_factor=True)
    by, at = f"account:{curious}", now() - timedelta(minutes=5)
    look(by, 30, at=at)
    assert "好奇" not in auditor.get("/audit/alerts/").content.decode()
    look(by, 1, at=at + timedelta(seconds=1))
    look(by, 4, at=at + timedelta(seconds=2))
    with seeing(EVERYTHING):
        [told], [desk] = queries.alerts("auditor"), queries.alerts("desk")
    assert (told.looks, desk.looks, desk.area) == (35, 35, VILLAGE)
    for client, address, one in ((auditor, "/audit/alerts/", told), (township, "/alerts/", desk)):
        assert "好奇" in client.get(address).content.decode()
        client.post(f"{address}{one.id}/", {"note": ""})
        assert "好奇" in client.get(address).content.decode(), "it stays until somebody says what they found"
        client.post(f"{address}{one.id}/", {"note": "asked her: a list for the ambulance"})
        assert "好奇" not in client.get(address).content.decode()
    own = sign_in(curious)
    look(by, 1, at=at + timedelta(seconds=3))
    with seeing(EVERYTHING):
        [again] = queries.alerts("desk")
    own.post(f"/alerts/{again.id}/", {"note": "it was nothing"})
    with seeing(EVERYTHING):
        assert [one.id for one in queries.alerts("desk")] == [again.id], "nobody looks away from themselves"
        assert len(queries.audit_rows(action="see_alert").rows) == 2


@pytest.mark.django_db
def test_who_is_refused_reads_when_to_try_again() -> None:
    account = make_account("village", VILLAGE)
    look(f"account:{account}", 40, at=now(), action="search")
    page = sign_in(account).post("/find/", {"text": "王"})
    assert page.status_code == 429 and int(page["Retry-After"]) > 500
    assert "之后再试" in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_let_no_more_through() -> None:
    by = f"account:{make_account('village', VILLAGE)}"
    most = rates_on(editions(), AT.date()).limits["reveal"][0].most
    look(by, most - 3)
    start, passed = Barrier(6), []

    def one() -> None:
        start.wait()
        try:
            look(by, 1, at=AT + timedelta(seconds=1))
            passed.append(1)
        except TooMany:
            pass
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 3

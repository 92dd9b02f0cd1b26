from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bulou.access import actions, queries
from bulou.access.models import Account, Grant
from bulou.access.rules import Need
from bulou.access.tests.people import COUNTY, OTHER_TOWN, OTHER_VILLAGE, TOWN, VILLAGE, make_account
from bulou.core.divisions import last_of
from bulou.core.scope import seeing
from bulou.ledger.rules import Entry
from tests.clock import NOON

pytestmark = pytest.mark.django_db
NOW = NOON


@pytest.fixture
def chen():
    """A grid worker of one village."""
    return make_account("grid_worker", VILLAGE, username="chen", name="陈梅", at=NOW)


def entry(by, area=VILLAGE, happened_at=NOW, recorded_at=None, **more):
    at = recorded_at or happened_at
    return Entry(uuid4(), "household_visit", "household:1", area, happened_at, at, by, **more)


def test_an_author_who_may_record_is_not_refused(chen):
    assert queries.refused(entry(f"account:{chen}")) == ""
    assert queries.refused(entry(f"account:{chen}", VILLAGE + 10000)) == ""


def test_another_area_or_another_permission_is_refused(chen):
    assert "610927101202" in queries.refused(entry(f"account:{chen}", OTHER_VILLAGE))
    assert queries.refused(entry(f"account:{chen}", TOWN))
    assert queries.refused(entry(f"account:{chen}"), Need("order"))


@pytest.mark.parametrize("by", ["陈梅", "account:", "account:nobody", f"account:{UUID(int=7)}", "device:1", ""])
def test_who_is_no_account_is_refused(by):
    assert queries.refused(entry(by))


def test_the_program_itself_may_write():
    assert queries.refused(entry("system:import")) == ""


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("mark", "received", "permitted"),
    [
        (DAY / 4, DAY / 2, True),
        (DAY / 4, 3 * DAY, False),  # the grant ended while the phone was away: nobody can say on which side
        (2 * DAY, 3 * DAY, False),
        (None, DAY / 2, True),
        (None, 2 * DAY, False),
        (-DAY, DAY / 2, False),  # nor, before the grant, that it was written after it began
    ],
)
def test_a_grant_must_have_been_held_all_the_while_in_which_it_can_have_been_written(chen, mark, received, permitted):
    (holding,) = queries.holdings_of(chen, NOW)
    actions.revoke_grant(grant=holding.id, by="system:test", at=NOW + DAY)
    for claimed in (-9 * DAY, DAY / 3, DAY * 9):  # what the entry says itself gives no leave and takes none
        said = {"happened_at": NOW + claimed, "recorded_at": NOW + claimed, "received_at": NOW + received}
        if mark is not None:
            said |= {"written_from": NOW + mark, "marked": True}
        assert (queries.refused(entry(f"account:{chen}", **said)) == "") is permitted


def test_one_grant_after_the_other_is_held_without_a_gap(chen):
    (holding,) = queries.holdings_of(chen, NOW)
    actions.revoke_grant(grant=holding.id, by="system:test", at=NOW + DAY)
    long = {"received_at": NOW + 2 * DAY, "written_from": NOW, "marked": True}
    Grant.objects.create(
        account_id=chen, role="grid_worker", area=VILLAGE, starts_at=NOW + DAY, ends_at=NOW + 9 * DAY, given_at=NOW
    )
    assert queries.refused(entry(f"account:{chen}", **long)) == ""


def test_a_new_worker_may_write_down_what_happened_the_day_before(chen):
    assert queries.refused(entry(f"account:{chen}", happened_at=NOW - timedelta(days=1), recorded_at=NOW)) == ""


def test_five_hundred_entries_of_one_author_cost_one_query(chen):
    with (
        transaction.atomic(),
        CaptureQueriesContext(
            connection,
        ) as captured,
    ):
        assert {queries.refused(entry(f"account:{chen}")) for _ in range(500)} == {""}
    assert len(captured) == 1


def test_what_is_remembered_is_forgotten_when_grants_change(chen):
    with transaction.atomic():
        assert queries.refused(entry(f"account:{chen}", OTHER_VILLAGE))
        actions.grant(account=chen, role="grid_worker", area=OTHER_VILLAGE, by="system:test", at=NOW)
        assert queries.refused(entry(f"account:{chen}", OTHER_VILLAGE)) == ""


@pytest.mark.django_db(transaction=True)
def test_what_is_remembered_ends_with_the_transaction():
    chen = make_account("grid_worker", VILLAGE, username="chen", at=NOW)
    with transaction.atomic():
        assert queries.refused(entry(f"account:{chen}")) == ""
    Account.objects.get(id=chen).grants.update(ends_at=NOW)  # by another process, which cannot tell this one
    with transaction.atomic():
        assert queries.refused(entry(f"account:{chen}"))


def names(rows):
    return [row.username for row in rows]


def test_accounts_are_listed_inside_the_scope_only(chen):
    make_account("township", OTHER_TOWN, username="dai")
    make_account("headquarters", COUNTY, username="anna")
    with seeing([(TOWN, last_of(TOWN))]):
        assert names(queries.list_accounts(NOW)) == ["chen"]
        with pytest.raises(LookupError):
            queries.get_account(queries.find_account("dai"), NOW)
    with seeing(()):
        assert queries.list_accounts(NOW) == []
        assert queries.recertification(NOW + timedelta(days=300)) == []
        assert queries.audit_rows().rows == []
    with seeing([(COUNTY, last_of(COUNTY))]):
        assert names(queries.list_accounts(NOW)) == ["anna", "chen", "dai"]
        assert names(queries.list_accounts(NOW, words="陈")) == ["chen"]
        assert names(queries.list_accounts(NOW, role="township")) == ["dai"]
        assert names(queries.list_accounts(NOW, after="anna")) == ["chen", "dai"]


def test_a_list_costs_three_queries_however_long(django_assert_num_queries):
    for i in range(12):
        make_account("grid_worker", VILLAGE, username=f"worker-{i:02}")
    with django_assert_num_queries(3):
        assert len(queries.list_accounts(NOW)) == 12


def test_what_somebody_should_look_at_this_week(chen):
    fresh = make_account("headquarters", COUNTY, username="anna", at=NOW)
    idle = make_account(username="idle", at=NOW)
    Account.objects.filter(id=fresh).update(last_login=NOW)
    found = {row.username: reasons for row, reasons in queries.recertification(NOW)}
    assert found == {"idle": ["no_grant"]}
    found = {row.username: reasons for row, reasons in queries.recertification(NOW + timedelta(days=25))}
    assert found == {"idle": ["never_used", "no_grant"], "chen": ["never_used", "grant_ending"]}
    actions.disable_account(account=idle, by="system:test", at=NOW)
    found = {row.username: reasons for row, reasons in queries.recertification(NOW + timedelta(days=31))}
    assert found == {"chen": ["never_used", "no_grant"], "anna": ["unused"]}


def test_the_audit_is_paged_filtered_and_inside_the_scope(chen):
    for i in range(120):
        area = VILLAGE if i % 2 else OTHER_VILLAGE
        with transaction.atomic():
            actions.audit(by=f"account:{chen}", at=NOW + timedelta(minutes=i), action="reveal", area=area,
                          subject=f"person:{i}")  # fmt: skip
    with seeing([(TOWN, last_of(TOWN))]):
        first = queries.audit_rows(action="reveal")
        assert len(first.rows) == 50 and first.rows[0].subject == "person:119" and first.before is not None
        second = queries.audit_rows(action="reveal", before=first.before)
        assert [row.subject for row in second.rows] == [f"person:{i}" for i in range(19, 0, -2)]
        assert second.before is None
        assert [r.subject for r in queries.audit_rows(subject="person:7").rows] == ["person:7"]
        assert queries.audit_rows(subject="person:8").rows == []
        since, until = NOW + timedelta(minutes=3), NOW + timedelta(minutes=6)
        assert [r.subject for r in queries.audit_rows(action="reveal", since=since, until=until).rows] == [
            "person:5",
            "person:3",
        ]
        assert queries.audit_rows(account="account:nobody").rows == []


def test_names_of_authors(chen):
    said = {f"account:{chen}": "陈梅", "system:import": "The system"}
    with translation.override("en"):
        assert queries.names_of([f"account:{chen}", "system:import", "account:x"]) == said


def test_a_made_role_is_offered_where_it_was_made(chen):
    actions.make_role(
        name="night_desk", zh="夜班", en="Night desk", permissions=["see"], area=TOWN, by="system:test", at=NOW
    )
    with seeing([(COUNTY, last_of(COUNTY))]):
        assert "night_desk" in queries.offered_roles()
    with seeing([(VILLAGE, last_of(VILLAGE))]):
        assert "night_desk" in queries.offered_roles()
    with seeing([(OTHER_TOWN, last_of(OTHER_TOWN))]):
        assert "night_desk" not in queries.offered_roles() and "village" in queries.offered_roles()
    dai = make_account("night_desk", VILLAGE, username="dai")
    assert queries.ranges_for(dai, "see", NOW)
    assert queries.role_names("zh-hans")["night_desk"] == "夜班" and queries.role_names("en")["village"]


def test_who_is_no_account_is_said_in_words(db):
    with translation.override("zh-hans"):
        said = queries.names_of(["system:import", "drill:worker-610927100005020000", "account:no-uuid", "stranger"])
    assert said == {"system:import": "系统", "drill:worker-610927100005020000": "演练 · 网格员"}

from datetime import timedelta

import pytest
from django.conf import settings

from bulou.access.tests.people import sign_in
from bulou.core.moments import CHINA, at_midnight, day_of, now
from bulou.office.rules import NONE
from bulou.office.tests.made import COUNTY, OTHER_VILLAGE, VILLAGE, make_county, order_sweep, visit, write

pytestmark = pytest.mark.django_db


def test_the_board_says_incomplete_until_the_last_is_found(made, signed_in):
    client = signed_in("headquarters")
    assert "Incomplete" in client.get("/").content.decode()
    for i in range(8):
        visit(made, i, made.at)
    page = client.get("/").content.decode()
    assert "Incomplete" in page and "Not one household missed" not in page
    visit(made, 8, made.at)
    page = client.get("/").content.decode()
    assert "Not one household missed, not one person left out" in page


def test_the_board_counts_what_nobody_answers_for(made, signed_in):
    page = signed_in("headquarters").get("/")
    # Two households and three persons of the fourth grid, which has no grid worker.
    assert page.context["whole"].unowned == 2 + len(made.persons[made.households[3]]) + len(
        made.persons[made.households[7]]
    )
    assert page.context["whole"].owed == 9 + 17


def test_drilling_down_adds_up(made, signed_in):
    client = signed_in("headquarters")
    top = client.get("/").context
    assert sum((row.coverage for row in top["rows"]), NONE) == top["shown"] == top["swept"][0].coverage
    village = client.get("/board/610927100201/").context
    assert [row.name for row in village["rows"]] == ["一组网格", "二组网格"]


def test_a_village_sees_its_own_and_nothing_else(made, signed_in):
    client = signed_in("village")
    assert client.get("/").context["area"].number == VILLAGE
    assert client.get("/board/610927100202/").status_code == 404
    assert client.get("/missing/610927000000/").status_code == 404


def test_nothing_asked_is_not_complete(made, signed_in):
    page = signed_in("headquarters").get("/board/610927100201/?duty=no.such").content.decode()
    assert "Complete" not in page


@pytest.mark.parametrize("address", ["/", "/?wall=1", "/missing/", "/missing/?view=owner", "/missing/?view=area"])
def test_pages_cost_the_same_whatever_they_show(made, signed_in, django_assert_max_num_queries, address):
    client = signed_in("headquarters")
    client.get(address)
    with django_assert_max_num_queries(20):
        assert client.get(address).status_code == 200


def test_what_is_left_overnight_is_counted(made):
    from bulou.office import queries

    found = queries.board(COUNTY, now=at_midnight(day_of(made.at)) + timedelta(days=1, hours=8))
    assert sum(count.overnight for count in found.counts) == (26 if made.at.astimezone(CHINA).hour < 18 else 0)


@pytest.fixture
def busy(db):
    """Three sweeps, one of them lapsed and one left overnight; assignments of one name owed by two roles and an account."""
    present = now() - timedelta(minutes=1)
    morning = at_midnight(day_of(present)) - timedelta(days=2) + timedelta(hours=8)
    made = make_county(morning - timedelta(days=2), sweep=False)
    hours = [timedelta(hours=n) for n in range(60)]
    order_sweep(made, morning, morning + hours[4], until=morning + hours[8])
    order_sweep(made, morning + hours[10], morning + hours[12])
    for i in (0, 1, 5):
        visit(made, i, morning + hours[2])
    visit(made, 2, morning + hours[11])
    village = made.accounts["village"]
    for owner in ("role:village", "role:township", "role:village", f"account:{village}"):
        for area, code in ((VILLAGE, "610927100201"), (OTHER_VILLAGE, "610927100202")):
            body = {"what": "补查", "owner": owner, "due": (morning + hours[6]).isoformat()}
            assert write(made, "assignment", f"area:{code}", area, morning, body).outcome == "applied"
    order_sweep(made, present - timedelta(hours=2), present + timedelta(hours=6))
    return made


@pytest.fixture
def headquarters(busy):
    client = sign_in(busy.accounts["headquarters"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


AREAS = ("610927000000", "610927100000", "610927100201", "610927100202")
LISTS = ("missing_url", "open_url", "overdue_url", "overnight_url", "unowned_url")


def number_of_list(row, address: str) -> int:
    one = row.coverage
    return {"missing_url": one.missing, "open_url": one.open, "overdue_url": one.overdue,
            "overnight_url": one.overnight, "unowned_url": one.unowned}[address]  # fmt: skip


@pytest.mark.parametrize("code", AREAS)
def test_every_number_is_its_parts_and_its_list(headquarters, code):
    client = headquarters
    for sweep in [None, *client.get(f"/board/{code}/").context["sweeps"]]:
        query = f"?sweep={sweep['key']}" if sweep else "?"
        page = client.get(f"/board/{code}/{query}").context
        assert len(page["sweeps"]) == 3
        for row in page["names"]:
            one = row.coverage
            assert one.owed == one.waiting + one.met + one.met_late + one.waived + one.open + one.overdue + one.lapsed
            for address in LISTS:
                listed = client.get(getattr(row, address)).context
                assert listed["total"] == len(listed["lines"]) == number_of_list(row, address), (row.name, address)
            below = client.get(f"/board/{code}/{query}&duty={row.name}").context
            assert below["shown"] == one == sum((each.coverage for each in below["rows"]), NONE)
            for each in below["rows"]:
                assert each.coverage.begun == each.coverage.settled + each.coverage.missing + each.coverage.lapsed
                assert client.get(each.missing_url).context["total"] == each.coverage.missing
        assert page["whole"] == sum((row.coverage for row in page["swept"]), NONE)


def test_a_county_is_the_sum_of_its_villages(headquarters):
    client = headquarters

    def by_name(code):
        return {row.name: row.coverage for row in client.get(f"/board/{code}/").context["names"]}

    top, parts = by_name(AREAS[0]), [by_name(code) for code in AREAS[2:]]
    for name, whole in top.items():
        assert whole == sum((part.get(name, NONE) for part in parts), NONE), name


def test_what_two_roles_owe_at_one_place_is_unowned_only_where_nobody_fills_the_role(headquarters):
    row = next(r for r in headquarters.get("/").context["names"] if r.name == "assignment.do")
    # In each village two are owed by the village, one by the township, one by an account; 鱼坪村 has nobody of its own.
    assert row.coverage.missing == 8
    listed = headquarters.get(row.unowned_url).context
    assert {line.duty.owed_by for line in listed["lines"]} == {"role:village"}
    assert {line.duty.area for line in listed["lines"]} == {OTHER_VILLAGE}


def test_doors_and_signatures_are_never_one_number(headquarters):
    page = headquarters.get("/").context
    assert {row.unit for row in page["swept"]} == {"户", "人"}
    assert page["whole"].owed == 9 + 17  # the latest sweep alone: neither the two before it nor the assignments


def test_more_unowned_than_any_list_holds_are_all_counted(made, monkeypatch):
    """A county of 60,000 people counted the unowned of its first 5,000 missing: no total comes from a list."""
    from bulou.ledger import queries as ledger
    from bulou.office import queries

    def listed(*args, **named):
        raise AssertionError("a board counts; it lists nothing")

    monkeypatch.setattr(ledger, "missing", listed)
    found = queries.board(COUNTY, now=made.at)
    assert sum(found.unowned.values()) == 6

from datetime import timedelta

import pytest

from bulou.office.tests.made import COUNTY, VILLAGE, visit

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
    assert sum(row.coverage.owed for row in top["rows"]) == top["whole"].owed
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


def test_what_is_left_overnight_is_counted(made, signed_in):
    from bulou.office import queries

    found = queries.board(COUNTY, now=made.at + timedelta(days=1))
    assert sum(count.overnight for count in found.counts) in (26, 0)

"""What is asked of a register of half a million must not walk through it."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.people import actions, queries
from bulou.people.tests.conftest import ANNA, ANNAS_ID, AT, BY, COUNTY, GROUP_1, HOUR, TOP, VILLAGE
from bulou.people.tests.test_importing import FAMILY, load

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has statistics and chooses by them"),
]


def walks(work, also_areas=False):
    """Return the statements of `work` that go through a whole table or county instead of to what they want."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        work()
    found = []
    for sql in {q["sql"] for q in captured if q["sql"].startswith("SELECT") and '"people_' in q["sql"]}:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + sql)
            for *_, step in cursor.fetchall():
                bad = "SCAN" in step or step.endswith("(county=?)") or (also_areas and "area>?" in step)
                if bad and "people_" in step and "(county>?)" not in step:
                    found.append((step, sql[:200]))
    return found


@pytest.fixture
def anna(county):
    home = actions.register_household(area=GROUP_1, address="3号", by=BY, at=AT)
    return actions.register_person(
        household=home, county=COUNTY, name=ANNA, id_number=ANNAS_ID, phone="13812345678", by=BY, at=AT
    )


def test_a_page_and_a_search_go_straight_to_what_they_want(anna):
    home = queries.person_page(COUNTY, anna).person.household
    many = [uuid4() for _ in range(50)]
    for work in (
        lambda: queries.person_page(COUNTY, anna),
        lambda: queries.household_page(COUNTY, home),
        lambda: queries.search(ANNAS_ID, TOP),
        lambda: queries.search("13812345678", TOP),
        lambda: queries.persons_by_id(TOP, [anna, *many]),
        lambda: queries.households_by_id(TOP, [home, *many]),
        lambda: queries.places(COUNTY, {f"person:{anna}", f"household:{home}"}),
        lambda: list(queries.joined("persons", {f"person:{anna}"})),
    ):
        assert walks(work, also_areas=True) == []


def test_a_list_walks_no_further_than_its_area(anna):
    for work in (
        lambda: queries.persons_in(VILLAGE),
        lambda: queries.households_in(VILLAGE),
        lambda: list(queries.members("households", VILLAGE)),
    ):
        assert walks(work) == []


def test_an_import_looks_up_only_what_its_lines_speak_of(anna):
    assert walks(lambda: load(FAMILY, at=AT + HOUR), also_areas=True) == []

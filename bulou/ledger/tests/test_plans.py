"""What is asked of a day that is over is answered from indexes, with statistics and without: no plan needs luck."""

import re
from uuid import UUID

import pytest
from django.db import connection, transaction

from bulou.ledger import queries
from bulou.ledger.actions import tables
from bulou.ledger.tests.library import HALL, START
from bulou.ledger.tests.test_projection import HOUR

pytestmark = pytest.mark.django_db


def statements(monkeypatch, ask) -> list[tuple[str, tuple]]:
    """Return the statements that answering takes."""
    seen: list[tuple[str, tuple]] = []
    query = tables.query

    def noted(sql, *parameters):
        seen.append((sql, parameters))
        return query(sql, *parameters)

    monkeypatch.setattr(tables, "query", noted)
    ask()
    return seen


ASKED = {
    "settled since": lambda: queries.settled_since(HALL, START, names=["return"]),
    "latest round": lambda: queries.latest_round(HALL, now=START, names=["return"]),
    "rounds": lambda: queries.rounds(HALL, now=START, names=["return"]),
    "counts": lambda: queries.counts(HALL, now=START, since=START - HOUR),
    "owing": lambda: queries.owing(HALL, now=START, names=["return"]),
    "opened": lambda: queries.opened(HALL // 10**12, UUID(int=1)),
}


@pytest.mark.parametrize("name", ASKED)
def test_sqlite_finds_its_way_without_statistics(shelves, monkeypatch, name):
    """A report of a past day began with every duty of the county: 137 s where 0.8 were enough."""
    if connection.vendor != "sqlite":
        pytest.skip("asks SQLite's planner")
    for sql, parameters in statements(monkeypatch, ASKED[name]):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + sql, parameters)
            plan = [row[3] for row in cursor.fetchall()]
        # e is what came since the moment, from two indexes.
        scans = [step for step in plan if re.match(r"SCAN (ledger_|[dvt]\b)", step)]
        assert not scans, plan
        # Entries, evidence and duties are found by more than their county, which is all of the history.
        wide = [step for step in plan if re.search(r"\(county=\?\)$|\(county>\? AND county<\?\)$", step)]
        assert not [step for step in wide if not step.startswith("SEARCH t ")], plan
        if name == "settled since":
            order = [step.split()[1] for step in plan if step.startswith("SEARCH") and step.split()[1] in "vd"]
            assert order == ["v", "d"], plan

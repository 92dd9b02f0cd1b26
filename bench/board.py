"""What a sweep of a whole county costs to open, and then its board and the missing list of one of its villages after
1, 30 and 300 days: `python -m bench.board [--people N]`.

The sweep of everyone stays open, a twentieth of it done. History is written as rows: every third day the tallies of a
finished sweep for every group, every day those of two checks for every second group, some duties met and some never done
whose time is over. Only the database's time is counted: the statements of the real queries, rows fetched.
"""

import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bench import county
from bench.measuring import database, option, peak_mb, reset_peak, say, table, timed

DAYS = (1, 30, 300)
MET_A_DAY = 500  # duties met on each past day, and the entries and evidence that met them
LAPSED_A_DAY = 100
ROUNDS = 7


def run() -> str:
    """Measure, and return the table as Markdown."""
    with database("board") as what:
        say(f"Board on {what}")
        opened = open_sweep()
        lines = measure()
    sweep = ("households", "persons", "s", "duties/s", "peak MB, before → after")
    header = (
        "days of history",
        "rows of history",
        "statistics",
        "board of the county, ms",
        "counts",
        "board of a village, ms",
        "missing of the village, headquarters asking, ms",
        "a village user asking, ms",
        "rows",
    )
    county, missing = (max(float(line[at]) for line in lines) for at in (3, 6))
    said = (
        f"Wanted are less than 50 ms for the county's board and 20 ms for the missing list, with any number of days"
        f" behind them: at most {county:.0f} ms and {missing:.1f} ms from {DAYS[0]} day to {DAYS[-1]}."
    )
    return (
        f"### Opening a sweep ({what})\n\n{table(sweep, opened)}\n\n"
        f"### Board and missing list ({what})\n\nDatabase time, median of {ROUNDS} (SQLite: processor time;"
        " PostgreSQL: what the server says).\n\n"
        f"{table(header, lines)}\n\n{said}\n"
    )


def open_sweep() -> list[list[str]]:
    """Make the county and order the sweep of everyone in it."""
    from bulou.core.moments import at_midnight
    from bulou.ledger import actions

    county.make_areas()
    made = county.make_registers(option("people", 500_000))
    start = at_midnight(county.FIRST_DAY)
    reset_peak()
    before = peak_mb()
    order = county.sweep(start + timedelta(days=3), at=start)
    [receipt], seconds = timed(lambda: actions.append([order], at=start))
    assert receipt.outcome == "applied", receipt
    duties = made.households + made.persons
    say(f"  {made.households:,} households and {made.persons:,} persons are owed a visit: {seconds:.0f} s")
    return [[f"{made.households:,}", f"{made.persons:,}", f"{seconds:.1f}", f"{duties / seconds:,.0f}",
             f"{before} → {peak_mb()}"]]  # fmt: skip


def measure() -> list[list[str]]:
    from django.db import connection

    from bulou.core.moments import at_midnight

    start = at_midnight(county.FIRST_DAY)
    now = start + timedelta(hours=15)
    visit(now)
    lines, written, day = [], 0, 0
    for days in DAYS:
        while day < days:
            day += 1
            written += write_day(start - timedelta(days=day))
        for statistics_are in ("none", "ANALYZE") if connection.vendor == "sqlite" else ("ANALYZE",):
            with connection.cursor() as cursor:
                if statistics_are == "ANALYZE":
                    cursor.execute("ANALYZE")
            lines.append([f"{days}", f"{written:,}", statistics_are, *ask(now)])
            say("  " + " | ".join(lines[-1]))
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:  # the next round begins without statistics, as a new installation does
                cursor.execute("DELETE FROM sqlite_stat1")
            connection.close()
    return lines


def visit(now: datetime, nth: int = 0) -> None:
    """Visit a township, which is a twentieth of the county, on the day."""
    from bulou.core.moments import day_of
    from bulou.ledger import actions

    coming = county.field_entries(county.homes_of(list(county.townships())[nth]), Random(7), day_of(now))
    while batch := [entry for entry, _ in zip(coming, range(500), strict=False)]:
        actions.append(batch, at=now)


def ask(now: datetime) -> list[str]:
    """Return what each page costs now."""
    from bulou.core.divisions import last_of
    from bulou.core.moments import at_midnight, day_of
    from bulou.core.scope import EVERYTHING, seeing
    from bulou.ledger import queries
    from bulou.office.queries import LOOK_BACK

    since = at_midnight(day_of(now)) - LOOK_BACK
    village = list(county.villages())[40]

    def board(area: int) -> Callable[[], Any]:
        return lambda: queries.counts(area, now=now, since=since)

    def missing() -> Any:
        return queries.missing(village, now=now)

    found = [f"{in_database(board(county.COUNTY_AREA)):.0f}", f"{len(board(county.COUNTY_AREA)()):,}",
             f"{in_database(board(village)):.1f}"]  # fmt: skip
    for scope in (EVERYTHING, [(village, last_of(village))]):
        with seeing(scope):
            found.append(f"{in_database(missing):.1f}")
    return [*found, f"{len(missing()):,}"]


def in_database(work: Callable[[], Any]) -> float:
    """Return the milliseconds the statements of the work take in the database: the median of some rounds.

    On SQLite, which works inside this process, its processor time, rows fetched; on PostgreSQL what the server says it
    took to plan and to execute.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        work()
    asked = [query["sql"] for query in captured.captured_queries]
    took = _by_processor if connection.vendor == "sqlite" else _by_server
    return statistics.median(sum(took(sql) for sql in asked) for _ in range(ROUNDS))


def _by_processor(sql: str) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        began = time.process_time()
        cursor.cursor.execute(sql)
        cursor.cursor.fetchall()
        return (time.process_time() - began) * 1000


def _by_server(sql: str) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}")
        ((said,),) = cursor.cursor.fetchone()
        return float(said["Planning Time"] + said["Execution Time"])


def write_day(day: datetime) -> int:
    """Write one past day as rows and return how many."""
    from bulou import store
    from bulou.core.moments import FAR
    from bulou.ledger.tables import DUTY, ENTRY, EVIDENCE

    chance, places = Random(day.toordinal()), list(county.groups())
    opens, due, at = day, day + timedelta(hours=24), day + timedelta(hours=10)
    noon = day + timedelta(hours=12)
    swept = () if day.toordinal() % 3 else ("sweep.household", "sweep.person")
    written = sum(_tally(name, opens, due, FAR, 260, every=1) for name in swept)
    written += _tally("followup.check", opens, noon, noon, 3, every=2)
    written += _tally("followup.check", noon, due, due, 3, every=2)
    entries, duties, evidence = [], [], []
    for n in range(MET_A_DAY + LAPSED_A_DAY):
        id_, area, done = county._id(chance, at), chance.choice(places), n < MET_A_DAY
        subject = f"person:{county._id(chance, at)}"
        met = (id_, at, at) if done else (None, None, None)
        duties.append((county.COUNTY, county._id(chance, at), "followup.check", subject, area, "role:grid_worker", id_,
                       opens, noon, noon, *met, None, None))  # fmt: skip
        if done:
            entries.append((county.COUNTY, id_, "health_check", 1, subject, area, at, at, at, "drill:bench", "", None,
                            "", "", '{"reached":"yes"}', None, county.RULES, "bench", at, False))  # fmt: skip
            evidence.append((county.COUNTY, subject, "followup.check", at, id_, at, False, at, at))
    for where, rows in ((ENTRY, entries), (DUTY, duties), (EVIDENCE, evidence)):
        store.insert(where, rows)
    return written + len(entries) + len(duties) + len(evidence)


def _tally(name: str, opens: datetime, due: datetime, closes: datetime, owed: int, *, every: int) -> int:
    """Write a tally of duties all met on the day they opened for each group, or each second."""
    from bulou.core.moments import day_of
    from bulou.store import query, stamp

    window = f"'{stamp(opens)}', '{stamp(due)}', '{stamp(closes)}'"
    groups = f"FROM areas_area WHERE depth = 5 AND number / 10000 %% {every} = 0 RETURNING area"
    query(
        "INSERT INTO ledger_settled (county, name, day, area, opens_at, due_at, closes_at, met, late, waived)"
        f" SELECT {county.COUNTY}, '{name}', '{day_of(opens)}', number, {window}, {owed}, 0, 0 {groups}"
    )
    return len(query(
        "INSERT INTO ledger_tally (county, area, name, opens_at, due_at, closes_at, owed, met, late, waived)"
        f" SELECT {county.COUNTY}, number, '{name}', {window}, {owed}, {owed}, 0, 0 {groups}"
    ))  # fmt: skip


if __name__ == "__main__":
    print(run())

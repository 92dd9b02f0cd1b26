"""What the report of a past day costs a county of 500,000 people: `python -m bench.report [--people N]`.

The county, its sweep of everyone and 300 days of history are those of bench.board; a twentieth of the sweep is done on
each of its first two days. On the third somebody opens the report of these days and of days long before: the whole report
as it is known now, the way the page compiles it, all its statements, by the clock.
"""

import statistics
from collections.abc import Callable
from datetime import date, datetime, timedelta

from bench import board, county
from bench.measuring import database, option, say, table, timed

HISTORY = 300
DAYS = (0, 1, 2, 3, 10, 100, 299)  # days before the one on which the report is opened
ROUNDS = 3
WANTED = 1.0  # seconds


def run() -> str:
    """Measure, and return the table as Markdown."""
    with database("report") as what:
        say(f"Reports of past days on {what}")
        board.open_sweep()
        lines = measure()
    header = ("days ago", "statistics", "report of the county, s", "report of a village, s")
    worst = max(float(line[2]) for line in lines)
    said = f"Wanted is less than {WANTED:.0f} s for any past day: at most {worst:.2f} s."
    return (
        f"### Reports of past days ({what})\n\n{option('people', 500_000):,} people, {HISTORY} days of history; the median"
        f" of {ROUNDS}.\n\n{table(header, lines)}\n\n{said}\n"
    )


def measure() -> list[list[str]]:
    from django.db import connection

    from bulou.core.moments import at_midnight, day_of

    start = at_midnight(county.FIRST_DAY)
    for nth in (0, 1):
        board.visit(start + timedelta(days=nth, hours=15), nth)
    for day in range(1, HISTORY + 1):
        board.write_day(start - timedelta(days=day))
    now = start + timedelta(days=2, hours=15)
    lines = []
    village = list(county.villages())[40]
    for statistics_are in ("none", "ANALYZE"):
        if statistics_are == "ANALYZE":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        for ago in DAYS:
            day = day_of(now) - timedelta(days=ago)
            took = [_seconds(reporting(area, day, now)) for area in (county.COUNTY_AREA, village)]
            lines.append([f"{ago}", statistics_are, *(f"{each:.2f}" for each in took)])
            say("  " + " | ".join(lines[-1]))
    return lines


def reporting(area: int, day: date, now: datetime) -> Callable[[], object]:
    """Return the work of compiling the report of the area for the day, as it is known now."""
    from bulou.reports.queries import compile_report

    return lambda: compile_report(area, day, now=now)


def _seconds(work: Callable[[], object]) -> float:
    return statistics.median(timed(work)[1] for _ in range(ROUNDS))


if __name__ == "__main__":
    print(run())

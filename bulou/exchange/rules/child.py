"""The child process that parses a workbook: it may use little memory and time, open nothing else, and knows no secret.

Started as `python -m bulou.exchange.rules.child PATH FORMAT MEMORY SECONDS`; writes frames to its standard output: four
bytes of length, then a message (msgpack). It prints what it could not read as a frame too.
"""

import struct
import sys
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

ROWS = 500  # a frame


def limit(memory: int, seconds: int, written: int = 0) -> None:
    """Take away what a parser gone wild would use; it may write files of `written` bytes, by default none.

    Where the system has no such limits the parent's clock remains."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def text_of(value: Any) -> str:
    """Return the cell as the person who typed it sees it. A number too long for Excel shows that its digits are
    lost."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return f"{value:.14E}" if abs(value) >= 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value) if value is not None else ""


def say(message: object) -> None:
    data = msgspec.msgpack.encode(message)
    sys.stdout.buffer.write(struct.pack(">I", len(data)) + data)


def rows_of(sheet: Any) -> Iterable[list[Any]]:
    return sheet.iter_rows() if sheet.height else ()


def tell(path: str) -> None:
    """Write every sheet of the workbook: its name, whether hidden, its merged cells, then its rows from the first."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    book = load_workbook(path)
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        left = sheet.start[1] if sheet.start else 0
        merged = [[r0, c0, r1, c1] for (r0, c0), (r1, c1) in sheet.merged_cell_ranges or ()]
        say(["sheet", meta.name, meta.visible != SheetVisibleEnum.Visible, merged, sheet.total_height])
        pad = [""] * left
        batch: list[list[str]] = []
        for row in rows_of(sheet):
            batch.append(pad + [text_of(value) for value in row])
            if len(batch) == ROWS:
                say(["rows", batch])
                batch = []
        if batch:
            say(["rows", batch])
    say(["end"])


def main(path: str, memory: str, seconds: str) -> None:
    limit(int(memory), int(seconds))
    try:
        tell(path)
    except MemoryError:
        say(["refused", "too much memory", ""])
    except BaseException as error:
        code = "password" if type(error).__name__ == "PasswordError" else "damaged"
        say(["refused", code, f"{type(error).__name__}: {error}"[:200]])
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])

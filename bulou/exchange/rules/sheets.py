"""Sheets of a file as rows of text, whatever the file is, in bounded memory."""

import csv
import io
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec

import bulou
from bulou.exchange.rules.files import Limits, Refused, delimiter_of, encoding_of

ROOT = Path(bulou.__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `merged`: first row, first column, last row, last column of each merged cell, from 0. Read `rows`
    once,
    before asking for the next sheet."""

    name: str
    hidden: bool
    merged: list[tuple[int, int, int, int]]
    height: int
    rows: Iterable[list[str]]


def read_sheets(path: Path, kind: str, limits: Limits) -> Iterator[Sheet]:
    """Yield the sheets of a file that check_file has found to be of this kind. Raise Refused if it cannot be read."""
    if kind == "csv":
        yield _read_csv(path, limits)
    else:
        yield from _read_workbook(path, limits)


def _read_csv(path: Path, limits: Limits) -> Sheet:
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = delimiter_of(file.read(20_000))
        file.seek(0)
        lines = sum(piece.count("\n") for piece in iter(lambda: file.read(2**20), "")) + 1

    def rows() -> Iterator[list[str]]:
        with path.open(encoding=encoding, newline="") as text:
            try:
                for n, row in enumerate(csv.reader(text, delimiter=delimiter)):
                    if n >= limits.rows:
                        raise Refused("too many rows", str(n))
                    if len(row) > limits.columns:
                        raise Refused("too many columns", str(len(row)))
                    yield [unguarded(cell) for cell in row]
            except csv.Error as error:
                raise Refused("damaged", str(error)) from error

    return Sheet("CSV", False, [], lines, rows())


DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


def guarded(cell: str) -> str:
    """Return the cell as it may stand in a CSV: what a spreadsheet would run gets a ' in front."""
    return (
        f"'{cell}"
        if cell.startswith(DANGEROUS) or (cell.startswith("'") and cell[1:].startswith(("'", *DANGEROUS)))
        else cell
    )


def unguarded(cell: str) -> str:
    """Return what `guarded` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(("'", *DANGEROUS)) else cell


def _read_workbook(path: Path, limits: Limits) -> Iterator[Sheet]:
    command = [sys.executable, "-m", "bulou.exchange.rules.child", str(path), str(limits.memory), str(limits.seconds)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
    with subprocess.Popen(  # noqa: S603  # our own interpreter and module; the path is an argument, never a command
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd="/"
    ) as child:
        assert child.stdout
        clock = threading.Timer(limits.seconds * 3, child.kill)  # it may also wait for ever instead of computing
        clock.daemon = True
        clock.start()
        try:
            yield from _sheets(_frames(child.stdout, child))
        finally:
            clock.cancel()
            child.kill()


def _frames(stream: IO[bytes], child: "subprocess.Popen[bytes]") -> Iterator[list[Any]]:
    while True:
        head = stream.read(4)
        if len(head) < 4:
            child.wait()
            raise Refused("too much memory", f"exit {child.returncode}")
        message = msgspec.msgpack.decode(stream.read(struct.unpack(">I", head)[0]))
        if message[0] == "refused":
            raise Refused(*message[1:])
        if message[0] == "end":
            return
        yield message


def _sheets(frames: Iterator[list[Any]]) -> Iterator[Sheet]:
    waiting: list[list[Any]] = []

    def rows() -> Iterator[list[str]]:
        for message in frames:
            if message[0] == "sheet":
                waiting.append(message)
                return
            yield from message[1]

    first = next(frames, None)
    if first:
        waiting.append(first)
    while waiting:
        _, name, hidden, merged, height = waiting.pop()
        body = rows()
        yield Sheet(name, hidden, [(a, b, c, d) for a, b, c, d in merged], height, body)
        for _row in body:  # whatever the reader left unread
            pass


def csv_text(rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows as a CSV that Excel in China opens rightly (UTF-8 with its mark) and that runs nothing."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")

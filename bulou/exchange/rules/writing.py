"""Tables as .xlsx that opens in Excel and WPS: every text typed as a string, so that nothing in it can run, and counts
as numbers, so that they can be added up."""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, islice
from tempfile import TemporaryDirectory
from typing import IO, Any

import xlsxwriter

SHEET_ROWS = 1_000_000  # a sheet ends at 1,048,576; more rows go to another sheet, never nowhere
MANIFEST = "导出说明"
Cell = str | int
CELL = 32_767  # characters Excel keeps


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, its width in characters."""

    title: str
    width: int = 14


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet to write. `notice` stands above the headers (whose copy this is); "" leaves it out."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    title: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A file and what must still be true of it when it arrives: rows, and a hash over them."""

    content: bytes
    rows: int
    rows_sha256: str
    sha256: str
    sheets: dict[str, int] = field(default_factory=dict)


def row_digest(row: Sequence[Cell]) -> bytes:
    return json.dumps(list(row), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def write_table(
    columns: Sequence[Column | str],
    rows: Iterable[Sequence[Cell]],
    *,
    title: str,
    sheet: str = "",
    notice: str = "",
    manifest: Sequence[tuple[str, str]] = (),
) -> Written:
    """Write one table. `manifest` lines, with the number of rows and their hash, go to a last sheet of their own."""
    page = Page(
        sheet or title[:28] or "表", [c if isinstance(c, Column) else Column(c) for c in columns], rows, title, notice
    )
    return write_pages([page], manifest=manifest)


def write_pages(pages: Iterable[Page], *, manifest: Sequence[tuple[str, str]] = ()) -> Written:
    """Write several sheets into one file, in constant memory a sheet."""
    buffer = io.BytesIO()
    count, hashed, sheets = write_to(buffer, pages, manifest=manifest)
    content = buffer.getvalue()
    return Written(content, count, hashed, sha256(content).hexdigest(), sheets)


def write_to(
    file: IO[bytes], pages: Iterable[Page], *, manifest: Sequence[tuple[str, str]] = ()
) -> tuple[int, str, dict[str, int]]:
    """Write several sheets into the open file. Return how many rows there are, their hash, and the rows of each sheet."""
    with TemporaryDirectory() as folder:  # rows wait here until their sheet is whole; nothing of them stays behind
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": folder}
        book = xlsxwriter.Workbook(file, options)
        try:
            done = _write_all(book, pages, manifest)
            book.close()
        except BaseException:
            for sheet in book.worksheets():
                if sheet.row_data_fh is not None:
                    sheet.row_data_fh.close()
            raise
    return done


def _write_all(
    book: Any, pages: Iterable[Page], manifest: Sequence[tuple[str, str]]
) -> tuple[int, str, dict[str, int]]:
    look, hashed, sheets = _formats(book), sha256(), {}
    for page in pages:
        sheets[page.name] = _write_page(book, look, page, hashed)
    count = sum(sheets.values())
    if manifest:
        lines = [*manifest, ("行数 rows", str(count)), ("内容校验 sha256", hashed.hexdigest())]
        _write_page(book, look, Page(MANIFEST, [Column("项目", 24), Column("内容", 80)], lines), sha256())
    return count, hashed.hexdigest(), sheets


def _formats(book: Any) -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "notice": book.add_format({"italic": True, "font_color": "#666666"}),
        "header": book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True}),
        "text": book.add_format({"num_format": "@"}),
        "number": book.add_format({"num_format": "0"}),
    }


def _write_page(book: Any, look: dict[str, Any], page: Page, hashed: Any) -> int:
    rows = iter(page.rows)
    written, part = 0, 1
    while True:
        name = page.name[:28] if part == 1 else f"{page.name[:24]}({part})"
        count = _write_sheet(book, look, page, name, islice(rows, SHEET_ROWS), hashed)
        written += count
        if count < SHEET_ROWS:
            return written
        following = list(islice(rows, 1))
        if not following:
            return written
        rows = chain(following, rows)
        part += 1


def _write_sheet(
    book: Any, look: dict[str, Any], page: Page, name: str, rows: Iterator[Sequence[Cell]], hashed: Any
) -> int:
    sheet = book.add_worksheet(name)
    top = 0
    for index, column in enumerate(page.columns):
        sheet.set_column(index, index, column.width, look["text"])
    if page.notice:
        sheet.set_header("&C&8" + page.notice.replace("&", "&&")[:200])
    for text, kind in ((page.title, "title"), (page.notice, "notice")):
        if text:
            sheet.write_string(top, 0, text[:CELL], look[kind])
            top += 1
    for index, column in enumerate(page.columns):
        sheet.write_string(top, index, column.title, look["header"])
    sheet.freeze_panes(top + 1, 0)
    count = 0
    for count, row in enumerate(rows, 1):
        hashed.update(row_digest(row))
        for index, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(top + count, index, cell, look["number"])
            elif cell:
                if len(cell) > CELL:
                    raise ValueError(f"row {count}: a cell of {len(cell)} characters would be cut; at most {CELL} fit")
                sheet.write_string(top + count, index, cell, look["text"])
    if count:
        sheet.autofilter(top, 0, top + count, len(page.columns) - 1)
    return count

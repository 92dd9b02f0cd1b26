"""What a file really is, and whether it is safe to open: decided before anything in it is parsed.

A spreadsheet is a zip that the sender wrote. Its directory is read first, then its parts are streamed once, in small
pieces, looking for what must not be there. Only then may a parser see it, in a child process with its own limits.
"""

import csv
import io
import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is believed. Bytes, counts, seconds."""

    file_bytes: int = 12 * MB
    entries: int = 200
    unpacked_bytes: int = 120 * MB  # 60,000 rows of our own export unpack to about 70 MB
    ratio: int = 100
    rows: int = 200_000
    columns: int = 104  # to CZ
    strings: int = 900_000
    memory: int = 512 * MB  # of the child
    seconds: int = 20  # of processor time of the child
    formulas: bool = (
        False  # a list must say what it says; a form's version may be worked out, and is read as it was last
    )


UPLOAD = Limits()
BULK = Limits(
    file_bytes=400 * MB, unpacked_bytes=4096 * MB, rows=1_048_576, strings=20_000_000, memory=2048 * MB, seconds=600
)


class Refused(ValueError):
    """The file is not opened. `code` is stable; `what` names the part or figure that decided."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code}: {what}" if what else code)
        self.code, self.what = code, what


EXTENSIONS = {"xlsx": "xlsx", "xls": "xls", "et": "xls", "ods": "ods", "csv": "csv", "txt": "csv"}
_NESTED = re.compile(
    r"\.(zip|7z|rar|gz|bz2|xz|jar|xls[xmb]?|xlt[xm]|doc[xm]?|ppt[xm]?|od[stp]|exe|dll|js|vbs|bat)$", re.I
)
_MACROS = re.compile(r"(vbaProject|vbaData|macrosheets/|/activeX|^Basic/|^Scripts/|/dialogsheets/)", re.I)
OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def check_file(path: Path, name: str, limits: Limits = UPLOAD) -> str:
    """Return "xlsx", "xls", "ods" or "csv": what the file is. Raise Refused if it is not what its name says, or
    unsafe."""
    size = path.stat().st_size
    if size == 0:
        raise Refused("empty")
    if size > limits.file_bytes:
        raise Refused("too big", f"{size // MB} MB > {limits.file_bytes // MB} MB")
    extension = name.rpartition(".")[2].lower()
    if extension in ("xlsm", "xltm", "xlsb", "xlam"):
        raise Refused("macros", f".{extension}")
    wanted = EXTENSIONS.get(extension)
    if wanted is None:
        raise Refused("unknown extension", extension[:20])
    with path.open("rb") as file:
        start = file.read(8)
        file.seek(0)
        if start.startswith(b"PK"):
            found = _check_zip(file, limits)
        elif start == OLE:
            found = _check_ole(file.read(), limits)
        else:
            found = "csv" if wanted == "csv" else _what_else(start + file.read(512))
    if found != wanted:
        raise Refused("wrong extension", f".{extension} ≠ {found}")
    return found


def _what_else(start: bytes) -> str:
    if b"<html" in start.lower() or b"<table" in start.lower():
        return "html"
    return "xml" if start.lstrip().startswith(b"<?xml") else "csv"


def _check_zip(file: BinaryIO, limits: Limits) -> str:
    _check_directory_size(file, limits)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise Refused("damaged", str(error)[:80]) from error
    entries = archive.infolist()
    _check_entries(entries, limits)
    names = {entry.filename for entry in entries}
    if "EncryptedPackage" in names:
        raise Refused("password")
    try:
        if "xl/workbook.xml" in names and "[Content_Types].xml" in names:
            _scan_xlsx(archive, entries, limits)
            return "xlsx"
        if (
            "content.xml" in names
            and archive.read("mimetype").strip() == b"application/vnd.oasis.opendocument.spreadsheet"
        ):
            _scan_ods(archive, limits)
            return "ods"
    except (zipfile.BadZipFile, NotImplementedError, KeyError, OSError, EOFError, struct.error) as error:
        raise Refused("damaged", str(error)[:80]) from error
    except ValueError as error:
        if isinstance(error, Refused):
            raise
        raise Refused("damaged", str(error)[:80]) from error
    return "xlsb" if "xl/workbook.bin" in names else "zip"


def _check_directory_size(file: BinaryIO, limits: Limits) -> None:
    """Refuse a directory of too many entries before the standard library makes an object of each."""
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(max(0, size - 65_557))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise Refused("damaged", "zip")
    count, directory = struct.unpack("<HI", tail[at + 10 : at + 16])
    if count > limits.entries or directory > limits.entries * 1024 or b"PK\x06\x06" in tail:
        raise Refused("too many parts", str(count))


def _check_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise Refused("too many parts", str(len(entries)))
    if len({entry.filename for entry in entries}) != len(entries):
        raise Refused("damaged", "a part occurs twice")
    for entry in entries:
        name = entry.filename
        if entry.flag_bits & 0x1:
            raise Refused("password")
        if (
            name.startswith(("/", "\\"))
            or ".." in name.split("/")
            or "\\" in name
            or stat.S_ISLNK(entry.external_attr >> 16)
        ):
            raise Refused("unsafe path", name[:80])
        if _MACROS.search(name):
            raise Refused("macros", name[:80])
        if _NESTED.search(name) or "embeddings/" in name:
            raise Refused("nested file", name[:80])
        if entry.file_size > limits.ratio * max(entry.compress_size, 1) and entry.file_size > MB:
            raise Refused("bomb", f"{name[:60]}: 1:{entry.file_size // max(entry.compress_size, 1)}")
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked_bytes or total > limits.ratio * max(sum(e.compress_size for e in entries), 10_000):
        raise Refused("bomb", f"{total // MB} MB")


def _pieces(archive: zipfile.ZipFile, name: str, size: int = MB // 4, overlap: int = 256) -> Iterator[bytes]:
    """Yield the part in pieces that overlap a little, so that no mark is cut in two unseen."""
    with archive.open(name) as part:
        carry = b""
        while data := part.read(size):
            if not carry and data.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
                raise Refused("damaged", f"{name[:60]} is not UTF-8")
            yield carry + data
            carry = data[-overlap:]


_DTD = re.compile(rb"<!(DOCTYPE|ENTITY)")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]{1,3}\d{1,7})"[^>]*>(?:(?!</?(?:\w+:)?c[\s>]).)*?$', re.DOTALL)
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
_ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\s[^>]*?r="(\d+)"')
_FAR_CELL = re.compile(rb'r="(?:[A-Z]{3}|[D-Z][A-Z])\d')  # beyond column CZ
_FAR_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s")


def _scan_xlsx(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise Refused("macros", "[Content_Types].xml")
    for entry in entries:
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        sheet = entry.filename.startswith("xl/worksheets/")
        strings = "sharedstrings" in entry.filename.lower()
        rows = items = merges = 0
        for piece in _pieces(archive, entry.filename):
            fresh = piece if not (rows or items) else piece[256:]
            if _DTD.search(piece):
                raise Refused("entities", entry.filename[:80])
            if sheet:
                if not limits.formulas and (formula := _FORMULA.search(piece)):
                    cell = _CELL.search(piece[max(0, formula.start() - 400) : formula.start()])
                    raise Refused("formula", cell[1].decode() if cell else entry.filename[:60])
                rows += len(_ROW.findall(fresh))
                merges += len(_FAR_MERGE.findall(fresh))
                last = _ROW_NUMBER.findall(piece)[-1:]
                highest = max(rows, int(last[0][:9]) if last else 0)
                if highest > limits.rows or merges > limits.rows * 4:
                    raise Refused("too many rows", str(highest))
                if _FAR_CELL.search(piece):
                    raise Refused("too many columns", str(limits.columns))
            elif strings:
                items += fresh.count(b"<si")
                if items > limits.strings:
                    raise Refused("too many strings", str(items))


_ODS_FORMULA = re.compile(rb"table:formula=")
_ODS_REPEAT = re.compile(rb'number-(rows|columns)-repeated="(\d+)"([^>]*)>')
_ODS_ROW = re.compile(rb"<table:table-row[\s>]")


def _scan_ods(archive: zipfile.ZipFile, limits: Limits) -> None:
    rows = 0
    for piece in _pieces(archive, "content.xml", overlap=1024):
        if _DTD.search(piece):
            raise Refused("entities", "content.xml")
        if _ODS_FORMULA.search(piece):
            raise Refused("formula", "content.xml")
        if b"<office:scripts>" in piece and b"<script:" in piece:
            raise Refused("macros", "content.xml")
        rows += len(_ODS_ROW.findall(piece[1024:] if rows else piece))
        if rows > limits.rows:
            raise Refused("too many rows", str(rows))
        for repeat in _ODS_REPEAT.finditer(piece):
            # LibreOffice fills a sheet up with one repeated empty row or cell; a repeated full one is a bomb.
            if (
                int(repeat[2][:9]) > 1000
                and b"<text:p" in piece[repeat.end() : repeat.end() + 200]
                and repeat[3][-1:] != b"/"
            ):
                raise Refused("bomb", f"{repeat[1].decode()} × {repeat[2][:9].decode()}")


def _check_ole(content: bytes, limits: Limits) -> str:
    """Check an .xls: no password, no macros, no formulas. Its records are walked; nothing is evaluated."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused("password")
    if "_VBA_PROJECT".encode("utf-16-le") in content or "Macros".encode("utf-16-le") in content:
        raise Refused("macros", "VBA")
    from xlrd.compdoc import CompDoc, CompDocError

    try:
        document = CompDoc(content, logfile=io.StringIO())
        memory, base, length = document.locate_named_stream("Workbook")
        if memory is None:
            memory, base, length = document.locate_named_stream("Book")
    except (CompDocError, AssertionError, IndexError, ValueError, struct.error) as error:
        raise Refused("damaged", "xls") from error
    if memory is None:
        return "ole"
    at, end = base, base + length
    while at + 4 <= end:
        record, size = struct.unpack_from("<HH", memory, at)
        if record == 0x002F:
            raise Refused("password")
        if not limits.formulas and record in (0x0006, 0x0206, 0x0406) and size >= 6:
            row, column = struct.unpack_from("<HH", memory, at + 4)
            raise Refused("formula", f"{column_name(column)}{row + 1}")
        at += 4 + size
    return "xls"


def column_name(index: int) -> str:
    """Return A for 0, Z for 25, AA for 26."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def encoding_of(path: Path) -> str:
    """Return the encoding of a text file: UTF-8 with or without its mark, UTF-16 with one, else GB 18030.

    Raise Refused if it is no text.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(b"\xef\xbb\xbf"):
        candidates = ["utf-8-sig"]
    elif start.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        try:
            with path.open(encoding=encoding, newline="") as text:
                while piece := text.read(MB):
                    if "\x00" in piece:
                        raise Refused("not text")
        except UnicodeError:
            continue
        return encoding
    raise Refused("not text")


def delimiter_of(sample: str) -> str:
    """Return the sign that separates the fields of the first lines."""
    lines = sample.splitlines()[:20]
    return max([",", "\t", ";", "，"], key=lambda sign: sum(line.count(sign) for line in lines))


csv.field_size_limit(100_000)

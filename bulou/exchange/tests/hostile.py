"""Files nobody should open, made when the test runs."""

import io
import zipfile
from pathlib import Path

import openpyxl


def workbook(cells=None):
    book = openpyxl.Workbook()
    for place, value in (cells or {"A1": "姓名", "B1": "联系电话", "A2": "安娜", "B2": "13812345678"}).items():
        book.active[place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(name, content, base=None, replace=()):
    """Return a workbook with one more part, or with some replaced by `content`."""
    source = zipfile.ZipFile(io.BytesIO(base or workbook()))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            if item.filename != name:
                target.writestr(item, source.read(item))
        if isinstance(content, bytes):
            target.writestr(name, content)
        else:
            with target.open(name, "w", force_zip64=True) as part:
                for piece in content:
                    part.write(piece)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


def rows_of(count, make):
    yield HEAD
    for start in range(1, count + 1, 10_000):
        yield b"".join(make(n) for n in range(start, min(start + 10_000, count + 1)))
    yield TAIL


FAR_ROW = b'<row r="1048576"><c r="A1048576" t="str"><v>x</v></c></row>'
FAR_COLUMN = b'<row r="1"><c r="XFD1" t="str"><v>x</v></c></row>'
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst/>'
STRINGS = "xl/sharedStrings.xml"


def corpus(folder: Path):
    """Yield (path, name, code expected)."""
    link = zipfile.ZipInfo("xl/link.xml")
    link.external_attr = 0o120777 << 16
    linked = io.BytesIO()
    with zipfile.ZipFile(linked, "w") as target:
        target.writestr("[Content_Types].xml", "")
        target.writestr("xl/workbook.xml", "")
        target.writestr(link, "/etc/passwd")
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as target:
        for n in range(5_000):
            target.writestr(f"xl/{n}.xml", "")
    files = {
        "一张大表.xlsx": (with_part(SHEET, rows_of(1, lambda n: b"<row>" + b" " * 60_000_000 + b"</row>")), "bomb"),
        "百万空行.xlsx": (with_part(SHEET, rows_of(1_000_000, lambda n: b'<row r="%d"/>' % n)), "too many rows"),
        "远处一格.xlsx": (with_part(SHEET, rows_of(1, lambda n: FAR_ROW)), "too many rows"),
        "很宽.xlsx": (with_part(SHEET, rows_of(1, lambda n: FAR_COLUMN)), "too many columns"),
        "公式.xlsx": (workbook({"A1": "姓名", "B1": "电话", "A2": "安娜", "B2": "=1+1"}), "formula"),
        "宏.xlsx": (with_part("xl/vbaProject.bin", b"macro"), "macros"),
        "宏.xlsm": (workbook(), "macros"),
        "假表.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096, "damaged"),
        "其实是表.csv": (workbook(), "wrong extension"),
        "其实是文字.xlsx": ("姓名,电话\n安娜,1".encode(), "wrong extension"),
        "网页.xls": (b"<html><table><tr><td>x</td></tr></table></html>", "wrong extension"),
        "笑.xlsx": (with_part(SHEET, LAUGHS + HEAD + TAIL), "entities"),
        "外部实体.xlsx": (with_part(STRINGS, OUTSIDE), "entities"),
        "百万字符串.xlsx": (
            with_part(STRINGS, rows_of(1_000_000, lambda n: b"<si><t>%d</t></si>" % n)),
            "too many strings",
        ),
        "套娃.xlsx": (with_part("xl/embeddings/inner.zip", b"PK"), "nested file"),
        "太多部分.xlsx": (many.getvalue(), "too many parts"),
        "链接.xlsx": (linked.getvalue(), "unsafe path"),
        "路径.xlsx": (with_part("../../etc/passwd", b"x"), "unsafe path"),
        "残缺.xlsx": (workbook()[:-200], "damaged"),
        "空.xlsx": (b"", "empty"),
        "程序.exe": (b"MZ", "unknown extension"),
        "不是文字.csv": (b"\x00\x01\x02\xff\xfe" * 100, "not text"),
        "太大.csv": (b"x" * (13 * 2**20), "too big"),
    }
    for name, (content, code) in files.items():
        path = folder / name
        path.write_bytes(content)
        yield path, name, code

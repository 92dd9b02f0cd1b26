"""A form somebody made, an .xlsx or .xls XLSForm or an .xml XForm, opened safely and read as far as pyxform can."""

import os
import struct
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import msgspec

from bulou.exchange.rules.files import MB, UPLOAD, Limits, Refused, check_file, encoding_of
from bulou.exchange.rules.sheets import ROOT
from bulou.records.uploaded.workbook import Converted

LIST = replace(UPLOAD, file_bytes=2 * MB)
MOST_LISTS = 20  # beside one form
FORM = replace(UPLOAD, file_bytes=6 * MB, rows=20_000, strings=200_000, formulas=True)
XML_BYTES = 4 * MB


def read_form_file(path: Path, name: str, limits: Limits = FORM) -> Converted:
    """Return the XForm in a file of that name, with what pyxform said. Raise Refused if it may not be opened."""
    if name.lower().endswith(".xml"):
        return Converted(_read_xml(path), ())
    kind = check_file(path, name, limits)
    if kind not in ("xlsx", "xls"):
        raise Refused("no form", kind)
    command = [sys.executable, "-m", "bulou.exchange.rules.form_child", str(path), kind, Path(name).stem[:120],
               str(limits.memory), str(limits.seconds)]  # fmt: skip
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
    with subprocess.Popen(  # noqa: S603  # our own interpreter and module; the path is an argument, never a command
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd="/"
    ) as child:
        assert child.stdout
        clock = threading.Timer(limits.seconds * 3, child.kill)
        clock.daemon = True
        clock.start()
        try:
            head = child.stdout.read(4)
            message = child.stdout.read(struct.unpack(">I", head)[0]) if len(head) == 4 else b""
        finally:
            clock.cancel()
            child.kill()
    if not message:
        raise Refused("too much memory", "form")
    said = msgspec.msgpack.decode(message)
    if said[0] == "refused":
        raise Refused(*said[1:])
    return msgspec.convert(said[1], Converted)


def read_list_file(path: Path, name: str, limits: Limits = LIST) -> bytes:
    """Return a list brought beside a form, a .csv. Raise Refused if it may not be opened, or is something else."""
    if not name.lower().endswith(".csv"):
        raise Refused("no list", name[-60:])
    check_file(path, name, limits)
    encoding_of(path)
    return path.read_bytes()


def _read_xml(path: Path) -> str:
    """Return the text of an XForm. Raise Refused for what is no XML in UTF-8, or declares entities."""
    size = path.stat().st_size
    if size == 0:
        raise Refused("empty")
    if size > XML_BYTES:
        raise Refused("too big", f"{size // MB} MB > {XML_BYTES // MB} MB")
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("damaged", "not UTF-8") from error
    if not text.lstrip().startswith("<"):
        raise Refused("wrong extension", ".xml ≠ xml")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Refused("entities", path.suffix)
    return text

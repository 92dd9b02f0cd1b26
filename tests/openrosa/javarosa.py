"""JavaRosa, the engine inside ODK Collect, as a phone: it lies in pyxform, and Collect.java fills forms in with it."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import pytest
from pyxform.validators.odk_validate import ODK_VALIDATE_PATH

from bulou.core.moments import CHINA
from tests.openrosa.conftest import ROOT

WALK = Path(__file__).with_name("Collect.java")


@dataclass(frozen=True, slots=True)
class Filling:
    """A form, the lists that come with it (file name → CSV), and the answers by path: "/data/members[2]/name".

    `now` stands in the form for now() and today(): JavaRosa's own clock cannot be set. None for the time it is.
    """

    xform: str
    said: Mapping[str, str]
    lists: Mapping[str, bytes]
    now: datetime | None = None


def check_java() -> str:
    """Return the java that can run a source file. Skip where there is none, on a developer's machine; fail in CI."""
    java = _java()
    if java is None:
        said = "no JDK (java and javac) for JavaRosa: apt-get install default-jdk-headless"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    return java


@cache
def _java() -> str | None:
    java = shutil.which("java")
    return java if java and shutil.which("javac") else None


def fill(fillings: Iterable[Filling]) -> list[dict[str, Any]]:
    """Return what JavaRosa makes of each, in order: see Collect.java. One process for all; its clock stands in China."""
    java, lines, names = check_java(), list[str](), dict[tuple[Any, ...], int]()
    with TemporaryDirectory() as folder:
        for each in fillings:
            key = each.xform, each.now, *sorted(each.lists.items())
            here = Path(folder, str(names.setdefault(key, len(names))))
            if not here.exists():
                here.mkdir()
                (here / "form.xml").write_text(_at(each.xform, each.now), "utf-8")
                for name, content in each.lists.items():
                    (here / name).write_bytes(content)
            lines += [_line("form", str(here / "form.xml"), str(here)), "begin"]
            lines += [_line("say", path, value) for path, value in each.said.items()]
        asked, told = Path(folder, "asked"), Path(folder, "told")
        asked.write_text("\n".join(lines), "utf-8")
        done = subprocess.run(
            [java, "-Duser.timezone=Asia/Shanghai", "-XX:+UseSerialGC", "-cp", ODK_VALIDATE_PATH, WALK, asked, told],
            cwd=ROOT, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
        return [json.loads(line) for line in told.read_text("utf-8").splitlines()]


def _at(xform: str, now: datetime | None) -> str:
    if now is None:
        return xform
    local = now.astimezone(CHINA)
    xform = xform.replace("now()", f"date-time('{local.isoformat(timespec='milliseconds')}')")
    return xform.replace("today()", f"date('{local.date().isoformat()}')")


def _line(*fields: str) -> str:
    return "\t".join(quote(field, safe="/") for field in fields)

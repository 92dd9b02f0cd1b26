"""Run every measure, each in a process of its own on each database (where it needs one), and write the table:
`make bench`.

`--only append,board` runs these only and keeps what the table says of the others; what follows `--` is given to each
measure (`--only rebuild -- --full`). Without a PostgreSQL server its half is left out, and the table says so.
"""

import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from bench.measuring import say

MEASURES = (
    "append",
    "board",
    "report",
    "rebuild",
    "people",
    "areas",
    "checkpoints",
    "rosters",
    "nurses",
    "openrosa",
    "field",
    "desk",
    "phone",
)
PLAIN = ("rosters", "nurses", "desk", "phone")  # these need no database of their own: run once
README = Path(__file__).with_name("README.md")
SECTION = re.compile(r"<!-- (\S+) -->\n.*?<!-- /\1 -->\n", re.DOTALL)


def machine() -> str:
    """Return what this ran on, without its name."""
    cpu = next((line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = next((int(line.split()[1]) // 2**20 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    load = os.getloadavg()[0]
    return (f"{os.cpu_count()} cores {cpu or platform.machine()}, {memory} GB, {platform.system()}, "
            f"Python {platform.python_version()}; load when it began {load:.1f}")  # fmt: skip


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def measure(name: str, url: str, more: list[str]) -> str:
    """Run one measure in a fresh process and return the Markdown it printed."""
    environment = {**os.environ, "DATABASE_URL": url, "BULOU_SECRET_KEY": "bench"}
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}", *more], env=environment, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        return f"*bench.{name} failed here.*\n"
    found = done.stdout.strip()
    if not found.startswith("#"):
        found = f"### {name.capitalize()}\n\n" + (
            found if "| ---" in found else f"| what | how much |\n| --- | --- |\n{found}"
        )
    return found + "\n"


def write(key: str, text: str, on: str) -> None:
    """Put the result between its marks in the README, and when and where it was measured."""
    page = README.read_text(encoding="utf-8")
    made = f"<!-- {key} -->\n{text}\n*{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {on}*\n<!-- /{key} -->\n"
    others = {match[1]: match[0] for match in SECTION.finditer(page)}
    others[key] = made
    order = [
        f"{name}-{kind}" for name in MEASURES for kind in (("plain",) if name in PLAIN else ("sqlite", "postgresql"))
    ]
    head = page.split("<!-- results -->", 1)[0]
    body = "\n".join(others[each] for each in order if each in others)
    README.write_text(f"{head}<!-- results -->\n\n{body}", encoding="utf-8")


def main() -> int:
    arguments = sys.argv[1:]
    more = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    only = arguments[arguments.index("--only") + 1].split(",") if "--only" in arguments else list(MEASURES)
    failed = 0
    for kind, url in chain([("plain", "")], _databases({*only} - {*PLAIN})):
        for name in only:
            if (name in PLAIN) != (kind == "plain"):
                continue
            say(f"== {name} on {kind}")
            on = machine()
            text = measure(name, url, more)
            failed += text.startswith("*")
            write(f"{name}-{kind}", text, on)
    say(f"The tables are in {README}.")
    return 1 if failed else 0


def _databases(wanted):  # type: ignore[no-untyped-def]
    """Yield the databases to measure on: SQLite, and the PostgreSQL of DATABASE_URL or a private one; none if none is
    wanted."""
    if not wanted:
        return
    from tests import postgres

    yield "sqlite", ""
    if url := os.environ.get("DATABASE_URL", ""):
        yield "postgresql", url
    elif postgres.find_programs() is None:
        say("!! SKIPPED: PostgreSQL. There is no PostgreSQL server here.")
    else:
        with postgres.cluster() as url:
            yield "postgresql", url


if __name__ == "__main__":
    raise SystemExit(main())

"""Imports: how a list with these columns was last read, and what became of each list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import msgspec

from bulou.people.models import ImportMapping, ImportRun
from bulou.people.queries.pages import within
from bulou.people.rules.columns import Field, fingerprint, key_of


class Note(msgspec.Struct, frozen=True, array_like=True):
    """A row (0: a whole sheet) that was left out, and why: "total", "note", "header again", "foot", "hidden sheet",
    "no table", "rows differ" (fewer or more rows than the file itself says it has)."""

    why: str
    sheet: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One list read into the registers. read = added + changed + unchanged + bad."""

    county: int
    id: UUID
    area: int
    list_name: str
    file_name: str
    sha256: str
    by: str
    at: datetime
    state: str
    failure: str
    total: int | None
    read: int
    added: int
    changed: int
    unchanged: int
    bad: int
    households: int
    doubtful: int
    differing: int
    finished_at: datetime | None
    notes: str  # JSON

    @property
    def left_out(self) -> "list[Note]":
        """Return the rows and sheets that were no lines of the list."""
        return msgspec.json.decode(self.notes, type=list[Note])

    @property
    def has_report(self) -> bool:
        """Tell whether there is a file of rows to look at: bad, doubtful or differing ones."""
        return self.state != "running" and bool(self.bad or self.doubtful or self.differing)


_COLUMNS = tuple(Run.__dataclass_fields__)


def runs(area: int, *, limit: int = 50) -> list[Run]:
    """Return the imports under the area, latest first."""
    rows = ImportRun.objects.filter(within(area)).order_by("-at", "-id").values_list(*_COLUMNS)
    return [Run(*row) for row in rows[:limit]]


def find_run(area: int, run: UUID) -> Run | None:
    row = ImportRun.objects.filter(within(area), id=run).values_list(*_COLUMNS).first()
    return Run(*row) if row else None


def get_run_report(area: int, run: UUID) -> bytes:
    """Return the .xlsx of the rows to correct; raise LookupError if there is none that may be seen."""
    content = ImportRun.objects.filter(within(area), id=run).values_list("report", flat=True).first()
    if content is None:
        raise LookupError(f"import {run} has no rows to correct here")
    return bytes(content)


def find_mapping(county: int, headers: Iterable[str]) -> dict[str, Field] | None:
    """Return header → field as somebody last confirmed it for a list with the same columns, in whatever order."""
    headers = list(headers)
    row = ImportMapping.objects.filter(county=county, fingerprint=digest_of(headers)).first()
    if row is None:
        return None
    kept = msgspec.json.decode(row.mapping, type=dict[str, str])
    known = set(Field)
    return {h: Field(kept[k]) for h in headers if (k := key_of(h)) in kept and kept[k] in known}


def digest_of(headers: Iterable[str]) -> str:
    return sha256(fingerprint(headers).encode()).hexdigest()

"""The records of a kind out, as a file that says who took it, when and why: one table, and one more for every repeat.

Rows wait on the disk until their table is whole, so that a county's year needs no more memory than its day.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

import msgspec
from django.utils.translation import gettext as _

from bulou.access import queries as access
from bulou.access.actions import audit, foresee, need
from bulou.access.words import purpose_word
from bulou.areas import queries as areas
from bulou.core.divisions import code_of, county_of
from bulou.core.moments import CHINA, at_midnight, parse_moment
from bulou.exchange.queries import subject_names
from bulou.exchange.rules.sheets import guarded
from bulou.exchange.rules.writing import CELL, MANIFEST, Column, Page, write_to
from bulou.ledger import queries as ledger
from bulou.ledger.queries import Standing
from bulou.ledger.rules import Entry
from bulou.people.actions import Refused
from bulou.records.declaration import Declaration
from bulou.records.display import words_in
from bulou.records.fields import Field, answers
from bulou.records.keeping import Kept
from bulou.records.law import BoundKind
from bulou.records.tabling import Table, TableRow, answer_text, lay_out, tables
from bulou.store import writing

Keep = Callable[[Declaration, Entry, Mapping[str, Any]], Kept]  # what of a body may still be shown
BATCH = 500
_WIDE = 18


@dataclass(frozen=True, slots=True)
class ExportedRecords:
    """An open file to hand over, and what was left out of it: withdrawn records and those in the held tray."""

    name: str
    file: IO[bytes]
    rows: int
    sha256: str
    corrected: int
    withdrawn: int
    held: int


@dataclass
class _Spool:
    """The rows of every table on the disk, one JSON list a line."""

    folder: Path
    tables: Sequence[Table]
    counts: dict[str, int] = field(default_factory=dict)
    _files: dict[str, IO[bytes]] = field(default_factory=dict)

    def add(self, table: str, row: Sequence[str]) -> None:
        if table not in self._files:
            self._files[table] = (self.folder / f"{len(self._files)}").open("w+b")
        self._files[table].write(msgspec.json.encode(row) + b"\n")
        self.counts[table] = self.counts.get(table, 0) + 1

    def rows(self, table: str) -> Iterator[list[str]]:
        if (file := self._files.get(table)) is not None:
            file.seek(0)
            for line in file:
                yield msgspec.json.decode(line, type=list[str])

    def close(self) -> None:
        for file in self._files.values():
            file.close()


def export_records(
    area: int, bound: BoundKind, *, first: date, last: date, language: str, keep: Keep, by: str, exporter: str, purpose: str,
    at: datetime, masked: bool = True, form: str = "xlsx",
) -> ExportedRecords:  # fmt: skip
    """Return the records of the kind under the area that happened from the first day to the last (in), as they stand.

    `form` "xlsx" or "csv" (a zip of one file a table). All versions stand in the same tables. Withdrawn records and
    those in the held tray are left out and counted. `keep` leaves out what is no
    longer shown of a body. Unless `masked` is False, which takes a second person, what names a person is masked.
    The file is handed over only once the audit of it is written. Raise Refused("no purpose") without a purpose.
    """
    if not purpose.strip():
        raise Refused("no purpose", "say what the list is needed for")
    why = purpose_word(purpose.strip())
    full = None if masked else {
        "what": "records", "kind": bound.name, "from": first.isoformat(), "to": last.isoformat(), "form": form,
        "purpose": purpose.strip(),
    }  # fmt: skip
    if full:
        foresee("full_export", area=area, asked=full, by=by, at=at)
    since, until = at_midnight(first), at_midnight(last + timedelta(days=1))
    made = tables(bound.versions(), language)
    tally = {"corrected": 0, "withdrawn": 0}
    with TemporaryDirectory() as folder:
        spool = _Spool(Path(folder), made)
        try:
            found = ledger.stream(area, kind=bound.name, since=since, until=until)
            while some := list(islice(found, BATCH)):
                _take(spool, bound, some, language, masked, tally, keep)
            held = _held(area, bound.name, since, until)
            place, title = areas.get_area(area).name, made[0].title
            moment = f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
            said = [
                (_("exported by"), exporter), (_("at"), moment), (_("purpose"), why), (_("area"), place),
                (_("kind of record"), f"{title} ({bound.name})"), (_("from – to"), f"{first} – {last}"),
                (_("records"), str(spool.counts.get("", 0))), (_("of these corrected"), str(tally["corrected"])),
                (_("left out: withdrawn"), str(tally["withdrawn"])),
                (_("left out: in the held tray"), str(held)), (_("masked"), _("yes") if masked else _("no")),
            ]  # fmt: skip
            notice = _("Exported by %(who)s at %(when)s for: %(why)s. For epidemic control only; do not pass on.") % {
                "who": exporter, "when": moment, "why": why,
            }  # fmt: skip
            file: IO[bytes] = TemporaryFile()  # noqa: SIM115  (the answer closes it)
            if form == "csv":
                _write_csv(file, spool, [*said, (_("notice"), notice)])
            else:
                write_to(file, _pages(spool, f"{place} {title} {first} – {last}", notice), manifest=said)
        finally:
            spool.close()
    file.seek(0)
    digest = file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    rows = spool.counts.get("", 0)
    try:
        with writing(county_of(area)):
            if full:
                need("full_export", area=area, asked=full, by=by, at=at)
            audit(by=by, at=at, action="export", area=area, purpose=purpose.strip(),
                  detail={"what": "records", "kind": bound.name, "from": first.isoformat(), "to": last.isoformat(),
                          "rows": rows, "rows_in_all": sum(spool.counts.values()), "corrected": tally["corrected"],
                          "withdrawn": tally["withdrawn"], "held": held, "masked": masked, "form": form,
                          "sha256": digest})  # fmt: skip
    except BaseException:  # somebody used the approval up meanwhile, or it is a list too many: nothing leaves
        file.close()
        raise
    name = f"{place}-{title}-{first:%Y%m%d}-{last:%Y%m%d}".replace("/", "-")
    end = "zip" if form == "csv" else "xlsx"
    return ExportedRecords(f"{name}.{end}", file, rows, digest, tally["corrected"], tally["withdrawn"], held)


def _envelope() -> list[str]:
    return [_("Record"), _("Version"), _("Area code"), _("Place"), _("About"), _("Subject"), _("Happened"),
            _("Written down"), _("Received"), _("By"), _("Corrected"), _("Why corrected"),
            _("Sent beside the form")]  # fmt: skip


def _take(
    spool: _Spool,
    bound: BoundKind,
    some: Sequence[Standing],
    language: str,
    masked: bool,
    tally: dict[str, int],
    keep: Keep,
) -> None:
    """Add the rows of some records: a fixed number of queries for all of them."""
    standing = [each for each in some if each.stands is not None]
    tally["withdrawn"] += len(some) - len(standing)
    places = areas.names({each.written.area for each in standing})
    authors = access.names_of({each.written.by for each in standing})
    subjects = subject_names({(each.written.area, each.written.subject) for each in standing}, masked=masked)
    rows = ((each.stands.area, row) for each in standing if each.stands for row in persons_in(each.stands.body))
    called = subject_names(set(rows), masked=False)  # masked with every other name, if it must be
    keys = {table.name: table.keys for table in spool.tables}
    for each in standing:
        entry = each.stands
        assert entry is not None
        last = each.corrections[-1] if each.corrections else None
        tally["corrected"] += last is not None
        front = [
            str(entry.id), str(entry.version), code_of(entry.area), places.get(entry.area, ""),
            subjects.get(entry.subject, ""), entry.subject, _moment(entry.happened_at), _moment(entry.recorded_at),
            _moment(entry.received_at), authors.get(entry.by, entry.by), _moment(last.recorded_at) if last else "",
            str(last.body.get("reason", "")) if last else "", _beside(bound, entry, keep, language, masked),
        ]  # fmt: skip
        kind = bound.at(entry.version)
        body = Kept(with_names(kind.fields, keep(kind, entry, entry.body), called))
        for row in lay_out(kind, body, language, masked=masked):
            if row.table in keys:
                spool.add(row.table, _line(row, front, keys[row.table]))


def persons_in(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield whom the rows of a body speak of."""
    for value in body.values():
        for row in value if isinstance(value, list) else ():
            if isinstance(row, Mapping) and isinstance(who := row.get("person"), str) and who.startswith("person:"):
                yield who


def with_names(fields: Sequence[Field], body: Mapping[str, Any], called: Mapping[str, str]) -> dict[str, Any]:
    """Return the body with the register's name in every row that has a column for it and says only who it is."""
    found = dict(body)
    for each in answers(tuple(fields)):
        rows = body.get(each.name)
        if (
            each.type != "repeat"
            or not isinstance(rows, list)
            or not {"person", "name"} <= {f.name for f in each.fields}
        ):
            continue
        found[each.name] = [
            {**row, "name": name} if not row.get("name") and (name := called.get(str(row.get("person")), "")) else row
            for row in rows
        ]
    return found


def _beside(bound: BoundKind, entry: Entry, keep: Keep, language: str, masked: bool) -> str:
    """Return what the record says beside its form, in words; nothing once some of the record is no longer shown."""
    kind, judged = bound.at(entry.version), bound.judged(entry)
    if not judged.beside or keep(kind, entry, entry.body) != judged.body:
        return ""
    said = words_in(kind, language)
    return "; ".join(
        f"{said.label(one.key)}: {answer_text(said, one.field, one.key, one.said, masked)}"
        + (f" → {one.counts}" if one.counts else "")
        for one in judged.beside
    )


def _line(row: TableRow, front: Sequence[str], keys: Iterable[str]) -> list[str]:
    before = list(front) if not row.table else [front[0], front[1], *map(str, row.place)]
    return [cell[:CELL] for cell in (*before, *(row.cells.get(key, "") for key in keys))]


def _headers(table: Table) -> list[str]:
    if not table.name:
        return [*_envelope(), *table.headers]
    numbers = [_("Row")] if table.depth == 1 else [_("Row (level %(n)d)") % {"n": n} for n in range(1, table.depth + 1)]
    return [_("Record"), _("Version"), *numbers, *table.headers]


def _pages(spool: _Spool, title: str, notice: str) -> Iterator[Page]:
    taken = {MANIFEST}
    for table in spool.tables:
        name = _sheet(table.title if table.name else _("Records"), taken)
        columns = [Column(header, _WIDE) for header in _headers(table)]
        yield Page(
            name, columns, spool.rows(table.name), title if not table.name else f"{title} · {table.title}", notice
        )


def _sheet(title: str, taken: set[str]) -> str:
    """Return a name Excel takes for a sheet, unlike every other in the file."""
    bare = "".join(c for c in title if c not in "[]:*?/\\").strip("' ")[:22] or "repeat"
    name = next(n for i in range(1, 1000) if (n := bare if i == 1 else f"{bare} {i}").casefold() not in taken)
    taken.add(name.casefold())
    return name


def _write_csv(file: IO[bytes], spool: _Spool, said: Sequence[tuple[str, str]]) -> None:
    """Write a zip of one CSV a table, each as Excel in China opens it rightly, and what the file is."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        _member(packed, "about.csv", said)
        for table in spool.tables:
            name = f"{table.name.replace('.', '-') or 'records'}.csv"
            _member(packed, name, _with_head(_headers(table), spool.rows(table.name)))


def _with_head(head: list[str], rows: Iterator[list[str]]) -> Iterator[Sequence[str]]:
    yield head
    yield from rows


def _member(packed: zipfile.ZipFile, name: str, rows: Iterable[Sequence[str]]) -> None:
    with packed.open(name, "w", force_zip64=True) as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as text:
        writer = csv.writer(text)
        for row in rows:
            writer.writerow([guarded(cell) for cell in row])


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}" if moment else ""


def _held(area: int, kind: str, since: datetime, until: datetime) -> int:
    """Return how many records of the kind wait in the held tray under the area; those whose time nobody can read too."""
    count = 0
    for each in ledger.held(area):
        try:
            sent = msgspec.json.decode(each.sent)
            if sent.get("kind") != kind:
                continue
            happened = parse_moment(str(sent.get("happened_at", "")))
        except ValueError:
            count += f'"{kind}"' in each.sent
        except AttributeError:
            continue
        else:
            count += since <= happened < until
    return count

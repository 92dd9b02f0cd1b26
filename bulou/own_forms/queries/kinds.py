"""The forms a county made itself as kinds: for the ledger, and for whoever asks what may be filled in where.

A version never changes, so what is remembered of it stays true in every process. Which versions there are is asked of
one small table: once in a transaction, however many entries it takes, and again only for what is not yet known.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from django.db import connection
from django.db.models import Count, Max

from bulou.core.divisions import contains
from bulou.ledger.rules import KindLaw
from bulou.own_forms.models import CountyForm
from bulou.own_forms.queries.versions import lists_of
from bulou.records.declaration import Declaration
from bulou.records.law import BoundKind, known_kinds
from bulou.records.uploaded.kinds import PREFIX, OwnKind
from bulou.records.uploaded.reading import read_form

Stamp = tuple[int, datetime | None]


class OwnKinds:
    """All uploaded forms, by the name of the kind; read from the table when it has changed."""

    def __init__(self) -> None:
        self._kinds: dict[str, OwnKind] = {}
        self._stamp: Stamp | None = None
        self._batch: object = None
        self._lock = Lock()

    def fresh(self) -> Mapping[str, OwnKind]:
        """Return the kinds as the table now has them: one small query, none again in the same transaction."""
        batch = connection.atomic_blocks[-1] if connection.in_atomic_block else None
        if batch is not None and batch is self._batch:
            return self._kinds
        found = CountyForm.objects.aggregate(n=Count("id"), last=Max("changed_at"))
        stamp = (found["n"], found["last"])
        if stamp != self._stamp:
            with self._lock:
                self._kinds, self._stamp = _read(self._kinds), stamp
        self._batch = batch
        return self._kinds

    def find(self, name: str, version: int | None = None) -> OwnKind | None:
        """Return the kind; the table is asked only if the name, or the version of it, is not yet known."""
        kind = self._kinds.get(name)
        if kind is None or (version is not None and not kind.knows(version)):
            kind = self.fresh().get(name)
        return kind

    def forget(self) -> None:
        """Forget everything: called where a form is uploaded or withdrawn, and between tests."""
        self._kinds, self._stamp, self._batch = {}, None, None


_COLUMNS = ("id", "county", "name", "version", "area", "withdrawn_at", "on_phones", "subject", "sensitive", "keep_days")


def _read(known: Mapping[str, OwnKind]) -> dict[str, OwnKind]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in CountyForm.objects.order_by("county", "name", "version").values(*_COLUMNS):
        rows.setdefault(row["name"], []).append(row)
    found = {}
    for name, versions in rows.items():
        last = versions[-1]
        kind = OwnKind(
            name, last["area"], {row["version"]: _loader(row) for row in versions}, current=last["version"],
            withdrawn=last["withdrawn_at"] is not None, on_phones=last["on_phones"], again=own_kinds.find,
        )  # fmt: skip
        if name in known:
            kind.remember(known[name])
        found[name] = kind
    return found


def _loader(row: Mapping[str, Any]) -> Callable[[], Declaration]:
    def load() -> Declaration:
        xml = CountyForm.objects.filter(county=row["county"], id=row["id"]).values_list("xform", flat=True).get()
        said = {key: row[key] for key in ("name", "version", "subject", "sensitive", "keep_days")}
        draft = read_form(xml, **said, files=lists_of(row["county"], row["id"]))
        if draft.declaration is None:
            raise LookupError(f"form {row['name']} version {row['version']} cannot be read any more: {draft.findings}")
        return draft.declaration

    return load


own_kinds = OwnKinds()


class Kinds(Mapping[str, KindLaw]):
    """The kinds of the program first, then the counties' own. Made to be `Law.kinds`."""

    def __init__(self, folders: Mapping[str, KindLaw]) -> None:
        self.folders = folders

    def __getitem__(self, name: str) -> KindLaw:
        found = self.folders.get(name)
        if found is None and name.startswith(PREFIX):
            found = own_kinds.find(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        yield from self.folders
        yield from own_kinds.fresh()

    def __len__(self) -> int:
        return len(self.folders) + len(own_kinds.fresh())


def kinds_in(area: int, *, phones: bool = False, below: bool = False, withdrawn: bool = False) -> dict[str, BoundKind]:
    """Return every kind that may be filled in in the area, by name: the program's, then the counties' own in force.

    One small query. `below`: also the own of areas under it. `withdrawn`: also those taken out of use, of which records
    stay. `phones`: only those our own app can draw whole; ODK
    Collect gets them all. Their XForm is `records.xforms.xform(kind.kind, ruleset)`, whoever made them.
    """
    found: dict[str, BoundKind] = {}
    for name, kind in known_kinds().items():
        if isinstance(kind, OwnKind) and (
            (kind.withdrawn and not withdrawn)
            or not (contains(kind.area, area) or (below and contains(area, kind.area)))
            or (phones and not kind.on_phones)
        ):
            continue
        found[name] = kind
    return found

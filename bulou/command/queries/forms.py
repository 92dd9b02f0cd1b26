"""The forms a county made itself: as kinds for the ledger, and as the list headquarters sees.

A version never changes, so what is remembered of it stays true in every process. Which versions there are is asked of
one small table: once in a transaction, however many entries it takes, and again only for what is not yet known.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max

from bulou.command.models import CountyForm, CountyFormFile
from bulou.core.divisions import ancestors_of, contains, county_of
from bulou.core.scope import may_see
from bulou.ledger.rules import KindLaw
from bulou.records.declaration import Declaration
from bulou.records.law import BoundKind, known_kinds
from bulou.records.rulebook import name_in_force, rulesets
from bulou.records.uploaded.kinds import PREFIX, OwnKind
from bulou.records.uploaded.reading import read_form

MOST_KEEP_DAYS = 3650  # more is a slip of the pen
Stamp = tuple[int, datetime | None]


@dataclass(frozen=True, slots=True)
class FormVersion:
    """A version of a county's form. `withdrawn_at`: when it was taken out of use, which only the latest can be."""

    id: UUID
    area: int
    name: str
    version: int
    form_id: str
    label: str
    title: str
    subject: str
    sensitive: bool
    keep_days: int
    on_phones: bool
    file_name: str
    sha256: str
    by: str
    at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_why: str


_LISTED = tuple(FormVersion.__slots__)


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


def _read(known: Mapping[str, OwnKind]) -> dict[str, OwnKind]:
    rows: dict[str, list[dict[str, Any]]] = {}
    columns = (
        "id",
        "county",
        "name",
        "version",
        "area",
        "withdrawn_at",
        "on_phones",
        "subject",
        "sensitive",
        "keep_days",
    )
    for row in CountyForm.objects.order_by("county", "name", "version").values(*columns):
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
        draft = read_form(
            xml,
            name=row["name"],
            version=row["version"],
            subject=row["subject"],
            sensitive=row["sensitive"],
            keep_days=row["keep_days"],
            files=_files(row["county"], row["id"]),
        )
        if draft.declaration is None:
            raise LookupError(f"form {row['name']} version {row['version']} cannot be read any more: {draft.findings}")
        return draft.declaration

    return load


own_kinds = OwnKinds()


def usual_keep_days(county: int, at: datetime) -> int:
    """Return for how many days after the end of the response personal answers are kept, by the county's rule set.

    By the latest that ships, where none is in force yet.
    """
    sets = rulesets()
    rules = sets.get(name_in_force(county, at)) or max(sets.values(), key=lambda each: each.valid_from)
    return int(str(rules.get("retention.personal_data_after_end_days")))


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


def kinds_in(area: int, *, phones: bool = False, below: bool = False) -> dict[str, BoundKind]:
    """Return every kind that may be filled in in the area, by name: the program's, then the counties' own in force.

    One small query. `below`: also the own of areas under it. `phones`: only those our own app can draw whole; ODK
    Collect gets them all. Their XForm is `records.xforms.xform(kind.kind, ruleset)`, whoever made them.
    """
    found: dict[str, BoundKind] = {}
    for name, kind in known_kinds().items():
        if isinstance(kind, OwnKind) and (
            kind.withdrawn
            or not (contains(kind.area, area) or (below and contains(area, kind.area)))
            or (phones and not kind.on_phones)
        ):
            continue
        found[name] = kind
    return found


def form_versions(area: int) -> list[FormVersion]:
    """Return the versions of the forms of the area and of the areas above it, the latest of each first."""
    areas = {area, *ancestors_of(area)}
    rows = CountyForm.objects.filter(county__in={county_of(each) for each in areas}, area__in=areas)
    return [FormVersion(**row) for row in rows.order_by("title", "name", "-version").values(*_LISTED)]


def find_form(county: int, form: UUID) -> FormVersion | None:
    """Return one version, if it may be seen."""
    row = CountyForm.objects.filter(county=county, id=form).values(*_LISTED).first()
    return FormVersion(**row) if row and may_see(row["area"]) else None


def latest_version(name: str) -> FormVersion | None:
    """Return the latest version of a kind, withdrawn or not."""
    row = CountyForm.objects.filter(name=name).order_by("-version").values(*_LISTED).first()
    return FormVersion(**row) if row else None


def form_file(county: int, form: UUID) -> tuple[str, bytes]:
    """Return the name and the bytes of the file as it was uploaded. Raise LookupError if it may not be seen."""
    found = find_form(county, form)
    if found is None:
        raise LookupError(f"there is no form {form} in {county}")
    content = CountyForm.objects.filter(county=county, id=form).values_list("file", flat=True).get()
    return found.file_name, bytes(content)


def form_lists(county: int, form: UUID) -> dict[str, bytes]:
    """Return the lists that came with a version, name → CSV as it was brought. Raise LookupError if it may not be seen."""
    if find_form(county, form) is None:
        raise LookupError(f"there is no form {form} in {county}")
    return _files(county, form)


def _files(county: int, form: UUID) -> dict[str, bytes]:
    rows = CountyFormFile.objects.filter(county=county, form=form).order_by("name").values_list("name", "content")
    return {name: bytes(content) for name, content in rows}


def lists_named(area: int) -> dict[UUID, list[str]]:
    """Return the names of the lists that came with each version of the forms of the area and of those above it."""
    counties = {county_of(each) for each in (area, *ancestors_of(area))}
    found: dict[UUID, list[str]] = {}
    for form, name in CountyFormFile.objects.filter(county__in=counties).order_by("name").values_list("form", "name"):
        found.setdefault(form, []).append(name)
    return found

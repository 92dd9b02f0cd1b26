"""Imports on record: begun, counted, finished or failed; and the mapping somebody confirmed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from bulou.core.divisions import county_of
from bulou.core.ids import new_id
from bulou.people.models import ImportMapping, ImportRun
from bulou.people.queries.runs import Note, digest_of
from bulou.people.rules.columns import Field, key_of
from bulou.people.rules.rows import Counts
from bulou.store import writing

_COUNTED = ("read", "added", "changed", "unchanged", "bad", "households", "doubtful", "differing")


def begin_run(
    *, area: int, list_name: str, file_name: str, sha256: str, by: str, at: datetime, total: int | None = None
) -> UUID:
    """Write down that a list is being read, and return the id under which its progress is kept."""
    county, id = county_of(area), new_id()
    with writing(county):
        ImportRun.objects.create(
            county=county,
            id=id,
            area=area,
            list_name=list_name[:120],
            file_name=file_name[:200],
            sha256=sha256,
            by=by,
            at=at,
            state="running",
            total=total,
        )
    return id


def note_progress(*, county: int, run: UUID, counts: Counts, by: str, at: datetime, total: int | None = None) -> None:
    """Keep how far the import has come, for whoever watches it. It is still the run of whoever began it."""
    with writing(county):
        values: dict[str, int] = {name: getattr(counts, name) for name in _COUNTED}
        if total is not None:
            values["total"] = total
        ImportRun.objects.filter(county=county, id=run, by=by, at=at).update(**values)


def finish_run(
    *,
    county: int,
    run: UUID,
    counts: Counts,
    at: datetime,
    report: bytes | None = None,
    failure: str = "",
    notes: Sequence[Note] = (),
) -> None:
    """Write down the end of an import. What was read before a failure stays: each batch was whole."""
    with writing(county):
        ImportRun.objects.filter(county=county, id=run).update(
            **{name: getattr(counts, name) for name in _COUNTED},
            state="failed" if failure else "done",
            failure=failure,
            finished_at=at,
            report=report,
            notes=msgspec.json.encode(list(notes)).decode(),
        )


def remember_mapping(*, county: int, mapping: Mapping[str, Field | None], by: str, at: datetime) -> None:
    """Keep how the columns of such lists are to be read. `mapping` has every header of the list; None: not used."""
    kept = {key_of(header): str(field) for header, field in mapping.items() if field}
    with writing(county):
        ImportMapping.objects.update_or_create(
            county=county,
            fingerprint=digest_of(mapping),
            defaults={"mapping": msgspec.json.encode(kept).decode(), "at": at, "by": by},
        )

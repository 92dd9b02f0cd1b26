"""What tables say of people, emptied when its days are over: on record, and in one statement for many rows.

Each context declares beside its models what of a table is about people (core.keeping); here it is done. The record is
written in the same transaction, before: a table that is append-only itself lets a text go only by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bulou import store
from bulou.core.divisions import county_area, county_of, last_of
from bulou.core.ids import new_id
from bulou.core.keeping import BLANK, NOTHING, About, After, Kept
from bulou.ledger.tables import BLANKED
from bulou.store import is_postgres, query, row_place, stamp, turn, writing

Span = tuple[int, int]
"""The first and the last area of a part of the tree."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Columns of a table that go together. `holds`: SQL that tells the rows which still say something."""

    name: str
    kept: Kept
    about: About
    holds: str

    @property
    def place(self) -> str:
        """Return by which column a row belongs to a county; "" if to none."""
        named = self.kept.nobody.split()
        return "county" if "county" in named else "area" if "area" in named else ""


def holding(about: About) -> str:
    """Return the SQL that tells a row which still says something, where the declaration does not say it."""
    said = [
        f'"{name}" IS NOT NULL' if blank == NOTHING else f'"{name}" <> {blank}'
        for name, blank in about.columns.items()
        if blank in (BLANK, NOTHING, "'{}'", "'[]'")
    ]
    return f"({' OR '.join(said)})"


def counties_holding(sheet: Sheet) -> Iterator[int]:
    """Yield the counties with rows that still say something of people, 0 for what is of none. Not limited by scope."""
    if not sheet.place:
        yield 0
        return
    last = -1
    while True:
        found = query(f"SELECT min({sheet.place}) FROM {sheet.name} WHERE {sheet.holds} AND {sheet.place} > %s", last)[
            0
        ][0]
        if found is None:
            return
        county = found if sheet.place == "county" else county_of(found)
        yield county
        last = county if sheet.place == "county" else last_of(county_area(county))


def _due(sheet: Sheet, after: After, county: int, before: datetime, span: Span | None) -> tuple[str, list[object]]:
    said: list[object] = []
    conditions = [sheet.holds]
    if sheet.place == "county":
        conditions.append("county = %s")
        said.append(county)
    elif sheet.place == "area":
        conditions.append("area BETWEEN %s AND %s")
        said += [county_area(county), last_of(county_area(county))]
    if span is not None and after.area:
        conditions.append(f"{after.area} BETWEEN %s AND %s")
        said += span
    if after.since:
        conditions.append(f'"{after.since}" <= %s')
        said.append(stamp(before))
    if after.where:
        conditions.append(f"({after.where})")
        said += [stamp(before)] * after.where.replace("%%", "").count("%s")
    return " AND ".join(conditions), said


def count_due(
    sheet: Sheet, after: After, *, county: int, before: datetime, span: Span | None = None, most: int | None = None
) -> int:
    """Return of how many rows something is due: the event lay no later than `before`. `most`: no more are counted."""
    condition, said = _due(sheet, after, county, before, span)
    inside = f"SELECT 1 FROM {sheet.name} WHERE {condition}" + (" LIMIT %s" if most else "")
    if "%" in condition and not said and not most:
        inside = inside.replace("%%", "%")
    return int(query(f"SELECT count(*) FROM ({inside}) AS due", *said, *([most] if most else []))[0][0])


def blank(
    sheet: Sheet, after: After, *, county: int, before: datetime, basis: str, at: datetime, limit: int,
    span: Span | None = None,
) -> int:  # fmt: skip
    """Empty the columns of up to `limit` rows that are due, and write what was done. Return how many rows there were."""
    condition, said = _due(sheet, after, county, before, span)
    place = row_place()
    if not county:
        with turn(), transaction.atomic():
            return _blank(sheet, after, condition, said, place, county, before, basis, at, limit)
    with writing(county):
        return _blank(sheet, after, condition, said, place, county, before, basis, at, limit)


def _blank(
    sheet: Sheet, after: After, condition: str, said: list[object], place: str, county: int, before: datetime, basis: str,
    at: datetime, limit: int,
) -> int:  # fmt: skip
    lock = " FOR UPDATE" if is_postgres() else ""
    shown = f"{place}::text" if is_postgres() else place
    found = query(f"SELECT {shown} FROM {sheet.name} WHERE {condition} LIMIT %s{lock}", *said, limit)
    if not found:
        return 0
    about = sheet.about
    store.insert(
        BLANKED,
        [(county, new_id(), sheet.name, " ".join(about.columns), after.event, before, at, basis, len(found))],
    )
    places = ", ".join(f"'{row[0]}'::tid" if is_postgres() else str(int(row[0])) for row in found)
    among = f"{place} = ANY(ARRAY[{places}])" if is_postgres() else f"{place} IN ({places})"
    if about.rows:
        query(f"DELETE FROM {sheet.name} WHERE {among}")
    else:
        emptied = ", ".join(f'"{name}" = {value}' for name, value in about.columns.items())
        query(f"UPDATE {sheet.name} SET {emptied} WHERE {among}")
    return len(found)

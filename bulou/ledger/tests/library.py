"""A library: the only world the ledger's tests know. A loan opens the duty to return the book; a return meets it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bulou.core.divisions import contains
from bulou.ledger.rules import Effects, Entry, Law, Meeting, Member, Opening, Place

COUNTY = 610927
HALL = COUNTY * 10**12
SHELF = HALL + 100_001 * 10**6
OTHER_SHELF = HALL + 100_002 * 10**6
START = datetime(2020, 1, 26, 8, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class LibraryKind:
    """loan: return within 7 days. reading_order: each book of the hall is read within 2 days. course: a note a day."""

    name: str
    sets: frozenset[str] = frozenset()

    def problems(self, entry: Entry) -> list[str]:
        return ["say which page"] if self.name == "note" and "page" not in entry.body else []

    def effects(self, entry: Entry) -> Effects:
        at, subject, area = entry.happened_at, entry.subject, entry.area
        match self.name:
            case "loan":
                return Effects([Opening("return", "role:reader", subject, area, at, at + 7 * DAY)])
            case "return":
                done = Meeting("return", subject), Meeting("note", subject, waives=True, until=at + 99 * DAY)
                return Effects((), done)
            case "reading_order":
                return Effects([Opening("read", "role:reader", subject, area, at, at + 2 * DAY, over="books")])
            case "course":
                days = [at + i * DAY for i in range(5)]
                return Effects([Opening("note", "role:reader", subject, area, d, d + DAY / 2, d + DAY) for d in days])
            case "note":
                read = [Meeting("read", f"book:{other}") for other in entry.body.get("also", ())]
                return Effects((), [Meeting("note", subject), Meeting("read", subject), *read])
        return Effects()


@dataclass
class Shelves:
    """The register of books: name -> (area, since), when a book was sold, and which name a merged book now has."""

    books: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    sold: dict[str, datetime] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)

    def places(self, county: int, subjects: set[str]) -> Mapping[str, Place]:
        found = {}
        for subject in subjects:
            now = self.merged.get(subject, subject)
            if now in self.books:
                found[subject] = Place(now, self.books[now][0])
            elif subject.startswith("area:"):
                found[subject] = Place(subject, int(subject[5:].ljust(18, "0")))
        return found

    def members(self, name: str, area: int) -> Iterator[Member]:
        for book, (where, since) in self.books.items():
            if contains(area, where) and book not in self.merged:
                yield Member(book, where, since, self.sold.get(book))

    def joined(self, name: str, subjects: set[str]) -> Iterator[Member]:
        return (m for m in self.members(name, HALL) if m.subject in subjects)


def law(shelves: Shelves) -> Law:
    kinds = [LibraryKind(n) for n in ("loan", "return", "course", "note", "correction")]
    kinds.append(LibraryKind("reading_order", frozenset({"books"})))
    return Law({k.name: k for k in kinds}, shelves.places, shelves.members, shelves.joined)


def entry(
    n: int, kind: str, subject: str, hours: float, body: dict[str, object] | None = None, **more: object
) -> Entry:
    """Return the entry number n, made and recorded `hours` after the start, on a phone whose mark is older than that."""
    at = START + timedelta(hours=hours)
    said = {"written_from": START - 999 * DAY, "marked": True} | more
    return Entry(UUID(int=n), kind, subject, HALL, at, said.pop("recorded_at", at), "account:anna", body or {}, **said)

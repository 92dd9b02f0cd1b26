"""Taking in what Collect sends: once, whole, and never refused.

The id of an instance is the id of its entry. The same bytes again change nothing; other bytes under the same id are
kept in the held tray and told so. What cannot be read, or not be applied, is kept there too: the phone is answered that
it was received, because it was, and a person decides.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bulou.core.divisions import county_area, last_of
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.ledger.actions import WAITS, Outcome, append, hold
from bulou.ledger.rules import Entry
from bulou.odk.models import Submission
from bulou.odk.queries import AppUser, files_of
from bulou.odk.rules import instances
from bulou.odk.rules.instances import Instance, Unreadable
from bulou.odk.rules.redrawing import redrawn
from bulou.people import queries as people
from bulou.records.law import find_kind
from bulou.store import Table, insert, read_id, writing

SUBMISSION = Table(
    "odk_submission",
    {"county": "int", "id": "uuid", "digest": "text", "app_user": "uuid", "received_at": "timestamptz",
     "waiting": "text"},
)  # fmt: skip
FILE = Table(
    "odk_submissionfile",
    {"county": "int", "submission": "uuid", "name": "text", "sha256": "text", "size": "int",
     "received_at": "timestamptz"},
)  # fmt: skip


class Came(StrEnum):
    """What became of a post."""

    APPLIED = "applied"
    HELD = "held"
    WAITING = "waiting"  # for the rest of its files
    DUPLICATE = "duplicate"
    CLASH = "clash"


@dataclass(frozen=True, slots=True)
class Post:
    """One post. `files`: name, sha256 and size of what is already kept. `shut`: why the phone may no longer write."""

    user: AppUser
    xml: bytes
    files: tuple[tuple[str, str, int], ...] = ()
    incomplete: bool = False
    shut: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of it; for HELD a reason that is stable and a detail for people."""

    came: Came
    entry: UUID
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A post with what could be made out of it, or why nothing could."""

    post: Post
    key: UUID
    digest: str
    instance: Instance | None
    fault: tuple[str, str] = ("", "")


def receive(posts: Sequence[Post], *, at: datetime) -> list[Result]:
    """Take in posts of one county's phones, and return what became of each. All are safe when this has committed."""
    county = posts[0].user.county
    told = [read(post) for post in posts]
    with writing(county):
        return take(county, told, at=at)


def take(county: int, told: list[Read], *, at: datetime) -> list[Result]:
    """Take in what has been read, with the county's place already held."""
    return _Taking(county, at).take(told)


def read(post: Post) -> Read:
    """Return the post with what could be made out of it. Nothing is written."""
    digest = instances.digest_of(post.xml)
    try:
        instance = instances.read_instance(post.xml)
    except Unreadable as error:
        return Read(post, instances.id_of_bytes(post.xml), digest, None, ("unreadable", str(error)))
    return Read(post, instance.id, digest, instance)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What an instance makes: entries, a reason to hold them; or why it cannot be read as one."""

    entries: list[Entry] = field(default_factory=list)
    doubt: tuple[str, str] | None = None
    unread: tuple[str, str] | None = None


class _Taking:
    """One transaction of one county."""

    def __init__(self, county: int, at: datetime) -> None:
        self.county = county
        self.at = at

    def take(self, told: list[Read]) -> list[Result]:
        mine = self._claim(told)
        results: dict[int, Result] = {}
        fresh: dict[int, bool] = {}  # place in the batch → whether parts of it came before
        known = self._known([each.key for i, each in enumerate(told) if i not in mine])
        for i, each in enumerate(told):
            if i in mine:
                fresh[i] = False
            elif known.get(each.key, (each.digest, ""))[0] != each.digest:
                results[i] = self._clash(each)
            elif known.get(each.key, ("", ""))[1] and not each.post.incomplete and self._finish(each):
                fresh[i] = True
            else:
                results[i] = Result(Came.WAITING if each.post.incomplete else Came.DUPLICATE, each.key)
        self._keep_files([each for i, each in enumerate(told) if i not in results or results[i].came is not Came.CLASH])
        made: list[tuple[int, list[Entry]]] = []
        doubts: dict[int, tuple[str, str]] = {}
        count = 0
        for i, begun in fresh.items():
            if told[i].post.incomplete:
                results[i] = Result(Came.WAITING, told[i].key)
                continue
            drawn = self._draw(told[i], begun)
            if drawn.unread:
                results[i] = self._hold(told[i], *drawn.unread)
                continue
            if drawn.doubt:
                doubts |= {count + n: drawn.doubt for n in range(len(drawn.entries))}
            made.append((i, drawn.entries))
            count += len(drawn.entries)
        receipts = iter(append([entry for _, entries in made for entry in entries], at=self.at, doubts=doubts))
        for i, entries in made:
            got = [next(receipts) for _ in entries]
            held = next((one for one in got if one.outcome is Outcome.HELD), None)
            came = Came.HELD if held else Came.APPLIED
            results[i] = Result(came, told[i].key, held.reason if held else "", held.detail if held else "")
        return [results[i] for i in range(len(told))]

    def _claim(self, told: list[Read]) -> set[int]:
        """Write down what came; return the places of those that nobody had sent before. The database decides."""
        rows = [
            (self.county, each.key, each.digest, each.post.user.id, self.at, _text(each.post.xml)
             if each.post.incomplete else "")
            for each in told
        ]  # fmt: skip
        inserted = {read_id(row[0]) for row in insert(SUBMISSION, rows, returning="id")}
        mine: set[int] = set()
        for i, each in enumerate(told):
            if each.key in inserted:
                inserted.discard(each.key)
                mine.add(i)
        return mine

    def _known(self, keys: list[UUID]) -> dict[UUID, tuple[str, str]]:
        """Return digest and waiting text of what came before, by id."""
        if not keys:
            return {}
        rows = Submission.objects.filter(county=self.county, id__in=set(keys)).values_list("id", "digest", "waiting")
        return {key: (digest, waiting) for key, digest, waiting in rows}

    def _finish(self, each: Read) -> bool:
        """Take the last of an instance that came in parts; False if another request has just done so."""
        begun = Submission.objects.filter(county=self.county, id=each.key).exclude(waiting="")
        return begun.update(waiting="") == 1

    def _keep_files(self, told: list[Read]) -> None:
        insert(FILE, [
            (self.county, each.key, name, sha256, size, self.at)
            for each in told for name, sha256, size in each.post.files
        ])  # fmt: skip

    def _clash(self, each: Read) -> Result:
        """Keep the other content, once however often it is sent."""
        other = Read(each.post, instances.clash_id(each.key, each.digest), each.digest, each.instance)
        if self._claim([other]):
            self._hold(other, "clash of ids", f"another record was already received as {each.key}")
        return Result(Came.CLASH, each.key)

    def _hold(self, each: Read, reason: str, detail: str) -> Result:
        user = each.post.user
        hold(_text(each.post.xml), area=user.area, by=user.by, device=user.device, reason=reason, detail=detail,
             at=self.at)  # fmt: skip
        return Result(Came.HELD, each.key, reason, detail)

    def _draw(self, each: Read, begun: bool) -> _Drawn:
        """Return the entries the instance makes, or why it must be held. `begun`: files of it came before."""
        instance, user = each.instance, each.post.user
        if instance is None:
            return _Drawn(unread=each.fault)
        bound = find_kind(instance.form)
        if bound is None:
            return _Drawn(unread=("unknown kind", f"no kind of record is called {instance.form!r}"))
        if instance.number is None:
            return _Drawn(unread=("unknown version", f"{instance.form} has no version {instance.version!r}"))
        kind = bound.at(instance.number)
        files = files_of(self.county, each.key) if begun else {name: sha256 for name, sha256, _ in each.post.files}
        body = instances.body_of(kind.fields, instance.root, files)
        if unnamed := instances.persons_unnamed(kind.fields, body):
            with seeing([(user.area, last_of(user.area))]):
                found = people.persons_by_id(county_area(self.county), unnamed, masked=False)
            body = instances.with_names(kind.fields, body, {f"person:{id_}": one.name for id_, one in found.items()})
        happened, recorded = instances.happened_at(instance, body, self.at)
        entry = Entry(instance.id, bound.name, instance.subject, user.area, happened, recorded, user.by, body,
                      version=instance.number, device=user.device)  # fmt: skip
        if each.post.shut:
            return _Drawn([entry], ("not permitted", each.post.shut))
        if instance.replaces is not None:
            return self._edit(entry, instance.replaces)
        if not instance.subject:
            return _Drawn([entry], ("no subject", "whom or what the record is about was not chosen"))
        return _Drawn([entry])

    def _edit(self, entry: Entry, replaces: UUID) -> _Drawn:
        """Return what an edited record says; one that comes before what it edits waits for it, wherever that comes from."""
        edit = replace(entry, amends=replaces)
        with seeing(EVERYTHING):
            old = ledger.find_entry(self.county, replaces)
            if old is not None and old.amends:
                old = ledger.find_entry(self.county, old.amends)
        if old is None:
            return _Drawn([edit], (WAITS, f"it waits for {replaces}, which it edits"))
        try:
            return _Drawn(list(redrawn(edit, old)))
        except ValueError as error:
            return _Drawn([entry], ("unknown original", str(error)))


def _text(xml: bytes) -> str:
    """Return the bytes as text a database can hold, losing nothing that can be read."""
    with suppress(UnicodeDecodeError):
        text = xml.decode("utf-8")
        return text.replace("\0", "\\x00") if "\0" in text else text
    return xml.decode("utf-8", "backslashreplace").replace("\0", "\\x00")

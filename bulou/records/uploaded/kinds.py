"""An uploaded form as the ledger knows it: every version that was ever in force, each entry judged by its own."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from bulou.core.divisions import code_of, contains
from bulou.ledger.rules import Effects, Entry
from bulou.records.declaration import Declaration
from bulou.records.faults import describe
from bulou.records.law import BoundKind
from bulou.records.places import Asked, Fault, Verdict

PREFIX = "own_"
NOT_YET = Declaration("", 0, (), ())


def own_name(county: int, form_id: str) -> str:
    """Return the name of the kind a form becomes: own_<county, six digits>_<its id in letters, digits and _>."""
    from bulou.records.uploaded.naming import safe

    return f"{PREFIX}{county:06}_{safe(form_id.strip()).lower() or 'form'}"[:80]


class OwnKind(BoundKind):
    """A form a county uploaded. `versions` are read when first asked for; `current` is the one to fill in.

    `area` is where it may be used. A withdrawn one is asked of nobody; what it recorded stays as it was. `again` finds
    the kind anew when an entry names a version not among them.
    """

    def __init__(
        self, name: str, area: int, versions: Mapping[int, Callable[[], Declaration]], *, current: int,
        withdrawn: bool = False, on_phones: bool = True, again: "Callable[[str, int], OwnKind | None] | None" = None,
    ) -> None:  # fmt: skip
        self.name = name
        self.area = area
        self.sets = frozenset()
        self.current = current
        self.withdrawn = withdrawn
        self.on_phones = on_phones
        self._load = dict(versions)
        self._again = again
        self._read: dict[int, BoundKind] = {}
        self._last: tuple[Entry, Verdict] | None = None

    @cached_property
    def kind(self) -> Declaration:  # type: ignore[override]
        """The version to fill in."""
        return self.at(self.current)

    def at(self, version: int) -> Declaration:
        """Return the form as that version declares it; as the current one does, if there is none."""
        return (self._of(version) or self._of(self.current) or BoundKind(NOT_YET, _no_rules)).kind

    def versions(self) -> list[Declaration]:
        """Return every version that was ever in force, oldest first."""
        return [self.at(version) for version in sorted(self._load)]

    def bound_at(self, version: int) -> BoundKind:
        """Return what judges entries of that version; of the current one, if there is none."""
        return self._of(version) or self._of(self.current) or self

    def remember(self, older: "OwnKind") -> None:
        """Keep what was already read of versions, which never change."""
        self._read.update(older._read)

    def knows(self, version: int) -> bool:
        """Tell whether there is such a version."""
        return version in self._load

    def _of(self, version: int) -> BoundKind | None:
        found = self._read.get(version)
        if found is None and version not in self._load and self._again is not None:
            newer = self._again(self.name, version)  # uploaded through another process since
            if newer is not None:
                self._load.update(newer._load)
        if found is None and version in self._load:
            found = self._read[version] = BoundKind(self._load[version](), _no_rules)
        return found

    def _judge(self, entry: Entry) -> Verdict:
        bound = self._of(entry.version)
        if bound is None:
            return [("", 0, "version", str(entry.version))], [], []
        if not contains(self.area, entry.area):
            return [("", 0, "area", code_of(self.area))], [], []
        return bound._judge(entry)

    def problems_in(self, entry: Entry, language: str) -> list[str]:
        declared = self.at(entry.version)
        return [describe(declared, fault, language) for fault in self._judged(entry)[0]]

    def faults(self, entry: Entry) -> list[Fault]:
        return self._judged(entry)[0]

    def effects(self, entry: Entry) -> Effects:
        _, opens, meets = self._judged(entry)
        return Effects(opens, meets)

    def answers(self, entry: Entry) -> dict[str, Any]:
        bound = self._of(entry.version)
        return bound.answers(entry) if bound else dict(entry.body)

    def asked(self, entry: Entry) -> Asked:
        bound = self._of(entry.version) or self._of(self.current)
        assert bound is not None
        return bound.asked(entry)


def _no_rules(name: str) -> Any:
    raise LookupError(name)

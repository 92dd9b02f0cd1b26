"""What is declared about a kind of record, and nothing that is drawn from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bulou.records.duties import Effect
from bulou.records.fields import Field, Table, walk
from bulou.records.words import Words


@dataclass(frozen=True, slots=True)
class Lane:
    """A fast way of an entry made a hundred times a day: what the phone still asks, and what it fills in.

    Its title stands in words/*.toml under [lanes]. Keys are those of `Declaration.keys()`: "members.temperature" is
    asked, and filled in, for every row. An answer filled in may be asked too: the phone then shows it, ready to be
    changed. What is filled in for a calculated field is what must come out of it; if it does not, the phone opens the
    full form instead of saving.

    A lane asserts nothing that the record contradicts or leaves open: `unless` says of an answer filled in by what of the
    record it is asked instead, `never` by what the lane is not offered at all (records.lanes.FACTS).
    """

    name: str
    asks: tuple[str, ...] = ()
    fill: Mapping[str, Any] = field(default_factory=dict)
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    never: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Declaration:
    """What is recorded, about which type of subject, by which roles, and what is owed because of it.

    `recorded_by` are the roles whose holders write it in their own right; the ledger holds what anybody else writes
    (access.rules.writing). `as_role` names the question whose answer is the role in which the author answers: they must
    hold that one. `own`: "word", what somebody says of themselves, which they write whatever their role; "presence",
    what proves that somebody was there, which they write or whoever leads where they stand, and nobody else. With
    `answers_owner` only whom the entry it is about names as its owner, or who gave it, writes it.

    `subject` lists the types an entry may speak of ("household", "person", "area", "entry"). `summary` names the fields
    on cards. `sensitive` records are read only by those who may see health data. `version` goes up with every change of
    `fields`. `lanes` are the fast ways of entering it on a phone. `xform_xml` is the form itself, where a county uploaded
    it, `files` the lists it brought beside it (name → CSV in UTF-8), and `tables` what is chosen from and looked up in
    them, by the names the form gives them. In kind.py: `words=load_words(Path(__file__).parent)`.
    """

    name: str
    version: int
    subject: tuple[str, ...]
    fields: tuple[Field, ...]
    duties: tuple[Effect, ...] = ()
    recorded_by: frozenset[str] = frozenset()
    as_role: str = ""
    own: Literal["", "word", "presence"] = ""
    answers_owner: bool = False
    summary: tuple[str, ...] = ()
    sensitive: bool = False
    lanes: tuple[Lane, ...] = ()
    words: Mapping[str, Words] = field(default_factory=dict)
    xform_xml: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)

    def keys(self) -> dict[str, Field]:
        """Return every field by its key in words and columns ("members.name" in a repeat)."""
        return dict(walk(self.fields))

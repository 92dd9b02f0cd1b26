"""What is declared about a kind of record, and nothing that is drawn from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bulou.records.duties import Effect
from bulou.records.fields import Field, walk
from bulou.records.words import Words


@dataclass(frozen=True, eq=False)
class Declaration:
    """What is recorded, about which type of subject, by which roles, and what is owed because of it.

    `subject` lists the types an entry may speak of ("household", "person", "area", "entry"). `summary` names the fields
    on cards. `sensitive` records are read only by those who may see health data. `version` goes up with every change of
    `fields`. In kind.py: `words=load_words(Path(__file__).parent)`.
    """

    name: str
    version: int
    subject: tuple[str, ...]
    fields: tuple[Field, ...]
    duties: tuple[Effect, ...] = ()
    recorded_by: frozenset[str] = frozenset()
    summary: tuple[str, ...] = ()
    sensitive: bool = False
    words: Mapping[str, Words] = field(default_factory=dict)

    def keys(self) -> dict[str, Field]:
        """Return every field by its key in words and columns ("members.name" in a repeat)."""
        return dict(walk(self.fields))

"""For how long a table keeps what it says of people: why, for how many days, and from which event they count.

Beside the models of every context stands a keeping.py with a `Kept` for each of its tables. Every column is declared
there: about a person, with purpose, days and starting event, or about nobody (docs/adr/0022). A column that is not, and
a declaration that lacks one of the three, keeps the program from starting (office.declared).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Event = Literal["entry", "incident", "settled", "left", "ended", "expired"]
"""What days count from: the row was written · the incident was closed · the import was settled · somebody left the
register · a grant, an appointment or a phone's use ended · a secret expired by itself."""
EVENTS: tuple[str, ...] = get_args(Event)
AT_ONCE = ""  # instead of a rule: nothing is waited for once the event has come

BLANK, NOTHING = "''", "NULL"
"""What stands in a column when what it said is gone: an empty text, or nothing. As SQL, the same on both databases."""


@dataclass(frozen=True, slots=True)
class After:
    """Days counted from an event. `rule`: the rule of the rule set that says how many; AT_ONCE for none.

    `since` is the column with the moment from which the row's days count; of an event in another table, of the condition
    `where` (SQL in which every %s is the last moment that is due). Of an incident's close, they count from the later of
    both, and `area` is the column that says where ("" where only a whole county's close reaches the row).
    """

    event: Event
    rule: str
    since: str = ""
    where: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """Columns that say something of a person and go together, with what then stands there (SQL).

    Several `after`: whichever comes first. `rows`: the row goes as a whole. `holds`: SQL that tells a row which still
    says something; by default that one of the columns does. `index`: the index that holds only such rows.
    """

    columns: Mapping[str, str]
    purpose: str
    after: tuple[After, ...]
    rows: bool = False
    holds: str = ""
    index: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError unless purpose, days and starting event are said."""
        if not self.purpose.strip() or not self.columns or not self.after:
            raise ValueError(f"{', '.join(self.columns)}: personal data needs a purpose, days and a starting event")
        for one in self.after:
            if one.event not in EVENTS or not (one.rule or one.event == "expired" or one.where):
                raise ValueError(f"{', '.join(self.columns)}: no days, or no event like {one.event!r}")
            if not (one.since or one.where):
                raise ValueError(f"{', '.join(self.columns)}: say the column from which the days count")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is declared of one table. `nobody`: the names of the columns about nobody, with spaces between.

    `stays`: columns about people that stay on purpose, with the reason, which the list of what is left gives.
    """

    nobody: str
    about: tuple[About, ...] = ()
    stays: Mapping[str, str] | None = None

    def columns(self) -> list[str]:
        """Return every column declared."""
        said = [name for one in self.about for name in one.columns]
        return [*self.nobody.split(), *said, *(self.stays or {})]


Declared = Mapping[str, Kept]
"""By the name of the table."""
END = "retention.personal_data_after_end_days"
IMPORTS = "retention.import_days"
LEFT = "retention.left_register_days"
LOGS = "retention.audit_log_days"

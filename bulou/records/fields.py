"""A question of a form, in the words of XLSForm."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

FieldType = Literal[
    "text",
    "integer",
    "decimal",
    "date",
    "time",
    "dateTime",
    "select_one",
    "select_multiple",
    "yes_no",
    "acknowledge",
    "geopoint",
    "image",
    "barcode",
    "note",
    "calculate",
    "group",
    "repeat",
    "body",
]
"""XLSForm's own types, and three of ours: `yes_no` (select_one of yes and no), `group`/`repeat` (begin … end), and
`body` (the whole body of another record, which a correction carries; no phone asks for it)."""

YES_NO = ("yes", "no")
NAME = re.compile("[A-Za-z][A-Za-z0-9_]*")
BEHALF = "_for"  # beside the answers of any kind: whose word it is (behalf.py); no question can be called so
Table = tuple[Mapping[str, str], ...]
"""The rows of a list of choices, or of data to look up: what stands in each column."""


Sort = Literal["", "id", "phone", "name"]


Starts = Literal["entry", "incident"]
"""The event from which days count: the entry itself, or the close of the incident it was recorded in."""
TYPED = ("text", "barcode", "image", "geopoint")
"""Types of an answer in which whatever somebody typed or photographed may stand."""


@dataclass(frozen=True, slots=True)
class Personal:
    """Why a field that names or describes a person is kept, for how many days, and from which event they count.

    After them the answer is destroyed (docs/adr/0022); counted from the entry it is also shown nowhere from then on. A
    rule set that allows fewer days wins.
    """

    purpose: str
    keep_days: int
    starts: Starts

    def __post_init__(self) -> None:
        """Raise ValueError unless all three are said."""
        if not self.purpose.strip() or self.keep_days < 1 or self.starts not in get_args(Starts):
            raise ValueError(f"personal data needs a purpose, days and a starting event: {self}")


@dataclass(frozen=True, slots=True)
class Field:
    """One question. All expressions are XLSForm expressions (`expressions.py`); an empty one says nothing.

    A `group` only gathers questions: its members are keys of the same body. A `repeat` is a key of its own, whose value
    is a list of objects. `required` is a yes, a no or an expression. `constraint` speaks of the answer as `.`.
    A `calculate` without a calculation is worked out by the phone alone, as are the choices where they are open.
    A `soft` question asks whether something doubtful is meant: every form demands the answer where it is required, and a
    record without it is taken all the same, for the doubtful answer may be the one that must not wait.
    With a `choice_filter` only those rows of the declaration's table `choice_table` may be chosen for which it holds;
    bare words in it are columns of the table, of which `choice_value` is the value itself. `repeat_count`: how many rows
    a form draws of a repeat; where it says nothing, as many as are added. `names`: what of a person a question of a
    county's own form asks for, told from what it is called in any of its languages; it is masked in all of them.
    `about_nobody`: why an answer in which anything can be typed is kept for good; one without this is `personal`, or a
    reference that nobody types.
    """

    name: str
    type: FieldType
    required: bool | str = field(default=False, kw_only=True)
    relevant: str = field(default="", kw_only=True)
    constraint: str = field(default="", kw_only=True)
    calculation: str = field(default="", kw_only=True)
    choices: tuple[str, ...] = field(default=(), kw_only=True)
    default: str = field(default="", kw_only=True)
    fields: tuple["Field", ...] = field(default=(), kw_only=True)
    appearance: str = field(default="", kw_only=True)
    personal: Personal | None = field(default=None, kw_only=True)
    about_nobody: str = field(default="", kw_only=True)
    read_only: bool = field(default=False, kw_only=True)
    open_choices: bool = field(default=False, kw_only=True)
    choice_filter: str = field(default="", kw_only=True)
    choice_table: str = field(default="", kw_only=True)
    choice_value: str = field(default="name", kw_only=True)
    repeat_count: str = field(default="", kw_only=True)
    soft: bool = field(default=False, kw_only=True)
    names: Sort = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        """Raise ValueError if the declaration contradicts itself."""
        if not NAME.fullmatch(self.name):
            raise ValueError(f"field {self.name!r}: a name is letters, digits and _, beginning with a letter")
        if self.type not in get_args(FieldType):
            raise ValueError(f"field {self.name}: no type is called {self.type!r}")
        if self.type in ("select_one", "select_multiple") and not (self.choices or self.open_choices):
            raise ValueError(f"field {self.name}: {self.type} needs choices")
        if self.choices and self.type not in ("select_one", "select_multiple"):
            raise ValueError(f"field {self.name}: only a select has choices")
        if any(not choice or " " in choice for choice in self.choices):
            raise ValueError(f"field {self.name}: a choice is a word without spaces")
        if (self.type in ("group", "repeat")) != bool(self.fields):
            raise ValueError(f"field {self.name}: a group or repeat holds fields, and nothing else does")
        if self.calculation and self.type != "calculate":
            raise ValueError(f"field {self.name}: only a calculate has a calculation")

    @property
    def demands(self) -> bool:
        """Whether an answer, or that there is none, can be wrong."""
        return bool(self.required or self.constraint or self.choice_filter)

    @property
    def options(self) -> tuple[str, ...]:
        """The values that may be chosen; none if the answer is not chosen from a list."""
        return YES_NO if self.type == "yes_no" else self.choices


def is_computed(default: str) -> bool:
    """Tell whether a default is an expression, as XLSForm tells it from a plain value: it calls or it refers."""
    return "(" in default or "${" in default


def walk(fields: tuple[Field, ...], prefix: str = "") -> Iterator[tuple[str, Field]]:
    """Yield every field with its key in words and columns: groups are passed through, rows of a repeat are dotted.

    A group and a repeat are yielded too, before what they hold.
    """
    for each in fields:
        yield prefix + each.name, each
        if each.type == "repeat":
            yield from walk(each.fields, f"{prefix}{each.name}.")
        elif each.type == "group":
            yield from walk(each.fields, prefix)


def answers(fields: tuple[Field, ...]) -> Iterator[Field]:
    """Yield the fields that are keys of one body or row: groups opened, repeats kept whole, notes left out."""
    for each in fields:
        if each.type == "group":
            yield from answers(each.fields)
        elif each.type != "note":
            yield each

"""From a kind's declaration and a body, half filled in or wrong, to fields a template can draw."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bulou.core.moments import CHINA, parse_moment
from bulou.office.forms.reading import is_photograph
from bulou.office.forms.veiling import Veil
from bulou.records.declaration import Declaration
from bulou.records.fields import Field, walk
from bulou.records.words import Words

MOST_LAID_OUT = 12
INPUTS = {"integer": "number", "decimal": "text", "date": "date", "time": "time", "dateTime": "datetime-local"}


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a repeat. `about` says whom it is about, if we know."""

    number: int
    name: str  # "members.2", as the remove button sends it
    about: str
    items: tuple["Item", ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One question as it is drawn. `decides`: other questions appear or vanish with its answer."""

    name: str
    type: str
    label: str
    hint: str = ""
    required: bool = False
    text: str = ""
    options: tuple[Option, ...] = ()
    errors: tuple[str, ...] = ()
    decides: bool = False
    read_only: bool = False
    long: bool = False  # a text of several lines
    items: tuple["Item", ...] = ()
    rows: tuple[Row, ...] = ()
    waits: bool = False  # for the answers its choices depend on
    places: tuple[tuple[Option, ...], ...] = ()  # of a ranking: what is chosen first, second …
    counted: bool = False  # how many rows there are follows from other answers
    kept: str = ""  # the text is masked, and this is the mark by which the server puts the answer back

    @property
    def listed(self) -> bool:
        """Tell whether there are too many choices to lay them out."""
        return self.type == "select_one" and len(self.options) > MOST_LAID_OUT

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")

    @property
    def input(self) -> str:
        return INPUTS.get(self.type, "text")

    @property
    def described_by(self) -> str:
        parts = [f"{self.id}-{part}" for part, said in (("hint", self.hint), ("error", self.errors)) if said]
        return " ".join(parts)


def names_in(expression: str) -> set[str]:
    """Return the fields an expression speaks of, by their own names."""
    return {name.rpartition(".")[2] for name in re.findall(r"\$\{\s*([A-Za-z_][\w.-]*)\s*\}", expression)}


def deciding(fields: Sequence[Field]) -> set[str]:
    """Return the names of the fields on whose answers it depends which others are asked, through what is calculated too."""
    every = [field for _key, field in walk(tuple(fields))]
    worked = {field.name: names_in(field.calculation) for field in every if field.calculation}
    found: set[str] = set()
    wanted = {
        name
        for field in every
        for said in (field.relevant, field.choice_filter, field.repeat_count)
        for name in names_in(said)
    }
    wanted |= {name for field in every if isinstance(field.required, str) for name in names_in(field.required)}
    while wanted:
        found |= wanted
        wanted = {name for one in wanted for name in worked.get(one, ())} - found
    return found


@dataclass(frozen=True)
class Drawing:
    """What one drawing of a form needs to know. Keys of `errors` are names on the page, "" for the form as a whole.

    `shown` and `required` answer for a field by its name on the page, and `offered` what may be chosen where that depends
    on other answers; `about` names the subject a row speaks of.
    """

    kind: Declaration
    words: Words
    errors: Mapping[str, Sequence[str]]
    shown: Callable[[str], bool]
    required: Callable[[str], bool]
    offered: Callable[[str], Sequence[str]] = lambda name: ()
    about: Callable[[Mapping[str, Any]], str] = lambda row: ""
    given: Mapping[str, str] = field(
        default_factory=dict
    )  # answers fixed beforehand: the page says them, nobody is asked
    veil: Veil = field(default_factory=Veil)  # over what was written before

    def items(self, body: Mapping[str, Any]) -> tuple[Item, ...]:
        return self._items(self.kind.fields, body, "", "", deciding(self.kind.fields))

    def _items(
        self, fields: Sequence[Field], body: Mapping[str, Any], prefix: str, key: str, decides: set[str]
    ) -> tuple[Item, ...]:
        drawn = (self._item(field, body, prefix + field.name, key + field.name, key, prefix, decides)
                 for field in fields)  # fmt: skip
        return tuple(item for item in drawn if item is not None)

    def _unknown(self, fields: Sequence[Field], row: Mapping[str, Any]) -> Sequence[Field]:
        """Return the questions of a row without the name of somebody the register knows: it is filled in from there,

        so that the page need not show it in full.
        """
        return [one for one in fields if one.name != "name"] if self.about(row) else fields

    def _item(
        self, field: Field, body: Mapping[str, Any], name: str, key: str, within: str, prefix: str, decides: set[str]
    ) -> Item | None:
        if (
            field.type in ("body", "calculate")
            or (field.type == "note" and field.appearance == "hidden")
            or name in self.given
            or not self.shown(name)
        ):
            return None
        label = self.words.label(key)
        said = self.words.fields.get(key)
        hint = said.hint if said else ""
        errors = tuple(self.errors.get(name, ()))
        if field.type == "group":
            inner = self._items(field.fields, body, prefix, within, decides)
            return Item(name, "group", label, hint, items=inner) if inner else None
        if field.type == "repeat":
            rows = tuple(
                Row(number, f"{name}.{number}", self.about(row),
                    self._items(self._unknown(field.fields, row), row, f"{name}.{number}.", f"{key}.", decides))
                for number, row in enumerate(body.get(field.name) or ())
            )  # fmt: skip
            return Item(name, "repeat", label, hint, errors=errors, rows=rows, counted=bool(field.repeat_count))
        value = body.get(field.name)
        if field.type == "image" and not is_photograph(field):  # what came from a phone stays as it is
            mark = self.veil.find_mark(name, str(value))
            text = str(value) if mark is None else self.veil.shown[mark]
            return Item(name, "hidden", label, text=text, kept=mark or "") if value else None
        chosen = value if isinstance(value, list) else [value]
        values = self.offered(name) if field.choice_filter else field.options
        options = tuple(Option(option, self.words.choice(key, option), option in chosen) for option in values)
        if field.appearance == "rank" and options:
            ranked = [str(one) for one in chosen if one] + [""] * len(options)
            places = tuple(tuple(Option(o.value, o.label, o.value == one) for o in options)
                           for one in ranked[: len(options)])  # fmt: skip
            return Item(name, "rank", label, hint, self.required(name), "", options, errors, places=places)
        kind = "hidden" if field.appearance == "hidden" else "text" if field.open_choices else field.type
        text = text_of(field, value)
        mark = self.veil.find_mark(name, str(value)) if value is not None and not field.options else None
        if mark is not None:
            text, kind = self.veil.shown[mark], "hidden" if kind == "hidden" else "text"
        if field.read_only and options:  # said, not asked
            kind, text, options = "text", "、".join(one.label for one in options if one.chosen), ()
        return Item(name, kind, label, hint, self.required(name), text, options, errors,
                    field.name in decides, field.read_only,
                    long=field.appearance == "multiline", waits=bool(field.choice_filter) and not values,
                    kept=mark or "")  # fmt: skip


def text_of(field: Field, value: Any) -> str:
    """Return an answer as its input shows it."""
    if field.open_choices and isinstance(value, list):
        return " ".join(str(each) for each in value)
    if value is None or isinstance(value, list):
        return ""
    if field.type == "acknowledge":
        return "yes" if value is True else ""
    if field.type == "dateTime":
        try:
            return parse_moment(str(value)).astimezone(CHINA).strftime("%Y-%m-%dT%H:%M")
        except ValueError:
            return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)

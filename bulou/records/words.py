"""What a kind is called in each language: title, questions, hints, choices, duties and lanes, from words/<language>.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

LANGUAGES = ("zh_Hans", "en")  # the first is the one people see if theirs is not here
BUILT_IN: Mapping[str, Mapping[str, str]] = {
    "zh_Hans": {"yes": "是", "no": "否"},
    "en": {"yes": "Yes", "no": "No"},
}


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A question, a hint under it, and what is said when its constraint fails or it is left out ("" for the usual)."""

    label: str
    hint: str = ""
    constraint: str = ""
    required: str = ""


@dataclass(frozen=True)
class Words:
    """All the words of a kind in one language. Fields in a repeat are keyed "members.name"."""

    title: str
    description: str = ""
    fields: Mapping[str, FieldWords] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    duties: Mapping[str, str] = field(default_factory=dict)
    lanes: Mapping[str, str] = field(default_factory=dict)
    language: str = LANGUAGES[0]

    def label(self, key: str) -> str:
        """Return what the field is called; its name if nobody wrote it down."""
        said = self.fields.get(key)
        return said.label if said else key

    def choice(self, key: str, value: str) -> str:
        """Return what the choice is called; the value itself if nobody wrote it down."""
        return self.choices.get(key, {}).get(value) or BUILT_IN.get(self.language, {}).get(value) or value

    def duty(self, name: str) -> str:
        """Return what the duty is called; its name if nobody wrote it down."""
        return self.duties.get(name, name)

    def lane(self, name: str) -> str:
        """Return what the fast lane is called; its name if nobody wrote it down."""
        return self.lanes.get(name, name)


def parse_words(toml_text: str, language: str) -> Words:
    """Return the words in the text. Raise ValueError, saying where, if it is not shaped as it should be."""
    said = tomllib.loads(toml_text)
    title = said.pop("title", "")
    if not isinstance(title, str) or not title:
        raise ValueError(f"words/{language}.toml: the title is missing")
    parts: dict[str, Any] = {part: said.pop(part, {}) for part in ("fields", "choices", "duties", "lanes")}
    description = said.pop("description", "")
    if said:
        raise ValueError(
            f"words/{language}.toml: {', '.join(said)} is not one of title, description, fields, choices, duties, lanes"
        )
    fields = {}
    for key, value in parts["fields"].items():
        try:
            fields[key] = FieldWords(**value)
        except TypeError as error:
            raise ValueError(
                f"words/{language}.toml: [fields.{key}] takes label, hint and constraint: {error}"
            ) from error
    return Words(title, description, fields, parts["choices"], parts["duties"], parts["lanes"], language)


def load_words(folder: Path) -> Mapping[str, Words]:
    """Return the words of the kind in the folder, by language ("zh_Hans", "en"): one for every file in its words/."""
    return MappingProxyType(
        {
            file.stem: parse_words(file.read_text("utf-8"), file.stem)
            for file in sorted((folder / "words").glob("*.toml"))
        }
    )

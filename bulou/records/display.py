"""An entry's answers as people read them: labels and choices in a language, on cards, pages and in files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bulou.core.moments import CHINA
from bulou.records.coercion import moment_of_text, text_of_number
from bulou.records.declaration import Declaration
from bulou.records.fields import Field, answers
from bulou.records.words import LANGUAGES, Words


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer: its key ("members.name"), the row from 1 (0 outside rows), what it is called and what was said.

    `field` tells whether it names or describes a person (`field.personal`), which is masked unless revealed.
    """

    key: str
    row: int
    label: str
    text: str
    field: Field


def shown(kind: Declaration, body: Mapping[str, Any], language: str = LANGUAGES[0]) -> list[Shown]:
    """Return every answer in the body, in the order of the form. Rows follow the repeat they are in."""
    words = words_in(kind, language)
    found: list[Shown] = []
    for field in answers(kind.fields):
        value = body.get(field.name)
        found.extend(_shown(words, field, field.name, 0, value))
        if field.type == "repeat" and isinstance(value, list):
            for number, row in enumerate(value, 1):
                for column in answers(field.fields):
                    found.extend(_shown(words, column, f"{field.name}.{column.name}", number, row.get(column.name)))
    return found


def card(kind: Declaration, body: Mapping[str, Any], language: str = LANGUAGES[0]) -> list[Shown]:
    """Return the answers that stand on a card, in the order of the kind's `summary`."""
    said = {each.key: each for each in shown(kind, body, language) if not each.row}
    return [said[key] for key in kind.summary if key in said]


def words_in(kind: Declaration, language: str) -> Words:
    """Return the kind's words in the language, in the first there is if not in that one, or its names alone."""
    return kind.words.get(language) or next(iter(kind.words.values()), None) or Words(kind.name, language=language)


def text_of(words: Words, field: Field, key: str, value: Any) -> str:
    """Return one answer as people read it."""
    chinese = words.language == LANGUAGES[0]
    match field.type:
        case "select_one" | "yes_no":
            return words.choice(key, str(value))
        case "select_multiple":
            return ("、" if chinese else ", ").join(words.choice(key, str(each)) for each in value)
        case "repeat":
            return f"{len(value)} 条" if chinese else str(len(value))
        case "acknowledge":
            return words.choice(key, "yes")
        case "integer" | "decimal":
            return text_of_number(value)
        case "dateTime":
            moment = moment_of_text(str(value))
            return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}" if moment else str(value)
    return str(value)


def _shown(words: Words, field: Field, key: str, row: int, value: Any) -> Iterator[Shown]:
    if value not in (None, "", [], False):
        yield Shown(key, row, words.label(key), text_of(words, field, key, value), field)

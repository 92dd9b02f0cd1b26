"""What an entry says, question by question, as a page shows it: in words, with personal answers masked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bulou.core.moments import CHINA, parse_moment
from bulou.records.fields import Field
from bulou.records.keeping import Kept
from bulou.records.masking import mask_answer, mask_choice
from bulou.records.words import Words

PHOTO = re.compile("sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and its answer; a repeat has rows instead, a photograph its hash."""

    label: str
    text: str = ""
    photo: str = ""  # the hex SHA-256 of a photograph
    rows: tuple[tuple["Answer", ...], ...] = ()


def answers(
    fields: Sequence[Field],
    words: Words,
    body: Kept,
    names: Mapping[str, str],
    key: str = "",
    masked: bool = True,
) -> tuple[Answer, ...]:
    """Return the answers given. `names` are masked names of subjects ("person:<uuid>" or the id alone) an answer may be."""
    found: list[Answer] = []
    for field in fields:
        if field.type == "group":
            found += answers(field.fields, words, body, names, key, masked)
            continue
        value = body.get(field.name)
        if value is None or value == "" or value == []:
            continue
        label = words.label(key + field.name)
        if field.type == "repeat" and isinstance(value, list):
            rows = tuple(answers(field.fields, words, Kept(row), names, f"{key}{field.name}.", masked)
                         for row in value if isinstance(row, Mapping))  # fmt: skip
            found.append(Answer(label, rows=rows))
        elif field.type == "image" and (photo := PHOTO.fullmatch(str(value))):
            found.append(Answer(label, photo=photo[1]))
        elif field.type != "body":
            found.append(Answer(label, _text(field, words, key + field.name, value, names, masked)))
    return tuple(found)


def text_of(field: Field, words: Words, key: str, value: Any) -> str:
    """Return one answer in words, masked."""
    return _text(field, words, key, value, {}, True)


def _text(field: Field, words: Words, key: str, value: Any, names: Mapping[str, str], masked: bool) -> str:
    if field.options:
        chosen = value if isinstance(value, list) else [value]
        return "、".join(words.choice(key, mask_choice(field, str(one)) if masked else str(one)) for one in chosen)
    if isinstance(value, bool):
        return words.choice(key, "yes" if value else "no")
    text = str(value)
    if text in names:
        return names[text]
    if field.type == "dateTime":
        try:
            return parse_moment(text).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
        except ValueError:
            return text
    return mask_answer(field, words.label(key), text) if masked else text

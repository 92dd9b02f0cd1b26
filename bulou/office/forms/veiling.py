"""What a form about something already written shows of it: masked, with a mark by which the server puts it back.

What was written before never goes out in full with a form: only the reveal does that, on record. An answer left as the
form showed it comes back masked beside its mark, `<name>.kept`, which says where it stands in what was written; a text
with stars in it that has no mark is nobody's name, and is refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from bulou.records.fields import Field
from bulou.records.fields import answers as questions
from bulou.records.masking import mask_answer, mask_choice, sort_of
from bulou.records.words import Words

KEPT = ".kept"
_STARS = ("*", "＊")
_WORDS = ("text", "barcode")


def _key(name: str) -> str:
    """Return the key of the question a name on the page is of: members.2.phone is members.phone."""
    return ".".join(part for part in name.split(".") if not part.isdigit())


def _plain(text: str) -> str:
    """Return a text as no browser changes it."""
    return text.replace("\r\n", "\n").strip()


def _texts(fields: Sequence[Field], body: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Field, str]]:
    """Yield every answer that is not chosen from a list, with its name on the page."""
    for one in questions(tuple(fields)):
        value = body.get(one.name)
        if one.type == "repeat" and isinstance(value, list):
            for number, row in enumerate(value):
                if isinstance(row, Mapping):
                    yield from _texts(one.fields, row, f"{prefix}{one.name}.{number}.")
        elif value not in (None, "") and not isinstance(value, list | Mapping | bool):
            yield prefix + one.name, one, str(value)


@dataclass(frozen=True)
class Veil:
    """What must not stand in the page in full: by its name in what was written, the answer itself and how it is shown.

    An empty one veils nothing: nothing was written before.
    """

    full: Mapping[str, Any] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)

    def put_back(self, sent: QueryDict) -> QueryDict:
        """Return what was sent with the answers left as they were shown put back in full.

        A mark is good for its own question only: put beside another, it would be a way to read the answer there.
        """
        back = sent.copy()
        for name in [name for name in sent if name.endswith(KEPT)]:
            place, mark = name.removesuffix(KEPT), str(sent.get(name, ""))
            same = mark in self.full and _plain(str(sent.get(place, ""))) == _plain(self.shown[mark])
            if same and _key(mark) == _key(place):
                back[place] = str(self.full[mark])
            del back[name]
        return back

    def find_mark(self, name: str, text: str) -> str | None:
        """Return the mark of an answer that is to be shown masked; None of one that was typed here."""
        if str(self.full.get(name, "")) == text and text:
            return name
        key = _key(name)  # rows were taken away before it
        return next((mark for mark, said in self.full.items() if str(said) == text and _key(mark) == key), None)

    def over(self, text: str) -> str:
        """Return a text the program made, such as what is wrong with an answer, with all that is veiled masked in it."""
        for mark, said in sorted(self.full.items(), key=lambda each: -len(str(each[1]))):
            if len(str(said)) > 1:
                text = text.replace(str(said), self.shown[mark])
        return text

    def speaks_in(self, text: str) -> bool:
        """Tell whether something veiled stands in the text."""
        return self.over(text) != text


def veil_of(fields: Sequence[Field], words: Words, body: Mapping[str, Any]) -> Veil:
    """Return what a form that begins with the body must not show in full.

    What a form worked out from such answers and nobody can change is veiled with them.
    """
    told = list(_texts(fields, body, ""))
    full: dict[str, Any] = {}
    shown: dict[str, str] = {}
    for name, asked, text in told:
        masked = mask_choice(asked, text) if asked.options else mask_answer(asked, words.label(_key(name)), text)
        if masked != text:
            full[name], shown[name] = text, masked
    first = Veil(dict(full), dict(shown))
    for name, asked, text in told:
        if asked.read_only and name not in full and first.speaks_in(text):
            full[name], shown[name] = text, first.over(text)
    return Veil(full, shown)


def starred(fields: Sequence[Field], words: Words, body: Mapping[str, Any], veil: Veil) -> dict[str, list[str]]:
    """Return, by name on the page, the answers typed here that would name somebody and are masked: they say nothing."""
    said = _("This is masked (with *). Write it in full, or leave it as it was.")
    return {
        name: [said]
        for name, asked, text in _texts(fields, body, "")
        if asked.personal
        and asked.type in _WORDS
        and any(star in text for star in _STARS)
        and sort_of(asked, words.label(_key(name)))
        and veil.find_mark(name, text) is None
    }

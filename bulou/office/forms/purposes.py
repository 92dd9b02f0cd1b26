"""What full details are asked for: chosen from the list, with words where it asks for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bulou.access.looking import purposes
from bulou.access.rules import check_purpose


@dataclass(frozen=True, slots=True)
class Offered:
    """A purpose as the page offers it. `words`: it is to be said in words of one's own what exactly."""

    name: str
    title: str
    words: bool


def offered_purposes() -> list[Offered]:
    """Return what may be chosen, in the language of the page."""
    english = get_language() == "en"
    return [Offered(one.name, one.en if english else one.zh, one.words) for one in purposes().values()]


def choices(offered: Iterable[Offered]) -> list[tuple[str, str]]:
    """Return the purposes as a field of a form offers them, none chosen."""
    return [("", _("Choose…")), *((one.name, one.title + (" …" if one.words else "")) for one in offered)]


def read_purpose(sent: Mapping[str, Any]) -> str:
    """Return what was chosen, as the audit keeps it. Raise access's Refusal if it says nothing."""
    return check_purpose(purposes(), str(sent.get("purpose", "")), str(sent.get("words", ""))[:200])

"""Whose word an entry is: asked at a desk where one may write down what another says, and shown wherever it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from bulou.access import queries as access
from bulou.records.behalf import LONGEST, SOURCES, Behalf

FROM, WHOM, NAME = "_from", "_whom", "_name"
SOURCE_WORDS = {
    "paper": gettext_noop("their paper"),
    "telephone": gettext_noop("a telephone call"),
    "message": gettext_noop("a message"),
    "spoken": gettext_noop("what they said to me"),
    "held": gettext_noop("what they sent and was held"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks about it: from what, "" for one's own; and of whom, where `whom` leaves a choice.

    `must`: the account may write this only for somebody else. `said`: what was answered, to show again.
    """

    must: bool
    sources: list[tuple[str, str]]
    whom: list[tuple[str, str]]
    said: tuple[str, str, str]  # from what, of whom, their name

    @property
    def fixed(self) -> bool:
        """Tell whether it is known whose word it would be."""
        return not self.whom


def sources() -> list[tuple[str, str]]:
    """Return from what a person may write down another's word, to choose from."""
    return [(name, _(SOURCE_WORDS[name])) for name in SOURCES if name != "held"]


def ask(post: Mapping[str, str], *, roles: frozenset[str], must: bool) -> Asked:
    """Return what to ask: `roles` are those in which somebody may say it, none where the entry is about whom it is of."""
    names = access.role_names(get_language() or "") if roles else {}
    whom = [(f"role:{role}", names.get(role, role)) for role in sorted(roles)]
    return Asked(must, sources(), whom, tuple(str(post.get(key, "")).strip() for key in (FROM, WHOM, NAME)))  # type: ignore[arg-type]


def read(asked: Asked, responder: str) -> tuple[Behalf | None, dict[str, list[str]]]:
    """Return whose word it is, None for one's own, and what is lacking by name on the page."""
    source, whom, name = asked.said
    if source not in dict(asked.sources):
        return None, {FROM: [_("Say from what you write it down.")]} if source or asked.must else {}
    if asked.fixed:
        return Behalf(responder, source), {}
    faults: dict[str, list[str]] = {}
    if whom not in dict(asked.whom):
        faults[WHOM] = [_("Say in which role they speak.")]
    if not name:
        faults[NAME] = [_("Say whose word it is.")]
    return (None if faults else Behalf(whom, source, name[:LONGEST])), faults


def said_for(behalf: Behalf | None, names: Mapping[str, str]) -> str:
    """Return in words for whom an entry was written and from what; "" for one's own."""
    if behalf is None:
        return ""
    role = behalf.whom.partition(":")[2]
    called = access.role_names(get_language() or "").get(role, role) if behalf.sort == "role" else ""
    whom = (
        f"{called} {behalf.name}".strip()
        if behalf.sort == "role"
        else names.get(behalf.whom, behalf.name or behalf.whom)
    )
    return _("for %(whom)s, from %(source)s") % {"whom": whom, "source": _(SOURCE_WORDS[behalf.source])}

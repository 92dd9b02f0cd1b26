"""What kinds and duties are called, in the language of the page. Screens know no kind by name: they ask the records."""

from django.utils.translation import get_language, gettext, gettext_noop, pgettext

from bulou.records.declaration import Declaration
from bulou.records.duties import Opens
from bulou.records.law import find_kind, known_kinds
from bulou.records.words import LANGUAGES, Words


def language() -> str:
    """Return the language of the page as kinds write it: zh_Hans or en."""
    return "en" if (get_language() or "").startswith("en") else LANGUAGES[0]


def between() -> str:
    """Return what stands between two things of a list."""
    return pgettext("between two things of a list", ", ")


def kinds() -> dict[str, Declaration]:
    """Return the declaration of every kind in force, by name."""
    return {name: bound.kind for name, bound in known_kinds().items()}


def words_of(kind: Declaration) -> Words:
    """Return the kind's words in the language of the page, or in any it has."""
    return kind.words.get(language()) or next(iter(kind.words.values()), Words(kind.name))


def title_of(name: str) -> str:
    """Return what a kind is called; its name if this installation does not know it."""
    kind = kind_of(name)
    return words_of(kind).title if kind else name


def kind_of(name: str, version: int | None = None) -> Declaration | None:
    """Return the declaration of a kind, as a record of the version was made with; None if there is none of the name."""
    found = find_kind(name)
    if found is None:
        return None
    return found.kind if version is None else found.at(version)


REFUSALS = (
    gettext_noop(
        "this is the word of whom it is about: they say it, or somebody writes it down for them and names them"
    ),
    gettext_noop("that somebody was there is said by themselves, or by whoever leads where they stand and names them"),
    gettext_noop("an order is given by who may give it, in their own name"),
    gettext_noop("only who wrote it, who is above them in the area tree, or the county's desk changes this entry"),
)


def refusal(reason: str) -> str:
    """Return why the ledger holds what somebody may not write, in the language of the page where it has the words."""
    return gettext("You may not write this: %(why)s") % {"why": gettext(reason) if reason in REFUSALS else reason}


def duty_titles() -> dict[str, str]:
    """Return what every duty is called, by its name."""
    found: dict[str, str] = {}
    for kind in kinds().values():
        said = words_of(kind)
        for effect in kind.duties:
            if isinstance(effect, Opens) or effect.duty not in found:
                found[effect.duty] = said.duty(effect.duty)
    return found


def swept() -> dict[str, str]:
    """Return the duties a sweep opens, one for every household (户) or person (人) of an area: by name, with that unit."""
    units = {"households": "户", "persons": "人"}
    opens = (effect for kind in kinds().values() for effect in kind.duties if isinstance(effect, Opens))
    return {effect.duty: units[effect.over] for effect in opens if effect.over in units}


def duty_roles() -> dict[str, str]:
    """Return who owes each duty ("role:grid_worker"), where every duty of the name is owed by the same role.

    What is filled in from a record ("account:${owner}") is left out: the duty itself then says who owes it.
    """
    found: dict[str, set[str]] = {}
    for kind in kinds().values():
        for effect in kind.duties:
            if isinstance(effect, Opens):
                found.setdefault(effect.duty, set()).add(effect.owed_by)
    return {name: next(iter(said)) for name, said in found.items() if len(said) == 1 and "${" not in next(iter(said))}

"""What is doubtful or wrong about a row, in words: what, where, and what to do about it."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bulou.core.identity import Flaw
from bulou.core.masks import mask_id, mask_name, mask_phone
from bulou.people.rules.rows import Problem

_MASKS = {"name": mask_name, "head": mask_name, "phone": mask_phone, "id_number": mask_id}


def column_word(column: str) -> str:
    """Return the name of a field of a person or household."""
    words = {
        "name": pgettext("column", "name"),
        "sex": pgettext("column", "sex"),
        "birth": pgettext("column", "birth date"),
        "id_number": pgettext("column", "ID number"),
        "phone": pgettext("column", "phone"),
        "relation": pgettext("column", "relation to the head"),
        "resident": pgettext("column", "kind of resident"),
        "away": pgettext("column", "away"),
        "away_to": pgettext("column", "where to"),
        "note": pgettext("column", "note"),
        "area": pgettext("column", "area"),
        "household": pgettext("column", "household"),
        "head": pgettext("column", "head of household"),
        "number": pgettext("column", "household number"),
        "address": pgettext("column", "address"),
        "household_class": pgettext("column", "household class"),
        "dwelling": pgettext("column", "dwelling"),
        "latitude": pgettext("column", "latitude"),
        "longitude": pgettext("column", "longitude"),
    }
    return words.get(column, column)


def value_word(column: str, value: str) -> str:
    """Return a stored word as people say it: 男 for "male", 空置 for "vacant"."""
    words = {
        "male": pgettext("sex", "male"),
        "female": pgettext("sex", "female"),
        "owner": pgettext("dwelling", "lived in by the owner"),
        "rented": pgettext("dwelling", "rented out"),
        "vacant": pgettext("dwelling", "vacant"),
        "unassigned": pgettext("dwelling", "unassigned"),
        "True": _("yes"),
        "False": _("no"),
    }
    return words.get(value, value) if column in ("sex", "dwelling", "away") else value


def refusal(code: str) -> str:
    """Return why an action on the registers was refused, from Refused.code, and what to do."""
    return _REFUSALS.get(code, lambda: code)()


_REFUSALS: dict[str, Callable[[], str]] = {
    "id of another": lambda: _("Another person of this county has the same ID number. Merge the two if they are one."),
    "no name": lambda: _("The name is missing. Write it."),
    "head elsewhere": lambda: _("The head must be a member of the household."),
    "no reason": lambda: _("Say why. Without a reason nobody is taken out of the register."),
    "no purpose": lambda: _("Say what the list is needed for."),
    "same person": lambda: _("Choose two different persons."),
    "merged again": lambda: _("The person who was kept has been merged since. Undo that merge first."),
}


def describe(problem: Problem) -> str:
    """Return one sentence for the person who keeps the list. What the register holds of others is masked in it."""
    other = problem.other
    if problem.code in ("differs", "other name", "id of another", "same name and phone"):
        kind = "name" if problem.code in ("other name", "id of another") else problem.column
        other = _MASKS[kind](other) if kind in _MASKS else value_word(problem.column, other)
    said = {"column": column_word(problem.column), "value": value_word(problem.column, problem.value), "other": other}
    return _SENTENCES[problem.code]() % said


_SENTENCES: dict[str, Callable[[], str]] = {
    Flaw.ID_DIGITS_LOST: lambda: _(
        "ID number “%(value)s”: Excel turned it into a number and its last digits are lost. Format the column as text"
        " and enter it again. The person is kept without it."
    ),
    Flaw.ID_LENGTH: lambda: _("ID number “%(value)s” does not have 18 digits. It is kept as written; please check."),
    Flaw.ID_REGION: lambda: _("ID number “%(value)s” begins with no known province. Please check."),
    Flaw.ID_BIRTH: lambda: _(
        "ID number “%(value)s” holds an impossible birth date. It is kept as written; please check."
    ),
    Flaw.ID_CHECK: lambda: _(
        "ID number “%(value)s”: the last digit does not fit the others, so one digit is wrong. Please check."
    ),
    Flaw.ID_OTHER: lambda: _("“%(value)s” is taken for another document, such as a passport or a permit."),
    Flaw.PHONE_UNKNOWN: lambda: _(
        "Phone “%(value)s” is neither a mobile number of 11 digits nor a landline. Please check."
    ),
    Flaw.PHONE_SEVERAL: lambda: _("“%(value)s” holds several phone numbers; the first is kept as the phone."),
    "too long": lambda: _(
        "The %(column)s “%(value)s…” is too long; at most %(other)s characters are kept. Shorten it."
    ),
    "masked name": lambda: _("The name is masked (with *), so nobody can tell who it is. Write the full name."),
    "no name": lambda: _("The name is missing. Write it; for an empty house write the address and 空置 as dwelling."),
    "not a name": lambda: _("“%(value)s” is no name. Check whether the columns have slipped."),
    "unknown sex": lambda: _("“%(value)s” is no sex we know. Write 男 or 女."),
    "sex differs from id": lambda: _("The sex “%(value)s” does not agree with the ID number. Please check."),
    "unknown date": lambda: _("“%(value)s” is no birth date. Write it like 1980-01-31."),
    "birth differs from id": lambda: _("The birth date “%(value)s” does not agree with the ID number. Please check."),
    "unknown dwelling": lambda: _("“%(value)s” is no dwelling state we know. Write 自住, 出租, 空置 or 未分配."),
    "not in China": lambda: _("The %(column)s “%(value)s” is not in China. Please check."),
    "unknown area": lambda: _(
        "There is no “%(value)s” in %(other)s. Write the name as in the area tree, or choose to create missing groups."
    ),
    "several area": lambda: _(
        "There is more than one “%(value)s” in %(other)s. Also write the village, or the area code."
    ),
    "no village": lambda: _(
        "It is not said in which village or community of %(other)s. Add it, or nobody would visit."
    ),
    "twice in one household": lambda: _(
        "“%(value)s” stands twice in one household with nothing to tell the two apart. Add an ID number or a phone, or"
        " remove the second row."
    ),
    "unknown person id": lambda: _(
        "No person in the register has the system number “%(value)s”. Clear it and write the name."
    ),
    "id of another": lambda: _(
        "The ID number is already that of %(other)s. This person is kept without it; please check both numbers."
    ),
    "other name": lambda: _("The register has the name %(other)s for this ID number. The register was not changed."),
    "same name and phone": lambda: _(
        "Another person with this name and phone has the ID number %(other)s. Both are kept;"
        " merge them if they are one."
    ),
    "differs": lambda: _(
        "%(column)s: the list says “%(value)s”, the register “%(other)s”. The register was not changed."
    ),
    "registered elsewhere": lambda: _(
        "This person is registered in another area. Your list is noted there; nothing was changed."
    ),
    "back again": lambda: _("This person had been taken out of the register and is back in it."),
}

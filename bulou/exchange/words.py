"""Why a file was not opened, and what was left out of it, in words."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from bulou.exchange.rules.files import Refused
from bulou.people.queries import Note


def refusal(code: str, what: str = "") -> str:
    """Return what is wrong with the file and what to do. `what` names the part or figure that decided."""
    return _REFUSALS.get(code, _REFUSALS["damaged"])() % {"what": what}


def explain(refused: Refused) -> str:
    return refusal(refused.code, refused.what)


def failure(text: str) -> str:
    """Return what ended an import early, from Run.failure; "" if nothing did."""
    code, _bar, what = text.partition("|")
    return refusal(code, what) if code else ""


_REFUSALS: dict[str, Callable[[], str]] = {
    "empty": lambda: _("The file is empty."),
    "too big": lambda: _("The file is too big (%(what)s). Split it by village, or remove pictures from it."),
    "unknown extension": lambda: _("Files of the kind “%(what)s” are not read. Save the list as .xlsx or .csv."),
    "wrong extension": lambda: _("The file is not what its name says (%(what)s). Open it and save it as .xlsx."),
    "damaged": lambda: _(
        "The file is damaged and cannot be read (%(what)s). Open it in Excel or WPS and save it again."
    ),
    "password": lambda: _("The file is protected by a password. Save it without one."),
    "macros": lambda: _("The file holds macros (%(what)s), which are never opened. Save it as .xlsx without macros."),
    "formula": lambda: _(
        "The file holds formulas (first in cell %(what)s). Select all, copy, paste as values, and save it again."
    ),
    "nested file": lambda: _("Another file is embedded in it (%(what)s). Remove it and save again."),
    "bomb": lambda: _("The file unpacks to far more than it should (%(what)s), so it was not opened."),
    "too many parts": lambda: _("The file has too many parts (%(what)s), so it was not opened."),
    "unsafe path": lambda: _("The file holds an unsafe path (%(what)s), so it was not opened."),
    "entities": lambda: _("The file holds XML declarations that no list needs (%(what)s), so it was not opened."),
    "too many rows": lambda: _(
        "The sheet has too many rows (%(what)s). Delete the empty rows below the list, or split it."
    ),
    "too many columns": lambda: _(
        "The sheet has too many columns (more than %(what)s). Delete the empty ones beside the list."
    ),
    "too many strings": lambda: _("The file holds too many different texts (%(what)s). Split it."),
    "too much memory": lambda: _("Reading the file took too much memory or time. Split it, or save it as .csv."),
    "not text": lambda: _("The .csv is not text in UTF-8 or GB 18030. Save the list as .xlsx."),
    "no form": lambda: _("A form is read from .xlsx, .xls or .xml, not from .%(what)s."),
    "no list": lambda: _(
        "Beside a form only lists in .csv are taken, not %(what)s. Pictures, sound and films in questions are not shown."
    ),
    "two forms": lambda: _("Choose one form, with its lists (.csv) if it has any. These are several: %(what)s"),
    "too many files": lambda: _("These are too many files at once (more than %(what)s)."),
    "no table": lambda: _("No row with known headers was found. There must be a column of names (姓名 or 户主)."),
    "error": lambda: _(
        "The import stopped because of a fault in the program (%(what)s). What was read before it is kept."
    ),
}


def note(left_out: Note) -> str:
    """Return why a row or sheet was left out."""
    where = {"sheet": left_out.sheet, "row": left_out.row}
    return _NOTES[left_out.why]() % where


_NOTES: dict[str, Callable[[], str]] = {
    "total": lambda: _("%(sheet)s, row %(row)s: a line of totals, left out."),
    "note": lambda: _("%(sheet)s, row %(row)s: a note on how to fill in the list, left out."),
    "header again": lambda: _("%(sheet)s, row %(row)s: the headers again, left out."),
    "foot": lambda: _("%(sheet)s, row %(row)s: a signature or remark under the list, left out."),
    "hidden sheet": lambda: _("%(sheet)s: a hidden sheet, left out. Choose it if it should be read."),
    "no form": lambda: _("A form is read from .xlsx, .xls or .xml, not from .%(what)s."),
    "no table": lambda: _("%(sheet)s: no row with known headers, left out."),
    "rows differ": lambda: _("The file says it has %(row)s rows, but another number was read: it was cut or added to."),
}

"""An XLSForm workbook turned into an XForm by pyxform, with the row of every question. Runs in the child process."""

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert

from bulou.records.uploaded.complaints import place_of
from bulou.records.uploaded.findings import Finding, Weight

ROOT = "data"
MOST_COMPLAINTS = 20
_COLUMN = re.compile(r"the '(\w+)' value")
_UNKNOWN = re.compile(r"^Unknown question type '(.+?)'")
_TYPE = re.compile(r"Unknown question type|List name not in \w+ ?\w* sheet", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Converted:
    """What pyxform made of a workbook. `rows`: the sheet's row by a question's path.

    If it refused, a finding says so, and `xform` is what is left without what it refused, to look for more; or "".
    """

    xform: str
    findings: tuple[Finding, ...]
    rows: dict[str, int] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)


def convert_workbook(source: Any, file_type: str, name: str = "") -> Converted:
    """Return the XForm of a workbook (a path, or Markdown with file_type ".md"). `name`: the file's, without ending.

    What pyxform says is among the findings; nothing it says is raised.
    """
    warnings: list[str] = []
    refused: list[str] = []
    rows: dict[str, int] = {}
    settings: dict[str, str] = {}
    xform = ""
    try:
        book = get_xlsform(source, file_type=file_type)
        rows = _rows(book.survey)
        settings = {str(k): str(v) for row in (book.settings or [])[:1] for k, v in row.items()}
        sheets = {sheet: getattr(book, sheet) for sheet in book.__slots__}
        xform = _without_what_is_refused(sheets, warnings, refused)
    except PyXFormError as error:
        refused.append(str(error))
    except RecursionError:
        refused.append("too many levels")
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, OSError) as error:
        # pyxform trips over what it does not expect; a county is told so and not shown where in the program.
        refused.append(f"{type(error).__name__}: {error}"[:300])
    if not settings.get("form_id") and not settings.get("id_string") and name:
        settings["form_id"] = name
    told = () if refused else tuple(_said("notes", warning) for warning in dict.fromkeys(warnings))
    found = sorted((_said("refuses", complaint) for complaint in refused), key=lambda one: one.row)
    return Converted(xform, (*found, *told), rows, settings)


def _without_what_is_refused(sheets: dict[str, Any], warnings: list[str], refused: list[str]) -> str:
    """Return the XForm of the sheets, each complaint put into `refused` and what it is about taken out; "" if it cannot be.

    pyxform stops at the first thing it cannot take: whoever made the form would have to upload it once for each.
    """
    while True:
        try:
            made: str = convert(deepcopy(sheets), warnings=warnings, form_name=ROOT).xform
        except PyXFormError as error:
            refused.append(_with_its_row(sheets, str(error)))
            if len(refused) == MOST_COMPLAINTS or not _take_out(sheets, refused[-1]):
                return ""
        else:
            return made


def _with_its_row(sheets: Mapping[str, Any], complaint: str) -> str:
    """Return the complaint beginning with its row, which pyxform does not say of an unknown type."""
    unknown = _UNKNOWN.match(complaint)
    for number, row in enumerate(sheets["survey"] or (), start=2):
        if unknown and str(row.get("type", "")).split(maxsplit=1)[:1] == unknown[1].split(maxsplit=1)[:1]:
            return f"[row : {number}] {complaint}"
    return complaint


def _take_out(sheets: Mapping[str, Any], complaint: str) -> bool:
    """Take what a complaint is about out of the sheets; tell whether something was, so that it cannot come again."""
    number, sheet, rest = place_of(complaint)
    survey = sheets["survey"] or ()
    if sheet != "survey" or not 2 <= number < len(survey) + 2:
        return False
    row = survey[number - 2]
    column = _COLUMN.search(rest)
    if _TYPE.search(rest):
        before, row["type"] = row.get("type"), "text"
        return bool(before != "text")
    if column is None:
        return False
    if column[1] == "name":  # it stays, under another, for what speaks of the first
        before, row["name"] = row.get("name"), f"row_{number}"
        return bool(before != row["name"])
    taken = [header for header in row if str(header).partition("::")[0].strip().lower() == column[1].lower()]
    for header in taken:
        del row[header]
    return bool(taken)


def _said(weight: Weight, complaint: str) -> Finding:
    row, sheet, rest = place_of(complaint)
    code = "pyxform" if weight == "refuses" else "warning"
    return Finding(weight, code, "", rest[:600], row, sheet)


def _rows(survey: Any) -> dict[str, int]:
    """Return the row of every question by its path in the form pyxform makes."""
    found: dict[str, int] = {}
    around = [f"/{ROOT}"]
    for number, row in enumerate(survey or (), start=2):
        said = {str(key).strip().lower(): str(value).strip() for key, value in row.items() if value is not None}
        kind = said.get("type", "").replace("_", " ").lower()
        name = said.get("name", "")
        if kind.startswith("end ") and kind.split()[1:2] and kind.split()[1] in ("group", "repeat", "loop"):
            if len(around) > 1:
                around.pop()
        elif name:
            path = f"{around[-1]}/{name}"
            found.setdefault(path, number)
            if kind.startswith("begin "):
                around.append(path)
        elif kind.startswith("begin "):
            around.append(around[-1])
    return found

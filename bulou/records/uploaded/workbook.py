"""An XLSForm workbook turned into an XForm by pyxform, with the row of every question. Runs in the child process."""

from dataclasses import dataclass, field
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert

from bulou.records.uploaded.complaints import place_of
from bulou.records.uploaded.findings import Finding, Weight

ROOT = "data"


@dataclass(frozen=True, slots=True)
class Converted:
    """What pyxform made of a workbook. `xform` is "" if it refused. `rows`: the sheet's row by a question's path."""

    xform: str
    findings: tuple[Finding, ...]
    rows: dict[str, int] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)


def convert_workbook(source: Any, file_type: str, name: str = "") -> Converted:
    """Return the XForm of a workbook (a path, or Markdown with file_type ".md"). `name`: the file's, without ending.

    What pyxform says is among the findings; nothing it says is raised.
    """
    warnings: list[str] = []
    try:
        book = get_xlsform(source, file_type=file_type)
        rows = _rows(book.survey)
        settings = {str(k): str(v) for row in (book.settings or [])[:1] for k, v in row.items()}
        made = convert(source, warnings=warnings, form_name=ROOT, file_type=file_type)
    except PyXFormError as error:
        return Converted("", (_said("refuses", str(error)),))
    except RecursionError:
        return Converted("", (_said("refuses", "too many levels"),))
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, OSError) as error:
        # pyxform trips over what it does not expect; a county is told so and not shown where in the program.
        return Converted("", (_said("refuses", f"{type(error).__name__}: {error}"[:300]),))
    xform = made.xform
    if not settings.get("form_id") and not settings.get("id_string") and name:
        settings["form_id"] = name
    told = tuple(_said("notes", warning) for warning in dict.fromkeys(warnings))
    return Converted(xform, told, rows, settings)


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

"""What is wrong with a row of an area list, or with a grid's staff, in words: what, where, and what to do about it."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bulou.areas.rules.rows import Problem, RowProblem
from bulou.areas.rules.staffing import Finding, GridTemplate, Shortfall
from bulou.core.divisions import LEVELS


def level_word(level: str) -> str:
    """Return the level's name: 县级 for "county"."""
    words = {
        "province": pgettext("level", "province"),
        "prefecture": pgettext("level", "prefecture"),
        "county": pgettext("level", "county"),
        "township": pgettext("level", "township"),
        "village": pgettext("level", "village"),
        "local1": pgettext("level", "first level below the village"),
        "local2": pgettext("level", "second level below the village"),
        "local3": pgettext("level", "third level below the village"),
    }
    assert words.keys() == set(LEVELS)
    return words.get(level, level)


def describe(problem: RowProblem) -> str:
    """Return one sentence for the person who keeps the list; the file and the line are shown beside it."""
    said = {"code": problem.code, "said": problem.said, "wanted": problem.wanted}
    if problem.problem is Problem.LEVEL_MISMATCH:
        said = {"code": problem.code, "said": level_word(problem.said), "wanted": level_word(problem.wanted)}
    return _SENTENCES[problem.problem]() % said


_SENTENCES: dict[Problem, Callable[[], str]] = {
    Problem.CODE_MISSING: lambda: _("The code is missing. Write the 12-digit code of the area."),
    Problem.CODE_DIGITS_LOST: lambda: _(
        "“%(said)s” is a code that a spreadsheet turned into a number. Format the column as text and enter it again."
    ),
    Problem.CODE_DIGITS: lambda: _("The code “%(said)s” must be digits only."),
    Problem.CODE_LENGTH: lambda: _(
        "The code “%(said)s” has the wrong length. It has 12 digits, or 18 below the village;"
        " in the national list 2, 4, 6, 9 or 12."
    ),
    Problem.CODE_PROVINCE: lambda: _("The code %(said)s does not begin with a province (11 to 82)."),
    Problem.NAME_MISSING: lambda: _("The name is missing."),
    Problem.NAME_LONG: lambda: _("The name has %(said)s characters; at most %(wanted)s are kept. Shorten it."),
    Problem.LEVEL_UNKNOWN: lambda: _("“%(said)s” is no level. For this code write %(wanted)s."),
    Problem.LEVEL_MISMATCH: lambda: _(
        "The level says %(said)s, but the digits of %(code)s are those of a %(wanted)s. Correct the one that is wrong."
    ),
    Problem.KIND_MISSING: lambda: _("Below the village the kind must be given, in the county's word: 组, 网格, 楼."),
    Problem.KIND_LONG: lambda: _("The kind “%(said)s” is longer than %(wanted)s characters. Shorten it."),
    Problem.PARENT_MISSING: lambda: _("The parent is missing. For this code it is %(wanted)s."),
    Problem.PARENT_NEEDLESS: lambda: _("A province has no parent in this list. Leave the column empty."),
    Problem.PARENT_CODE: lambda: _("The parent “%(said)s” is not a code. For this code it is %(wanted)s."),
    Problem.PARENT_MISMATCH: lambda: _(
        "%(code)s does not lie directly under %(said)s: its digits say %(wanted)s. Correct the one that is wrong."
    ),
    Problem.PARENT_UNKNOWN: lambda: _(
        "The parent %(said)s is neither in this list nor loaded already. Add its row, or mend it if it was refused."
    ),
    Problem.DUPLICATE: lambda: _("The code %(code)s stands earlier in this list. Remove one of the two rows."),
    Problem.COLUMNS: lambda: _(
        "The row has %(said)s columns, the first line has %(wanted)s. Put a name that contains a comma in quotes."
    ),
    Problem.REPEATS_PARENT: lambda: _(
        "Left out: with zeros at its own level, “%(said)s” is its parent again. What lies below hangs under the parent."
    ),
    Problem.ODD_CHARACTER: lambda: _(
        "Loaded, but “%(said)s” holds a character that many computers cannot show. Look at it and rename the area."
    ),
}


def describe_finding(finding: Finding, template: GridTemplate) -> str:
    """Return one sentence that names the role a grid is short of, or has too many of."""
    said = {"role": finding.role, "have": finding.have, "wanted": finding.wanted, "template": template.title}
    return {
        Shortfall.TOO_FEW: _("%(role)s: %(have)s of at least %(wanted)s."),
        Shortfall.TOO_MANY: _("%(role)s: %(have)s, at most %(wanted)s."),
        Shortfall.NOT_IN_TEMPLATE: _("%(role)s (%(have)s) is no role of “%(template)s”."),
    }[finding.shortfall] % said

"""One sweep, and the duties of other sorts, as the board and the missing list show them: every number with its list."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from bulou.ledger.queries import Round
from bulou.office import queries, rules, words
from bulou.office.rules import Coverage
from bulou.office.templatetags.office import china, deadline
from bulou.reports.text import counted


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One sort of duty under the board's area. `unit`: 户 or 人 for those of a sweep, "" for duties of other sorts."""

    name: str
    title: str
    coverage: Coverage
    missing_url: str
    unit: str = ""

    def in_state(self, state: str) -> str:
        """Return the address of the list of those in the state."""
        return f"{self.missing_url}&state={state}"

    @property
    def missing_unit(self) -> str:
        """The unit of what is missing, as it follows the number: 户, households."""
        return counted(self.coverage.missing, self.unit).removeprefix(str(self.coverage.missing)).strip()

    @property
    def owed_text(self) -> str:
        return counted(self.coverage.begun, self.unit)

    @property
    def open_url(self) -> str:
        return self.in_state("open")

    @property
    def overdue_url(self) -> str:
        return self.in_state("overdue")

    @property
    def overnight_url(self) -> str:
        return self.in_state(queries.OVERNIGHT)

    @property
    def unowned_url(self) -> str:
        return f"{self.missing_url}&owner=none"


def round_title(one: Round, units: Mapping[str, str]) -> str:
    left = words.between().join(counted(n, units[name]) for name, n in one.missing.items() if n)
    said = {"opens": china(one.opens_at), "due": deadline(one.due_at), "left": left}
    return (
        _("ordered %(opens)s, due %(due)s: %(left)s missing") % said
        if left
        else _("ordered %(opens)s, due %(due)s") % said
    )


def verdict_text(covered: Mapping[str, Coverage]) -> str:
    """Return how many households and persons of the sweep are missing, lapsed, or done: 3 households, 7 persons."""
    one, units = sum(covered.values(), rules.NONE), words.swept()
    said = "missing" if one.missing else "lapsed" if one.lapsed else "begun"
    return words.between().join(counted(n, units[name]) for name, each in covered.items() if (n := getattr(each, said)))


def duty_rows(found: queries.Board, units: Mapping[str, str]) -> list[DutyRow]:
    titles = words.duty_titles()
    address = reverse("office:missing", args=[found.area])
    sweep = f"&sweep={queries.sweep_key(found)}" if found.opens_at else ""
    return [
        DutyRow(name, titles.get(name, name), one, f"{address}?duty={name}{sweep}", units.get(name, ""))
        for name, one in rules.by_name(found.counts, found.unowned).items()
    ]

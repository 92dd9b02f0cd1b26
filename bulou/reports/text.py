"""The report in words: a paragraph that can be pasted into WeChat, and the rows of a workbook. Totals only, no names.

In Chinese or English, as the reader wants. The numbers are the report's: nothing is counted here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bulou.areas.queries import names
from bulou.core.divisions import code_of
from bulou.core.moments import CHINA, at_midnight, day_of
from bulou.reports.rules import Coverage, Figure, NotZero
from bulou.reports.stated import Stated

SWEEP = ("sweep.household", "sweep.person")
Cell = str | int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the report as a workbook: a title, the columns' heads, and rows of texts and whole numbers."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def counted(number: int, unit: str) -> str:
    """Return a number with its unit in the language in force: 3户, 3 households."""
    match unit:
        case "户":
            return ngettext("%(n)d household", "%(n)d households", number) % {"n": number}
        case "人":
            return ngettext("%(n)d person", "%(n)d persons", number) % {"n": number}
        case "户次":
            return ngettext("%(n)d visit", "%(n)d visits", number) % {"n": number}
        case "人次":
            return ngettext("%(n)d check", "%(n)d checks", number) % {"n": number}
        case "次":
            return ngettext("%(n)d time", "%(n)d times", number) % {"n": number}
    return f"{number}{unit}"


def moment_text(moment: datetime) -> str:
    """Return a cut-off as reports write it: 2月3日10时, 2月3日24时, 2月3日10时30分."""
    local = moment.astimezone(CHINA)
    day, hour = day_of(moment), local.hour
    if local == at_midnight(day):  # 24:00 of the day before, as everybody says it
        day, hour = date.fromordinal(day.toordinal() - 1), 24
    said = {"year": day.year, "month": day.month, "day": day.day, "hour": hour, "minute": f"{local.minute:02d}"}
    if local.minute:
        return _("%(hour)d:%(minute)s on %(year)d-%(month)d-%(day)d") % said
    return _("%(hour)d:00 on %(year)d-%(month)d-%(day)d") % said


def paragraph(report: Stated, lang: str = "zh-hans") -> str:
    """Return the report as one paragraph: the cut-off, the sweep and whom it misses, what was found, what is owed."""
    name = names([report.area]).get(report.area) or code_of(report.area)
    with translation.override(lang):
        parts = (_sweep(report, lang), _findings(report, lang), _followup(report), _reports(report), _orders(report))
        return _("As of %(moment)s, %(area)s: %(said)s.") % {
            "moment": moment_text(report.until),
            "area": name,
            "said": _(". ").join(chain.from_iterable(parts)),
        }


def _sweep(report: Stated, lang: str) -> Iterator[str]:
    swept = [report.duty(name) for name in SWEEP]
    for duty in swept:
        if not duty.owed:
            continue
        said = {
            "title": duty.duty.title(lang),
            "done": counted(duty.done, duty.duty.unit),
            "owed": counted(duty.owed, duty.duty.unit),
            "missing": counted(duty.missing + duty.lapsed, duty.duty.unit),
            "waived": counted(duty.waived, duty.duty.unit),
        }
        if not duty.complete:
            yield _("%(title)s: %(done)s of %(owed)s, still missed %(missing)s") % said
        elif duty.waived:
            yield _("%(title)s: %(done)s of %(owed)s, %(waived)s let off") % said
        else:
            yield _("%(title)s: %(done)s of %(owed)s") % said
    if all(duty.complete for duty in swept):
        yield _("not one household missed, not one person left out")


def _findings(report: Stated, lang: str) -> Iterator[str]:
    said = [f for f in report.figures if f.day and not f.indicator.finding]
    if said:
        yield _("on the day %(figures)s") % {"figures": _join(_figure(f, lang) for f in said)}
    found = [f for f in report.figures if f.indicator.finding and f.day]
    if found:
        yield _("found: %(figures)s") % {"figures": _join(_figure(f, lang) for f in found)}
    else:
        yield _("nothing new was found")


def _figure(figure: Figure, lang: str) -> str:
    said = {
        "title": figure.indicator.title(lang),
        "day": counted(figure.day, figure.indicator.unit),
        "total": counted(figure.total or 0, figure.indicator.unit),
    }
    if figure.indicator.history:
        return _("%(title)s %(day)s (%(total)s in all)") % said
    return _("%(title)s %(day)s") % said


def _followup(report: Stated) -> Iterator[str]:
    duty = report.duty("followup.check")
    if duty.owed:
        yield _("follow-up checks due %(owed)s, done %(done)s, missed %(missed)s, not due yet %(left)s") % {
            "owed": counted(duty.owed, "人次"),
            "done": counted(duty.done, "人次"),
            "missed": counted(duty.missed, "人次"),
            "left": counted(duty.open + duty.waiting, "人次"),
        }


def _reports(report: Stated) -> Iterator[str]:
    counts = report.reports
    if counts.owed:
        yield _("of %(owed)d areas that owe a report %(received)d have reported (%(zero)d zero, %(late)d late)") % {
            "owed": counts.owed, "received": counts.received, "zero": counts.zero, "late": counts.late,
        }  # fmt: skip
        if counts.missing:
            yield ngettext("%(n)d report is missing", "%(n)d reports are missing", counts.missing) % {
                "n": counts.missing
            }


def _orders(report: Stated) -> Iterator[str]:
    counts = report.orders
    if counts.given or counts.open or counts.done:
        yield _("assignments given %(given)d, done %(done)d, open %(open)d, of which overnight %(overnight)d") % {
            "given": counts.given, "done": counts.done, "open": counts.open, "overnight": counts.overnight,
        }  # fmt: skip


def _join(parts: Iterable[str]) -> str:
    return _(", ").join(parts)


def not_zero_text(refused: NotZero, lang: str) -> str:
    """Return why a zero report was refused, naming what was found, in the language of the person who tapped."""
    with translation.override(lang):
        found = _join(_figure(figure, lang) for figure in refused.found)
        return _("This is not a zero report: %(found)s. Confirm the report with these numbers instead.") % {
            "found": found
        }


def sheets(report: Stated, lang: str = "zh-hans") -> tuple[Sheet, ...]:
    """Return the report as sheets: the numbers, what was owed, and the areas below. No names of persons."""
    called = names([line.area for line in report.below])
    with translation.override(lang):
        return (_numbers(report, lang), _owed(report.coverage, lang), _areas(report, called, lang))


def _numbers(report: Stated, lang: str) -> Sheet:
    rows = tuple(
        (f.indicator.title(lang), f.indicator.unit, f.day, "" if f.total is None else f.total) for f in report.figures
    )
    head = (_("Indicator"), _("Unit"), _("On the day"), _("In all"))
    return Sheet(_("Numbers"), head, rows)


def _owed(coverage: Sequence[Coverage], lang: str) -> Sheet:
    rows = tuple(
        (c.duty.title(lang), c.duty.unit, c.owed, c.met, c.met_late, c.open + c.waiting, c.overdue, c.lapsed, c.waived)
        for c in coverage
    )
    head = (_("Duty"), _("Unit"), _("Owed"), _("Done"), _("Done late"), _("Not due yet"), _("Overdue"), _("Lapsed"),
            _("Waived"))  # fmt: skip
    return Sheet(_("Owed"), head, rows)


def _areas(report: Stated, called: Mapping[int, str], lang: str) -> Sheet:
    shown = [f.indicator for f in report.figures if any(line.values.get(f.indicator.name) for line in report.below)]
    duties = [c.duty for c in report.coverage if c.owed]
    head = (
        _("Code"),
        _("Area"),
        *(f"{i.title(lang)}({i.unit})" for i in shown),
        *(f"{d.title(lang)} {part}" for d in duties for part in (_("owed"), _("missing"))),
    )
    rows = []
    for line in report.below:
        states = {c.duty.name: c for c in line.coverage}
        cells: list[Cell] = [code_of(line.area), called.get(line.area, "")]
        cells += [line.values.get(i.name, 0) for i in shown]
        for duty in duties:
            state = states.get(duty.name, Coverage(duty))
            cells += [state.owed, state.missing + state.lapsed]
        rows.append(tuple(cells))
    return Sheet(_("Areas"), head, tuple(rows))

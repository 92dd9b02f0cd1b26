"""Grid staffing templates: which roles a grid must be staffed with, and who is short or too many.

A template's data is blueprints/grid-templates.toml. A role it names is there because somebody must do that work: where the
source gives no number, one person at least is asked for, unless the template says `optional`. How many at the most is
asked only where the source says so.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Slot:
    """Places to fill by any of these roles (村干部 or 驻村帮扶干部): at least `least`, at most `most`; None is open.

    `counted`: the source gives the lower number; otherwise it is one, because the role is named.
    """

    roles: tuple[str, ...]
    least: int = 1
    most: int | None = None
    part: str = ""  # what they are there as: 组长, 包片, 监督
    counted: bool = False

    @property
    def name(self) -> str:
        """The roles as a person reads them: 党员/村民代表."""
        return "/".join(self.roles)


@dataclass(frozen=True, slots=True)
class GridTemplate:
    name: str
    title: str
    unit: str  # what one grid is: 村(居)民小组, 责任小组, 片区
    source: str  # the element of the seed catalogue, and its words
    slots: tuple[Slot, ...]

    @property
    def least(self) -> int | None:
        """How many people at least; None if the source leaves a number open."""
        return _sum([slot.least if slot.counted else None for slot in self.slots])

    @property
    def most(self) -> int | None:
        return _sum([slot.most for slot in self.slots])


def _sum(numbers: list[int | None]) -> int | None:
    known = [n for n in numbers if n is not None]
    return sum(known) if len(known) == len(numbers) else None


@dataclass(frozen=True, slots=True)
class Staff:
    """One person in one role of a grid. A person with two roles is two of these, and counts in both."""

    role: str
    person: str


class Shortfall(StrEnum):
    TOO_FEW = "too few"
    TOO_MANY = "too many"
    NOT_IN_TEMPLATE = "not in template"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a grid's staff, naming the role. `wanted` is the number it falls short of or goes beyond."""

    shortfall: Shortfall
    role: str
    have: int
    wanted: int = 0


def check_staffing(template: GridTemplate, staff: Iterable[Staff], above: Iterable[Staff] = ()) -> list[Finding]:
    """Return what is wrong, in the template's order; nothing if the grid is staffed as the template asks.

    `above` work for the whole village, as its one doctor does: they fill a place the grid has nobody of its own for, and
    are never too many.
    """
    have, shared = Counter(member.role for member in staff), Counter(member.role for member in above)
    findings = []
    for slot in template.slots:
        count = sum(have.pop(role, 0) for role in slot.roles)
        if count < slot.least:
            count = min(slot.least, count + sum(shared[role] for role in slot.roles))
        if count < slot.least:
            findings.append(Finding(Shortfall.TOO_FEW, slot.name, count, slot.least))
        if slot.most is not None and count > slot.most:
            findings.append(Finding(Shortfall.TOO_MANY, slot.name, count, slot.most))
    return [*findings, *(Finding(Shortfall.NOT_IN_TEMPLATE, role, count) for role, count in sorted(have.items()))]


def parse_templates(toml_text: str) -> dict[str, GridTemplate]:
    """Return the templates by name. Raise ValueError, saying where, if one is not shaped as it should be."""
    templates = {}
    for name, said in tomllib.loads(toml_text).get("template", {}).items():
        where = f"grid template {name}"
        if missing := {"title", "unit", "source", "slots"} - said.keys():
            raise ValueError(f"{where}: {', '.join(sorted(missing))} is missing")
        slots = tuple(_slot(where, slot) for slot in said["slots"])
        roles = [role for slot in slots for role in slot.roles]
        if twice := [role for role, count in Counter(roles).items() if count > 1]:
            raise ValueError(f"{where}: {', '.join(twice)} stands in two slots")
        templates[name] = GridTemplate(name, said["title"], said["unit"], said["source"], slots)
        for bound, total in (("least", templates[name].least), ("most", templates[name].most)):
            if said.get(bound, total) != total:
                raise ValueError(f"{where}: its slots add up to {bound} {total}, not {said[bound]}")
    return templates


def _slot(where: str, said: Mapping[str, object]) -> Slot:
    roles, least, most = said.get("roles"), said.get("least"), said.get("most")
    if not isinstance(roles, list) or not roles or not all(isinstance(role, str) and role for role in roles):
        raise ValueError(f"{where}: a slot needs its roles, a list of words")
    for number in (least, most):
        if number is not None and (not isinstance(number, int) or number < 0):
            raise ValueError(f"{where}: {'/'.join(roles)}: {number!r} is not a number of people")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        raise ValueError(f"{where}: {'/'.join(roles)}: at least {least} is more than at most {most}")
    assert (least is None or isinstance(least, int)) and (most is None or isinstance(most, int))
    optional = said.get("optional", False)
    if optional not in (True, False) or (optional and least):
        raise ValueError(
            f"{where}: {'/'.join(roles)}: optional is true or false, and not beside a number of at least one"
        )
    counted = least is not None
    if least is None:
        least = 0 if optional or most == 0 else 1
    return Slot(tuple(roles), least, most, str(said.get("part", "")), counted)

"""What access must learn from above about areas: their names, and which a form may offer. `site` installs it."""

from collections.abc import Callable, Iterable, Mapping

from bulou.core.divisions import code_of

Names = Callable[[Iterable[int]], Mapping[int, str]]  # area numbers -> the names of those that are known
Choices = Callable[[], Iterable[tuple[int, str]]]  # the areas in the bound scope, fit for a list of at most hundreds

_names: list[Names] = []
_choices: list[Choices] = []


def install(*, names: Names, choices: Choices = lambda: ()) -> None:
    """Make these the source of area names and choices, in place of any before."""
    _names[:] = [names]
    _choices[:] = [choices]


def names_of(areas: Iterable[int]) -> dict[int, str]:
    """Return a name for every area asked for: its code where nothing better is known."""
    wanted = set(areas)
    known = _names[0](wanted) if _names else {}
    return {area: known.get(area) or code_of(area) for area in wanted}


def choices() -> list[tuple[str, str]]:
    """Return code and name of the areas a form may offer."""
    return [(code_of(area), name) for area, name in (_choices[0]() if _choices else ())]

"""The forms a phone can draw, each under the hash of everything that decides how it is drawn."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from typing import Any

import msgspec

from bulou.command.queries import Asking, Leave, leaves
from bulou.core.divisions import contains, county_area, last_of
from bulou.field import wire
from bulou.own_forms.queries import kinds_in
from bulou.records.declaration import Declaration
from bulou.records.display import words_in
from bulou.records.fields import walk
from bulou.records.kinds import BoundKind
from bulou.records.lanes import lanes_of
from bulou.records.law import find_kind, uses_rules
from bulou.records.rulebook import name_in_force, rulesets
from bulou.records.rulesets import RuleSet
from bulou.records.settling import settling
from bulou.records.uploaded.kinds import OwnKind
from bulou.records.words import LANGUAGES
from bulou.records.xforms import xform, xlsform


def kinds(areas: Iterable[int]) -> dict[str, BoundKind]:
    """Return every kind in force in one of the areas, or in a part of one, that a phone can draw: a correction is drawn
    as what it corrects."""
    found: dict[str, BoundKind] = {}
    for area in areas:
        found |= {n: bound for n, bound in kinds_in(area, phones=True, below=True).items() if _can_draw(bound)}
    return found


def _can_draw(bound: BoundKind) -> bool:
    return all(field.type != "body" for _, field in walk(bound.kind.fields))


def offered(bounds: Mapping[str, BoundKind], asked: Sequence[Asking], *, by: str, now: datetime) -> list[BoundKind]:
    """Return the kinds that the author may write, in their own name, somewhere among the entries asked about."""
    may = leaves(asked, by=by, now=now)
    names = {each.kind.name for each, leave in zip(asked, may, strict=True) if leave is Leave.OWN}
    return [bound for bound in bounds.values() if bound.name in names]


def meets(kind: Declaration, duty: str) -> bool:
    return any(effect.duty == duty and type(effect).__name__ == "Meets" for effect in kind.duties)


def names(bounds: Iterable[BoundKind], counties: Iterable[int], now: datetime) -> list[wire.FormName]:
    """Return what a phone must know to fetch each form, and where each is to be used: under every county's own rules.

    What most of the counties have holds wherever nothing narrower does.
    """
    rules = {county: name_in_force(county, now) for county in sorted(set(counties))}
    found = []
    for bound in bounds:
        kind, drawn = bound.kind, dict[str, list[int]]()
        for county, named in rules.items():
            drawn.setdefault(_hash(bound, named), []).append(county)
        title = {language: words_in(kind, language).title for language in LANGUAGES}
        own = bound.area if isinstance(bound, OwnKind) else None
        for nth, (hash_, its) in enumerate(sorted(drawn.items(), key=lambda each: -len(each[1]))):
            areas = [own] if own is not None else []
            if nth:
                areas = [area for county in its if (area := _narrower(own, county_area(county)))]
                if not areas:
                    continue
            found.append(
                wire.FormName(
                    kind=kind.name, version=kind.version, hash=hash_, title=title, subject=list(kind.subject),
                    url=f"/field/v1/forms/{kind.name}/{hash_}",
                    where=[(f"{area:018d}", f"{last_of(area):018d}") for area in areas],
                )
            )  # fmt: skip
    return found


def _narrower(own: int | None, county: int) -> int | None:
    """Return what two areas share: the inner one, or None."""
    if own is None or contains(own, county):
        return county
    return own if contains(county, own) else None


def find_form(kind: str, hash_: str) -> wire.Form | None:
    """Return the form if that is how it is drawn under one of the rule sets."""
    bound = find_kind(kind)
    if bound is None or not _can_draw(bound):
        return None
    rules = next((name for name in rulesets() if _hash(bound, name) == hash_), None)
    if rules is None:
        return None
    declared = bound.kind
    return wire.Form(
        kind=kind, version=declared.version, hash=hash_, xform=_drawn(bound, rules),
        extra={"lanes": lanes_of(declared), "hidden": _hidden(declared), "settles": settling(declared)},
        words=_words(declared),
    )  # fmt: skip


def _ruleset(bound: BoundKind, rules: str) -> RuleSet | None:
    return bound.ruleset_of(rules) if uses_rules(bound.kind) else None


@lru_cache(maxsize=512)  # kinds are compared by identity: a new upload is another kind
def _hash(bound: BoundKind, rules: str) -> str:
    """Return the hash of what the form is made from, without making it."""
    sheets: object = bound.kind.xform_xml or xlsform(bound.kind, _ruleset(bound, rules))
    lists = {name: sha256(content).hexdigest() for name, content in bound.kind.files.items()}
    said = [version("pyxform"), sheets, lists, lanes_of(bound.kind), settling(bound.kind), _words(bound.kind)]
    return sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()[:16]


@lru_cache(maxsize=128)
def _drawn(bound: BoundKind, rules: str) -> str:
    return xform(bound.kind, _ruleset(bound, rules))


def _hidden(kind: Declaration) -> list[str]:
    return [key for key, field in walk(kind.fields) if "hidden" in field.appearance.split()]


def _words(kind: Declaration) -> dict[str, Any]:
    return {
        language: {"title": said.title, "description": said.description, "duties": dict(said.duties)}
        for language in LANGUAGES
        if (said := words_in(kind, language))
    }

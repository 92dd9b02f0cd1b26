"""Regular expressions that others wrote: judged by an engine whose time grows with the text, and refused if another's
would explode. See docs/adr/0019."""

from functools import lru_cache
from typing import Any

import re2

from bulou.records.patterns.explosion import automaton, check_explosion
from bulou.records.patterns.reading import BadPattern, Part, read
from bulou.records.patterns.simpler import simpler
from bulou.records.patterns.wording import why
from bulou.records.patterns.writing import for_re2, written

__all__ = ["BadPattern", "check_pattern", "matches", "why"]

_QUIET = re2.Options()
_QUIET.log_errors = False
_QUIET.never_capture = True


@lru_cache(maxsize=512)
def _check(pattern: str) -> BadPattern | None:
    try:
        tree = read(pattern)
    except BadPattern as unread:
        return unread
    bad = _why_not(tree)
    if bad is None:
        return None
    instead = simpler(tree)
    better = written(instead) if bad.code in ("explodes", "complicated") and _why_not(instead) is None else ""
    return BadPattern(bad.code, bad.detail, better)


def _why_not(tree: Part) -> BadPattern | None:
    try:
        check_explosion(automaton(tree))
        _compiled(tree)
    except BadPattern as bad:
        return bad
    return None


def check_pattern(pattern: str) -> None:
    """Raise BadPattern, with an equal pattern where one is known, unless every engine judges by it, and in time."""
    if (bad := _check(pattern)) is not None:
        raise BadPattern(bad.code, bad.detail, bad.instead)


def _compiled(tree: Part) -> Any:
    try:
        return re2.compile(for_re2(tree), _QUIET)
    except re2.error as error:
        raise BadPattern("too large", str(error)[:80]) from error


@lru_cache(maxsize=512)
def _matcher(pattern: str) -> Any:
    check_pattern(pattern)
    return _compiled(read(pattern))


def matches(pattern: str, text: str) -> bool:
    """Tell whether the text matches from its beginning, in time that grows with its length. Raise BadPattern."""
    return _matcher(pattern).match(text.encode("utf-8", "replace")) is not None  # of a str it would reckon back places

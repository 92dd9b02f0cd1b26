"""Reads. Everything but what the ledger asks (places) stays inside what may be seen, and is masked."""

from bulou.rosters.queries.places import TYPES, places
from bulou.rosters.queries.posts import Gap, PostNow, empty, empty_seconds, gaps_ahead, needs_of, posts_now
from bulou.rosters.queries.registers import (
    Post,
    Responder,
    count_responders,
    find_by_account,
    get_post,
    names,
    posts,
    responders,
    systems,
)
from bulou.rosters.queries.settings import keeps_party, setting
from bulou.rosters.queries.shifts import Shift, days_on_duty, find_shift, own_shifts, shifts

__all__ = [
    "TYPES",
    "Gap",
    "Post",
    "PostNow",
    "Responder",
    "Shift",
    "count_responders",
    "days_on_duty",
    "empty",
    "empty_seconds",
    "find_by_account",
    "find_shift",
    "gaps_ahead",
    "get_post",
    "keeps_party",
    "names",
    "needs_of",
    "own_shifts",
    "places",
    "posts",
    "posts_now",
    "responders",
    "setting",
    "shifts",
    "systems",
]

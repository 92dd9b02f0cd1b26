"""Reads. Everything but what the ledger asks (places) stays inside what may be seen, and is masked."""

from bulou.rosters.queries.places import TYPES, places
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

__all__ = [
    "TYPES",
    "Post",
    "Responder",
    "count_responders",
    "find_by_account",
    "get_post",
    "keeps_party",
    "names",
    "places",
    "posts",
    "responders",
    "setting",
    "systems",
]

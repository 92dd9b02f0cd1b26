"""What the ledger asks of these registers. Not limited by scope: a duty exists whoever is looking. No page calls this."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Model

from bulou.ledger.rules import Place
from bulou.rosters.models import Post, Responder, Shift, Team

TABLES: Mapping[str, type[Model]] = {"post": Post, "responder": Responder, "shift": Shift, "team": Team}
TYPES = frozenset(TABLES)


def places(county: int, subjects: set[str]) -> dict[str, Place]:
    """Return where the posts, responders, shifts and teams among the subjects are. A closed post keeps its place."""
    asked: dict[str, list[UUID]] = {}
    for subject in subjects:
        sort, _, rest = subject.partition(":")
        if sort in TYPES:
            try:
                asked.setdefault(sort, []).append(UUID(rest))
            except ValueError:
                continue
    found: dict[str, Place] = {}
    for sort, ids in asked.items():
        for start in range(0, len(ids), 500):
            rows = TABLES[sort]._default_manager.filter(county=county, id__in=ids[start : start + 500])
            for id_, area in rows.values_list("id", "area"):
                found[f"{sort}:{id_}"] = Place(f"{sort}:{id_}", area)
    return found

"""How lists show a post, a responder, a turn: masked, and only what may be seen."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from bulou.core.divisions import county_area
from bulou.core.moments import CHINA
from bulou.rosters.models import Shift as ShiftRow
from bulou.rosters.queries.registers import names, posts, responders, within


@dataclass(frozen=True, slots=True)
class SubjectLabel:
    name: str
    detail: str


def subject_labels(county: int, subjects: Iterable[str]) -> dict[str, SubjectLabel]:
    """Return name and detail of the posts, responders and turns among the subjects. At most five queries."""
    ids: dict[str, set[UUID]] = {"post": set(), "responder": set(), "shift": set()}
    for subject in subjects:
        sort, _, rest = subject.partition(":")
        if sort in ids:
            try:
                ids[sort].add(UUID(rest))
            except ValueError:
                continue
    area = county_area(county)
    found: dict[str, SubjectLabel] = {}
    turns = list(ShiftRow.objects.filter(within(area), id__in=ids["shift"])) if ids["shift"] else []
    asked = ids["post"] | {turn.post for turn in turns}
    sites = {post.id: post for post in posts(area, ids=asked)} if asked else {}
    for id_ in ids["post"] & sites.keys():
        found[f"post:{id_}"] = SubjectLabel(sites[id_].name, sites[id_].place)
    if ids["responder"]:
        for one in responders(area, ids=ids["responder"]):
            found[one.subject] = SubjectLabel(one.name, one.unit)
    called = names(county, {turn.responder for turn in turns})
    for turn in turns:
        site = sites.get(turn.post)
        start, end = turn.starts_at.astimezone(CHINA), turn.ends_at.astimezone(CHINA)
        when = f"{start:%m-%d %H:%M}–{end:%m-%d %H:%M}" if turn.relief else f"{start:%m-%d %H:%M}–{end:%H:%M}"
        found[f"shift:{turn.id}"] = SubjectLabel(
            called.get(turn.responder, "*"), f"{site.name if site else ''} {when}".strip()
        )
    return found

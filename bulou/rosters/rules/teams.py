"""Teams: labels that overlap, counts that do not, and what the rule set says of their size. Findings, never errors."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from bulou.rosters.rules.registers import Refused

# 临时党支部 临时党组织 突击队 先锋队 志愿服务队 联防队 督战组 党员小分队 工作队. A county adds its own.
LABELS: Mapping[str, tuple[str, str]] = {
    "branch": ("临时党支部", "Temporary party branch"),
    "organisation": ("临时党组织", "Temporary party organisation"),
    "shock": ("突击队", "Shock team"),
    "vanguard": ("先锋队", "Vanguard team"),
    "volunteer": ("志愿服务队", "Volunteer service team"),
    "joint_defence": ("联防队", "Joint-defence team"),
    "supervision": ("督战组", "Supervision group"),
    "squad": ("小分队", "Squad"),
    "village_team": ("驻村工作队", "Village work team"),
}


@dataclass(frozen=True, slots=True)
class Team:
    """As findings and counts see it. `members`: those known by name; `head_count`: as reported, where they are not."""

    id: UUID
    name: str
    labels: frozenset[str]
    members: frozenset[UUID]
    post: UUID | None = None
    lead: UUID | None = None
    head_count: int | None = None
    minimum: int | None = None

    @property
    def size(self) -> int:
        """How many people it has: the larger of what is named and what is reported."""
        return max(len(self.members), self.head_count or 0)


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not fit. `code`: small (size, asked), no_lead, no_team (party members at the post, asked)."""

    code: str
    team: UUID | None
    post: UUID | None
    label: str
    found: int
    asked: int


def thresholds(said: object) -> dict[str, int]:
    """Return ["joint_defence:10"] as a mapping. Raise ValueError on anything else."""
    if not isinstance(said, tuple | list):
        raise ValueError(f"a rule such as ['joint_defence:10'] is a list, not {said!r}")
    return {str(one).partition(":")[0]: int(str(one).partition(":")[2]) for one in said}


def findings(
    teams: Iterable[Team], party_at: Mapping[UUID, int], get: Callable[[str], object], *, party_is_kept: bool
) -> list[Finding]:
    """Return what the rule set finds: teams too small, teams without a lead, posts that should have a team.

    `party_at`: post -> party members who stand there. Without `party_is_kept` nobody is asked about membership.
    """
    listed = list(teams)
    least = thresholds(get("team.minimum"))
    found = []
    for team in listed:
        asked = max([least[label] for label in team.labels if label in least] + [team.minimum or 0])
        if team.size < asked:
            label = next((name for name in sorted(team.labels) if least.get(name) == asked), "")
            found.append(Finding("small", team.id, team.post, label, team.size, asked))
        if team.lead is None:
            found.append(Finding("no_lead", team.id, team.post, "", 0, 1))
    if party_is_kept:
        for label, members in thresholds(get("team.wanted")).items():
            has = {team.post for team in listed if label in team.labels}
            found += [
                Finding("no_team", None, post, label, count, members)
                for post, count in sorted(party_at.items(), key=lambda pair: str(pair[0]))
                if count >= members and post not in has
            ]
    return found


@dataclass(frozen=True, slots=True)
class Counts:
    """Teams and people. `by_label` may overlap and is never added up; `distinct` counts every team once.

    `persons` (人): everybody named once, and reported heads of teams without names. `places` (人次): memberships.
    """

    distinct: int
    by_label: Mapping[str, int]
    by_labels: Mapping[tuple[str, ...], int]
    persons: int
    places: int


def count(teams: Iterable[Team]) -> Counts:
    """Return the counts of the teams."""
    by_label: dict[str, int] = {}
    by_labels: dict[tuple[str, ...], int] = {}
    people: set[UUID] = set()
    distinct = unnamed = places = 0
    for team in teams:
        distinct += 1
        for label in team.labels:
            by_label[label] = by_label.get(label, 0) + 1
        key = tuple(sorted(team.labels))
        by_labels[key] = by_labels.get(key, 0) + 1
        people |= team.members
        unnamed += team.size - len(team.members)
        places += team.size
    return Counts(distinct, by_label, by_labels, len(people) + unnamed, places)


def check_labels(labels: Iterable[str], known: Iterable[str]) -> None:
    """Raise Refused unless there is a label, and every one is on the county's list."""
    wanted, on_list = set(labels), set(known)
    if not wanted:
        raise Refused("no label", "say what kind of team it is")
    if strange := wanted - on_list:
        raise Refused("label", f"no such label: {sorted(strange)[0]!r}", sorted(strange)[0])

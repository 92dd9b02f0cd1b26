"""A blueprint: what a county's report says it did, as data a rehearsal can play."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bulou.core.quantities import Quantity, read_quantity


@dataclass(frozen=True)
class FollowedUp:
    """People of one place under daily follow-up, looked after by so many workers."""

    area: str
    people: int
    workers: int


@dataclass(frozen=True)
class Traffic:
    """What passes on a mean day at all posts together, as published: 近300辆 is not 300."""

    vehicles: Quantity
    people: Quantity
    vehicles_back: Quantity
    people_back: Quantity


@dataclass(frozen=True)
class Relief:
    """A post that called for help on a day, how many volunteers signed up, how many were sent first."""

    post: str
    asked_on: date
    volunteers: int
    sent: int


@dataclass(frozen=True)
class Teams:
    """So many teams with these labels; `head_count` is how many each has, as reported, where that is known."""

    name: str
    labels: tuple[str, ...]
    count: int
    head_count: int | None = None


@dataclass(frozen=True)
class Stands:
    """So many responsibility zones ("zone"), pioneer posts ("pioneer") or service posts ("service")."""

    sort: str
    name: str
    count: int


@dataclass(frozen=True)
class Others:
    """Posts of another type, ordered at noon of `opened_on` until the end of `until`, and never added to those played.

    Nobody published who stood there, so nobody is put on a roster.
    """

    type: str
    name: str
    count: int
    opened_on: date
    until: date
    basis: str


@dataclass(frozen=True)
class Posts:
    """The posts of one type, who stands there and what passes. `named` come first: name of the post -> area code."""

    type: str
    name: str  # what a post is called after its place: 交通监测点
    count: int
    staff: int
    basis: str
    traffic: Traffic
    paragraph: str  # which paragraph is printed: monitoring, round_the_clock or relief
    named: Mapping[str, str]
    days_ahead: int = 0  # how many days beyond the last the roster is published for
    teams: tuple[Teams, ...] = ()
    stands: tuple[Stands, ...] = ()
    others: tuple[Others, ...] = ()
    relief: Relief | None = None

    def scaled(self, count: int) -> "Posts":
        """Return the same for fewer posts: staff, traffic and teams in proportion, so that a rehearsal can be small."""

        def share(number: int) -> int:
            return max(1, round(number * count / self.count))

        def less(quantity: Quantity) -> Quantity:
            return Quantity(quantity.value * count / self.count, quantity.unit, quantity.word)

        return replace(
            self, count=count, staff=share(self.staff),
            traffic=Traffic(*(less(getattr(self.traffic, name)) for name in Traffic.__dataclass_fields__)),
            teams=tuple(replace(team, count=share(team.count)) for team in self.teams),
            others=tuple(replace(other, count=share(other.count)) for other in self.others),
        )  # fmt: skip


@dataclass(frozen=True)
class Blueprint:
    """Everything a rehearsal of one county is made from. Areas are named by code.

    Without groups nobody goes from door to door; without posts nobody stands at a barrier.
    """

    name: str
    title: str
    county: str
    divisions: str  # the file of real divisions in blueprints/divisions
    incident: str
    disease: str
    opened_on: date
    response_level: int
    ruleset: str
    first_day: date
    last_day: date
    groups: int = 0
    rural_template: str = ""
    urban_template: str = ""
    followed_up: FollowedUp | None = None
    hidden_households: int = 0
    hidden_persons: int = 0
    posts: Posts | None = None


def parse_blueprint(text: str) -> Blueprint:
    """Read a blueprint; raise ValueError naming the key that is missing or unknown."""
    data = tomllib.loads(text)
    try:
        if "followed_up" in data:
            data["followed_up"] = FollowedUp(**data["followed_up"])
        if "posts" in data:
            data["posts"] = _posts(data["posts"])
        return Blueprint(**data)
    except (KeyError, TypeError) as error:
        raise ValueError(f"the blueprint is not complete: {error}") from error


def _posts(said: dict[str, Any]) -> Posts:
    parts: dict[str, Any] = {
        "traffic": Traffic(**{name: read_quantity(text) for name, text in said["traffic"].items()}),
        "named": said.get("named", {}),
        "teams": tuple(Teams(**one | {"labels": tuple(one["labels"])}) for one in said.get("teams", ())),
        "stands": tuple(Stands(**one) for one in said.get("stands", ())),
        "others": tuple(Others(**one) for one in said.get("others", ())),
        "relief": Relief(**said["relief"]) if "relief" in said else None,
    }
    return Posts(**said | parts)


def share_groups(groups: int, villages: int) -> list[int]:
    """Return how many groups each village gets: as even as can be, the first ones one more."""
    return [groups // villages + (1 if i < groups % villages else 0) for i in range(villages)]

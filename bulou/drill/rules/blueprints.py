"""A blueprint: what a county's report says it did, as data a rehearsal can play."""

import tomllib
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class FollowedUp:
    """People of one place under daily follow-up, looked after by so many workers."""

    area: str
    people: int
    workers: int


@dataclass(frozen=True)
class Blueprint:
    """Everything a rehearsal of one county is made from. Areas are named by code."""

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
    groups: int
    rural_template: str
    urban_template: str
    followed_up: FollowedUp
    hidden_households: int
    hidden_persons: int


def parse_blueprint(text: str) -> Blueprint:
    """Read a blueprint; raise ValueError naming the key that is missing or unknown."""
    data = tomllib.loads(text)
    try:
        return Blueprint(**(data | {"followed_up": FollowedUp(**data["followed_up"])}))
    except (KeyError, TypeError) as error:
        raise ValueError(f"the blueprint is not complete: {error}") from error


def share_groups(groups: int, villages: int) -> list[int]:
    """Return how many groups each village gets: as even as can be, the first ones one more."""
    return [groups // villages + (1 if i < groups % villages else 0) for i in range(villages)]

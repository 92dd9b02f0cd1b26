"""The demonstration: a county built and played in a data folder of its own, with its clock and its accounts.

What a rehearsal of February 2020 shows must not be looked at from years later, so its clock is set back while it is
served, and stands still in between. Its accounts and their password are made with it and exist nowhere else.
"""

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
from django.conf import settings

from bulou.access.actions import make_demo_accounts
from bulou.areas import queries as areas
from bulou.core.divisions import ancestors_of, depth_of, number_of
from bulou.core.moments import at_clock, now, rehearse
from bulou.drill.actions import Say, play, set_up
from bulou.drill.rules.blueprints import Blueprint, parse_blueprint
from bulou.ledger.queries import latest_receipt
from bulou.rosters import actions as rosters
from bulou.rosters import queries
from bulou.site.installation import CLOCK
from bulou.site.jobs import run_jobs

BLUEPRINT = "zhenping"
SEED = 20200126
CLOCK_STANDS_AT = "15:00"  # of the last day: the morning's work is in, the evening's is owed, the report is not closed
MARK = "demonstration.json"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike: people type it from a screen
BY = "system:demonstration"


class Account(msgspec.Struct, frozen=True):
    username: str
    name: str
    area: str


class Demonstration(msgspec.Struct, frozen=True):
    """What was made, kept beside the database. It is written last: a folder without it was not finished."""

    county: str
    moment: datetime
    password: str
    accounts: list[Account]
    hidden_households: int
    hidden_persons: int


def find_demonstration(folder: Path) -> Demonstration | None:
    mark = folder / MARK
    return msgspec.json.decode(mark.read_bytes(), type=Demonstration) if mark.exists() else None


def clear_unfinished(folder: Path) -> None:
    """Remove the database of a demonstration that was cut off while it was being made."""
    if find_demonstration(folder) is None:
        for path in folder.glob("bulou.sqlite3*"):
            path.unlink()


def read_blueprint(name: str) -> Blueprint:
    """Return a blueprint by its name; raise LookupError, naming those there are."""
    path = settings.BLUEPRINTS / f"{name}.toml"
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in settings.BLUEPRINTS.glob("*.toml") if p.stem != "grid-templates"))
        raise LookupError(f"there is no blueprint called {name}; there are {known}")
    return parse_blueprint(path.read_text("utf-8"))


def make_demonstration(folder: Path, *, people: int, say: Say) -> Demonstration:
    """Build the county, play its days, make the accounts, and write down what was made."""
    blueprint = read_blueprint(BLUEPRINT)
    moment = at_clock(blueprint.last_day, CLOCK_STANDS_AT)
    set_up(blueprint, people=people, seed=SEED, say=say)
    truth = play(blueprint, seed=SEED, until=moment, say=say, work=lambda at: run_jobs(at=at))
    password = "".join(secrets.choice(LETTERS) for _ in range(10))
    made = make_demo_accounts(areas=_places(blueprint), password=password, by=BY, at=moment)
    _put_on_duty(blueprint, next(a.id for a in made if a.role == "post_staff"), moment)
    demonstration = Demonstration(
        county=blueprint.title, moment=moment, password=password,
        accounts=[Account(a.username, a.display_name, areas.get_area(a.area).name) for a in made],
        hidden_households=len(truth.households), hidden_persons=len(truth.persons),
    )  # fmt: skip
    mark = folder / MARK
    mark.touch(mode=0o600)
    mark.write_bytes(msgspec.json.encode(demonstration))
    return demonstration


def _places(blueprint: Blueprint) -> dict[str, int]:
    """Return where each role's account lives: the county, and the place whose people are followed up."""
    assert blueprint.followed_up is not None
    county, followed = number_of(blueprint.county), number_of(blueprint.followed_up.area)
    village = next(n for n in [followed, *reversed(ancestors_of(followed))] if depth_of(n) == 4)
    township = next(n for n in ancestors_of(followed) if depth_of(n) == 3)
    groups = [area.number for area in areas.children(village)]
    grid = groups[0] if groups else village
    post = number_of(next(iter(blueprint.posts.named.values()))) if blueprint.posts else village
    return {"headquarters": county, "county_desk": county, "township": township, "village": village,
            "grid_worker": grid, "village_doctor": village, "post_staff": post, "inspector": county,
            "auditor": county}  # fmt: skip


def _put_on_duty(blueprint: Blueprint, account: UUID, at: datetime) -> None:
    """Let the account be somebody who is just due at the first post: a turn to check in for, and those of the next days."""
    county = number_of(blueprint.county)
    name = next(iter(blueprint.posts.named)) if blueprint.posts else ""
    post = next((post for post in queries.posts(county) if post.name == name), None)
    if post is None:
        return
    ahead = queries.shifts(county, since=at, until=at + timedelta(days=5), posts=[post.id])
    waited = [turn for turn in ahead if turn.starts_at >= at and turn.came_at is None]
    if not waited:
        return
    who = waited[0].responder
    rosters.link_account(waited[0].county, who, account, by=BY, at=at)
    for turn in waited:
        if turn.responder == who:  # given to the same again: now the account owes it
            rosters.give_turn(turn.county, turn.id, who, reason="correction", by=BY, at=at)


def set_clock(demonstration: Demonstration) -> None:
    """Let the demonstration's clock go on from where it stood, in this process and those it starts."""
    stood_at = max([demonstration.moment, *filter(None, [latest_receipt()])])
    shift = stood_at - now()
    os.environ[CLOCK] = str(shift // timedelta(seconds=1))
    rehearse(shift)

"""A second person: what waits for one, for how long, and whose word counts (docs/adr/0024)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec

from bulou.access.rules.permissions import Holding, Role
from bulou.core.divisions import contains, county_area, county_of

WAITS = timedelta(days=3)  # an ask nobody answered is over after so long
LASTS = timedelta(hours=24)  # an approval is carried out within so long, once
REMEMBERED = timedelta(days=90)  # an auditor's account is guarded as one for so long after the role is over
FRESH = timedelta(hours=72)  # what the asker did to an account so lately keeps its word from counting for them

# Every act that needs a second person. A test demands of each that its action asks.
ACTS = frozenset(
    {
        "full_export",  # a file of people or entries with names, numbers and phones whole
        "decision_table",
        "rule_set",
        "give_powers",  # a role that manages accounts or approves: given, with or without a new account
        "renew_powers",
        "reset_password",
        "reset_factor",
        "close_incident",
        "reopen_incident",
        "give_auditor",
        "change_auditor",  # extended, taken back, disabled, enabled, given another role
    }
)
POWERS = frozenset({"manage_accounts", "approve"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """One act exactly as it would be carried out: `asked` are its parameters, plain JSON, shown to who approves.

    `outside`: one of the two must not be of the headquarters of `area`, and nobody goes on alone.
    """

    act: str
    area: int
    by: str
    asked: Mapping[str, Any]
    outside: bool = False

    def __post_init__(self) -> None:
        if self.act not in ACTS:
            raise ValueError(f"there is no act called {self.act!r} that needs a second person")

    @property
    def text(self) -> str:
        return msgspec.json.encode(dict(self.asked), order="sorted").decode()

    @property
    def digest(self) -> str:
        """Return what tells this act from every other: one changed parameter is another act."""
        return sha256(f"{self.act}\n{self.area}\n{self.outside}\n{self.text}".encode()).hexdigest()


class NeedsSecond(Exception):
    """An act that waits for a second person. A door turns it into an ask (actions.ask) and says so."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(wanted.act)
        self.wanted = wanted


def is_powerful(role: Role | Holding) -> bool:
    """Tell whether it lets its holder make accounts or be the second person."""
    return not role.permissions.isdisjoint(POWERS)


def is_auditors(role: Role | Holding) -> bool:
    """Tell whether it is the role of somebody who watches over a headquarters, and not one of it."""
    return "audit" in role.permissions and not is_powerful(role)


def watches(holding: Holding, at: datetime) -> bool:
    """Tell whether its holder is, will be or was until lately an auditor: what they saw is not at one person's mercy the
    day their role is over."""
    return is_auditors(holding) and at < holding.ends_at + REMEMBERED


def is_outside(holdings: Iterable[Holding], home: int, area: int) -> bool:
    """Tell whether an account is of no headquarters of the area's county: it approves from above and holds nothing in it."""
    top = county_area(county_of(area))
    held = list(holdings)
    above = any(h.covers("approve", top) and h.area != top for h in held)
    return above and not contains(top, home) and not any(contains(top, h.area) for h in held)


def is_unbroken(history: Iterable[Holding], area: int, since: datetime, at: datetime) -> bool:
    """Tell whether every grant over the area that was live then is live now, and there was one."""
    then = [h for h in history if contains(h.area, area) and h.live(since)]
    return bool(then) and all(h.live(at) for h in then)

"""Turns as they are stood: everybody checks in, whoever leads signs for taking over and for handing over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from bulou.drill.actions.outbox import Outbox
from bulou.ledger.rules import Entry
from bulou.rosters.queries import Shift

MATTERS = ("无", "无", "交班前1辆车等候复测", "体温枪电量低,已换电池", "消毒液剩半桶", "登记本已交接")


@dataclass(frozen=True)
class Empty:
    """A post that nobody stood at: those who were there signed and left at `start`, the next came at `end`."""

    post: UUID
    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        return round((self.end - self.start).total_seconds())


def stand(chance: Random, outbox: Outbox, turns: list[Shift], *, empty: Empty | None = None) -> list[Entry]:
    """Return what those of the turns write: they come some minutes early and leave some minutes late.

    But not at the post of `empty`: there the one who leads hands over at its start, and nobody comes before its end.
    """
    written = []
    for turn in turns:
        here = empty is not None and turn.post == empty.post
        came = turn.starts_at - timedelta(seconds=chance.randrange(60, 720))
        gave = turn.ends_at + timedelta(seconds=chance.randrange(60, 300))
        if empty and here and abs(turn.starts_at - empty.end) < timedelta(minutes=30):
            came = empty.end if turn.take else empty.end + timedelta(seconds=chance.randrange(30, 300))
        if empty and here and abs(turn.ends_at - empty.start) < timedelta(minutes=30):
            gave = empty.start
        if turn.take:
            written.append(_sign(outbox, turn, "take", came, chance))
        else:
            written.append(outbox.entry("shift_checkin", turn.subject, turn.area, came, {"fit": "yes"}, _who(turn)))
        if turn.give:
            written.append(_sign(outbox, turn, "give", gave, chance))
    return written


def _sign(outbox: Outbox, turn: Shift, side: str, at: datetime, chance: Random) -> Entry:
    body: dict[str, Any] = {"side": side, "present": chance.choice((2, 3, 3)), "open_matters": chance.choice(MATTERS),
                            "equipment": "yes", "signed": True}  # fmt: skip
    return outbox.entry("shift_handover", turn.subject, turn.area, at, body, _who(turn))


def _who(turn: Shift) -> str:
    return f"drill:{turn.responder}"

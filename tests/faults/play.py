"""One seed of the simulator: what happens by chance, then a line that is well again, then what must be true."""

import json
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from tests.faults.simulator import (
    BATCH,
    BEGINS,
    STEPS,
    UNREACHABLE,
    WORKERS,
    YEARS,
    Phone,
    Rules,
    Server,
    World,
    enrolled,
    held_by_device,
    raw,
    rows,
)

BY = "system:test"
USUAL = {"record": 32, "speak": 16, "deliver": 34, "replay": 4, "stop_server": 4, "back_up": 14, "restore": 2,
         "distrust": 1, "enrol": 2, "regrant": 3, "clerk": 2, "reset_clock": 3, "look": 3}  # fmt: skip
MOST_PHONES = 5
MOODS = {  # days on which some things happen more often than on others
    "busy": {"speak": 20, "back_up": 10},
    "restored": {"back_up": 40, "restore": 9, "enrol": 6, "speak": 28, "deliver": 40},
    "corrected": {"record": 60, "deliver": 60, "speak": 30, "enrol": 0, "restore": 0},
    "disputed": {"regrant": 22, "clerk": 22, "replay": 34, "deliver": 60, "distrust": 0},
    "shuffled": {"replay": 18, "back_up": 36, "speak": 6},
    "out of order": {"record": 50, "replay": 40, "deliver": 60, "speak": 4, "enrol": 0, "restore": 0},
    "failing": {"stop_server": 16, "speak": 26, "deliver": 44, "restore": 0},
}


class Play:
    """`wrong` is what did not hold."""

    def __init__(self, world: World, seed: int, rules: Rules) -> None:
        self.world, self.chance, self.now, self.wrong = world, Random(seed), BEGINS, list[str]()
        world.database.backup(raw())
        self.server = Server(rules)
        self.phones = [Phone(key, f"account:{key.account}", rules) for key in world.keys]
        self.line: list[tuple[Phone, Any]] = []  # messages and answers on their way

    def run(self) -> list[str]:
        rules = self.server.rules
        weights = USUAL | (self.chance.choice(list(MOODS.values())) if not rules.mood else MOODS[rules.mood])
        for event in self.chance.choices(list(weights), list(weights.values()), k=STEPS):
            self.now += timedelta(seconds=self.chance.choice([1, 5, 60, 600]))
            getattr(self, event)()
            if self.wrong:
                return self.wrong
        self.heal()
        self.judge()
        return self.wrong

    def check(self, right: bool, words: str) -> None:
        if not right:
            self.wrong.append(words)

    # What happens on the phones.

    def record(self) -> None:
        phone, chance = self.chance.choice(self.phones), self.chance
        village, grid = self.world.village, phone.key.grid
        i = chance.randrange(5) * 2 + grid
        from bulou.core.divisions import code_of

        kind, subject, body, amends = "household_visit", village.subject(i), dict(UNREACHABLE), None
        lot = chance.random()
        if lot < 0.35:
            body = village.visit(i)
        elif lot < 0.42:
            kind = "no_such_kind"
        elif lot < 0.48:
            subject = f"household:{UUID(int=chance.getrandbits(64))}"
        elif lot < 0.58 and phone.outbox:
            target = chance.choice(list(phone.outbox.values()))
            if target["kind"] == "household_visit":
                kind, subject, amends = "correction", target["subject"], target["id"]
                body = {"withdrawn": True, "reason": "走错门"}
        crash = chance.choices(["", "before", "after"], [90, 5, 5])[0]
        phone.record(kind, subject, code_of(village.grids[grid]), body, self.now, chance, amends=amends, crash=crash)

    def reset_clock(self) -> None:
        self.chance.choice(self.phones).skew = self.chance.choice(
            [timedelta(), timedelta(minutes=3), YEARS, -YEARS, timedelta(days=-2), timedelta(days=400)]
        )

    def speak(self) -> None:
        phone, chance = self.chance.choice(self.phones), self.chance
        if not phone.epoch or chance.random() < 0.15:
            self.line.append((phone, b"hello"))
            return
        entries = phone.unsent()[: chance.randint(1, BATCH)]
        message = json.dumps({"entries": entries}).encode()
        if chance.random() < 0.08:
            message = message[: chance.randrange(len(message))]  # cut short on the way
        self.line += [(phone, message)] * chance.choices([1, 2], [80, 20])[0]

    def replay(self) -> None:
        """Something old is sent again, shuffled and in part, and perhaps twice over."""
        phone, chance = self.chance.choice(self.phones), self.chance
        kept = list(phone.outbox.values())
        if kept:
            again = chance.sample(kept, chance.randint(1, min(BATCH, len(kept))))
            self.line.append((phone, json.dumps({"entries": again * chance.choice([1, 1, 2])}).encode()))

    # What happens on the line and to the server.

    def deliver(self) -> None:
        """Bring something that is on its way to where it goes, in any order, or lose it."""
        if not self.line:
            return
        phone, what = self.line.pop(self.chance.randrange(len(self.line)))
        if self.chance.random() < 0.08:
            return
        if isinstance(what, dict):
            phone.take(what)
        elif (said := self.hear(phone, what)) is not None:
            if self.chance.random() < 0.6:
                phone.take(said)
            else:
                self.line.append((phone, said))

    def hear(self, phone: Phone, message: bytes) -> dict[str, Any] | None:
        said = self.server.hear(phone.key, message, self.now)
        if said and (safe := said.get("safe_seq", 0)):
            held = [backup.holds.get(phone.key.device, set()) for backup in self.server.backups[-2:]]
            self.check(
                len(held) == 2 and all(set(range(1, safe + 1)) <= each for each in held),
                f"{safe} was called safe, and is not in the last two backups",
            )
        return said

    def stop_server(self) -> None:
        self.server.crash = self.chance.choice(["before", "inside", "inside", "after"])

    def back_up(self) -> None:
        self.server.back_up(self.now)

    def restore(self) -> None:
        if len(self.server.backups) > 1:
            self.server.restore(self.chance.choice(self.server.backups[-2:]), self.now)

    # What people do.

    def distrust(self) -> None:
        from bulou.field import actions, queries

        phone = self.chance.choice(self.phones)
        if queries.find_phone(phone.key.device):
            actions.revoke(device=phone.key.device, reason="丢了", by=BY, at=self.now)

    def enrol(self) -> None:
        """Another phone, of which no copy made until now knows anything."""
        if len(self.phones) < MOST_PHONES:
            key = enrolled(self.world.village, *self.chance.choice(WORKERS), self.now)
            self.phones.append(Phone(key, f"account:{key.account}", self.server.rules))

    def regrant(self) -> None:
        """A worker loses what he may do, or gets it (back)."""
        from bulou.access.actions import grant, revoke_grant
        from bulou.access.queries import grants_of

        key = self.chance.choice(self.world.keys)
        live = [one for one in grants_of(key.account) if one.ends_at > self.now]
        if live:
            revoke_grant(grant=live[0].id, by=BY, at=self.now)
        else:
            grant(account=key.account, role="grid_worker", area=self.world.village.grids[key.grid], by=BY, at=self.now)

    def clerk(self) -> None:
        """Somebody looks into the tray."""
        from bulou.core.divisions import county_of
        from bulou.field.tests.world import COUNTY
        from bulou.ledger import actions, queries

        for one in queries.held(COUNTY)[-3:]:
            with suppress(LookupError):  # one before may have been what this one waited for
                actions.resolve_held(county_of(COUNTY), one.id, by=BY, at=self.now, note="看过",
                                     dismiss=self.chance.random() < 0.5)  # fmt: skip

    # What must be true.

    def look(self) -> None:
        """The gaps the office sees are exactly numbers still on the phone."""
        from bulou.core.divisions import county_of
        from bulou.field import queries
        from bulou.field.rules import ranges
        from bulou.field.tests.world import COUNTY
        from bulou.ledger.tests.gaps import device_gaps

        stored = held_by_device()
        for phone in self.phones:
            known = queries.find_phone(phone.key.device)
            received = known.received if known else []  # it may be newer than the copy that was put back
            have = {n for first, last in received for n in range(first, last + 1)}
            self.check(have == stored.get(phone.key.device, set()), "the numbers received are not those stored")
            self.check(
                (known.last_seq if known else 0) == max(have, default=0),
                "the highest number is not the highest received",
            )
            missing = set(range(1, phone.counter + 1)) - have
            self.check(missing <= set(phone.outbox), f"{missing - set(phone.outbox)} is neither here nor on the phone")
            gaps = ranges.gaps(received)
            self.check(gaps == device_gaps(county_of(COUNTY), str(phone.key.device)), "the two ways to see gaps differ")

    def heal(self) -> None:
        """The line is well: every phone signs in and sends until nothing is left to send."""
        self.line.clear()
        self.server.crash = ""
        for phone in self.phones:
            for _ in range(12):
                if (said := self.hear(phone, b"hello")) is None:
                    break
                phone.take(said)
                while (left := phone.unsent()) and not self.wrong:
                    said = self.hear(phone, json.dumps({"entries": left[:50]}).encode())
                    if said:
                        phone.take(said)
                    if not said or not said.get("receipts"):
                        break
                if not phone.unsent():
                    break
            self.check(not phone.unsent(), "a phone cannot get rid of what it has")

    def judge(self) -> None:
        self.look()
        applied = {UUID(id_): body for id_, body in rows("SELECT id, body FROM ledger_entry")}
        trays: dict[UUID, list[str]] = {}
        for id_, resolution in rows("SELECT entry, resolution FROM ledger_held WHERE entry IS NOT NULL"):
            trays.setdefault(UUID(id_), []).append(resolution)
        for phone in self.phones:
            for id_, body in phone.told.items():
                key = UUID(id_)
                tray = trays.get(key, [])
                self.check(key in applied or bool(tray), "what was called saved is nowhere")
                self.check(len(tray) <= 1, "the same is in the tray twice")
                self.check(key not in applied or tray in ([], ["applied"]), f"applied, and in the tray as {tray}")
                self.check(key not in applied or applied[key] == body, "what is stored is not what was written")
            for seq, state in phone.states.items():
                key = UUID(phone.outbox[seq]["id"])
                right = key in applied if state == "applied" else key in trays
                self.check(right, f"the phone shows {state}, and it is not")
        late = "SELECT 1 FROM ledger_held WHERE resolved_at IS NULL AND waits_for IN (SELECT id FROM ledger_entry)"
        self.check(not rows(late), "something still waits for what is here")
        self.judge_time()
        self.judge_counts()
        self.judge_backups()

    def judge_time(self) -> None:
        """Whatever its clock said, an entry was written inside its span, and no duty is met at a moment outside it."""
        from bulou.store import read_moment

        written = {UUID(id_): one for phone in self.phones for id_, one in phone.written.items()}
        spans = {}
        for id_, since, until in rows("SELECT id, written_from, received_at FROM ledger_entry WHERE device <> ''"):
            spans[UUID(id_)] = read_moment(since), read_moment(until)
            if (one := written.get(UUID(id_))) and rows("SELECT 1 FROM ledger_entry WHERE id = ? AND marked", id_):
                self.check(
                    read_moment(since) <= one.at <= read_moment(until), "an entry was not written inside its span"
                )
        for id_, met in rows("SELECT met_by, met_at FROM ledger_duty WHERE met_by IS NOT NULL"):
            if (span := spans.get(UUID(id_))) is None:
                continue
            self.check(span[0] <= read_moment(met) <= span[1], "a duty is met at a moment nobody can vouch for")
            if (one := written[UUID(id_)]).clock_known and span[0] < span[1]:
                self.check(read_moment(met) == max(one.at, span[0]), "a duty is not met when it was")

    def judge_counts(self) -> None:
        keys = "area, name, opens_at, due_at, closes_at"
        counted = rows(
            f"SELECT {keys}, count(*), sum(met_at IS NOT NULL AND met_at <= due_at),"
            " sum(met_at IS NOT NULL AND met_at > due_at), sum(met_at IS NULL AND waived_at IS NOT NULL)"
            f" FROM ledger_duty GROUP BY {keys} ORDER BY {keys}"
        )
        kept = rows(f"SELECT {keys}, owed, met, late, waived FROM ledger_tally WHERE owed > 0 ORDER BY {keys}")
        self.check(counted == kept, "the counts are not those of the duties")
        settled = "sum(met), sum(late), sum(waived)"
        summed = rows(f"SELECT {keys}, {settled} FROM ledger_settled GROUP BY {keys} ORDER BY {keys}")
        expected = [(*row[:5], *row[6:]) for row in counted if any(row[6:])]
        self.check(
            [row for row in summed if any(row[5:])] == expected, "the days settled something else than is counted"
        )
        folded = "SELECT id, met_by, met_at, waived_by, waived_at FROM ledger_duty ORDER BY id"
        if self.chance.random() < 0.2:
            from bulou.core.divisions import county_of
            from bulou.field.tests.world import COUNTY
            from bulou.ledger.actions import rebuild

            before = rows(folded)
            rebuild(county_of(COUNTY))
            self.check(before == rows(folded), "folding again gives other duties")

    def judge_backups(self) -> None:
        """Two backups later a phone may forget everything, and does."""
        for _ in range(2):
            self.server.begun = self.server.copied = None
            for _ in range(3):
                self.server.back_up(self.now)
        for phone in self.phones:
            if said := self.hear(phone, b'{"entries": []}'):
                phone.take(said)
            self.check(not phone.outbox, "a phone may never forget")


def play(world: World, seed: int, rules: Rules) -> list[str]:
    """Play the seed; return what did not hold."""
    return Play(world, seed, rules).run()

"""Phones, a line between and a server that all fail, played from a seed over the product's own code.

The phones are a model of what the app promises (web/phone/outbox.ts); the server is `bulou.field` and the ledger on a
database in memory. Between them messages are lost, doubled, cut short, shuffled and late. Whatever happened, once the
line is well again everything that a phone called saved must be with the server exactly once; `run` returns what is not.
"""

import json
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

BEGINS = datetime(2020, 2, 1, 1, tzinfo=UTC)
STEPS = 60
YEARS = timedelta(days=3650)
MILLISECOND = timedelta(milliseconds=1)
BATCH = 6
SECRET = b"the installation's, which no restore changes"
UNREACHABLE = {"outcome": "unreachable", "tried": ["knocked", "asked_neighbour"]}


class Crash(Exception):
    """The server's machine stopped here."""


@dataclass
class Key:
    """A phone that was enrolled: its device, its worker, the key it signs with, and what lets it in again."""

    device: UUID
    account: UUID
    grid: int
    private: ec.EllipticCurvePrivateKey
    certificate: str = ""

    def sign(self, text: str) -> str:
        from bulou.field.rules.signing import encode

        r, s = decode_dss_signature(self.private.sign(text.encode(), ec.ECDSA(SHA256())))
        return encode(r.to_bytes(32) + s.to_bytes(32))


@dataclass(frozen=True)
class Written:
    """When an entry was really written, and whether its phone's clock stood then as it knew."""

    at: datetime
    clock_known: bool


@dataclass
class World:
    """What every seed begins with: a village, its workers' phones, and the database as it then was."""

    village: Any
    keys: list[Key]
    database: sqlite3.Connection


def raw() -> sqlite3.Connection:
    from django.db import connection

    connection.ensure_connection()
    return connection.connection


def snapshot() -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:")
    raw().backup(copy)
    return copy


WORKERS = (("anna", 0), ("bayong", 1))


def enrolled(village: Any, who: str, grid: int, at: datetime) -> Key:
    """Enrol a phone; it is given its certificate when it is let in."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from bulou.field import actions, queries
    from bulou.field.rules.signing import encode

    private = ec.generate_private_key(ec.SECP256R1())
    public = encode(private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    account = village.accounts[who]
    token = actions.issue_token(account=account, areas=[village.grids[grid]], days=30, by="system:test", at=at)
    key = Key(UUID(int=0), account, grid, private)
    key.device, _ = actions.enrol(token=token, public_key=public, proof=key.sign(token), label="", at=at)
    actions.consent(device=key.device, account=account, at=at)
    actions.confirm(device=key.device, by="system:test", at=at)
    phone = queries.find_phone(key.device)
    assert phone
    key.certificate = queries.certificate_of(phone, who, SECRET)
    return key


def make_world() -> World:
    """Enrol three phones, two of them one worker's, in a village under an order to visit every household."""
    from bulou.field import actions
    from bulou.field.tests.world import make_village

    village = make_village(BEGINS)
    keys = [enrolled(village, who, grid, BEGINS) for who, grid in (*WORKERS, WORKERS[0])]
    actions.begin_epoch(because="first", at=BEGINS)
    return World(village, keys, snapshot())


@dataclass
class Phone:
    """The app's outbox. `outbox` to `epoch` and `mark` are on its disk; the states are saved, applied, held.

    `mark` is when the last mark was given, the mark, and by how many ms the clock was then ahead.
    """

    key: Key
    by: str
    rules: "Rules"
    skew: timedelta = timedelta()
    mark: tuple[str, str, int] = ("", "", 0)
    outbox: dict[int, dict[str, Any]] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    counter: int = 0
    hash: str = ""
    epoch: str = ""
    promised: int = 0
    told: dict[str, str] = field(default_factory=dict)  # id → body of everything the worker saw "saved" for
    written: dict[str, Written] = field(default_factory=dict)  # id → when it really was, which nobody else knows

    def record(self, kind: str, subject: str, area: str, body: dict[str, Any], now: datetime, noise: Random,
               *, amends: str | None = None, crash: str = "") -> None:  # fmt: skip
        """Number, chain, sign and store an entry, then say "saved"; `crash` stops the phone before the disk or after."""
        from bulou.core.ids import make_uuid7
        from bulou.field.rules.signing import hash_of, moment_text, signed_text

        at = now + self.skew
        entry: dict[str, Any] = {
            "id": str(make_uuid7(int(at.timestamp() * 1000), noise.getrandbits(74))), "kind": kind, "version": 1,
            "subject": subject, "area": area, "happened_at": moment_text(at), "recorded_at": moment_text(at),
            "seq": self.counter + 1, "prev_hash": self.hash, "amends": amends,
            "body": json.dumps(body, ensure_ascii=False),
        }  # fmt: skip
        if self.mark[1]:
            entry |= {"mark": self.mark[1], "ahead_ms": self.mark[2]}
        self.written[entry["id"]] = Written(now, self.skew // MILLISECOND == self.mark[2])
        text = signed_text(**{**entry, "amends": amends or "", "by": self.by, "device": str(self.key.device)})
        entry["signature"] = self.key.sign(text)
        if crash == "before":
            if self.rules.counts_in_memory:
                self.counter += 1
            return
        self.counter, self.hash = entry["seq"], hash_of(text)
        self.outbox[entry["seq"]], self.states[entry["seq"]] = entry, "saved"
        if crash == "after":
            return
        self.told[entry["id"]] = entry["body"]

    def unsent(self) -> list[dict[str, Any]]:
        return [self.outbox[seq] for seq in sorted(self.outbox) if self.states[seq] == "saved"]

    def take(self, said: dict[str, Any]) -> None:
        """Take an answer, however late: receipts first, then what may be forgotten, then the server's life."""
        if "me" in said and any(state != "saved" and seq > said["me"] for seq, state in self.states.items()):
            self._send_again()
        self.mark = max(self.mark, (said["server_time"], said["mark"], self.skew // MILLISECOND))
        by_id = {entry["id"]: seq for seq, entry in self.outbox.items()}
        for receipt in said.get("receipts", ()):
            if (seq := by_id.get(receipt["id"])) is None:
                continue
            if receipt["outcome"] != "duplicate":
                self.states[seq] = receipt["outcome"]
            elif self.states[seq] != "held":
                self.states[seq] = "held" if receipt["reason"] == "held" else "applied"
        safe = said.get("safe_seq", 0)
        self.promised = max(self.promised, safe)
        for seq in list(self.outbox):
            if self.states[seq] != "saved" and (seq <= safe or self.rules.forgets_at_once):
                del self.outbox[seq], self.states[seq]
        if said["epoch"] != self.epoch:
            if self.epoch and not self.rules.deaf_to_epochs:
                self._send_again()
            self.epoch = said["epoch"]

    def _send_again(self) -> None:
        for seq in self.states:
            self.states[seq] = "saved"


@dataclass
class Rules:
    """What a phone may do wrong, and how the server's machine may: for planted faults."""

    mood: str = ""  # the kind of day to play; "" for any
    counts_in_memory: bool = False
    forgets_at_once: bool = False
    deaf_to_epochs: bool = False
    answers_before_commit: bool = False
    silent_restore: bool = False
    asks_late: bool = False


@dataclass
class Backup:
    database: sqlite3.Connection
    holds: dict[UUID, set[int]]
    held: dict[UUID, int]


@dataclass
class Server:
    """The product's actions as its views call them, and a machine around them that stops and is put back."""

    rules: Rules
    backups: list[Backup] = field(default_factory=list)
    begun: dict[UUID, int] | None = None
    copied: Backup | None = None
    crash: str = ""

    def hear(self, key: Key, message: bytes, now: datetime) -> dict[str, Any] | None:
        """Answer a message; None if the machine stopped before the answer was out, or does not know the phone."""
        crash, self.crash = self.crash, ""
        if crash:
            self.begun = self.copied = None  # and with it whatever backup was being made
        if crash == "before":
            return None
        phone = self._phone(key, now, signing_in=message == b"hello")
        if phone is None:
            return None
        hello = message == b"hello"
        said = self._said(phone, now) | {"me": phone.last_seq} if hello else self._push(phone, message, now, crash)
        return None if crash and not (crash == "inside" and self.rules.answers_before_commit) else said

    def _push(self, phone: Any, message: bytes, now: datetime, crash: str) -> dict[str, Any]:
        import msgspec
        from django.db import transaction

        from bulou.access import queries as access
        from bulou.field import actions, wire

        try:
            sent = msgspec.json.decode(message, type=wire.Push)
        except ValueError:
            return self._said(phone, now)  # 400: takes nothing
        done = None
        try:
            with transaction.atomic():
                done = actions.push(phone=phone, entries=[bytes(raw) for raw in sent.entries], lost=list(sent.lost),
                                    status=None, can_act=access.find_usable(phone.account, now) is not None,
                                    by=phone.by, key=SECRET, at=now)  # fmt: skip
                if crash == "inside":
                    raise Crash
        except Crash:
            pass
        receipts = [{"id": one.id, "outcome": one.outcome.value, "reason": one.reason} for one in done.taken]
        return self._said(phone, now) | {"receipts": receipts, "safe_seq": done.safe_seq}

    def _phone(self, key: Key, now: datetime, *, signing_in: bool) -> Any:
        """Return the phone; one that is not known is let in by its certificate when it signs in."""
        from bulou.field import actions, queries
        from bulou.field.rules.certificates import read_certificate

        phone = queries.find_phone(key.device)
        if phone is None and signing_in and (said := read_certificate(key.certificate, key=SECRET)):
            actions.readmit(certificate=said, at=now)
            phone = queries.find_phone(key.device)
        return phone

    def _said(self, phone: Any, now: datetime) -> dict[str, Any]:
        from bulou.field import actions, queries
        from bulou.field.rules.marks import make_mark
        from bulou.field.rules.signing import moment_text

        return {"epoch": queries.find_epoch() or actions.begin_epoch(because="first", at=now),
                "server_time": moment_text(now), "mark": make_mark(str(phone.id), key=SECRET, at=now)}  # fmt: skip

    def back_up(self, now: datetime) -> None:
        """Go one step on with a backup: ask what it will hold, copy, mark it as complete."""
        from bulou.field import actions

        if self.begun is None:
            self.begun = actions.unbroken_numbers()
        elif self.copied is None:
            self.copied = Backup(snapshot(), held_by_device(), self.begun)
            self.backups.append(self.copied)
        else:
            held = actions.unbroken_numbers() if self.rules.asks_late else self.copied.held
            actions.mark_backup(held=held, made_at=now, at=now)
            self.begun = self.copied = None

    def restore(self, backup: Backup, now: datetime) -> None:
        from bulou.field import actions

        self.begun = self.copied = None
        backup.database.backup(raw())
        if not self.rules.silent_restore:
            actions.begin_epoch(because="restored", at=now)


def held_by_device() -> dict[UUID, set[int]]:
    """Return the numbers the database has of each device, applied or held."""
    found: dict[UUID, set[int]] = {}
    for device, seq in rows("SELECT device, seq FROM ledger_entry WHERE device <> ''"
                            " UNION SELECT device, seq FROM ledger_held WHERE seq IS NOT NULL"):  # fmt: skip
        found.setdefault(UUID(device), set()).add(seq)
    return found


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    return raw().execute(sql, values).fetchall()

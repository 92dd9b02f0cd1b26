"""What phones ask of the server: entries a second in batches, a morning's sign-ins, the size of what a phone is told.

`python -m bench.field [--phones N] [--rounds N] [--people N]`. The product's own server answers over HTTP with durable
commits; phones (each a connection kept open, their signatures made before the clock starts), server and database share
the machine. After each round the rows it wrote are inserted raw into a twin of the database, as in bench.append.
"""

import gzip
import http.client
import json
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from bench import county, raw
from bench.measuring import database, option, say, table, timed
from bench.serving import cpu, serving

PORT = 8111
SENDERS = 4
SIZES = ((50, 5), (500, 1))  # entries a batch, batches a phone and round
BY = "system:bench"


class Phone:
    """A phone with its connection. `written` signs; everything else is what goes over the line."""

    def __init__(self, device: UUID, account: UUID, key: Any, port: int = PORT) -> None:
        from bulou.field.tests.phones import TestPhone

        self.pen = TestPhone(key=key, device=str(device), by=f"account:{account}")
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.asked = 0.0
        self.headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        if time.monotonic() - self.asked > 5:
            self.line.close()  # an idle line the server may have given up; http.client opens the next by itself
        self.asked = time.monotonic()
        self.line.request(method, f"/field/v1/{path}", body, self.headers)
        answer = self.line.getresponse()
        return answer.status, answer.read()

    def sign_in(self) -> None:
        device = self.pen.device
        status, said = self.ask("POST", "challenge", json.dumps({"device": device}).encode())
        challenge = json.loads(said)["challenge"]
        proof = {"device": device, "challenge": challenge, "signature": self.pen.sign(challenge)}
        status, said = self.ask("POST", "sessions", json.dumps(proof).encode())
        assert status == 201, said
        self.headers["Authorization"] = f"Bearer {json.loads(said)['session']}"

    def written(self, entries: Iterable[Any]) -> bytes:
        """Return the entries as a batch, numbered and signed by this phone."""
        made = [self.pen.record(e.kind, e.subject, e.area, e.recorded_at, dict(e.body), id_=e.id) for e in entries]
        return json.dumps({"entries": made}, ensure_ascii=False).encode()

    def push(self, batch: bytes) -> list[str]:
        status, said = self.ask("POST", "entries", batch)
        assert status == 200, said
        return [receipt["outcome"] for receipt in json.loads(said)["receipts"]]


@dataclass
class Took:
    """Seconds in all and of each request, and of the server's processors."""

    seconds: float
    each: list[float]
    cpu: float

    def percentiles(self) -> list[str]:
        ms = sorted(second * 1000 for second in self.each)
        return [f"{ms[min(len(ms) - 1, int(len(ms) * p))]:.0f}" for p in (0.5, 0.99)]


def at_once(server: int, jobs: Sequence[Callable[[], Any]], threads: int) -> Took:
    """Do the jobs from so many threads, each the next as soon as it has finished one."""

    def work(mine: Sequence[Callable[[], Any]]) -> list[float]:
        return [timed(job)[1] for job in mine]

    before, began = cpu(server), time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        each = [second for took in pool.map(work, [jobs[i::threads] for i in range(threads)]) for second in took]
    return Took(time.perf_counter() - began, each, cpu(server) - before)


def run() -> str:
    """Measure, and return the tables as Markdown."""
    with database("field") as what:
        from django.db import connection

        from bulou.core.moments import now
        from bulou.core.scope import EVERYTHING, seeing

        say(f"Phones on {what}")
        at = now()
        with seeing(EVERYTHING):
            homes = plant(at)
            wanted, towns = max(option("phones", 3000), SENDERS + 2), list(county.townships())
            whole = {*range(SENDERS), SENDERS + 1}  # the first few may record in the county, the others in a township
            areas = [county.COUNTY_AREA if n in whole else towns[n % len(towns)] for n in range(wanted)]
            phones = make_phones(areas, at)
            # Before the server opens its connections: PostgreSQL copies no database that is in use.
            twin = raw.PostgresTwin() if connection.vendor == "postgresql" else raw.SqliteTwin()
            with serving(PORT) as server:
                told = pulls(server, phones[SENDERS], phones[SENDERS + 1], homes, at)
                sent = batches(server, twin, phones[:SENDERS], homes, at)
                morning = sign_ins(server, phones[-option("phones", 3000) :])
    return "\n".join(
        [f"### Entries from phones ({what})\n",
         table(("a batch", "phones at once", "entries", "entries/s", "p50 of a batch, ms", "p99, ms",
                "server CPU an entry, ms", "rows an entry", "raw, entries/s", "of raw"), sent),
         "\nFour phones, the server and the database share two cores: of raw counts HTTP, signatures and judging against"
         " rows that lie ready.\n",
         f"\n### A morning's sign-ins ({what})\n",
         table(("phones", "at once", "s", "a minute", "p50, ms", "p99, ms", "server CPU each, ms"), morning),
         "\nWanted are 3,000 phones within a minute.\n",
         f"\n### What a phone is told ({what})\n",
         table(("pull", "households", "duties", "cards", "done or gone", "bytes", "compressed", "ms"), told),
         "\nNobody set a target. Only the first pull grows with the worker's area; the next carries what changed."]
    )  # fmt: skip


def plant(at: datetime) -> list[Any]:
    """Make a county whose townships have 500 households each, all owed a visit; return the households."""
    from bulou.ledger.actions import append

    county.make_areas()
    made = county.make_registers(option("people", 33_000))
    [receipt] = append([county.sweep(at + timedelta(days=2), at=at - timedelta(days=3))], at=at)
    assert receipt.outcome == "applied", receipt
    say(f"  {made.households:,} households")
    return county.homes_of()


def make_phones(areas: Iterable[int], at: datetime, *, role: str = "grid_worker", port: int = PORT) -> list[Phone]:
    """Write a worker with the role and their phone as rows for each of the areas, in order."""
    from cryptography.hazmat.primitives.asymmetric import ec

    from bulou.access.models import Account, Grant
    from bulou.field.models import Device
    from bulou.field.rules import binding

    since, until = at - timedelta(days=5), at + timedelta(days=20)
    accounts, grants, devices, phones = [], [], [], []
    for n, area in enumerate(areas):
        account = Account(username=f"worker{n}", display_name=f"安娜{n}", area=area, password="!",
                          must_change_password=False, expires_at=until, created_at=since)  # fmt: skip
        accounts.append(account)
        grants.append(Grant(account=account, role=role, area=area, starts_at=since, ends_at=until,
                            given_by=BY, given_at=since))  # fmt: skip
        device = Device(account=account.id, area=area, areas=binding.write_bindings([binding.Binding(area, since)]),
                        label="", code="000000", state=binding.ACTIVE, enrolled_at=since, enrolled_by=BY,
                        expires_at=until)  # fmt: skip
        phone = Phone(device.id, account.id, ec.generate_private_key(ec.SECP256R1()), port)
        device.public_key = phone.pen.public_key
        devices.append(device)
        phones.append(phone)
    for model, made in ((Account, accounts), (Grant, grants), (Device, devices)):
        model.objects.bulk_create(made, batch_size=500)  # type: ignore[attr-defined]
    return phones


def batches(
    server: int, twin: raw.PostgresTwin | raw.SqliteTwin, phones: Sequence[Phone], homes: Sequence[Any], at: datetime
) -> list[list[str]]:
    """Push batches of each size from all phones at once, round after round, each followed by the raw insert."""
    coming = (
        entry for entry in county.field_entries([*homes] * 9, Random(7), (at - timedelta(days=1)).date())
        if entry.kind == "household_visit"
    )  # fmt: skip
    for phone in phones:
        phone.sign_in()
        assert phone.push(phone.written([next(coming)])) == ["applied"]  # kinds are compiled, caches filled
    lines = []
    for size, each in SIZES:
        took, ratios, raws, written = [], [], [], 0
        for _ in range(option("rounds", 3)):
            given = [(phone, [next(coming) for _ in range(size)]) for phone in phones for _ in range(each)]
            sent = [(phone, phone.written(entries)) for phone, entries in given]
            jobs = [lambda phone=phone, batch=batch: _applied(phone.push(batch)) for phone, batch in sent]
            order = [job for i in range(each) for job in jobs[i::each]]  # one thread for each phone
            took.append(at_once(server, order, len(phones)))
            rows = [raw.written_by(county.COUNTY, [entry.id for entry in entries]) for _, entries in given]
            ready = [twin.prepare(one) for one in rows]
            plain = sum(timed(lambda one=one: twin.write(one))[1] for one in ready)
            raws.append(size * len(given) / plain)
            ratios.append(plain / took[-1].seconds)
            written += sum(map(len, rows))
        total = size * each * len(phones) * len(took)
        all_ = Took(sum(t.seconds for t in took), [s for t in took for s in t.each], sum(t.cpu for t in took))
        lines.append([f"{size}", f"{len(phones)}", f"{total:,}", f"{total / all_.seconds:,.0f}", *all_.percentiles(),
                      f"{all_.cpu / total * 1000:.2f}", f"{written / total:.1f}", f"{statistics.median(raws):,.0f}",
                      f"{statistics.median(ratios):.0%}"])  # fmt: skip
        say(f"  {lines[-1]}")
    twin.close()
    return lines


def _applied(outcomes: list[str]) -> None:
    assert set(outcomes) == {"applied"}, outcomes[:5]


def sign_ins(server: int, phones: Sequence[Phone]) -> list[list[str]]:
    """Sign phones in, 32 at once, each over a line of its own: a challenge, a signature, a session."""

    def one(phone: Phone) -> None:
        phone.sign_in()
        phone.line.close()

    took = at_once(server, [lambda phone=phone: one(phone) for phone in phones], 32)
    line = [f"{len(phones):,}", "32", f"{took.seconds:.1f}", f"{len(phones) / took.seconds * 60:,.0f}",
            *took.percentiles(), f"{took.cpu / len(phones) * 1000:.2f}"]  # fmt: skip
    say(f"  {line}")
    return [line]


def pulls(server: int, phone: Phone, other: Phone, homes: Sequence[Any], at: datetime) -> list[list[str]]:
    """Pull for a worker of one township: all of it, nothing new, and after another phone made ten visits there."""
    phone.sign_in()
    other.sign_in()
    town = list(county.townships())[SENDERS % county.TOWNSHIPS]
    mine = [home for home in homes if home.area // 10**9 == town // 10**9]
    pull(phone, "")  # forms are drawn once
    lines, cursor = [], ""
    for what in ("the first", "the next, nothing new", "the next, after 10 visits"):
        if what.endswith("visits"):
            made = county.field_entries(mine[:60], Random(3), (at - timedelta(days=1)).date())
            visits = [entry for entry in made if entry.kind == "household_visit"][:10]
            _applied(other.push(other.written(visits)))
        said, size, packed, seconds = pull(phone, cursor)
        cursor = said["cursor"]
        lines.append([what, f"{len(mine):,}", f"{len(said['duties']):,}", f"{len(said['cards']):,}",
                      f"{len(said['done']) + len(said['gone']):,}", f"{size:,}", f"{packed:,}",
                      f"{seconds * 1000:,.0f}"])  # fmt: skip
        if not said["reset"]:
            continue
        forms, (size, packed, seconds) = said["forms"], fetch(phone, said["forms"])
        lines.append([f"its {len(forms)} forms", "", "", "", "", f"{size:,}", f"{packed:,}", f"{seconds * 1000:,.0f}"])
    for line in lines:
        say(f"  {line}")
    return lines


def pull(phone: Phone, cursor: str) -> tuple[dict[str, Any], int, int, float]:
    """Return all pages as one answer, the bytes before and after compression, and the seconds the phone waited."""
    whole: dict[str, Any] = {}
    size = packed = 0
    seconds = 0.0
    while not whole or whole["more"]:
        (status, said), took = timed(lambda cursor=cursor: phone.ask("GET", f"work?cursor={cursor}"))
        plain = gzip.decompress(said) if said[:2] == b"\x1f\x8b" else said
        assert status == 200, plain
        page, size, packed, seconds = json.loads(plain), size + len(plain), packed + len(said), seconds + took
        for name in ("duties", "cards", "done", "gone", "forms"):
            page[name] = whole.get(name, []) + page[name]
        whole, cursor = page | {"reset": whole.get("reset", page["reset"])}, page["cursor"]
    return whole, size, packed, seconds


def fetch(phone: Phone, forms: Iterable[dict[str, Any]]) -> tuple[int, int, float]:
    size = packed = 0
    began = time.perf_counter()
    for form in forms:
        status, said = phone.ask("GET", form["url"].removeprefix("/field/v1/"))
        assert status == 200, said
        size, packed = size + len(gzip.decompress(said) if said[:2] == b"\x1f\x8b" else said), packed + len(said)
    return size, packed, time.perf_counter() - began


if __name__ == "__main__":
    print(run())

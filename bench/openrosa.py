"""How many records ODK Collect can send a second, one each post, over HTTP, each safe before it is answered.

`python -m bench.openrosa [--posts N] [--homes N]`. The product's own server takes them; 1, 8 and 32 phones send, wait and
send again; then the same records once more, as phones do after a lost answer. Phones, server and database share the
machine. Every visit meets a duty of a standing sweep, so what is measured is recorded, judged, and off the missing list.
"""

import http.client
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench import county
from bench.measuring import database, option, say, table
from bench.serving import cpu, serving

PORT = 8104
CLIENTS = (1, 8, 32)


@dataclass(frozen=True)
class Took:
    """What one run took: seconds in all, of each post, and of the server's processors."""

    seconds: float
    posts: Sequence[float]
    cpu: float
    statuses: dict[int, int]

    def line(self, what: str) -> list[str]:
        ms = sorted(second * 1000 for second in self.posts)
        percentile = [f"{ms[min(len(ms) - 1, int(len(ms) * p))]:.1f}" for p in (0.5, 0.99)]
        answers = ", ".join(f"{n:,} × {status}" for status, n in sorted(self.statuses.items()))
        return [what, f"{len(ms):,}", f"{len(ms) / self.seconds:,.0f}", *percentile, f"{ms[-1]:.0f}",
                f"{self.cpu / len(ms) * 1000:.2f}", answers]  # fmt: skip


def run() -> str:
    """Measure, and return the table as Markdown."""
    with database("openrosa") as what:
        say(f"OpenRosa on {what}")
        token, homes = plant(option("homes", 2000))
        with serving(PORT) as server:
            lines = measure(server, token, homes, option("posts", 1500))
    header = ("phones", "posts", "a second", "p50, ms", "p99, ms", "longest, ms", "server CPU a post, ms", "answers")
    said = (
        "ODK Central on PostgreSQL 15 took 190 to 300 a second on another machine of two cores, with 1 to 32 phones. One"
        " phone alone waits for the disk with each record; those that come together share one wait."
    )
    return f"### OpenRosa submissions ({what})\n\n{table(header, lines)}\n\n{said}\n"


def plant(wanted: int) -> tuple[str, list[str]]:
    """Make a village, its worker, a phone and a sweep; return the phone's token and the households."""
    from bulou.access.tests.people import make_account
    from bulou.core.ids import new_id
    from bulou.core.moments import now
    from bulou.ledger.actions import append
    from bulou.odk.actions import consent_app_user, make_app_user

    at = now()
    county.make_areas()
    county.make_registers(wanted * 4)
    account = make_account("grid_worker", county.COUNTY_AREA, at=at - timedelta(days=3))
    made = make_app_user(name="bench", account=account, area=county.COUNTY_AREA, language="zh_Hans", by="system:bench",
                         expires_at=at + timedelta(days=3), at=at)  # fmt: skip
    consent_app_user(user=made.id, account=account, at=at)
    sweep = county.sweep(at + timedelta(days=2), at=at - timedelta(days=1))
    [receipt] = append([sweep], at=at)
    assert receipt.outcome == "applied", receipt
    homes = [f"household:{home}" for home in _homes()][:wanted]
    assert new_id() and len(homes) == wanted, len(homes)
    return made.token, homes


def _homes() -> list[str]:
    from bulou.people.models import Household

    return [str(key) for key in Household.objects.values_list("id", flat=True)]


def measure(server: int, token: str, homes: list[str], posts: int) -> list[list[str]]:
    lines, seen = [], 0
    shoot(server, token, [record(home, f"warm {i}") for i, home in enumerate(homes[:50])], 8)
    for clients in CLIENTS:
        records = [record(homes[(seen + i) % len(homes)], f"{clients} {i}") for i in range(posts)]
        seen += posts
        lines.append(shoot(server, token, records, clients).line(f"{clients}"))
        say(f"  {lines[-1]}")
        if clients == CLIENTS[1]:
            lines.append(shoot(server, token, records, clients).line(f"{clients}, the same again"))
            say(f"  {lines[-1]}")
    return lines


def record(home: str, note: str) -> bytes:
    """Return a visit as Collect posts it: 15 answers, multipart, about a kilobyte."""
    from bulou.odk.tests.conftest import vacant

    xml = vacant(home, note=note)
    return (
        '--b\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="visit.xml"\r\n'
        f"Content-Type: text/xml\r\n\r\n{xml}\r\n--b--\r\n"
    ).encode()


def shoot(server: int, token: str, records: list[bytes], clients: int) -> Took:
    """Send the records from so many phones at once, each waiting for its answer before it sends the next."""
    address = f"/odk/{token}/submission?deviceID=collect%3Abench"
    headers = {"Content-Type": "multipart/form-data; boundary=b", "X-OpenRosa-Version": "1.0",
               "User-Agent": "bench", "Date": datetime.now(UTC).strftime("%a, %d %b %Y")}  # fmt: skip

    def phone(mine: list[bytes]) -> tuple[list[float], dict[int, int]]:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        took, statuses = [], {}
        for each in mine:
            began = time.perf_counter()
            connection.request("POST", address, each, headers)
            answer = connection.getresponse()
            answer.read()
            took.append(time.perf_counter() - began)
            statuses[answer.status] = statuses.get(answer.status, 0) + 1
        connection.close()
        return took, statuses

    before, began = cpu(server), time.perf_counter()
    with ThreadPoolExecutor(clients) as phones:
        done = list(phones.map(phone, [records[i::clients] for i in range(clients)]))
    seconds = time.perf_counter() - began
    statuses: dict[int, int] = {}
    for _, said in done:
        for status, n in said.items():
            statuses[status] = statuses.get(status, 0) + n
    return Took(seconds, [each for took, _ in done for each in took], cpu(server) - before, statuses)


if __name__ == "__main__":
    print(run())

"""Posts under load: 500 push at once over HTTP, and what the board of all posts costs after 1, 30 and 300 days.

`python -m bench.checkpoints [--posts N] [--each N] [--days N]`. The product's own server answers on the loopback with
durable commits; every post is a phone with a line of its own, and all send their batch of `each` signed passes at the
same moment. Then a third of the phones send theirs again. What was receipted is held against the ledger. The board is
what the office's page of all posts reads: orders, passes of the day and hand-offs; and who is on, with the gaps of a day
(each post has two people on each of three turns). Both after the day alone, after 30 days of 2,000 passes and after
`--days`.
"""

import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from bench import county
from bench.field import Phone, Took, make_phones
from bench.measuring import database, option, say, table, timed
from bench.serving import cpu, serving

PORT = 8113
A_DAY = 2_000  # twice 新县's published daily mean of 1,000 vehicles (catalogue 0-16)
REPEATS = 9
BY = "system:bench"


def run() -> str:
    """Measure, and return the tables as Markdown."""
    with database("checkpoints") as what:
        say(f"Checkpoints on {what}")
        push, boards = measure()
    first = table(
        ("posts at once", "passes", "duties opened", "passes/s", "a post's batch, p50", "p99", "server CPU a pass",
         "receipts", "sent again", "in the ledger"), push)  # fmt: skip
    second = table(
        ("days of passes kept", "passes", "what passed at all posts, median", "processor",
         "who is on and gaps of 24 h", "processor", "one post's hours", "processor"), boards)  # fmt: skip
    return f"### Checkpoints ({what})\n\n{first}\n\n{second}\n"


def measure() -> tuple[list[list[str]], list[list[str]]]:
    from bulou.checkpoints import queries
    from bulou.core.moments import at_midnight, day_of
    from bulou.core.moments import now as present
    from bulou.ledger import actions
    from bulou.rosters.actions import add_posts
    from bulou.rosters.queries import posts as read_posts
    from bulou.rosters.rules.registers import NewPost

    wanted, each, most = option("posts", 500), option("each", 10), option("days", 300)
    county.make_areas()
    villages, now = _villages(), present()
    today = at_midnight(day_of(now))
    opened = today - timedelta(days=1)
    add_posts([NewPost(f"{i}号卡点", villages[i % len(villages)], "traffic", opened_at=opened) for i in range(wanted)],
              by=BY, at=opened)  # fmt: skip
    posts = read_posts(county.COUNTY * 10**12)
    _man(posts, today)
    push = [rush(posts, villages, each, now)]
    duties = sum(waiting for waiting, _ in queries.unconfirmed(county.COUNTY, now=present()).values())
    push[0].insert(2, f"{duties:,}")
    say(f"  {push[0]}")
    boards, done = [], 0
    for days in (1, 30, most):
        while done < days - 1:
            done += 1
            at = today - timedelta(days=done)
            actions.append(
                [_let_pass(posts[n % len(posts)], at + timedelta(seconds=40 * n)) for n in range(A_DAY)],
                at=at + timedelta(days=1),
            )
        boards.append(_boards(posts, present(), days, done * A_DAY + wanted * each))
        say(f"  {days} days: {boards[-1]}")
    return push, boards


def rush(posts: list[Any], villages: list[int], each: int, now: datetime) -> list[str]:
    """Let every post push at once, then a third of them again; return the line of the table, without the duties."""
    from bulou.ledger.models import Entry

    phones = make_phones([post.area for post in posts], now, role="post_staff", port=PORT)
    passes = [[_passed(post, n, now - timedelta(minutes=n), villages) for n in range(each)] for post in posts]
    sent = [phone.written(batch) for phone, batch in zip(phones, passes, strict=True)]
    with serving(PORT) as server:
        for phone in phones:
            phone.sign_in()
            phone.line.close()
        phones[0].push(phones[0].written([_passed(posts[0], 1, now, villages)]))  # kinds are compiled, caches filled
        took, said = _at_the_same_moment(server, [_push(*one) for one in zip(phones, sent, strict=True)])
        again = [_push(*one) for one in list(zip(phones, sent, strict=True))[::3]]
        _took, replayed = _at_the_same_moment(server, again)
    ids = {entry.id for batch in passes for entry in batch}
    kept = set(Entry.objects.filter(county=county.COUNTY, kind="vehicle_pass").values_list("id", flat=True))
    assert said == {"applied": len(ids)}, said
    assert replayed == {"duplicate": each * len(again)}, replayed
    assert ids <= kept and len(kept) == len(ids) + 1, (len(ids), len(ids & kept), len(kept))
    return [f"{len(posts):,}", f"{len(ids):,}", f"{len(ids) / took.seconds:,.0f}",
            *(f"{ms} ms" for ms in took.percentiles()), f"{took.cpu / len(ids) * 1000:.2f} ms", _words(said),
            _words(replayed), f"{len(ids & kept):,}"]  # fmt: skip


def _push(phone: Phone, batch: bytes) -> Callable[[], list[str]]:
    return lambda: phone.push(batch)


def _at_the_same_moment(server: int, jobs: list[Callable[[], list[str]]]) -> tuple[Took, Counter[str]]:
    """Do every job in a thread of its own, all begun together. A job's seconds include its wait for the others."""
    gate = threading.Barrier(len(jobs))

    def work(job: Callable[[], list[str]]) -> tuple[list[str], float]:
        gate.wait()
        return timed(job)

    before, began = cpu(server), time.perf_counter()
    with ThreadPoolExecutor(len(jobs)) as pool:
        done = list(pool.map(work, jobs))
    took = Took(time.perf_counter() - began, [seconds for _, seconds in done], cpu(server) - before)
    return took, Counter(outcome for outcomes, _ in done for outcome in outcomes)


def _words(outcomes: Counter[str]) -> str:
    return ", ".join(f"{n:,} {outcome}" for outcome, n in outcomes.items())


def _man(posts: list[Any], today: datetime) -> None:
    """Put two people on each of three turns of the day at every post."""
    from bulou.rosters.actions import add_responders, publish
    from bulou.rosters.rules.registers import NewResponder
    from bulou.rosters.rules.turns import Turn

    at = today - timedelta(hours=8)
    people = add_responders([NewResponder(f"安{n}", posts[0].area, phone=f"138{n:08d}") for n in range(6 * len(posts))],
                            by=BY, at=at)  # fmt: skip
    turns = [
        Turn(post.id, people[6 * i + 2 * shift + who], today + timedelta(hours=8 * shift),
             today + timedelta(hours=8 * shift + 8), "police", who == 0)
        for i, post in enumerate(posts) for shift in range(3) for who in range(2)
    ]  # fmt: skip
    publish(turns, county=county.COUNTY, by=BY, at=at)


def _boards(posts: list[Any], now: datetime, days: int, kept: int) -> list[str]:
    from bulou.checkpoints import queries
    from bulou.rosters.queries import posts_now

    def board() -> None:
        queries.post_lines(county.COUNTY * 10**12, now=now)

    def on_duty() -> None:
        posts_now(county.COUNTY * 10**12, now, ahead=timedelta(hours=24))

    def hours() -> None:
        queries.hourly(posts[0].area, since=now - timedelta(hours=12), until=now)

    def processor(work: Callable[[], None]) -> float:
        before = time.process_time()
        work()
        return time.process_time() - before

    said = []
    for work in (board, on_duty, hours):
        work()
        said.append(f"{statistics.median(timed(work)[1] for _ in range(REPEATS)) * 1000:.0f} ms")
        said.append(f"{statistics.median(processor(work) for _ in range(REPEATS)) * 1000:.0f} ms")
    return [str(days), f"{kept:,}", *said]


def _villages() -> list[int]:
    from bulou.areas import queries as areas

    return [area.number for area in areas.at_level(county.COUNTY * 10**12, 4)]


def _passed(post: Any, n: int, at: datetime, villages: list[int]) -> Any:
    """One in five goes to a village; one in three is turned back; the rest pass."""
    from bulou.core.divisions import code_of

    body: dict[str, Any] = {"vehicle": "car", "plate": f"陕G{n:05d}", "people": [{"temperature": 36.5}] * 2}
    if n % 5 == 0:
        body |= {"decision": "pass", "destination": code_of(villages[n % len(villages)]), "destination_address": "一组"}
    else:
        body["decision"] = "turn_back" if n % 3 == 0 else "pass"
    return _entry(post, at, body)


def _let_pass(post: Any, at: datetime) -> Any:
    return _entry(post, at, {"vehicle": "car", "people": [{"temperature": 36.5}] * 2, "decision": "pass"})


def _entry(post: Any, at: datetime, body: dict[str, Any]) -> Any:
    from bulou.core.ids import new_id
    from bulou.ledger.rules import Entry

    return Entry(new_id(), "vehicle_pass", post.subject, post.area, at, at, BY, body)


if __name__ == "__main__":
    print(run())

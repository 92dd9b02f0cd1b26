"""Posts under load: 500 push at once, and what an hour's counts cost after 1, 30 and 300 days.

`python -m bench.checkpoints [--posts N] [--each N] [--days N]`. Every post sends one batch of `each` passes, one after
the other as fast as they are taken (a county has one writer), most of them simply let pass. Then the board of all
posts is drawn after that day alone, after 30 days of 2,000 passes and after `--days` (300).
"""

import statistics
from datetime import timedelta
from typing import Any

from bench import county
from bench.measuring import database, option, say, table, timed

A_DAY = 2_000  # twice 新县's published daily mean of 1,000 vehicles (catalogue 0-16)
REPEATS = 7


def run() -> str:
    """Measure, and return the table as Markdown."""
    with database("checkpoints") as what:
        say(f"Checkpoints on {what}")
        push, boards = measure()
    first = table(
        ("posts", "passes", "duties opened", "passes/s", "a post's batch, median", "a post's batch, p99"), push
    )
    second = table(("days of passes kept", "passes", "board of all posts, median", "one post's hours, median"), boards)
    return f"### Checkpoints ({what})\n\n{first}\n\n{second}\n"


def measure() -> tuple[list[list[str]], list[list[str]]]:
    from bulou.checkpoints import queries
    from bulou.core.moments import at_midnight
    from bulou.ledger import actions
    from bulou.rosters.actions import add_posts
    from bulou.rosters.queries import posts as read_posts
    from bulou.rosters.rules.registers import NewPost

    wanted, each, most = option("posts", 500), option("each", 10), option("days", 300)
    county.make_areas()
    villages = _villages()
    start = at_midnight(county.FIRST_DAY)
    add_posts([NewPost(f"{i}号卡点", villages[i % len(villages)]) for i in range(wanted)], by="system:bench", at=start)
    posts = read_posts(county.COUNTY * 10**12)
    today = start + timedelta(days=most + 1)
    now = today + timedelta(hours=9)
    batches = [[_passed(post, n, now - timedelta(minutes=n), villages) for n in range(each)] for post in posts]
    took = []
    for batch in batches:
        receipts, seconds = timed(lambda batch=batch: actions.append(batch, at=now))
        assert all(r.outcome == "applied" for r in receipts), receipts
        took.append(seconds)
    duties = sum(waiting for waiting, _ in queries.unconfirmed(county.COUNTY, now=now).values())
    took.sort()
    push = [[f"{wanted:,}", f"{wanted * each:,}", f"{duties:,}", f"{wanted * each / sum(took):,.0f}",
             f"{statistics.median(took) * 1000:.1f} ms", f"{took[int(len(took) * 0.99)] * 1000:.1f} ms"]]  # fmt: skip
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
        boards.append(_boards(queries, posts, now, days, done * A_DAY + wanted * each))
        say(f"  {days} days: {boards[-1]}")
    return push, boards


def _boards(queries: Any, posts: list[Any], now: Any, days: int, kept: int) -> list[str]:
    def board() -> None:
        queries.post_lines(county.COUNTY * 10**12, now=now)

    def hours() -> None:
        queries.hourly(posts[0].area, since=now - timedelta(hours=12), until=now)

    board()
    whole = statistics.median(timed(board)[1] for _ in range(REPEATS))
    one = statistics.median(timed(hours)[1] for _ in range(REPEATS))
    return [str(days), f"{kept:,}", f"{whole * 1000:.0f} ms", f"{one * 1000:.1f} ms"]


def _villages() -> list[int]:
    from bulou.areas import queries as areas

    return [area.number for area in areas.at_level(county.COUNTY * 10**12, 4)]


def _passed(post: Any, n: int, at: Any, villages: list[int]) -> Any:
    """One in five goes to a village; one in three is turned back; the rest pass."""
    from bulou.core.divisions import code_of

    body: dict[str, Any] = {"vehicle": "car", "plate": f"陕G{n:05d}", "people": [{"temperature": 36.5}] * 2}
    if n % 5 == 0:
        body |= {"decision": "pass", "destination": code_of(villages[n % len(villages)]), "destination_address": "一组"}
    else:
        body["decision"] = "turn_back" if n % 3 == 0 else "pass"
    return _entry(post, at, body)


def _let_pass(post: Any, at: Any) -> Any:
    return _entry(post, at, {"vehicle": "car", "people": [{"temperature": 36.5}] * 2, "decision": "pass"})


def _entry(post: Any, at: Any, body: dict[str, Any]) -> Any:
    from bulou.core.ids import new_id
    from bulou.ledger.rules import Entry

    return Entry(new_id(), "vehicle_pass", post.subject, post.area, at, at, "system:bench", body)


if __name__ == "__main__":
    print(run())

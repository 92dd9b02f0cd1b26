"""What is taken of the patterns of counties' forms is read by the phone's engine too, and does not keep it busy."""

import json
import random
import re
import subprocess
from pathlib import Path

from bulou.records.patterns import BadPattern, check_pattern, matches
from tests.agreement.asking import NODE, check_engine

HOW_MANY, LONGEST_MS = 300, 3_000  # a quarter of a second on a quiet machine
PIECES = ("a", "b", "[ab]", "[^a]", ".", "c", r"\w", r"\s", r"\d", "1")
TIMES = ("*", "+", "?", "{2}", "{0,3}", "{2,}")


def _made(chance: random.Random, depth: int) -> str:
    if depth == 0:
        return chance.choice(PIECES)
    sort = chance.random()
    if sort < 0.4:
        return "".join(_made(chance, depth - 1) for _ in range(chance.randint(1, 3)))
    if sort < 0.6:
        return f"({_made(chance, depth - 1)}|{_made(chance, depth - 1)})"
    return f"({_made(chance, depth - 1)}){chance.choice(TIMES)}"


def test_what_is_taken_does_not_keep_the_phone_busy() -> None:
    check_engine()
    chance, taken = random.Random(10), list[str]()
    while len(taken) < HOW_MANY:
        pattern = f"^{_made(chance, 3)}$"
        try:
            check_pattern(pattern)
        except BadPattern:
            continue
        taken.append(pattern)
        assert matches(pattern, "ab1 ") == bool(re.match(pattern[:-1] + r"\Z", "ab1 ", re.ASCII))
    script = Path(__file__).with_name("patterns.mjs")
    done = subprocess.run(
        [NODE, script], input=json.dumps(taken), capture_output=True, text=True, check=True, timeout=300
    )
    slow = {pattern: ms for pattern, ms in json.loads(done.stdout).items() if ms > LONGEST_MS}
    assert slow == {}

"""Play many seeds of phones, line and server, and say which of them end badly.

python -m tests.faults.phones [--seeds N] [--first N] [--seconds N] [--plant NAME]
"""

import argparse
import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext

from tests.faults.planted import FAULTS
from tests.faults.simulator import Rules, World, make_world


def prepare() -> None:
    """Set up the product on a database in memory, which no power cut concerns."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bulou.site.settings"
    os.environ.setdefault("BULOU_SECRET_KEY", "simulated")
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.DATABASES["default"]["NAME"] = ":memory:"
    django.setup()
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)


def played(world: World, first: int, seeds: int, plant: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each seed and what went wrong in it."""
    from tests.faults.play import play

    for seed in range(first, first + seeds):
        rules = Rules()
        with FAULTS[plant](rules) if plant else nullcontext():
            try:
                yield seed, play(world, seed, rules)
            except Exception as error:  # a fault of the server's is a finding like any other
                if not plant:
                    raise RuntimeError(f"seed {seed}") from error
                yield seed, [repr(error)]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--plant", choices=[*FAULTS, "each"], action="append", default=[])
    parser.add_argument("--seconds", type=float, default=0, help="begin no other seed after so long, unless planted")
    given = parser.parse_args()
    prepare()
    from bulou.core.scope import EVERYTHING, seeing

    said: dict[str, object] = {}
    began = time.monotonic()
    with seeing(EVERYTHING):
        world = make_world()
        for plant in FAULTS if "each" in given.plant else given.plant or [""]:
            found, days = None, 0
            for seed, wrong in played(world, given.first, given.seeds, plant):
                days += 1
                if wrong:
                    found = {"seed": seed, "wrong": wrong[0]}
                    break
                if given.seconds and not plant and time.monotonic() - began > given.seconds:
                    break
            said[plant or "the product"] = {"days": days, "found": found}
            print(f"{plant or 'the product'}: {found or 'nothing found'} in {days}", file=sys.stderr, flush=True)
    print(f"{time.monotonic() - began:.1f} s", file=sys.stderr)
    print(json.dumps(said, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

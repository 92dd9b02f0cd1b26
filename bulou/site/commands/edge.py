"""What every command does before and after its own work."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from bulou.core.scope import EVERYTHING, seeing
from bulou.site.installation import InUse, prepare


@contextmanager
def installation(*, serving: bool = False) -> Iterator[None]:
    """Start Django with everything in sight, and turn what a person can put right into one clear line."""
    try:
        prepare(serving=serving)
        with seeing(EVERYTHING):
            yield
    except (InUse, LookupError, OSError, ValueError) as error:
        if isinstance(error, KeyError | IndexError | UnicodeError):
            raise  # a fault of ours, not something a person can put right: show where
        raise click.ClickException(str(error)) from error


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, and how long it took if it took long enough to wonder."""
    click.echo(f"{what}… ", nl=False)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        click.echo()
        raise
    took = time.monotonic() - began
    click.echo("done" if took < 1 else f"done ({took:.0f} s)")


def counting(what: str, every: float = 0.5) -> Callable[[int], None]:
    """Return a function that shows a running count on one line, at most twice a second."""
    last = 0.0

    def show(count: int) -> None:
        nonlocal last
        moment = time.monotonic()
        if moment - last >= every:
            last = moment
            click.echo(f"\r{what}: {count:,}", nl=False)

    return show

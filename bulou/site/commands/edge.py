"""What every command does before and after its own work."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Protocol

import click

from bulou.access.rules import Refusal
from bulou.core.reading import Unread, read_day
from bulou.core.scope import EVERYTHING, seeing
from bulou.site.installation import InUse, collect_seldom, prepare


class Day(click.ParamType[date]):
    """A day, written in any way people write one (core.reading)."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return read_day(str(value))
        except Unread as error:
            self.fail(str(error), param, ctx)


A_DAY = Day()


class Show(Protocol):
    """Shows how many are done, of how many if that is known."""

    def __call__(self, done: int, total: int = 0, /) -> None: ...


@contextmanager
def installation(*, serving: bool = False) -> Iterator[None]:
    """Start Django with everything in sight, and turn what a person can put right into one clear line."""
    try:
        prepare(serving=serving)
        collect_seldom()
        with seeing(EVERYTHING):
            yield
    except Refusal as error:
        from bulou.access.words import refusal_text

        raise click.ClickException(refusal_text(error)) from error
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


def counting(what: str, every: float = 0.5) -> Show:
    """Return a function that shows how many of how many are done, on one line, at most twice a second.

    Nothing is shown where nobody watches: a log full of counts hides what matters.
    """
    last, watched = 0.0, sys.stdout.isatty()

    def show(done: int, total: int = 0, /) -> None:
        nonlocal last
        moment = time.monotonic()
        if watched and moment - last >= every:
            last = moment
            of = f" of {total:,} ({100 * done // total} %)" if total else ""
            click.echo(f"\r{what}: {done:,}{of}   ", nl=False)

    return show

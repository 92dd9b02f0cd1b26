"""Which moments are believed: an entry was written between its phone's mark and its receipt. Plain Python, ADR 0018.

A phone signs into each entry the last moment it heard from the server (its mark). What has no mark, because it came
from a desk or by ODK, can have been written at any time before it was received: then only its receipt counts.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

DRIFT = timedelta(minutes=10)  # by which clocks drift and lines delay: less than this is no difference
EARLIEST, LATEST = 1900, 2200  # a year before, or from LATEST on, is no moment anybody recorded


class Doubt(StrEnum):
    """Why a moment is not believed. `NONE` where it is."""

    NONE = ""
    AHEAD = "ahead"  # it had not come yet when the entry was received
    CLOCK = "clock"  # written down, by its own clock, before its phone had heard what it signs: the clock was moved
    LONG_BEFORE = "long before"  # longer before it was written than a record may be written up later


class Belief(NamedTuple):
    """What is believed of an entry's moments.

    `effects_at`: from when what it opens is reckoned. It is evidence, if `meets`, for a window that had opened by
    `opened_by` and closes after `before_close`; `counts_at` is when it meets or waives, by which it is in time or late.
    """

    effects_at: datetime
    opened_by: datetime
    before_close: datetime
    counts_at: datetime
    meets: bool
    doubt: Doubt


def believe(
    happened_at: datetime, recorded_at: datetime, *, written_from: datetime | None, received_at: datetime | None,
    marked: bool, writing_up: timedelta,
) -> Belief:  # fmt: skip
    """Return what is believed of an entry written between two moments of the server.

    `written_from` is None of what was taken in before anybody asked: it is believed as it stands. `writing_up`: how long
    after it happened something may still be written down as ordinary work.
    """
    if written_from is None or received_at is None:
        return Belief(happened_at, happened_at, happened_at, happened_at, True, Doubt.NONE)
    if written_from <= happened_at <= received_at and written_from <= recorded_at <= received_at:
        return Belief(happened_at, happened_at, happened_at, happened_at, True, Doubt.NONE)  # almost every entry
    inside = min(max(happened_at, written_from), received_at)
    if happened_at > received_at + DRIFT or recorded_at > received_at + DRIFT:
        return Belief(inside, inside, inside, inside, False, Doubt.AHEAD)
    if marked and recorded_at < written_from - DRIFT:
        return Belief(inside, inside, inside, inside, False, Doubt.CLOCK)
    if happened_at < written_from - writing_up:
        # A phone that signs marks is known not to have written this then. Of the rest nothing is known but the receipt,
        # so that they count, late, for what is still owed, and never for a window that has closed since.
        return Belief(happened_at, happened_at, inside, inside, not marked, Doubt.LONG_BEFORE)
    happened = min(happened_at, received_at)
    return Belief(happened, happened, happened, inside, True, Doubt.NONE)


def counted(happened_at: datetime, written_from: datetime | None, received_at: datetime | None) -> datetime:
    """Return the moment brought into the span in which the entry can have been written."""
    if written_from is None or received_at is None:
        return happened_at
    return min(max(happened_at, written_from), received_at)


def written_down(
    recorded_at: datetime, *, written_from: datetime | None, received_at: datetime | None, marked: bool
) -> datetime:
    """Return when an entry was written down, as far as it can be believed: what orders the corrections of one entry.

    A moment that had not come when it was received wins nothing: of a phone with a mark the mark counts, else receipt.
    """
    if received_at is None:
        return recorded_at
    if not marked or written_from is None:
        return min(recorded_at, received_at)
    if recorded_at > received_at + DRIFT:
        return min(written_from, received_at)
    return min(max(recorded_at, written_from), received_at)


def is_writable(moment: datetime) -> bool:
    """Tell whether anybody can have meant the moment, and every calendar and database reckons with it."""
    return EARLIEST < moment.year < LATEST

"""Which moments a phone's clock cannot have shown. Nothing is ever refused or changed for it: it is only said."""

from datetime import datetime, timedelta

AHEAD = timedelta(minutes=10)  # later than the server received it, by more than clocks drift and lines delay
EARLIEST = 1900  # a year before this, or after LATEST, is no moment anybody recorded: calendars end near 9999
LATEST = 2200


def seconds_off(recorded_at: datetime, *, received_at: datetime, enrolled_at: datetime) -> int:
    """Return by how many seconds the clock must have been wrong at least: positive ahead, negative behind, 0 if it may
    have been right. An entry is recorded before it is received, and after its phone was enrolled."""
    if recorded_at > received_at + AHEAD:
        return int((recorded_at - received_at).total_seconds())
    if recorded_at < enrolled_at - AHEAD:
        return int((recorded_at - enrolled_at).total_seconds())
    return 0

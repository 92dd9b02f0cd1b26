"""A mark is a moment of the server under its seal. A phone keeps the last it was given and signs it into what it writes.

So it is known of every entry that it was not written before then, whatever the phone's own clock says. A mark is for one
phone; it is no secret, and lets nobody in.
"""

import hmac
from datetime import UTC, datetime, timedelta

from bulou.field.rules.signing import decode, encode

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def _seal(key: bytes, device: str, plain: bytes) -> bytes:
    return hmac.digest(key, b"field-mark\x00" + device.encode() + b"\x00" + plain, "sha256")[:16]


def make_mark(device: str, *, key: bytes, at: datetime) -> str:
    """Return the mark of the moment, to the millisecond, for the device."""
    plain = ((at - FIRST) // MILLISECOND).to_bytes(6)
    return encode(plain + _seal(key, device, plain))


def moment_of(mark: str, device: str, *, key: bytes) -> datetime | None:
    """Return the moment of the mark, or None if it was not given here to this device."""
    try:
        raw = decode(mark)
    except ValueError:
        return None
    if len(raw) != 22 or not hmac.compare_digest(raw[6:], _seal(key, device, raw[:6])):
        return None
    return FIRST + int.from_bytes(raw[:6]) * MILLISECOND

"""Identifiers that can be made without a server and sort by the time they were made (RFC 9562, UUID version 7)."""

import secrets
import time
from datetime import datetime
from uuid import UUID

PLAIN = "abcdefghjkmnpqrstuvwxyz23456789"  # without i, l, o, 0, 1


def make_uuid7(at_ms: int, noise: int) -> UUID:
    """Return the version 7 UUID of a Unix time in milliseconds and 74 bits of noise."""
    high, low = (noise >> 62) & 0xFFF, noise & ((1 << 62) - 1)
    return UUID(int=(at_ms & ((1 << 48) - 1)) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def new_id() -> UUID:
    """Return a fresh id. Here, in new_secret and in moments.now, chance and the clock enter the program."""
    return make_uuid7(time.time_ns() // 1_000_000, secrets.randbits(74))


def new_id_at(moment: datetime) -> UUID:
    """Return a fresh id that sorts by a moment that is already known."""
    return make_uuid7(int(moment.timestamp() * 1000), secrets.randbits(74))


def new_secret(length: int = 20) -> str:
    """Return a fresh secret a person can copy by hand: no letter or digit looks like another. Twenty are 98 bits."""
    return "".join(secrets.choice(PLAIN) for _ in range(length))

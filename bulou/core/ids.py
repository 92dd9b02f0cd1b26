"""Identifiers that can be made without a server and sort by the time they were made (RFC 9562, UUID version 7)."""

import secrets
import time
from uuid import UUID


def make_uuid7(at_ms: int, noise: int) -> UUID:
    """Return the version 7 UUID of a Unix time in milliseconds and 74 bits of noise."""
    high, low = (noise >> 62) & 0xFFF, noise & ((1 << 62) - 1)
    return UUID(int=(at_ms & ((1 << 48) - 1)) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def new_id() -> UUID:
    """Return a fresh id. One of the two places (with moments.now) where chance and the clock enter the program."""
    return make_uuid7(time.time_ns() // 1_000_000, secrets.randbits(74))

"""A challenge carries its own end and a seal, so that giving one out costs the server nothing but a hash.

Whoever asks is given one, for any device: it says nothing of who exists. It is good once, which the database sees to.
"""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from bulou.field.rules.signing import decode, encode

LIFE = timedelta(minutes=2)


def _seal(key: bytes, device: str, plain: bytes) -> bytes:
    return hmac.digest(key, b"field-challenge\x00" + device.encode() + b"\x00" + plain, "sha256")[:16]


def make_challenge(device: str, *, key: bytes, nonce: str, at: datetime) -> str:
    """Return a challenge for the device, good for two minutes from `at`."""
    plain = int((at + LIFE).timestamp()).to_bytes(6) + sha256(nonce.encode()).digest()[:16]
    return encode(plain + _seal(key, device, plain))


def challenge_ends(challenge: str, device: str, *, key: bytes) -> datetime | None:
    """Return when the challenge ends, or None if it was not made here for this device."""
    try:
        raw = decode(challenge)
    except ValueError:
        return None
    if len(raw) != 38 or not hmac.compare_digest(raw[22:], _seal(key, device, raw[:22])):
        return None
    return datetime.fromtimestamp(int.from_bytes(raw[:6]), UTC)

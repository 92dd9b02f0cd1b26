"""What a server gives a phone it let in, so that one put back from an older copy can let it in again by itself.

A certificate says what the server knew of the phone, under a seal made with the installation's key, which no backup of
the database holds. It is no secret: only the phone whose key it names can use it.
"""

import hmac
from datetime import datetime

import msgspec

from bulou.field.rules.signing import decode, encode


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """A phone as it was known when this was issued. `areas` is as Device.areas; `name` is its worker's."""

    device: str
    account: str
    name: str
    areas: str
    label: str
    public_key: str
    code: str
    enrolled_at: datetime
    enrolled_by: str
    expires_at: datetime
    consented_at: datetime | None = None  # none in those issued before the worker was asked


_READ = msgspec.json.Decoder(Certificate)


def _seal(key: bytes, said: bytes) -> bytes:
    return hmac.digest(key, b"field-certificate\x00" + said, "sha256")


def seal(certificate: Certificate, *, key: bytes) -> str:
    """Return the certificate as the phone keeps it: what it says and the seal, base64url, with a dot between."""
    said = msgspec.json.encode(certificate)
    return f"{encode(said)}.{encode(_seal(key, said))}"


def read_certificate(text: str, *, key: bytes) -> Certificate | None:
    """Return what the certificate says, or None if it was not sealed with this key."""
    body, _dot, sealed = text.partition(".")
    try:
        said, found = decode(body), decode(sealed)
    except ValueError:
        return None
    if not hmac.compare_digest(found, _seal(key, said)):
        return None
    try:
        return _READ.decode(said)
    except msgspec.MsgspecError:  # of a version that said other things
        return None

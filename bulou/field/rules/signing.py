"""What a phone signs and how it is checked: ECDSA on P-256 over SHA-256, signatures as r and s, 32 bytes each."""

import base64
import binascii
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

_RULE = ec.ECDSA(SHA256())


def encode(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Read base64url, padded or not. Raise ValueError on anything else."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("this is not base64url") from error


@lru_cache(maxsize=4096)
def _key(public_key: str) -> ec.EllipticCurvePublicKey:
    try:
        key = load_der_public_key(decode(public_key))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError("this is no public key") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("the key must be one of the curve P-256")
    return key


def check_key(public_key: str) -> None:
    """Raise ValueError unless this is the SPKI of a P-256 key, in base64url."""
    _key(public_key)


def is_signed(text: str, signature: str, public_key: str) -> bool:
    """Tell whether the signature over the text's UTF-8 was made with the key's private half."""
    try:
        raw, said = decode(signature), text.encode()
    except ValueError:
        return False
    if len(raw) != 64:
        return False
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    try:
        _key(public_key).verify(encode_dss_signature(r, s), said, _RULE)
    except InvalidSignature:
        return False
    return True


def comparison_code(token: str, public_key: str) -> str:
    """Return the six digits that phone and clerk compare: nobody in between can have exchanged the key."""
    digest = sha256(token.encode() + decode(public_key)).digest()
    return f"{int.from_bytes(digest[:4]) % 1_000_000:06}"


@lru_cache(1 << 14)  # thousands of duties open and fall due at the same few moments
def moment_text(moment: datetime) -> str:
    """Return the moment as it goes over the wire: UTC with exactly three decimals."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03}Z"


def signed_text(
    *, id: str, kind: str, version: int, subject: str, area: str, happened_at: str, recorded_at: str, by: str,
    device: str, seq: int, prev_hash: str, amends: str, body: str, mark: str = "", ahead_ms: int = 0,
) -> str:  # fmt: skip
    """Return the text of an entry that is signed, and whose hash the next entry of the device carries.

    `mark` and by how much the phone's clock was ahead of the server's when it was given are of the second kind of text;
    phones that know of no marks sign the first.
    """
    said = (id, kind, str(version), subject, area, happened_at, recorded_at, by, device, str(seq), prev_hash, amends)
    if not mark:
        return "\n".join(("bulou-entry-1", *said, body))
    return "\n".join(("bulou-entry-2", *said, mark, str(ahead_ms), body))


def hash_of(text: str) -> str:
    """Return the hex SHA-256 of a signed text."""
    return sha256(text.encode()).hexdigest()

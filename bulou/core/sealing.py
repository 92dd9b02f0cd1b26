"""Sealing with a secret: files for whoever keeps copies of them, short texts for the rows of a database.

A sealed file is AES-256-GCM in pieces, each with its number and whether it is the last in its
nonce, so that none can be left out, put elsewhere or cut off unnoticed (the STREAM construction). Every file has a key of
its own, worked out from the secret and a salt in its head. A text is one AES-256-GCM message. Plain Python.
"""

import base64
import hmac
import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"BULOU SEALED 1\n"
PIECE = 2**20  # bytes of what is sealed in each piece; the last has fewer, perhaps none
TAG = 16
PREFIX = "sealed1:"
_HEAD = struct.Struct(f"{len(MAGIC)}s8s32s")  # magic, mark of the secret, salt


class Sealed(ValueError):
    """It cannot be opened: it is damaged, or none of the secrets at hand is the one it was sealed with."""


class OtherKey(Sealed):
    """It was sealed with another secret; `mark` tells which."""

    def __init__(self, mark: str) -> None:
        super().__init__(mark)
        self.mark = mark


@dataclass(frozen=True, slots=True)
class Head:
    mark: str
    raw: bytes
    salt: bytes


def mark_of(secret: str) -> str:
    """Return what a secret is known by: too little to learn anything of the secret from."""
    return hmac.digest(secret.encode(), b"which key", "sha256").hex()[:16]


@lru_cache(maxsize=64)
def _key(secret: str, salt: bytes, what: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"bulou " + what).derive(secret.encode()))


def seal(source: IO[bytes], target: IO[bytes], *, secret: str) -> None:
    """Write what the source holds to the target, sealed."""
    head = _HEAD.pack(MAGIC, bytes.fromhex(mark_of(secret)), salt := os.urandom(32))
    target.write(head)
    key, number, piece = _key(secret, salt, b"file 1"), 0, source.read(PIECE)
    while True:
        following = source.read(PIECE)
        target.write(key.encrypt(_nonce(number, last=not following), piece, head))
        if not following:
            return
        number, piece = number + 1, following


def head_of(source: IO[bytes]) -> Head | None:
    """Return the head of a sealed file, None if it is not one. The source then stands behind it, or where it stood."""
    at = source.tell()
    raw = source.read(_HEAD.size)
    if len(raw) == _HEAD.size and raw.startswith(MAGIC):
        _magic, mark, salt = _HEAD.unpack(raw)
        return Head(mark.hex(), raw, salt)
    source.seek(at)
    return None


def opened(source: IO[bytes], secrets: Sequence[str]) -> Iterator[bytes]:
    """Yield, piece by piece, what a sealed file holds. Raise Sealed at the first that is not as it was sealed.

    Pieces that were yielded before are good; only when all has been yielded is nothing missing.
    """
    head = head_of(source)
    if head is None:
        raise Sealed("it is not a sealed file")
    secret = next((one for one in secrets if mark_of(one) == head.mark), None)
    if secret is None:
        raise OtherKey(head.mark)
    key, number, piece = _key(secret, head.salt, b"file 1"), 0, source.read(PIECE + TAG)
    while True:
        following = source.read(PIECE + TAG)
        try:
            yield key.decrypt(_nonce(number, last=not following), piece, head.raw)
        except InvalidTag:
            raise Sealed("it was damaged, cut off or put together anew") from None
        if not following:
            return
        number, piece = number + 1, following


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + (b"\x01" if last else b"\x00")


def seal_text(text: str, secret: str, what: str) -> str:
    """Return the text sealed for one purpose: under another it does not open."""
    nonce = os.urandom(12)
    sealed = _key(secret, b"", f"text 1 {what}".encode()).encrypt(nonce, text.encode(), None)
    return PREFIX + base64.urlsafe_b64encode(nonce + sealed).decode()


def is_sealed(text: str) -> bool:
    return text.startswith(PREFIX)


def open_text(text: str, secrets: Sequence[str], what: str) -> str:
    """Return the text. Raise Sealed if none of the secrets opens it."""
    try:
        raw = base64.urlsafe_b64decode(text.removeprefix(PREFIX))
    except ValueError:
        raise Sealed("it was damaged") from None
    for secret in secrets:
        try:
            return _key(secret, b"", f"text 1 {what}".encode()).decrypt(raw[:12], raw[12:], None).decode()
        except InvalidTag:
            continue
    raise Sealed("none of the keys opens it")

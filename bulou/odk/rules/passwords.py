"""Names and passwords for those who cannot put a token into the address: Basic over https, Digest besides.

Digest needs the password, or something as good as it, on the server. Nothing of the kind is stored: a password is
worked out again from the installation's key and the phone's id whenever it is needed (docs/adr/0012). RFC 7616 with MD5
and qop=auth, the only one Collect speaks.
"""

import base64
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import md5, sha256

REALM = "Bulou"
NONCE_LIFE = 600  # seconds
_PAIR = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))')


@dataclass(frozen=True, slots=True)
class Basic:
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What a client says to prove that it knows the password; `said` are its parameters as sent."""

    username: str
    said: Mapping[str, str]


def password_of(key: str, user: str) -> str:
    """Return the password of an app user (its id) under the installation's secret key: 100 bits, easy to copy."""
    said = hmac.new(key.encode(), f"odk-password-1:{user}".encode(), sha256).digest()
    return base64.b32encode(said).decode().lower()[:20]


def token_hash(token: str) -> str:
    """Return what is kept of a token."""
    return sha256(token.encode()).hexdigest()


def read_authorization(header: str) -> Basic | Digest | None:
    """Return what the Authorization header says; None if it is neither Basic nor Digest, or broken."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "basic":
        try:
            name, colon, password = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
        except ValueError:
            return None
        return Basic(name, password) if colon else None
    if scheme.lower() == "digest":
        said = {name.lower(): quoted or bare for name, quoted, bare in _PAIR.findall(rest)}
        return Digest(said["username"], said) if "username" in said else None
    return None


def challenge(key: str, at: int, *, stale: bool = False) -> str:
    """Return the WWW-Authenticate header of Digest. `at`: Unix seconds; the nonce is good for NONCE_LIFE after."""
    more = ", stale=true" if stale else ""
    return f'Digest realm="{REALM}", qop="auth", algorithm=MD5, nonce="{_nonce(key, at)}"{more}'


def is_right(digest: Digest, *, password: str, method: str, uri_is: Callable[[str], bool]) -> bool:
    """Tell whether the proof was made with the password for this request. `uri_is` tells whether an address is its."""
    said = digest.said
    if any(not said.get(name) for name in ("nonce", "uri", "response", "cnonce", "nc")) or said.get("qop") != "auth":
        return False
    if said.get("realm") != REALM or said.get("algorithm", "MD5").upper() != "MD5" or not uri_is(said["uri"]):
        return False
    secret = _md5(f"{digest.username}:{REALM}:{password}")
    asked = _md5(f"{method}:{said['uri']}")
    wanted = _md5(f"{secret}:{said['nonce']}:{said['nc']}:{said['cnonce']}:auth:{asked}")
    return same(wanted, said["response"].lower())


def is_fresh(digest: Digest, key: str, at: int) -> bool:
    """Tell whether the nonce is one of ours, made within NONCE_LIFE before `at` (Unix seconds)."""
    nonce = digest.said.get("nonce", "")
    made, _, _ = nonce.partition("-")
    if not made.isascii() or not made.isdigit() or len(made) > 12:
        return False
    return same(nonce, _nonce(key, int(made))) and 0 <= at - int(made) <= NONCE_LIFE


def same(one: str, other: str) -> bool:
    """Compare two secrets in a time that tells nothing."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _nonce(key: str, at: int) -> str:
    return f"{at}-{hmac.new(key.encode(), f'odk-nonce-1:{at}'.encode(), sha256).hexdigest()[:32]}"


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()

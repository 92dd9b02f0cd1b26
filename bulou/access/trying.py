"""How wrong passwords and codes are slowed down, read from trying.toml; by what a name and an address are counted."""

import hmac
import tomllib
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from bulou.access.rules import Pace, Slowing, Window


@cache
def paces() -> tuple[Pace, ...]:
    """Return every edition."""
    data = tomllib.loads((Path(__file__).parent / "trying.toml").read_text("utf-8"))
    found = []
    for said in data["rates"]:
        pair, browser, address, account = (Slowing(**said[name]) for name in ("pair", "browser", "address", "account"))
        told = [Window(**said[name]) for name in ("told_account", "told_address")]
        found.append(Pace(said["since"], said["source"], pair, browser, address, account, *told))
    return tuple(found)


def mark(sort: str, text: str) -> str:
    """Return what stands in a row for a name or an address: without the installation's key nobody tells which."""
    return hmac.new(settings.SECRET_KEY.encode(), f"bulou tries {sort}\0{text}".encode(), sha256).hexdigest()[:40]

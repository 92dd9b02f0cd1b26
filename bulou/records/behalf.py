"""Writing down what another says: for whom, and from what. It stands in the body, so that it is signed with the rest.

Every kind may carry it beside its answers, under a name that no question can have.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bulou.records.fields import BEHALF as BEHALF

SOURCES = ("paper", "telephone", "message", "spoken", "held")
"""From what it was taken: their own paper, a call, a message, their word there; or what they sent and was held."""
LONGEST = 80  # of what says who it was


@dataclass(frozen=True, slots=True)
class Behalf:
    """Whose word an entry is, when another wrote it down.

    `whom` is "account:<id>", "responder:<id>" or, of somebody without either, "role:<role in which they speak>", with
    `name` as they are called. `source` is one of SOURCES.
    """

    whom: str
    source: str
    name: str = ""

    @property
    def sort(self) -> str:
        """Return "account", "responder" or "role"."""
        return self.whom.partition(":")[0]

    def said(self) -> dict[str, str]:
        """Return it as a body carries it."""
        return {"whom": self.whom, "source": self.source} | ({"name": self.name} if self.name else {})


def behalf_of(body: Mapping[str, Any]) -> Behalf | None:
    """Return whose word the body says it is; None if its author's own. Raise ValueError if that cannot be read."""
    said = body.get(BEHALF)
    if said is None:
        return None
    if not isinstance(said, Mapping) or not said.keys() <= {"whom", "source", "name"}:
        raise ValueError("for whom it is written is said by whom, source and name")
    whom, source, name = (said.get(key, "") for key in ("whom", "source", "name"))
    if not (isinstance(whom, str) and isinstance(name, str)) or source not in SOURCES:
        raise ValueError(f"from what it was taken is one of {', '.join(SOURCES)}")
    found = Behalf(whom, source, name.strip())
    if found.sort not in ("account", "responder", "role") or len(whom) > LONGEST or len(name) > LONGEST:
        raise ValueError("for whom it is written is an account, a responder or a role with a name")
    if found.sort == "role" and not found.name:
        raise ValueError("who has no account is called by their name")
    return found


def find_behalf(body: Mapping[str, Any]) -> Behalf | None:
    """Return whose word the body says it is, for a page: None also where nobody can read it."""
    try:
        return behalf_of(body)
    except ValueError:
        return None

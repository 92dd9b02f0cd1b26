"""What a user name may be."""

import re

from bulou.access.rules.permissions import Refusal

USERNAME = r"^[a-z0-9][a-z0-9._-]{1,63}\Z"


def read_username(said: str) -> str:
    """Return the user name as it is kept: without blanks around it, in lower case. Raise Refusal `bad_username`."""
    name = said.strip().lower()
    if not re.match(USERNAME, name):
        raise Refusal("bad_username")
    return name

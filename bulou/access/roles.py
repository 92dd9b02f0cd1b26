"""The built-in roles, read from roles.toml, so that a new release brings its roles without a migration."""

import tomllib
from functools import cache
from pathlib import Path

from bulou.access.rules import PERMISSIONS, Role


@cache
def built_in_roles() -> dict[str, Role]:
    """Return the roles every installation has, by name, in the file's order. Raise ValueError on an unknown one."""
    roles = {}
    for name, data in tomllib.loads((Path(__file__).parent / "roles.toml").read_text("utf-8")).items():
        permissions = frozenset(data["permissions"])
        if unknown := permissions - PERMISSIONS.keys():
            raise ValueError(f"roles.toml gives {name} permissions that do not exist: {sorted(unknown)}")
        roles[name] = Role(name, data["zh"], data["en"], permissions, data["days"])
    return roles

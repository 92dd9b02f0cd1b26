"""The one Law this process works under. `site` installs it at start-up; nothing else may."""

from bulou.ledger.rules import Law

_installed: list[Law] = []


def install(law: Law) -> None:
    """Make this the law, in place of any before it."""
    _installed[:] = [law]


def current() -> Law:
    """Return the installed law."""
    if not _installed:
        raise RuntimeError("no law is installed: bulou.site does it when Django starts")
    return _installed[0]

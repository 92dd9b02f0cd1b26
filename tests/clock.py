"""The moment at which a test begins."""

from bulou.core.moments import parse_moment

NOON = parse_moment(
    "2026-06-17T12:00:07+08:00"
)  # a Wednesday; not a whole minute, at which a sign-in of a phone sweeps as well

"""What the rosters bring to the whole."""

from bulou.jobs.rules import Work
from bulou.rosters import actions

HANGS = 600.0  # seconds: it searches for at most one minute, and asks what is known before and after

WORKS = (Work(actions.MAKING, actions.make_draft, HANGS),)

"""Reads. All stay inside what may be seen, but for what the ledger asks (places) and what a hand-off itself gives leave
for: a village reads who is coming to it, and a post what became of whom it let in."""

from bulou.checkpoints.queries.desk import desk
from bulou.checkpoints.queries.handoffs import (
    Answer,
    Expected,
    expected,
    get_expected,
    handed_off,
    labels,
    places,
    unconfirmed,
)
from bulou.checkpoints.queries.holds import Hold, holds
from bulou.checkpoints.queries.paragraphs import (
    monitoring_paragraph,
    relief_paragraph,
    round_the_clock_paragraph,
)
from bulou.checkpoints.queries.posts import (
    PostLine,
    daily,
    get_post_line,
    grounds,
    hourly,
    post_lines,
    road_lines,
)
from bulou.checkpoints.queries.referrals import Referral, referrals
from bulou.checkpoints.queries.tables import adopted, shipped_inputs, shipped_tables, table_in_force, undone

__all__ = [
    "Answer",
    "Expected",
    "Hold",
    "PostLine",
    "Referral",
    "adopted",
    "daily",
    "desk",
    "expected",
    "get_expected",
    "get_post_line",
    "grounds",
    "handed_off",
    "holds",
    "hourly",
    "labels",
    "monitoring_paragraph",
    "places",
    "post_lines",
    "referrals",
    "relief_paragraph",
    "road_lines",
    "round_the_clock_paragraph",
    "shipped_inputs",
    "shipped_tables",
    "table_in_force",
    "unconfirmed",
    "undone",
]

"""What the checkpoints bring to the whole."""

from bulou.checkpoints import actions
from bulou.jobs.rules import Reaction

REACTIONS = (
    # entry kinds                        → what follows
    Reaction("checkpoints.orders", frozenset({"post_order", "post_closed"}), actions.follow_order),
    Reaction("checkpoints.arrivals", frozenset({"arrival_confirmed"}), actions.register_arrival),
)

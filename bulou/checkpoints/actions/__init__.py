"""The doors through which checkpoints write: an order for a post, a decision table, a village's answer."""

from bulou.checkpoints.actions.arrivals import confirm_arrival, register_arrival, reveal_arrival
from bulou.checkpoints.actions.orders import close_post, follow_order, order_post
from bulou.checkpoints.actions.tables import adopt_table

__all__ = [
    "adopt_table",
    "close_post",
    "confirm_arrival",
    "follow_order",
    "order_post",
    "register_arrival",
    "reveal_arrival",
]

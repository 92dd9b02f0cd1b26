"""The only doors through which the rosters' registers are written."""

from bulou.rosters.actions.registers import (
    add_post,
    add_posts,
    add_responder,
    add_responders,
    cancel_leave,
    close_post,
    end_responder,
    link_account,
    open_post,
    set_needs,
)
from bulou.rosters.actions.settings import declare

__all__ = [
    "add_post",
    "add_posts",
    "add_responder",
    "add_responders",
    "cancel_leave",
    "close_post",
    "declare",
    "end_responder",
    "link_account",
    "open_post",
    "set_needs",
]

"""The only doors through which the rosters' registers are written."""

from bulou.rosters.actions.attending import check_in, report_absence, sign
from bulou.rosters.actions.publishing import give_turn, publish, swap
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
    "check_in",
    "close_post",
    "declare",
    "end_responder",
    "give_turn",
    "link_account",
    "open_post",
    "publish",
    "report_absence",
    "set_needs",
    "sign",
    "swap",
]

"""The only doors through which the rosters' registers are written."""

from bulou.rosters.actions.attending import check_in, report_absence, sign
from bulou.rosters.actions.drafting import begin_draft, change_draft, keep_draft, make_roster, publish_draft, run_draft
from bulou.rosters.actions.mustering import call_back, excuse, keep_off, report_returns
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
from bulou.rosters.actions.reserving import answer_signups, arrive, call_for_help, send, sign_up
from bulou.rosters.actions.settings import declare
from bulou.rosters.actions.teams import (
    NewContact,
    NewStand,
    NewTeam,
    add_contacts,
    add_members,
    add_stands,
    add_teams,
    end_contact,
    end_member,
    end_team,
    set_lead,
)

__all__ = [
    "NewContact",
    "NewStand",
    "NewTeam",
    "add_contacts",
    "add_members",
    "add_post",
    "add_posts",
    "add_responder",
    "add_responders",
    "add_stands",
    "add_teams",
    "answer_signups",
    "arrive",
    "begin_draft",
    "call_back",
    "call_for_help",
    "cancel_leave",
    "change_draft",
    "check_in",
    "close_post",
    "declare",
    "end_contact",
    "end_member",
    "end_responder",
    "end_team",
    "excuse",
    "give_turn",
    "keep_draft",
    "keep_off",
    "link_account",
    "make_roster",
    "open_post",
    "publish",
    "publish_draft",
    "report_absence",
    "report_returns",
    "run_draft",
    "send",
    "set_lead",
    "set_needs",
    "sign",
    "sign_up",
    "swap",
]

"""The only doors through which phones with Collect, and what they send, are written."""

from bulou.odk.actions.app_users import (
    Made,
    consent_app_user,
    disown_app_user,
    look_at_app_user,
    make_app_user,
    note_contact,
    note_list,
    revoke_app_user,
)
from bulou.odk.actions.files import keep_file
from bulou.odk.actions.receiving import Came, Post, Result, receive
from bulou.odk.actions.together import receive_one

__all__ = [
    "Came",
    "Made",
    "Post",
    "Result",
    "consent_app_user",
    "disown_app_user",
    "keep_file",
    "look_at_app_user",
    "make_app_user",
    "note_contact",
    "note_list",
    "receive",
    "receive_one",
    "revoke_app_user",
]

"""The only doors through which anything about phones is written."""

from bulou.field.actions.enrolling import (
    EnrolRefused,
    NoConsent,
    confirm,
    consent,
    disown,
    enrol,
    issue_token,
    keep,
    look,
    readmit,
    refuse,
    renew,
    revoke,
)
from bulou.field.actions.marking import begin_epoch, mark_backup, unbroken_numbers
from bulou.field.actions.receiving import Pushed, Taken, push
from bulou.field.actions.signing_in import AlreadySpent, sign_in, sweep

__all__ = [
    "AlreadySpent",
    "EnrolRefused",
    "NoConsent",
    "Pushed",
    "Taken",
    "begin_epoch",
    "confirm",
    "consent",
    "disown",
    "enrol",
    "issue_token",
    "keep",
    "look",
    "mark_backup",
    "push",
    "readmit",
    "refuse",
    "renew",
    "revoke",
    "sign_in",
    "sweep",
    "unbroken_numbers",
]

"""What a phone is told, in both languages at once: the phone shows the one its worker has chosen."""

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from bulou.field.wire import Said
from bulou.ledger.rules import Entry
from bulou.records.law import find_kind
from bulou.records.words import LANGUAGES

CODES = {"zh_Hans": "zh-hans", "en": "en"}

OUTCOMES = {
    "applied": gettext_noop("Recorded."),
    "duplicate": gettext_noop("Recorded before."),
}

HELD = {
    "unknown kind": gettext_noop("The server does not know this form yet. Your supervisor will look at it."),
    "unknown subject": gettext_noop("Whom it is about is in no register here. Your supervisor will look at it."),
    "elsewhere": gettext_noop("It is about somebody in another county. Your supervisor will look at it."),
    "body": gettext_noop("An answer does not pass: %(detail)s"),
    "not permitted": gettext_noop("You were not permitted to write this there. Your supervisor will look at it."),
    "clash of ids": gettext_noop("The server has another entry under the same id. Your supervisor will look at it."),
    "used number": gettext_noop("This phone had already used this number. Your supervisor will look at it."),
    "unreadable": gettext_noop("The server could not read it. It is kept whole for your supervisor to look at."),
    "bad signature": gettext_noop("Its signature does not fit. It is kept for your supervisor to look at."),
    "broken chain": gettext_noop("It does not follow what this phone sent before. Your supervisor will look at it."),
    "revoked": gettext_noop("This phone is no longer in use. What it still held is kept for your supervisor."),
    "account closed": gettext_noop(
        "This account was closed or is not known here. What the phone held is kept for your supervisor."
    ),
    "expired": gettext_noop(
        "This phone's time is over. Have it renewed; what it still held is kept for your supervisor."
    ),
    "waits": gettext_noop("It waits for the record it is about or puts right, and is taken in with it."),
    "clock": gettext_noop(
        "Its date cannot be right. Look at the date and time of this phone; your supervisor will look at the record."
    ),
}

PROBLEMS = {
    "session": gettext_noop("Sign in again."),
    "revoked": gettext_noop("This phone is no longer in use. Ask whoever enrolled it."),
    "expired": gettext_noop("This phone's time is over. Ask whoever enrolled it to renew it."),
    "unreadable": gettext_noop("The server could not read what was sent. Nothing was taken and nothing is lost."),
    "too many": gettext_noop("More was sent at once than the server takes. Send less at a time."),
    "too often": gettext_noop("Too many attempts. Wait a minute."),
    "token": gettext_noop("This code is not known here. Ask for a new one."),
    "used": gettext_noop("Another phone was enrolled with this code. Ask for a new one."),
    "token expired": gettext_noop("This code is older than ten minutes. Ask for a new one."),
    "key": gettext_noop("This phone's key cannot be used. Try another browser."),
    "proof": gettext_noop("This phone could not prove its key. Try again."),
    "device": gettext_noop("This phone is not enrolled here."),
    "challenge": gettext_noop("The challenge was too old or used. Try again."),
    "not found": gettext_noop("There is no such thing here."),
    "method": gettext_noop("This cannot be done here."),
    "offset": gettext_noop("The server has another number of bytes. Go on from there."),
    "hash": gettext_noop("The photograph did not arrive whole. Send it again from the start."),
    "size": gettext_noop("A photograph may have at most 5 MB."),
    "unnamed": gettext_noop(
        "This phone has sent many photographs that belong to no record. Send the records first; this one stays on the phone."
    ),
    "many today": gettext_noop(
        "This phone has sent as many photographs as are taken in one day. This one stays on the phone until tomorrow."
    ),
}

NOT_ALL = gettext_noop(
    "Only the first %(shown)s of %(all)s households are on this phone. Ask for a smaller area; use a computer for all."
)


def said(text: str, **parameters: object) -> Said:
    """Return a sentence in both languages."""
    found = {}
    for language in LANGUAGES:
        with translation.override(CODES[language]):
            found[language] = gettext(text) % parameters if parameters else gettext(text)
    return found


_fixed: dict[str, Said] = {}


def fixed(text: str) -> Said:
    """Return a sentence without parameters, worked out once."""
    if text not in _fixed:
        _fixed[text] = said(text)
    return _fixed[text]


def outcome(outcome: str, reason: str, entry: Entry | None) -> Said:
    """Return what a receipt says."""
    if outcome in OUTCOMES:
        return fixed(OUTCOMES[outcome])
    text = HELD.get(reason, HELD["unreadable"])
    if "%(detail)s" not in text:
        return fixed(text)
    problems = {language: "；".join(_problems(entry, language)) for language in LANGUAGES}
    found = {}
    for language in LANGUAGES:
        with translation.override(CODES[language]):
            found[language] = gettext(text) % {"detail": problems[language]}
    return found


def _problems(entry: Entry | None, language: str) -> Iterable[str]:
    kind = find_kind(entry.kind) if entry else None
    return kind.problems_in(entry, language) if entry and kind else ()

"""How far what an entry says of time is from what can be believed (ADR 0018), in words."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bulou.core.moments import CHINA
from bulou.ledger import law
from bulou.ledger.rules import Entry, belief_in
from bulou.ledger.trust import DRIFT, Doubt


def lasting(time: timedelta) -> str:
    """Return a length of time in the largest unit that says it."""
    seconds = abs(int(time.total_seconds()))
    if seconds >= 2 * 86_400:
        return ngettext("%(n)s day", "%(n)s days", seconds // 86_400) % {"n": seconds // 86_400}
    if seconds >= 2 * 3_600:
        return ngettext("%(n)s hour", "%(n)s hours", seconds // 3_600) % {"n": seconds // 3_600}
    return ngettext("%(n)s minute", "%(n)s minutes", seconds // 60) % {"n": seconds // 60}


def doubt_words(entry: Entry) -> str:
    """Return what is to be said of an entry's moments; nothing if they are believed and count as they stand."""
    if entry.received_at is None or entry.written_from is None:
        return ""
    belief = belief_in(entry, law.current())
    off = lasting(entry.happened_at - belief.counts_at)
    when = f"{belief.counts_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    if belief.doubt is Doubt.AHEAD:
        return _("Its time had not come yet when it was received (%(off)s): it settles nothing that is owed.") % {
            "off": lasting(max(entry.happened_at, entry.recorded_at) - entry.received_at)
        }
    if belief.doubt is Doubt.CLOCK:
        return _("The phone's clock was changed after it last heard from the server: it settles nothing that is owed.")
    if belief.doubt is Doubt.LONG_BEFORE and entry.marked:
        return _("Written down %(off)s after it is said to have happened: it settles nothing that is owed.") % {
            "off": off
        }
    if entry.happened_at < belief.counts_at - DRIFT:
        return _("Written down %(off)s after it is said to have happened: it counts from %(when)s, when it is known.") % {
            "off": off, "when": when,
        }  # fmt: skip
    return ""


def is_doubtful(entry: Entry) -> bool:
    """Tell whether what the entry says of time is not believed. Work written up in the evening is ordinary."""
    return belief_in(entry, law.current()).doubt is not Doubt.NONE

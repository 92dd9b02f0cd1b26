"""What a phone is told about what it sent, and why something waits for a person."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import override

from bulou.odk.actions import Came, Result

LANGUAGES = {"zh_Hans": "zh-hans", "en": "en"}  # of forms → of Django


def told(result: Result, language: str) -> str:
    """Return what Collect shows whoever sent it, in the phone's language."""
    with override(LANGUAGES.get(language, "zh-hans")):
        if result.came is Came.HELD:
            why = held_because(result.reason, result.detail)
            return _("Received and kept. A person in the office will look at it: %(why)s") % {"why": why}
        return _TOLD[result.came]()


def said(code: str, language: str = "zh_Hans") -> str:
    """Return what is wrong with a request as such, in the phone's language."""
    with override(LANGUAGES.get(language, "zh-hans")):
        return _REFUSED[code]()


def held_because(reason: str, detail: str) -> str:
    """Return in words why something is in the held tray; the detail where there are none."""
    words = _HELD.get(reason)
    return words() if words else detail or reason


_TOLD: dict[Came, Callable[[], str]] = {
    Came.APPLIED: lambda: _("Received and recorded."),
    Came.WAITING: lambda: _("Received. The rest of its files is still to come."),
    Came.DUPLICATE: lambda: _("Received before: nothing is lost and nothing is doubled."),
    Came.CLASH: lambda: _(
        "Another record was already received under this number. This one is kept for the office to decide. "
        "Do not send it again; tell the office if it should count."
    ),
}
_REFUSED: dict[str, Callable[[], str]] = {
    "unknown": lambda: _("This address is not known. Ask the office for a new code and scan it again."),
    "shut": lambda: _(
        "This phone's access has ended. What you recorded can still be sent. Ask the office for a new code."
    ),
    "not yet": lambda: _(
        "Whose name this phone writes in has not said yes. Sign in to Bulou as that worker, open “My account”, “My phones”."
    ),
    "password": lambda: _("Give the user name and password that stand under the code."),
    "too soon": lambda: _(
        "Too many wrong passwords came for this user name or from this network. Wait some minutes, then try again."
    ),
    "cut off": lambda: _("It was cut off on the way. Nothing is lost: send it again."),
    "no record": lambda: _("There is no record in what was sent (xml_submission_file)."),
    "too big": lambda: _("It is too big to be received. Take smaller photos."),
    "too many": lambda: _(
        "This phone has sent as many photographs as are taken in one day. "
        "Nothing is lost: it stays on the phone. Send it tomorrow."
    ),
    "no form": lambda: _("There is no such form for you. Get the forms again."),
}
_HELD: dict[str, Callable[[], str]] = {
    "unknown kind": lambda: _("the form is not known here."),
    "unknown version": lambda: _("this version of the form is not known here."),
    "unknown subject": lambda: _("the household, person or place is not in the register."),
    "elsewhere": lambda: _("the household or person is in another county."),
    "not permitted": lambda: _("your permission for this place does not cover it."),
    "clash of ids": lambda: _("another record was already received under its number."),
    "no subject": lambda: _("it does not say whom or what it is about."),
    "waits": lambda: _("it waits for the record it corrects, and is taken in with it."),
    "clock": lambda: _("its date cannot be right: look at the clock of this phone."),
    "unknown original": lambda: _("the record it corrects was not received."),
    "unreadable": lambda: _("it cannot be read."),
}

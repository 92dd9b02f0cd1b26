"""What every page draws the same way: navigation, states, bars, moments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

from bulou.access import queries as access
from bulou.access.rules import ranges_of
from bulou.access.words import action_word, author_word
from bulou.core.moments import CHINA, at_midnight, day_of, is_rehearsing
from bulou.core.moments import now as present
from bulou.field.queries.attachments import file_of
from bulou.office.doubts import doubt_words, is_doubtful
from bulou.office.forms.purposes import Offered, offered_purposes
from bulou.office.mine import mine
from bulou.office.rules import Coverage
from bulou.office.words import between
from bulou.people.words import column_word

register = template.Library()
register.filter("time_doubt", doubt_words)
register.filter("is_doubtful", is_doubtful)


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """The sections in the bar, and those behind "More"."""

    daily: list[Link]
    seldom: list[Link]

    def current(self) -> Link | None:
        """Return the one behind "More" that is open now."""
        return next((link for link in self.seldom if link.current), None)


# (URL name, title, permission): what is not installed or not permitted is left out. What is opened every day stands in
# the bar; the rest is one tap away, so that the bar stays one line at a desk.
DAILY = (
    ("office:home", gettext_noop("Board"), "see"),
    ("office:missing_home", gettext_noop("Missing"), "see"),
    ("office:cycle_home", gettext_noop("Today"), "see"),
    ("office:checkpoints_home", gettext_noop("Posts"), "see"),
    ("office:posts_home", gettext_noop("On duty"), "see"),
    ("office:find", gettext_noop("Find"), "search"),
    ("office:held", gettext_noop("Held"), "resolve"),
    ("office:records_home", gettext_noop("Records"), "see"),
)
SELDOM = (
    ("office:imports", gettext_noop("Imports"), "import"),
    ("office:own_forms_home", gettext_noop("Our own forms"), "order"),
    ("office:areas", gettext_noop("Areas"), "see"),
    ("office:headquarters_home", gettext_noop("Headquarters"), "see"),
    ("office:phones_home", gettext_noop("Phones"), "manage_devices"),
    ("access:accounts", gettext_noop("Accounts"), "manage_accounts"),
    ("odk:phones", gettext_noop("ODK Collect"), "manage_accounts"),
    ("access:desk_alerts", gettext_noop("Alerts"), "resolve"),
    ("access:second", gettext_noop("Waiting for a second person"), "approve"),
    ("access:audit", gettext_noop("Audit"), "audit"),
    ("access:alerts", gettext_noop("Alerts for the audit"), "audit"),
)
ACCOUNT = (
    ("office:my_duty", gettext_noop("My duty")),
    ("access:me", gettext_noop("My account")),
    ("access:second_mine", gettext_noop("What I asked for")),
    ("access:enrol_factor", gettext_noop("Two-step sign-in")),
    ("account_change_password", gettext_noop("Change password")),
)


@register.simple_tag
def purposes() -> list[Offered]:
    """Return what full details may be looked at for, in the language of the page."""
    return offered_purposes()


@register.simple_tag(takes_context=True)
def second(context: Context) -> tuple[int, int]:
    """Return how many asks wait for this account's word as the second person, and how many of its own were answered."""
    request = context.get("request")
    scope = getattr(request, "scope", None)
    if request is None or scope is None or not getattr(request, "by", ""):
        return 0, 0
    return access.waiting_for(request.by, ranges_of(scope.holdings, "approve"), present())


@register.simple_tag
def resets(account: UUID) -> list[tuple[datetime, str, str]]:
    """Return what others reset of the account of late: when, who, and what in words."""
    found = access.resets_of(account, present())
    names = access.names_of({one.by for one in found})
    return [(one.at, names.get(one.by) or author_word(one.by), action_word(one.action)) for one in found]


@register.simple_tag
def own_phones(account: UUID) -> dict[str, int]:
    """Return how many phones write, or are to write, in the account's name, and how many it has not spoken about."""
    found = mine(account, present())
    return {"all": len(found), "new": sum(one.new for one in found)}


@register.simple_tag
def comma() -> str:
    """Return what stands between two things of a list: 、 in Chinese."""
    return between()


@register.filter
def listed(values: Iterable[object]) -> str:
    """Return the values one after the other, with what stands between them in the language of the page."""
    return between().join(map(str, values))


@register.simple_tag
def rehearsal() -> datetime | None:
    """Return what a rehearsal's clock shows, or nothing when the clock is the world's."""
    return present().astimezone(CHINA) if is_rehearsing() else None


def find_address(name: str) -> str:
    """Return the address of a named page without parameters, or nothing if this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _allowed(context: Context, permission: str) -> bool:
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return False
    can = getattr(request, "can", None)
    return bool(can(permission)) if can else False


@register.simple_tag
def find_url(name: str) -> str:
    return find_address(name) or "/"


@register.simple_tag(takes_context=True)
def nav(context: Context) -> Menu:
    """Return the sections this account may open, the current one marked."""
    request = context.get("request")
    here = request.resolver_match.view_name if request is not None and request.resolver_match else ""
    here = context.get("section", here)

    def links(sections: Sequence[tuple[str, str, str]]) -> list[Link]:
        return [
            Link(gettext(title), url, current=name == here)
            for name, title, permission in sections
            if _allowed(context, permission) and (url := find_address(name))
        ]

    return Menu(links(DAILY), links(SELDOM))


@register.simple_tag(takes_context=True)
def account_links(context: Context) -> list[Link]:
    return [Link(gettext(title), url) for name, title in ACCOUNT if (url := find_address(name))]


# Never colour alone: a word, a symbol that differs in shape, and a colour.
STATES = {
    "waiting": ("◌", gettext_noop("Waiting")),
    "open": ("○", gettext_noop("Open")),
    "overdue": ("▲", gettext_noop("Overdue")),
    "met": ("✓", gettext_noop("Done")),
    "met late": ("◑", gettext_noop("Done late")),
    "waived": ("–", gettext_noop("Waived")),
    "unowned": ("?", gettext_noop("Unowned")),
}


@register.simple_tag
def state(value: Any) -> SafeString:
    """Draw a duty's state."""
    key = str(value)
    symbol, word = STATES[key]
    return format_html('<span class="state {}"><i aria-hidden="true">{}</i>{}</span>',
                       key.replace(" ", "-"), symbol, gettext(word))  # fmt: skip


@register.simple_tag
def bar(done: int, late: int, waived: int, overdue: int, owed: int) -> SafeString:
    """Draw one bar of a hundred parts: done, done late, let go, overdue, the rest still open.

    SVG attributes rather than style, which the content security policy refuses.
    """
    parts = []
    x = 0.0
    for name, value in (("met", done), ("met-late", late), ("waived", waived)):
        width = 100 * value / owed if owed else 0
        if width:
            parts.append(
                format_html('<rect class="{}" x="{}" width="{}" height="8"/>', name, f"{x:.2f}", f"{width:.2f}")
            )
        x += width
    if owed and overdue:
        # Even one overdue household in ten thousand must be seen: never thinner than one part in a hundred.
        width = max(100 * overdue / owed, 1.0)
        parts.append(
            format_html('<rect class="overdue" x="{}" width="{}" height="8"/>', f"{100 - width:.2f}", f"{width:.2f}")
        )
    inside = SafeString("".join(parts))
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">{}</svg>', inside
    )


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """Look up a key that is itself a variable."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


@register.filter
def china(moment: datetime | None) -> str:
    """Write a moment to the minute in China's time, as every figure's cut-off is written."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if moment else ""


@register.filter
def deadline(moment: datetime | None) -> str:
    """When something is due: what ends with a day is due at 24:00 of it, as orders say, not at 0:00 of the next."""
    if moment is not None and moment == at_midnight(day_of(moment)):
        return f"{day_of(moment) - timedelta(days=1)} 24:00"
    return china(moment)


@register.filter
def china_day(moment: datetime | None) -> str:
    return str(day_of(moment)) if moment else ""


@register.simple_tag
def verdict(coverage: Coverage) -> SafeString:
    """Say whether an area is complete. There is no nearly: one missing household is incomplete."""
    if coverage.complete:
        return format_html('<span class="state met"><i aria-hidden="true">✓</i>{}</span>', gettext("Complete"))
    if coverage.missing:
        return format_html('<span class="state overdue"><i aria-hidden="true">▲</i>{}</span>', gettext("Incomplete"))
    if coverage.lapsed:
        return format_html('<span class="state overdue"><i aria-hidden="true">✕</i>{}</span>', gettext("Lapsed"))
    return format_html('<span class="state waiting"><i aria-hidden="true">◌</i>{}</span>', gettext("Nothing owed yet"))


@register.simple_tag
def coverage_bar(coverage: Coverage) -> SafeString:
    drawn = bar(coverage.met, coverage.met_late, coverage.waived, coverage.overdue, coverage.begun)
    return format_html('<span class="coverage"><span class="nowrap">{}</span>{}</span>', coverage.percent, drawn)


TIERS = {
    1: gettext_noop("First responsibility"),
    2: gettext_noop("Direct responsibility"),
    3: gettext_noop("Specific responsibility"),
}


@register.simple_tag
def tier(value: int | None) -> str:
    """Name one of the three tiers of responsibility."""
    return gettext(TIERS[value]) if value else ""


@register.filter
def anchor(name: str) -> str:
    """Return the id of a question from its name on the page."""
    return name.replace(".", "-")


DWELLINGS = {
    "owner": gettext_noop("Lived in by the owner"),
    "rented": gettext_noop("Rented out"),
    "vacant": gettext_noop("Vacant"),
    "unassigned": gettext_noop("Unassigned"),
}
SEXES = {"male": gettext_noop("Male"), "female": gettext_noop("Female")}


@register.simple_tag
def dwelling(value: str) -> str:
    return gettext(DWELLINGS[value]) if value in DWELLINGS else "–"


@register.simple_tag
def sex(value: str) -> str:
    return gettext(SEXES[value]) if value in SEXES else "–"


@register.simple_tag
def away(person: Any) -> str:
    """Say whether a person is away, and where, as far as a list has said."""
    if person.away is None:
        return "–"
    if not person.away:
        return gettext("At home")
    return f"{gettext('Away')} · {person.away_to}" if person.away_to else gettext("Away")


DESKS = {
    "desk": gettext_noop("Typed in on a screen"),
    "move": gettext_noop("Moved to another area"),
    "end": gettext_noop("Taken out of the register"),
}


@register.filter
def list_title(name: str) -> str:
    """Return a list's name; what was done on a screen is no list, and is said in words."""
    sort, colon, _rest = name.partition(":")
    return gettext(DESKS[sort]) if colon and sort in DESKS else name


@register.filter
def header_title(header: str) -> str:
    """Return a list's header; that of what was typed in on a screen is one of our own columns."""
    return gettext("Why") if header == "reason" else column_word(header)


RESOLUTIONS = {
    "applied": gettext_noop("Applied as it was"),
    "corrected": gettext_noop("Applied after correction"),
    "dismissed": gettext_noop("Dismissed"),
}


@register.simple_tag
def resolution(value: str) -> str:
    """Say what was decided about a held entry."""
    return gettext(RESOLUTIONS[value]) if value in RESOLUTIONS else value


@register.simple_tag
def photo_address(county: int | str, entry: object, digest: str) -> str:
    """Return the address of an entry's photograph, nothing while it has not arrived or where no entry is said."""
    if not entry or not county or not file_of(int(county), digest).exists():
        return ""
    return reverse("office:photo", args=[county, entry, digest])

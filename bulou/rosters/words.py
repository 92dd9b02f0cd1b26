"""What posts, roles, teams and findings are called, and why something was refused, in the language of the page."""

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from bulou.rosters.queries import Draft
from bulou.rosters.rules.checking import Finding
from bulou.rosters.rules.columns import Column
from bulou.rosters.rules.explaining import Pigeonhole, Reason, Shortage
from bulou.rosters.rules.registers import Refused
from bulou.rosters.rules.teams import Finding as TeamFinding


def type_word(type_: str) -> str:
    """Return what a type of post is called."""
    words = {
        "interprovincial": pgettext("post", "Inter-provincial"),
        "intercounty": pgettext("post", "Inter-county"),
        "traffic": pgettext("post", "Traffic monitoring"),
        "turn_back": pgettext("post", "Turn-back station"),
        "duty_point": pgettext("post", "Duty point"),
        "estate": pgettext("post", "Estate"),
        "village": pgettext("post", "Village or group"),
        "station": pgettext("post", "Station"),
        "quarantine": pgettext("post", "Quarantine site"),
        "other": pgettext("post", "Other"),
    }
    return words.get(type_, type_)


def role_word(role: str) -> str:
    """Return what a role or skill is called; a county's own word stands for itself."""
    words = {
        "": pgettext("role", "anybody"),
        "general": pgettext("role", "anybody"),
        "police": pgettext("role", "police"),
        "health": pgettext("role", "health"),
        "transport": pgettext("role", "transport"),
        "emergency": pgettext("role", "emergency management"),
        "village_cadre": pgettext("role", "village cadre"),
        "leader": pgettext("role", "leader on duty"),
        "driver": pgettext("role", "driver"),
        "disinfection": pgettext("role", "disinfection"),
        "registration": pgettext("role", "registration"),
    }
    return words.get(role, role)


ROLES = (
    "police",
    "health",
    "transport",
    "emergency",
    "village_cadre",
    "leader",
    "driver",
    "disinfection",
    "registration",
)


def column_word(column: str) -> str:
    """Return what a column of a list of responders is called."""
    words = {
        Column.NAME: _("Name"),
        Column.PHONE: _("Phone"),
        Column.UNIT: _("Unit"),
        Column.SYSTEM: _("System"),
        Column.POSITION: _("Position"),
        Column.ROLES: _("Can serve as"),
        Column.SKILLS: _("Skills"),
        Column.PARTY: _("Party member"),
        Column.TOWNSHIP: _("Township"),
        Column.VILLAGE: _("Village"),
        Column.LATITUDE: _("Latitude"),
        Column.LONGITUDE: _("Longitude"),
    }
    return words.get(Column(column), column)


def bad_row_word(code: str, what: str) -> str:
    """Return why a row of a list was not taken, and what to do."""
    words = {
        "no name": _("The name is missing."),
        "phone": _("“%(what)s” is no telephone number: digits only."),
        "position": _("“%(what)s” is no latitude and longitude in degrees."),
        "place": _("There is no place called “%(what)s” here, or there are two: write it as in the area tree."),
        "party": _("“%(what)s” says neither yes nor no: write 是 or 否."),
        "too long": _("There are too many roles or skills in this row."),
    }
    return words.get(code, code) % {"what": what}


def label_word(words: tuple[str, str]) -> str:
    """Return a team label in the language of the page from its Chinese and English words."""
    return words[1] if (get_language() or "").startswith("en") else words[0]


def stand_word(sort: str) -> str:
    words = {
        "zone": _("Responsibility zones"),
        "pioneer": _("Pioneer posts"),
        "service": _("Service posts"),
    }
    return words.get(sort, sort)


def reason_word(reason: str) -> str:
    """Return why a post calls for help."""
    words = {
        "traffic": _("heavy traffic"),
        "few_hands": _("too few hands"),
        "hard_task": _("a hard task"),
        "sick": _("somebody fell ill"),
        "other": _("something else"),
    }
    return words.get(reason, reason)


def draft_word(stands: str) -> str:
    """Return how a roster in the making stands (`Draft.stands`)."""
    words = {
        "waiting": pgettext("draft", "Waiting to be made"),
        "running": pgettext("draft", "Being made"),
        "ready": pgettext("draft", "Ready to look at"),
        "failed": pgettext("draft", "Failed"),
        "stopped": pgettext("draft", "Stopped"),
        "lost": pgettext("draft", "Not made"),
        "published": pgettext("draft", "Published"),
    }
    return words.get(stands, stands)


def why_not_made(draft: Draft) -> str:
    """Return what happened to a roster that is not being made, or whose making was begun again; "" if nothing did."""
    if draft.stands == "lost":
        return _("The server was stopped while it was being made, and nothing came of it.")
    code, _bar, what = (draft.job.why if draft.job else "").partition("|")
    words = {
        "died": _("The program that makes it died in the middle of it. Tries: %(what)s."),
        "long": _("It took far longer than a roster takes, and was ended. Tries: %(what)s."),
        "error": _("There is a fault in the program (%(what)s). Tell whoever runs this installation."),
    }
    return words.get(code, code) % {"what": what}


def finding_word(finding: Finding) -> str:
    """Return what is wrong with a roster, without names and hours, which stand beside it."""
    said = {"role": role_word(finding.role), "count": finding.count, "limit": f"{finding.limit:g}",
            "found": f"{finding.found:.1f}".removesuffix(".0")}  # fmt: skip
    words = {
        "double_booking": _("stands at two posts at once"),
        "rest": _("%(found)s hours of rest; at least %(limit)s are asked for"),
        "nights": _("%(found)s nights in a row; at most %(limit)s"),
        "days": _("%(found)s days in a row; at most %(limit)s"),
        "week": _("%(found)s turns in seven days; at most %(limit)s"),
        "distance": _("lives %(found)s km away; at most %(limit)s"),
        "unavailable": _("cannot serve then"),
        "role": _("does not hold the role: %(role)s"),
        "leader": _("may not be the leader on duty"),
        "twice": _("is down twice for one turn"),
        "unknown": _("is not in the register"),
    }
    if finding.code == "gap":
        return (_("no leader on duty") if finding.leads else _("%(count)d short: %(role)s")) % said
    return words.get(finding.code, finding.code) % said


def lacks_word(short: Shortage) -> str:
    """Return how many of which role are short."""
    if short.leads:
        return _("no leader on duty")
    return _("%(count)d short: %(role)s") % {"count": short.missing, "role": role_word(short.role)}


def kept_away_word(reason: Reason) -> str:
    """Return what kept how many people of the role from standing a turn."""
    words = {
        "on_duty": _("on duty elsewhere then: %(n)d"),
        "rest": _("would have too little rest: %(n)d"),
        "nights": _("have had their nights in a row: %(n)d"),
        "days": _("have had their days in a row: %(n)d"),
        "week": _("have had their turns of the week: %(n)d"),
        "far": _("live too far away: %(n)d"),
        "ill": _("ill: %(n)d"),
        "exposed": _("had contact: %(n)d"),
        "leave": _("on leave: %(n)d"),
        "family": _("needed at home: %(n)d"),
        "called_away": _("called elsewhere: %(n)d"),
        "free": _("free, to be put there by hand: %(n)d"),
        "no_shift": _("no turn of this roster lies at that hour"),
        "no_holder": _("nobody in the register may serve as that"),
    }
    return words.get(reason.code, _("cannot serve then: %(n)d")) % {"n": reason.count}


def pigeonhole_word(hole: Pigeonhole) -> str:
    """Return why no roster whatever can fill these needs."""
    said = {"people": hole.people, "most": hole.most, "need": hole.need, "posts": hole.posts,
            "short": hole.need - hole.most, "role": role_word("leader" if hole.leads else hole.role)}  # fmt: skip
    return (
        _(
            "%(role)s: %(people)d people may stand at most %(most)d turns within the limits, and %(posts)d posts ask for"
            " %(need)d. Wherever they are sent, %(short)d turns stay open: register more people, ask the reserve, or ask for"
            " fewer."
        )
        % said
    )


def team_finding_word(finding: TeamFinding, labels: dict[str, tuple[str, str]]) -> str:
    """Return what the rule set finds about a team or a post."""
    label = label_word(labels[finding.label]) if finding.label in labels else finding.label
    said = {"found": finding.found, "asked": finding.asked, "label": label}
    words = {
        "small": _("%(found)d people; a %(label)s has at least %(asked)d") if label
        else _("%(found)d people; at least %(asked)d were asked for"),
        "no_lead": _("nobody leads it"),
        "no_team": _("%(found)d party members stand here and there is no %(label)s (from %(asked)d on there should be)"),
    }  # fmt: skip
    return words[finding.code] % said


def explain(refused: Refused) -> str:
    """Return why something was refused, and what to do."""
    words = {
        "no name": _("Give it a name."),
        "type": _("Choose a type from the list."),
        "dates": _("The end must come after the beginning."),
        "clock": _("Write clock times such as 23:00."),
        "count": _("Ask for at least one person."),
        "position": _("Write latitude and longitude in degrees."),
        "party": _("This county has not declared that it keeps party membership."),
        "word": _("A role or skill is one word, without spaces."),
        "no turns": _("This roster has no turns: make it again, or put people in by hand."),
        "no posts": _("Choose at least one post."),
        "days": _("A roster is made for 1 to 31 days."),
        "moments": _("A turn must end after it begins and last at most a day."),
        "double booked": _("Somebody already stands a turn at that time. Choose another, or change that turn first."),
        "not being made": _("This roster is not being made any more."),
        "not ready": _("This roster is being made, or was published already."),
        "no label": _("Say what kind of team it is."),
        "label": _("Choose a kind of team from the list."),
        "contact": _("A line names a leader, and either a department or a township."),
        "too many": _("One order calls at most 1,000 people: make two."),
        "account taken": _("This account is linked to another responder: take it from them first."),
        "no basis": _("Say on what basis."),
        "not permitted": _("Your account may not record this here. Ask who manages accounts for the area."),
    }
    return words.get(refused.code, refused.what or refused.code)

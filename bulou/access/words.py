"""What permissions, refusals and audited acts are called on the screen."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext, gettext_noop

from bulou.access.looking import purposes
from bulou.access.rules import Refusal, TooMany
from bulou.core.moments import CHINA, day_of, parse_moment

PERMISSION_WORDS = {
    "see": gettext_noop("See boards, lists and records, masked"),
    "record": gettext_noop("Write entries"),
    "record_for": gettext_noop("Write down what another says, naming them"),
    "order": gettext_noop("Issue orders, decisions and assignments"),
    "reveal": gettext_noop("See a full name, ID number or phone, on record"),
    "search": gettext_noop("Search for a person, on record"),
    "import": gettext_noop("Import registers"),
    "export": gettext_noop("Export lists, on record"),
    "approve": gettext_noop("Approve what another has prepared"),
    "resolve": gettext_noop("Decide about held entries"),
    "manage_accounts": gettext_noop("Manage accounts and roles"),
    "manage_devices": gettext_noop("Let phones in and take them out of use"),
    "audit": gettext_noop("Read the audit"),
    "manage_areas": gettext_noop("Change areas and who answers for them"),
    "manage_people": gettext_noop("Change households and persons"),
}

REFUSALS = {
    "area_not_held": gettext_noop("You do not manage accounts in this area. Choose an area inside your own."),
    "permission_not_held": gettext_noop("You cannot give what you do not hold yourself: %(permissions)s."),
    "bad_username": gettext_noop("Use two or more lower-case letters, digits, dots or dashes."),
    "username_taken": gettext_noop("Somebody already has the user name “%(username)s”. Choose another."),
    "role_taken": gettext_noop("There is already a role with this identifier. Choose another."),
    "own_account": gettext_noop("You cannot do this to your own account. Ask another manager."),
    "ends_before_start": gettext_noop("The last day lies before the first. Choose a later one."),
    "grant_ended": gettext_noop("This grant is already over. Give the role again."),
    "no_permission": gettext_noop("Choose at least one permission."),
    "no_purpose": gettext_noop("Say what the full details are needed for."),
    "purpose_words": gettext_noop("Say in a few words of your own what exactly it is needed for."),
    "stands_for_more": gettext_noop("The role cannot do the work of “%(role)s”: it lacks %(permissions)s."),
    "own_ask": gettext_noop("Nobody approves what they ask for themselves."),
    "not_second": gettext_noop(
        "You cannot be the second person for this: it takes somebody who may approve over the whole area, of another "
        "headquarters where it says so, and neither of you made or reset the other's account in the last three days."
    ),
    "password_given": gettext_noop("Choose a password of your own first: this one was given to you."),
    "reset_by_same": gettext_noop(
        "Whoever enrolled this phone also gave you a new password or reset your second step in the last three days, and "
        "could have signed in instead of you. Somebody else must enrol the phone, or wait."
    ),
    "no_word": gettext_noop("Say in a few words why."),
    "no_outsider": gettext_noop(
        "This takes two people of whom one is not of this headquarters, and nobody above it has an account here that may "
        "approve. Whoever owns the machine can do it at its console: bulou accounts."
    ),
    "factor_code": gettext_noop(
        "This code is not yours, wrong, used or too old. Ask another manager for a new one, and let them hand it to you."
    ),
    "factor_there": gettext_noop("The second step is on already."),
    "no_factor": gettext_noop("There is no second step to remove: make a code to set it up."),
    "ask_managers": gettext_noop("This is for people to do on the page of the account: %(names)s."),
    "setup_key": gettext_noop("This key is wrong, used or older than a day. Start the server again to get a new one."),
}

ACTIONS = {
    "sign_in": gettext_noop("Signed in"),
    "sign_in_failed": gettext_noop("Wrong password"),
    "code_failed": gettext_noop("Wrong code of a second factor"),
    "change_password": gettext_noop("Changed own password"),
    "setup": gettext_noop("Set the installation up"),
    "create_account": gettext_noop("Made an account"),
    "set_password": gettext_noop("Gave a new password"),
    "disable_account": gettext_noop("Disabled an account"),
    "enable_account": gettext_noop("Enabled an account"),
    "forget_second_factor": gettext_noop("Removed a second factor"),
    "make_factor_code": gettext_noop("Made a code for a second factor"),
    "refuse_factor_code": gettext_noop("Wrong code for a second factor to be set up"),
    "enrol_factor": gettext_noop("Set the second factor up"),
    "move_factor": gettext_noop("Moved the second factor to another phone"),
    "use_recovery_code": gettext_noop("Used a recovery code"),
    "make_recovery_codes": gettext_noop("Made new recovery codes"),
    "refuse_factor_reset": gettext_noop("Refused to remove a second factor"),
    "grant": gettext_noop("Gave a role"),
    "revoke_grant": gettext_noop("Took a role back"),
    "renew_grant": gettext_noop("Extended a role"),
    "make_role": gettext_noop("Made a role"),
    "second_asked": gettext_noop("Asked for a second person"),
    "second_approved": gettext_noop("Approved, as the second person"),
    "second_refused": gettext_noop("Refused, as the second person"),
    "second_done": gettext_noop("Carried out what a second person approved"),
    "second_none": gettext_noop("Acted alone: there was no second person"),
    "reveal": gettext_noop("Looked at full data"),
    "search": gettext_noop("Searched for a person"),
    "export": gettext_noop("Exported"),
    "import": gettext_noop("Imported"),
    "see_alert": gettext_noop("Looked at an alert"),
    "incident closed": gettext_noop("Closed an incident"),
    "incident reopened": gettext_noop("Took a closed incident up again"),
    "destruction approved": gettext_noop("Gave their word to destroy"),
    "decision table": gettext_noop("Took a decision table into use"),
    "rule set": gettext_noop("Put a rule set in force"),
    "issue_phone_token": gettext_noop("Showed a code to enrol a phone"),
    "confirm_phone": gettext_noop("Let a phone in"),
    "refuse_phone": gettext_noop("Turned a phone away"),
    "revoke_phone": gettext_noop("Took a phone out of use"),
    "consent_phone": gettext_noop("Said that a phone is theirs"),
    "disown_phone": gettext_noop("Said that a phone is not theirs"),
    "look_at_phone": gettext_noop("Looked at a new phone"),
    "keep_phone": gettext_noop("Left a phone in use that came back"),
    "readmit_phone": gettext_noop("A phone came back by its certificate"),
    "odk_made": gettext_noop("Set up a phone with ODK Collect"),
    "odk_revoked": gettext_noop("Took a phone with ODK Collect out of use"),
    "renew_phone": gettext_noop("Let a phone go on"),
}

ACTS = {
    "full_export": gettext_noop("Take a list out with names, numbers and phones in full"),
    "decision_table": gettext_noop("Take a decision table into use"),
    "rule_set": gettext_noop("Put a rule set in force"),
    "give_powers": gettext_noop("Give a role that manages accounts or approves"),
    "renew_powers": gettext_noop("Extend a role that manages accounts or approves"),
    "reset_password": gettext_noop("Give a new password to an account that manages others or approves"),
    "reset_factor": gettext_noop("Reset the second step of an account that manages others or approves"),
    "close_incident": gettext_noop("Close the incident"),
    "reopen_incident": gettext_noop("Take a closed incident up again"),
    "give_auditor": gettext_noop("Make somebody an auditor"),
    "change_auditor": gettext_noop("Change or reset an auditor's account"),
}

REASONS = {
    "never_used": gettext_noop("never used"),
    "unused": gettext_noop("not used for 30 days"),
    "grant_ending": gettext_noop("a role ends within 7 days"),
    "expiring": gettext_noop("the account ends within 7 days"),
    "no_grant": gettext_noop("no role"),
}


def permission_word(permission: str) -> str:
    return gettext(PERMISSION_WORDS.get(permission, permission))


def action_word(action: str) -> str:
    """Return what the act is called; acts recorded by contexts above keep their own name until they are added here."""
    return gettext(ACTIONS.get(action, action))


DETAILS = {
    "area": gettext_noop("area"),
    "role": gettext_noop("role"),
    "until": gettext_noop("until"),
    "username": gettext_noop("user name"),
    "permissions": gettext_noop("permissions"),
    "stands_for": gettext_noop("does the work of"),
    "rows": gettext_noop("rows"),
    "fields": gettext_noop("fields"),
    "words": gettext_noop("searched for"),
    "days": gettext_noop("days"),
    "looks": gettext_noop("looks"),
    "act": gettext_noop("what"),
    "left": gettext_noop("left"),
}


ASKED = {
    "what": gettext_noop("What"),
    "kind": gettext_noop("Kind of record"),
    "form": gettext_noop("Kind of file"),
    "purpose": gettext_noop("Purpose"),
    "from": gettext_noop("From"),
    "to": gettext_noop("To"),
    "on": gettext_noop("Day"),
    "since": gettext_noop("Since"),
    "basis": gettext_noop("Document it rests on"),
    "name": gettext_noop("Name"),
    "username": gettext_noop("user name"),
    "role": gettext_noop("role"),
    "over": gettext_noop("Over"),
    "until": gettext_noop("until"),
    "last_day": gettext_noop("Last day"),
    "level": gettext_noop("Response level"),
    "days": gettext_noop("days"),
    "does": gettext_noop("What is done"),
    "reason": gettext_noop("How they know that it is them"),
}
DOES = {
    "register": gettext_noop("the register of households and persons"),
    "responsibilities": gettext_noop("the responsibility list"),
    "records": gettext_noop("records"),
    "rows": gettext_noop("the rows to correct of a list somebody else brought"),
    "password": gettext_noop("a new password"),
    "factor": gettext_noop("the second step is reset"),
    "code": gettext_noop("a code to set the second step up with"),
    "revoke": gettext_noop("the role is taken back"),
    "renew": gettext_noop("the role is extended"),
    "give": gettext_noop("a role is given"),
    "disable": gettext_noop("the account is disabled"),
    "enable": gettext_noop("the account is let in again"),
}
UNSAID = frozenset({"account", "grant", "incident", "text", "run"})  # ids, and what stands elsewhere on the page


def asked_words(asked: Mapping[str, Any], roles: Mapping[str, str], areas: Mapping[int, str]) -> list[tuple[str, str]]:
    """Return the parameters of an act that waits for a second person, in words."""
    shown, order = [], list(ASKED)
    for name, value in sorted(asked.items(), key=lambda one: order.index(one[0]) if one[0] in order else len(order)):
        if name in UNSAID or value == "":
            continue
        if name == "role":
            value = roles.get(value, value)
        elif name == "over":
            value = areas.get(int(value), value)
        elif name == "purpose":
            value = purpose_word(value)
        elif name in ("what", "does"):
            value = gettext(DOES.get(value, value))
        elif name == "until":
            value = parse_moment(value).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
        elif name == "days" and "until" in asked:
            continue
        shown.append((gettext(ASKED.get(name, name)), str(value)))
    return shown


def author_word(author: str) -> str:
    """Return what to call an author who is no account of this installation."""
    return gettext("the system") if author.startswith("system:") else author


def detail_words(detail: Mapping[str, Any], roles: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what an audit row says beside its act, in words; ids stay in the table and are not shown."""
    shown = []
    for name, value in detail.items():
        if name in ("grant", "device", "app_user"):
            continue
        if name == "until":
            value = day_of(parse_moment(value)).isoformat()
        elif name == "role":
            value = roles.get(value, value)
        elif name == "act" and value in ACTS:
            value = gettext(ACTS[value])
        elif name == "permissions":
            value = "、".join(map(permission_word, value))
        elif isinstance(value, list):
            value = "、".join(map(str, value))
        shown.append((gettext(DETAILS.get(name, name)), str(value)))
    return shown


LOOKED = {
    "reveal": gettext_noop("looked at people in full"),
    "search": gettext_noop("searched for people"),
    "export": gettext_noop("took lists out"),
    "sign_in_failed": gettext_noop("wrong passwords or codes came for this account"),
    "sign_in_spread": gettext_noop("wrong passwords came from one address, for many accounts"),
}


def purpose_word(purpose: str) -> str:
    """Return a purpose as people read it: "Follow-up", "Something else: …"; what is none of the list as it stands."""
    name, colon, said = purpose.partition(": ")
    known = purposes().get(name)
    if known is None:
        return purpose
    return f"{known.en if get_language() == 'en' else known.zh}{': ' if colon else ''}{said}"


def _too_many(refused: TooMany) -> str:
    parameters = refused.parameters
    if refused.again is None:
        return gettext("At most %(most)s at a time may be looked at.") % parameters
    again = refused.again.astimezone(CHINA)
    if refused.parameters["action"] == "reveal":
        said = gettext("You have looked at as many people as may be looked at: %(most)s in %(minutes)s minutes.")
    elif refused.parameters["action"] == "search":
        said = gettext("You have searched as often as may be searched: %(most)s times in %(minutes)s minutes.")
    else:
        said = gettext("You have taken out as many lists as may be taken out: %(most)s in %(minutes)s minutes.")
    later = gettext("Try again from %(when)s.") % {"when": f"{again:%m-%d %H:%M:%S}"}
    return f"{said % parameters} {later}"


def refusal_text(refusal: Refusal) -> str:
    """Return the refusal in words for the person who was refused."""
    if isinstance(refusal, TooMany):
        return _too_many(refusal)
    message = gettext(REFUSALS[refusal.code]) if refusal.code in REFUSALS else gettext("Your account may not do this.")
    parameters = {
        name: "、".join(map(permission_word, value)) if name == "permissions" and isinstance(value, list) else value
        for name, value in refusal.parameters.items()
    }
    return message % parameters if parameters else message

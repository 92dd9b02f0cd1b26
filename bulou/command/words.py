"""Headquarters' words: what a refusal says to the person who gave the order, and what levels and seats are called."""

from django.utils.translation import gettext as _

from bulou.command.rules import Problem, Refused, Seat


def say(refused: Refused) -> str:
    """Return what is wrong and what to do about it."""
    params = refused.params
    match refused.problem:
        case Problem.EMPTY:
            return _("Fill in “%(field)s”: it is empty.") % {"field": field_word(params.get("field", ""))}
        case Problem.DATES:
            return _("An incident cannot end before it began: check the two dates.")
        case Problem.LEVEL:
            return _("The response level is I, II, III or IV, or stood down.")
        case Problem.BASIS:
            return _("Name the document this rests on: without one it cannot be declared.")
        case Problem.NO_INCIDENT:
            return _("This incident does not exist or lies outside your area.")
        case Problem.NO_UNIT:
            return _("This unit is not part of the headquarters.")
        case Problem.NO_APPOINTMENT:
            return _("This appointment does not exist or has ended already.")
        case Problem.SET_UP:
            return _("The headquarters of this incident is already set up: rename its units instead.")
        case Problem.SEAT:
            return _("Commander and deputies sit in the headquarters itself, leads and members in one of its units.")
        case Problem.BELOW_COUNTY:
            return _("A rule set holds for a whole county: choose the county or an area above it.")
        case Problem.UNKNOWN_RULESET:
            return _("There is no rule set %(name)s. There are: %(known)s.") % params
        case Problem.RULESET_BEGINS:
            return _("Rule set %(name)s begins on %(valid_from)s: it cannot be in force before.") % params
        case Problem.DUE_PAST:
            return _("The due time has passed already: give a later one.")
        case Problem.DUE_LATE:
            return _("No issue is left overnight: the due time is 24:00 today at the latest.")
        case Problem.OWNER:
            return _("Say who must do it: a role or a person.")
        case Problem.NO_ASSIGNMENT:
            return _("This assignment does not exist or lies outside your area.")
        case Problem.NO_AREA:
            return _("This area does not exist or is not yours to report on.")
        case Problem.REPORTED:
            return _("A report of this day was confirmed already: correct it instead.")
        case Problem.NOT_BEGUN:
            return _("This day has not begun: there is nothing to report yet.")
        case Problem.STILL_OPEN:
            return _("This incident is open: close it first.")
        case Problem.SAME_PERSON:
            return _("Your word is given already: it takes a second person's.")
        case Problem.NOT_TAKEN:
            return _("It could not be recorded: %(detail)s") % params


def level_word(level: int) -> str:
    """Return what a response level (1 to 4, 0 stood down) is called."""
    words = {0: _("Stood down"), 1: _("Level I"), 2: _("Level II"), 3: _("Level III"), 4: _("Level IV")}
    return words[level]


def seat_word(seat: Seat) -> str:
    """Return what a seat in the headquarters is called."""
    words = {
        Seat.COMMANDER: _("Commander"),
        Seat.FIRST_DEPUTY: _("First deputy commander"),
        Seat.DEPUTY: _("Deputy commander"),
        Seat.LEAD: _("Lead"),
        Seat.MEMBER: _("Member"),
    }
    return words[seat]


def field_word(field: str) -> str:
    """Return what a field of these forms is called."""
    words = {
        "name": _("name"),
        "disease": _("disease"),
        "person": _("person"),
        "text": _("what was decided"),
        "what": _("what must be done"),
        "what_was_done": _("what was done"),
        "left_over": _("what is left over"),
        "situation": _("situation"),
        "reason": _("reason of the correction"),
    }
    return words.get(field, field)

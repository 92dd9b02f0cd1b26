"""Words of a county's own forms: what a refusal says, what a form may be about, what types of question are called."""

from django.utils.translation import gettext as _

from bulou.own_forms.rules import Problem, Refused


def say(refused: Refused) -> str:
    """Return what is wrong and what to do about it."""
    params = refused.params
    match refused.problem:
        case Problem.NO_ID:
            return _("The form has no form_id: give it one on the sheet “settings”.")
        case Problem.NO_REASON:
            return _("Say why the form is withdrawn.")
        case Problem.NO_AREA:
            return _("This area does not exist, or a form for it is not yours to declare.")
        case Problem.NO_FORM:
            return _("This form does not exist or lies outside your area.")
        case Problem.ELSEWHERE:
            return _("Another area uses a form with the id “%(form_id)s”: give yours another form_id.") % params
        case Problem.SAME_NAME:
            return _("The form_id “%(form_id)s” is too like “%(other)s”, which is in use: give yours another.") % params
        case Problem.KEEP_DAYS:
            return _("Give a whole number of days, from 1 to %(most)s.") % params
        case Problem.UNUSABLE:
            return _("This form cannot be used as it is: look at what is said of it, row by row.")


def subject_words() -> dict[str, str]:
    """Return what a form may be about, by the type of the subject."""
    return {"area": _("A place: the village, the town, a post"), "household": _("A household"), "person": _("A person")}


def type_word(name: str) -> str:
    """Return what a type of question is called."""
    return {
        "text": _("text"), "integer": _("whole number"), "decimal": _("number"), "date": _("date"), "time": _("time"),
        "dateTime": _("date and time"), "select_one": _("one of a list"), "select_multiple": _("several of a list"),
        "acknowledge": _("to confirm"), "geopoint": _("place"), "image": _("photo or file"), "barcode": _("barcode"),
        "note": _("note"), "calculate": _("worked out"), "group": _("section"), "repeat": _("repeated"),
    }.get(name, name)  # fmt: skip

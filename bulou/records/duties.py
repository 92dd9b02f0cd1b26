"""What a record makes people owe, what it proves done, and what it lets go.

Every value is an XLSForm expression over the record's fields, or a literal where the docstring says so. Expressions may
also use `${_happened_at} ${_by} ${_subject} ${_area} ${_id}`, what the envelope says, and `rule('…')`.
"""

from dataclasses import KW_ONLY, dataclass


@dataclass(frozen=True, slots=True)
class Opens:
    """The record opens a duty, one for every member of a set, every slot of every day, or every row of a repeat.

    `duty` is its name and `owed_by` its owner ("role:grid_worker"), both text in which `${field}` is filled in.
    `when`: only if true. `subject`: the entry's own if empty, `entry:<id>` if "self", else an expression.
    `over`: the name of a set of subjects ("households") in the entry's area.
    `each`: a repeat, for every row of which it opens; expressions see the row's fields first. Rows that open the very
    same duty (of the same subject) open it once.
    `opens`: expression of a moment or a day (its first moment); when it happened if empty.
    It is due at the moment `due`, or `within_hours` (both expressions) after it opens. If `due` gives a day, `at` names
    the time on it in China: a clock ("24:00") or an expression of one. `closes`: expression of the moment from which
    evidence no longer counts; never if empty.
    With `days` (expression, a number) and `slots` the duty repeats from the day of `opens`. `slots` is the path of a
    rule listing clock windows ["00:00-12:00", "12:00-24:00"]: each opens at its start, is due at its end and closes
    when the next one begins. `grace_hours` (expression) is what a member that joins the set later is given.
    """

    duty: str
    owed_by: str
    _: KW_ONLY
    when: str = ""
    subject: str = ""
    over: str = ""
    opens: str = ""
    due: str = ""
    closes: str = ""
    within_hours: str = ""
    at: str = ""
    days: str = ""
    slots: str = ""
    grace_hours: str = ""
    each: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError unless exactly one way of falling due is stated."""
        ways = [way for way in (self.due, self.within_hours, self.slots) if way]
        if len(ways) != 1:
            raise ValueError(f"duty {self.duty}: say when it is due by one of due, within_hours or slots")
        if bool(self.slots) != bool(self.days):
            raise ValueError(f"duty {self.duty}: days and slots belong together")
        if self.at and not self.due:
            raise ValueError(f"duty {self.duty}: at names the time of the day given by due")
        if self.each and self.over:
            raise ValueError(f"duty {self.duty}: each and over are two sets; say one")
        if self.subject and self.over:
            raise ValueError(f"duty {self.duty}: over names its own subjects")
        if self.grace_hours and not self.over:
            raise ValueError(f"duty {self.duty}: only members of a set have a grace")


@dataclass(frozen=True, slots=True)
class Meets:
    """The record meets a duty, or one for every row of the repeat `each`, whose fields its expressions see first."""

    duty: str
    _: KW_ONLY
    when: str = ""
    each: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Waives:
    """The record lets go every open window of a duty, up to the moment `until` (the end of the day, if it is a day)."""

    duty: str
    _: KW_ONLY
    when: str = ""
    until: str = ""
    subject: str = ""


Effect = Opens | Meets | Waives

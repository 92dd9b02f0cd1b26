"""Rules of a county's own forms: why one is not taken, and for how long what it asks may be kept."""

from enum import StrEnum

MOST_KEEP_DAYS = 3650  # more is a slip of the pen


class Problem(StrEnum):
    """Why an order about a form cannot be taken as it stands. The words are in own_forms/words.py."""

    NO_ID = "no id"
    NO_REASON = "no reason"
    NO_AREA = "no area"
    NO_FORM = "no form"
    ELSEWHERE = "form elsewhere"  # another area of the county has a form of this id. params: form_id
    SAME_NAME = "form name"  # two ids that are one name here. params: form_id, other
    UNUSABLE = "form unusable"
    KEEP_DAYS = "keep days"  # params: most


class Refused(ValueError):
    """An order that cannot be taken, with a stable code and what a person needs to put it right."""

    def __init__(self, problem: Problem, **params: str) -> None:
        super().__init__(f"{problem.value}: {params}" if params else problem.value)
        self.problem = problem
        self.params = params


def check_keep_days(days: int) -> None:
    """Raise Refused unless personal answers may be kept for so many days after the end of the response."""
    if not 1 <= days <= MOST_KEEP_DAYS:
        raise Refused(Problem.KEEP_DAYS, most=str(MOST_KEEP_DAYS))

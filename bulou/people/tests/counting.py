"""How many persons are in a register."""

from bulou.people.models import Person
from bulou.people.queries.lists import LIVING
from bulou.people.queries.pages import within


def count_persons(area: int) -> int:
    return Person.objects.filter(within(area), LIVING).count()

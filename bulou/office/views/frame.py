"""What every screen about an area stands in: the area, the way up to the top of the scope, the moment it was asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.urls import reverse

from bulou.areas import queries as areas
from bulou.areas.rules.tree import Area
from bulou.core.moments import now as present
from bulou.core.scope import may_see


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way down to where one is. No address: the area lies above what may be seen."""

    name: str
    url: str


def stand_in(number: int, route: str) -> tuple[Area, datetime, dict[str, Any]]:
    """Return the area, the present moment and the context every screen of the area needs. Raise Http404 if there is none.

    `route` is the URL name the steps above lead to.
    """
    way = areas.path(number)
    if not way or way[-1].number != number or not may_see(number):
        raise Http404
    steps = [Step(area.name, reverse(route, args=[area.number]) if may_see(area.number) else "") for area in way]
    moment = present()
    # A province's name above one's own county is noise on every page: show what can be opened, and one step above.
    first = next(i for i, step in enumerate(steps) if step.url)
    return way[-1], moment, {"area": way[-1], "now": moment, "trail": steps[max(first - 1, 0) :]}

"""What of the ledger may be read: the condition every query over entries, duties and the held tray begins with."""

from django.db.models import Q

from bulou.core.divisions import county_of
from bulou.core.scope import visible_within


def within(area: int) -> Q:
    """Return the condition for rows under the area that may be read: none of them if no scope is bound."""
    condition = Q(county__in=[])
    for low, high in visible_within(area):
        counties = Q(county=county_of(low))
        if county_of(low) != county_of(high):
            counties = Q(county__range=(county_of(low), county_of(high)))
        condition |= counties & Q(area__range=(low, high))
    return condition

"""What of the ledger may be read: the condition every query over entries, duties and the held tray begins with."""

from django.db.models import Q

from bulou.core.divisions import COUNTY_SCALE
from bulou.core.scope import visible_within


def within(area: int) -> Q:
    """Return the condition for rows under the area that may be read: none of them if no scope is bound."""
    condition = Q(county__in=[])
    for low, high in visible_within(area):
        counties = Q(county=low // COUNTY_SCALE)
        if low // COUNTY_SCALE != high // COUNTY_SCALE:
            counties = Q(county__range=(low // COUNTY_SCALE, high // COUNTY_SCALE))
        condition |= counties & Q(area__range=(low, high))
    return condition

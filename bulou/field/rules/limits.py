"""How often one may ask. Counted in each process: keys and tokens cannot be guessed, so this only stops a flood."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MOST_KEPT = 20_000


@dataclass(slots=True)
class Limit:
    """At most `times` in each window of `every`, for each who."""

    times: int
    every: timedelta
    _counted: OrderedDict[str, tuple[datetime, int]] = field(default_factory=OrderedDict)

    def passes(self, who: str, at: datetime) -> bool:
        """Count one, and tell whether it is still within the limit."""
        began, count = self._counted.get(who, (at, 0))
        if not timedelta() <= at - began < self.every:
            began, count = at, 0
        self._counted[who] = began, count + 1
        self._counted.move_to_end(who)
        while len(self._counted) > MOST_KEPT:
            self._counted.popitem(last=False)
        return count < self.times

    def forget(self) -> None:
        self._counted.clear()

"""How much of the disk a phone may fill with photographs. Limits of the machine, not of the work: a day is far below."""

from datetime import datetime, timedelta

from bulou.core.moments import CHINA

MOST_A_DAY = 400  # photographs from one device
BYTES_A_DAY = 600 * 2**20  # of them together
MOST_UNNAMED = 20  # photographs of one device that no record names, at any time; our app sends the record first
KEPT_UNNAMED = timedelta(days=30)  # then such a one is removed
MOST_PARTS = 8  # photographs of one device that have come in part only


def begin_of_day(at: datetime) -> datetime:
    return at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)


def has_room(*, count: int, size: int) -> bool:
    """Tell whether one more may come, of a device that has sent so many today; `size` is with it, in bytes."""
    return count < MOST_A_DAY and size <= BYTES_A_DAY

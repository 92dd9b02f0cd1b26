from datetime import timedelta

from bulou.core.moments import at_clock, day_of, parse_moment
from bulou.office.templatetags.office import deadline


def test_what_ends_with_a_day_is_due_at_its_24_00():
    end = at_clock(day_of(parse_moment("2020-01-28T09:00")), "24:00")
    assert deadline(end) == "2020-01-28 24:00"
    assert deadline(end + timedelta(minutes=1)) == "2020-01-29 00:01"
    assert deadline(end - timedelta(minutes=1)) == "2020-01-28 23:59"
    assert deadline(None) == ""

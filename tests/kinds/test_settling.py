"""What an entry must say to meet a duty, as phones are told it, against what the judge finds."""

import pytest

from bulou.records.duties import Meets
from bulou.records.fields import Field
from bulou.records.kinds import Kind
from bulou.records.settling import settling
from bulou.site.kinds import find_kinds

KINDS = find_kinds()


def test_a_visit_where_nobody_was_home_settles_nothing():
    said = {(one["duty"], one.get("each")): one for one in settling(KINDS["household_visit"])}
    assert said["sweep.household", None] == {
        "duty": "sweep.household", "field": "outcome", "values": ["at_home", "away", "vacant", "sealed"]
    }  # fmt: skip
    assert said["sweep.person", "members"]["values"] == ["present", "away", "moved_out", "deceased"]
    assert said["followup.check", "members"] == {
        "duty": "followup.check", "field": "presence", "values": ["present"], "each": "members", "subject": "person"
    }  # fmt: skip


def test_a_check_that_reached_nobody_settles_nothing():
    assert settling(KINDS["health_check"])[0] == {"duty": "followup.check", "field": "reached", "values": ["yes"]}


@pytest.mark.parametrize(
    "meets",
    [
        Meets("a"),
        Meets("a", when="${reached} = 'yes' and ${note} = ''"),
        Meets("a", when="string-length(${reached}) = 3"),
        Meets("a", when="${note} = 'x'"),
        Meets("a ${reached}", when="${reached} = 'yes'"),
        Meets("a", when="${reached} = 'yes'", subject="${note}"),
    ],
)
def test_what_more_than_one_choice_decides_is_left_to_the_server(meets: Meets):
    fields = (Field("reached", "yes_no"), Field("note", "text"))
    assert settling(Kind(name="toy", version=1, subject=("person",), fields=fields, duties=(meets,), words={})) == []

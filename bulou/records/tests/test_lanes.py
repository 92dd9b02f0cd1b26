"""What a fast lane must be, and how the phone is told of it."""

from dataclasses import replace

import pytest

from bulou.records.checks import faults_in
from bulou.records.fields import Field
from bulou.records.kinds import Lane
from bulou.records.lanes import lanes_of
from bulou.records.tests.make import kind
from bulou.records.words import FieldWords, Words

FIELDS = (
    Field("outcome", "select_one", choices=("home", "out")),
    Field("members", "repeat", fields=(Field("heat", "decimal"), Field("signs", "select_multiple", choices=("none",)))),
)
WELL = Lane("well", ("members.heat",), {"outcome": "home", "members.signs": ["none"]})


def words(lanes: dict[str, str]) -> dict[str, Words]:
    fields = {key: FieldWords(key) for key in ("outcome", "members", "members.heat", "members.signs")}
    choices = {"outcome": {"home": "h", "out": "o"}, "members.signs": {"none": "n"}}
    return {lang: Words("t", "", fields, choices, lanes=lanes, language=lang) for lang in ("zh_Hans", "en")}


def faults(lane: Lane) -> str:
    return "\n".join(faults_in([replace(kind(*FIELDS), lanes=(lane,), words=words({lane.name: "Well"}))]))


def test_a_lane_is_told_to_the_phone_in_both_languages() -> None:
    made = replace(kind(*FIELDS), lanes=(WELL,), words=words({"well": "Well"}))
    assert lanes_of(made) == [
        {
            "name": "well",
            "title": {"zh_Hans": "Well", "en": "Well"},
            "asks": ["members.heat"],
            "fill": {"outcome": "home", "members.signs": ["none"]},
        }
    ]


def test_a_lane_that_can_be_used_has_no_faults() -> None:
    assert "lane" not in faults(WELL)


@pytest.mark.parametrize(
    ("lane", "fault"),
    [
        (replace(WELL, fill={}), "fills nothing in"),
        (replace(WELL, asks=("heat",)), "'heat' is no question"),
        (replace(WELL, asks=("members",)), "'members' is no question"),
        (replace(WELL, fill={"outcome": "gone"}), "'gone' is no answer to outcome"),
        (replace(WELL, fill={"members.signs": "none"}), "'none' is no answer to members.signs"),
    ],
)
def test_a_lane_that_cannot_be_used_is_named(lane: Lane, fault: str) -> None:
    assert fault in faults(lane)


def test_a_lane_has_a_title_in_every_language() -> None:
    untitled = replace(kind(*FIELDS), lanes=(WELL,), words=words({"other": "Other"}))
    said = "\n".join(faults_in([untitled]))
    assert "[lanes] does not name 'well'" in said
    assert "[lanes] names 'other', which is no lane" in said

"""Every refusal says something to a person, in both languages."""

import pytest
from django.utils import translation

from bulou.command.rules import LOWEST, Problem, Refused, Seat
from bulou.command.words import level_word, say, seat_word

PARAMS = {
    "field": "name", "name": "cn-1910", "known": "cn-2020", "valid_from": "2020-01-24", "latest": "24:00",
    "reason": "body", "detail": "写明原因",
}  # fmt: skip


@pytest.mark.parametrize("problem", list(Problem))
def test_a_refusal_is_said_in_both_languages(problem):
    said = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said[language] = say(Refused(problem, **PARAMS))
    assert len(said["en"]) > 10
    assert said["zh-hans"] != said["en"]
    assert "%(" not in said["en"] + said["zh-hans"]


def test_levels_and_seats_have_words():
    with translation.override("zh-hans"):
        words = [*map(level_word, range(LOWEST + 1)), *map(seat_word, Seat)]
    assert words[1] == "一级响应"
    assert all(word.isascii() is False for word in words)

"""Every refusal says something to a person, in both languages."""

import pytest
from django.utils import translation

from bulou.own_forms.rules import Problem, Refused
from bulou.own_forms.words import say, subject_words, type_word
from bulou.records.uploaded.reading import SUBJECTS

PARAMS = {"form_id": "daily", "other": "own_daily", "most": "3650"}


@pytest.mark.parametrize("problem", list(Problem))
def test_a_refusal_is_said_in_both_languages(problem):
    said = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said[language] = say(Refused(problem, **PARAMS))
    assert len(said["en"]) > 10
    assert said["zh-hans"] != said["en"]
    assert "%(" not in said["en"] + said["zh-hans"]


def test_what_a_form_may_be_about_has_words():
    assert set(subject_words()) == set(SUBJECTS)
    with translation.override("zh-hans"):
        assert not any(word.isascii() for word in [*subject_words().values(), type_word("select_one")])

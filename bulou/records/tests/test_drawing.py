"""What the phone cannot draw is said of every question of it, and nothing is said of what it can."""

from typing import Any

import pytest
from pyxform.xls2xform import convert

from bulou.records.drawing import drawable, undrawable

CHOICES = [{"list_name": "a", "name": "x", "label": "X"}, {"list_name": "a", "name": "y", "label": "Y"}]


def form(*rows: dict[str, Any], choices: list[dict[str, str]] = CHOICES, **settings: str) -> str:
    """Return the XForm of the rows; every question is called q unless it says otherwise."""
    survey = [{"name": "q", "label": "Q", **row} for row in rows]
    made = convert({"survey": survey, "choices": choices, "settings": [{"form_id": "t", **settings}]}, form_name="data")
    xml: str = made.xform
    return xml


@pytest.mark.parametrize(
    "type_",
    ["text", "integer", "decimal", "date", "time", "dateTime", "geopoint", "barcode", "image", "note", "acknowledge",
     "select_one a", "select_multiple a"],
)  # fmt: skip
def test_what_a_household_form_needs_can_be_drawn(type_: str) -> None:
    assert undrawable(form({"type": type_})) == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"type": "geotrace"}, "geotrace"),
        ({"type": "geoshape"}, "geoshape"),
        ({"type": "audio"}, "audio"),
        ({"type": "video"}, "video"),
        ({"type": "file"}, "file"),
        ({"type": "rank a"}, "rank"),
        ({"type": "image", "appearance": "signature"}, "appearance"),
        ({"type": "select_one a", "appearance": "image-map"}, "appearance"),
        ({"type": "text", "constraint": "digest-of(.) = 1"}, "function"),
    ],
)
def test_what_cannot_be_drawn_is_named(row: dict[str, Any], code: str) -> None:
    (found,) = undrawable(form(row))
    assert (found.question, found.code) == ("/data/q", code)


def test_a_function_named_inside_quotes_is_text() -> None:
    assert undrawable(form({"type": "text", "constraint": ". != 'frobnicate(1)' and (. != '')"})) == []


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"type": "select_one_from_file x.csv"}], "file_choices"),
        ([{"type": "start-geopoint"}], "action"),
        ([{"type": "text"}, {"type": "audit", "name": "audit"}], "audit"),
    ],
)
def test_what_the_form_itself_asks_is_named(rows: list[dict[str, Any]], code: str) -> None:
    assert code in {each.code for each in undrawable(form(*rows))}


def test_a_picture_in_a_label_is_named() -> None:
    choices = [{"list_name": "a", "name": "x", "label": "X", "image": "x.png"}]
    assert [each.code for each in undrawable(form({"type": "select_one a"}, choices=choices))] == ["media"]


def test_every_reason_is_said_in_both_languages() -> None:
    for code, said in drawable()["words"].items():
        assert said["zh_Hans"] and said["en"], code
    (found,) = undrawable(form({"type": "text", "constraint": "frobnicate(.) = 1"}))
    assert found.text("en") == "q: it uses a function the phone cannot work out (frobnicate)"
    assert found.text("zh_Hans").startswith("q：")


@pytest.mark.parametrize("text", ["", "<a>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_what_is_no_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not XML"):
        undrawable(text)

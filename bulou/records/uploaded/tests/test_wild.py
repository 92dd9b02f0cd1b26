"""What occurs in other people's XLSForms, one feature a row: how it is read, judged, and what is said of it at upload."""

from typing import Any

import pytest

from bulou.records.uploaded.tests.test_reading import judge, read, said, sheet

AB = ("c | a | A", "c | b | B")
LINE = "33.5 105.1 0 0; 33.6 105.2 0 0"


@pytest.mark.parametrize(
    ("rows", "types", "right", "wrong", "told", "phones"),
    [
        (("type | name | label", "select_multiple c | q | Q"), "q:select_multiple", {"q": ["a", "b"]}, {"q": ["z"]},
         "", True),
        (("type | name | label", "select_one c or_other | q | Q"), "q:select_one q_other:text",
         {"q": "other", "q_other": "x"}, {"q": "z"}, "", True),
        (("type | name | label | parameters", "range | q | Q | start=-5 end=5 step=0.5"), "q:decimal", {"q": -4.5}, {"q": 6},
         "", True),
        (("type | name | label", "rank c | q | Q"), "q:select_multiple", {"q": ["b", "a"]}, {"q": ["b", "b"]},
         "cannot draw a ranking", False),
        (("type | name | label", "image | q | Q"), "q:image", {"q": "sha256:1"}, {"q": 1}, "", True),
        (("type | name | label", "audio | q | Q"), "q:image", {"q": "a.m4a"}, {"q": 1}, "cannot record sound", False),
        (("type | name | label", "video | q | Q"), "q:image", {"q": "a.mp4"}, {"q": 1}, "cannot record video", False),
        (("type | name | label", "file | q | Q"), "q:image", {"q": "a.pdf"}, {"q": 1}, "cannot attach a file", False),
        (("type | name | label", "geotrace | q | Q"), "q:text", {"q": LINE}, {"q": "to the river"}, "line on a map", False),
        (("type | name | label", "geoshape | q | Q"), "q:text", {"q": f"{LINE};"}, {"q": LINE.replace("33.5", "N33")},
         "area on a map", False),
        (("type | name | label", "acknowledge | q | Q"), "q:acknowledge", {"q": "OK"}, {"q": "ok"}, "", True),
        (("type | name | label | default", "hidden | h | | 5", "integer | q | Q | 3"), "h:calculate q:integer", {"q": 1},
         {"q": "x"}, "", True),
        (("type | name | label | trigger | calculation", "integer | q | Q | |", "dateTime | at | At | ${q} | now()"),
         "q:integer at:dateTime", {"at": "2020-02-03T08:00:00+08:00"}, {"at": "soon"}, "“at”: phones fill it in", True),
        (("type | name | label | calculation", "integer | q | Q |", "integer | two | Two | ${q} * 2"),
         "q:integer two:integer", {"q": 1, "two": 2}, {"two": "x"}, "“two”: phones fill it in", True),
        (("type | name | label | relevant", "text | a | A |", "begin group | g | G | ${a} = 'x'", "begin group | h | H |",
          "integer | q | Q |", "end group | | |", "end group | | |"), "a:text g:group h:group q:integer",
         {"a": "x", "q": 1}, {"a": "x", "q": "1"}, "", True),
        (("type | name | label | repeat_count", "integer | n | N |", "begin repeat | r | R | ${n} + 1", "integer | q | Q |",
          "end repeat | | |"), "n:integer r_count:calculate r:repeat r.q:integer", {"n": 1, "r": [{"q": 1}]},
         {"r": [{"q": "x"}]}, "", True),
        (("type | name | label | read_only | default", "select_one c | q | Q | yes | a"), "q:select_one", {"q": "a"},
         {"q": "z"}, "", True),
        (("type | name | label | appearance", "begin group | g | G | table-list", "select_one c | q | Q |",
          "end group | | |"), "g:group generated_table_list_label_2:note reserved_name_for_field_list_labels_3:note "
         "q:select_one", {"q": "a"}, {"q": "z"}, "", True),
        (("type | name | label | appearance", "text | q | Q | ex:org.app.scan(a=1)"), "q:text", {"q": "1"}, {"q": 1},
         "opens no other app", True),
        (("type | name | label | appearance", "geopoint | q | Q | placement-map"), "q:geopoint", {"q": "33 105"}, {"q": "x"},
         "choose on a picture or map", True),
        (("type | name | label | media::image", "select_one c | q | Q | q.png"), "q:select_one", {"q": "a"}, {"q": "z"},
         "only their text", True),
        (("type | name | label | default", "text | q | Q | ${last-saved#q}"), "q:text", {"q": "1"}, {"q": 1},
         "only ODK Collect can do", True),
        (("type | name | label", "start | s |", "end | e |", "today | t |", "deviceid | d |", "username | u |",
          "phonenumber | p |", "email | m |", "text | q | Q"),
         "s:calculate e:calculate t:calculate d:calculate u:calculate p:calculate m:calculate q:text", {"q": "1"}, {"q": 1},
         "only ODK Collect fills in: e、d、u、p、m", True),
        (("type | name | label", "background-audio | b |", "text | q | Q"), "b:calculate q:text", {"q": "1"}, {"q": 1},
         "recordaudio", True),
        (("type | name | label", "audit | audit |", "text | q | Q"), "q:text", {"q": "1"}, {"q": 1}, "audit", True),
        (("type | name | label | parameters", "select_one c | q | Q | randomize=true"), "q:select_one", {"q": "a"},
         {"q": "z"}, "", True),
        (("type | name | label | body::intent", "begin group | g | G | org.x(y='1')", "text | q | Q |", "end group | | |"),
         "g:group q:text", {"q": "1"}, {"q": 1}, "opens no other app", True),
    ],
)  # fmt: skip
def test_a_feature(
    rows: tuple[str, ...], types: str, right: dict[str, Any], wrong: dict[str, Any], told: str, phones: bool
) -> None:
    draft = read(sheet(*rows, choices=AB))
    assert not draft.refused and draft.on_phones is phones, said(draft)
    assert " ".join(f"{key}:{field.type}" for key, field in draft.declaration.keys().items()) == types
    assert judge(draft, right)[0] == [] and judge(draft, wrong)[0] != []
    every = [one for one in said(draft) if "missing" not in one and "has no" not in one]
    assert any(told in one for one in every) if told else every == [], every


def test_words_are_the_forms_own_in_both_languages() -> None:
    draft = read(
        "| survey |\n"
        "| | type | name | label::English (en) | label::中文 | constraint | constraint_message::English (en) |"
        " required | required_message::English (en) | required_message::中文 |\n"
        "| | integer | q | **Age** | <span style='color:red'>年龄</span> | . < 120 | Nobody is so old | yes | Ask again |"
        " 请再问一次 |\n"
        "| | note | n | # Thank you | 谢谢 ${q} | | | | | |\n"
        "| settings |\n| | form_title | form_id | version | style |\n| | T | t | v1.2-beta | pages |"
    )
    words = draft.declaration.words
    assert (words["en"].label("q"), words["zh_Hans"].label("q"), words["en"].label("n")) == ("Age", "年龄", "Thank you")
    assert words["zh_Hans"].fields["q"].required == "请再问一次" and draft.label == "v1.2-beta"
    assert words["en"].fields["q"].constraint == "Nobody is so old"


def test_what_makes_an_entity_list_is_said() -> None:
    form = sheet("type | name | label | save_to", "text | q | Q | kind", choices=AB)
    draft = read(form + "\n| entities | | |\n| | dataset | label |\n| | trees | ${q} |")
    assert any("entity list" in one for one in said(draft, weight="warns")) and draft.on_phones

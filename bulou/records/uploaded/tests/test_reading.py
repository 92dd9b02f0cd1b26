"""What occurs in forms made by others: each is taken as far as it can be, and what cannot is said; never a traceback."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.core.divisions import county_area
from bulou.core.ids import new_id
from bulou.core.moments import parse_moment
from bulou.ledger.rules import Entry
from bulou.records.drawing import undrawable
from bulou.records.kinds import Kind
from bulou.records.law import BoundKind
from bulou.records.schema import columns, schema
from bulou.records.uploaded.changes import changes
from bulou.records.uploaded.findings import sentence
from bulou.records.uploaded.reading import read_form
from bulou.records.uploaded.tests.made import DAILY, DAILY_2, sheet, xform
from bulou.records.uploaded.workbook import convert_workbook
from bulou.records.xforms import xform as xform_of

NOW = parse_moment("2020-02-03T09:00:00+08:00")


def read(markdown, **more):
    made = convert_workbook(markdown, ".md")
    assert made.xform, [sentence(f, "en") for f in made.findings]
    return read_form(made.xform, name="own_610927_x", version=1, rows=made.rows, keep_days=30, **more)


def said(draft, language="en", weight=None):
    return [sentence(f, language) for f in draft.findings if weight in (None, f.weight)]


def judge(draft, body):
    kind = BoundKind(draft.declaration, lambda name: None)
    area = county_area(610927)
    entry = Entry(new_id(), kind.name, "area:610927000000000000", area, NOW, NOW, "system:test", body)
    return sorted(fault[0] for fault in kind.faults(entry)), kind.answers(entry) if not kind.faults(entry) else {}


def test_a_form_in_two_languages_is_read_whole():
    draft = read(DAILY)
    assert said(draft, weight="warns") == [] and draft.on_phones
    kind = draft.declaration
    assert [f.type for f in kind.fields] == ["date", "select_one", "integer", "calculate", "repeat"]
    assert kind.words["zh_Hans"].label("keepers.name") == "姓名"
    assert kind.words["en"].choice("market", "no") == "Closed"
    good = {"day": "2020-02-03", "market": "yes", "stalls": 8, "keepers": [{"name": "王小五", "heat": 36.5}]}
    assert judge(draft, good) == ([], good | {"half": "4"})
    assert judge(draft, {"day": "2020-02-03", "market": "no"})[0] == []
    assert judge(draft, {"market": "yes", "stalls": -1, "keepers": [{"heat": 44}]})[0] == [
        "day", "keepers.heat", "keepers.name", "stalls"
    ]  # fmt: skip
    assert {c.header for c in columns(kind)} >= {"日期", "摊主·姓名"} and schema(kind)["properties"]["stalls"]


def test_what_the_server_cannot_work_out_is_left_to_the_phone_and_said_with_its_row():
    draft = read(sheet(
        "type | name | label | calculation | relevant | required",
        "integer | age | Age | | | yes",
        "calculate | code | | uuid() | |",
        "text | why | Why | | selected-at(${code}, random()) = 'x' | yes",
        "calculate | twice | | ${age} * 2 | |",
    ))  # fmt: skip
    warned = said(draft, weight="warns")
    assert any("row 3" in w and "calculation uuid()" in w for w in warned), warned
    assert any("第 4 行" in w and "手机把关" in w for w in said(draft, "zh_Hans")), warned
    # `why` is required only where it is asked, which only the phone knows; what the phone worked out is believed.
    assert judge(draft, {"age": 4, "code": "abc"}) == ([], {"age": 4, "code": "abc", "twice": "8"})
    assert judge(draft, {"age": 4, "code": 12, "twice": 9})[1]["code"] == "12"


@pytest.mark.parametrize(
    ("calculation", "said_of_it"),
    [
        ("uuid()", "uuid() 每次算出来都不同"),
        ("jr:choice-name(${kind}, '${kind}')", "jr:choice-name() 取决于手机用的语言"),
        ("substring-after(${why}, '--')", "substring-after() 这样写，各种手机算出的不一样"),
        ("if(${why}, 1, 0)", "把答案本身当作“是/否”"),
        ("lower-case(${why})", "lower-case() 不会算"),
        ("count(${maybe})", "count() 这样写，各种手机算出的不一样"),
    ],
)
def test_why_the_server_leaves_it_to_the_phone_is_said_in_plain_words(calculation, said_of_it):
    draft = read(sheet(
        "type | name | label | calculation | relevant", "text | why | Why | |", "select_one c | kind | Kind | |",
        "begin repeat | people | People | |", "text | name | Name | |", "text | maybe | Maybe | | ${name} != ''",
        "end repeat | | | |", f"calculate | it | | {calculation} |", choices=("c | a | A", "c | b | B"),
    ))  # fmt: skip
    warned = " ".join(said(draft, "zh_Hans", "warns")).replace("本系统不会算 lower-case()", "lower-case() 不会算")
    assert said_of_it in warned and "以手机算出的为准" in warned
    assert judge(draft, {"it": "x"}) == ([], {"it": "x"})


def test_what_stops_a_form_on_one_of_the_phones_is_said():
    draft = read(sheet(
        "type | name | label | calculation", "geopoint | here | Here |", "geopoint | there | There |",
        "decimal | d | D |", "calculate | far | | distance(${here}, ${there})", "calculate | down | | floor(${d})",
        "calculate | near | | if(${here} != '' and ${there} != '', distance(${here}, ${there}), '')",
    ))  # fmt: skip
    warned = said(draft, weight="warns")
    assert len(warned) == 2 and "row 5" in warned[0] and "cannot open the form" in warned[0], warned
    assert "ODK Collect has no function floor()" in warned[1]
    here, there = "31.88 109.52 900.0 5.0", "31.98 109.62 900.0 5.0"
    assert judge(draft, {"here": here, "there": there, "d": 2.7})[1]["far"] == "14600.53"


def test_a_form_that_uses_what_forms_in_the_wild_use_is_worked_out_here():
    draft = read(sheet(
        "type | name | label | calculation | constraint",
        "begin repeat | people | People | |", "text | name | Name | |", "integer | age | Age | |", "end repeat | | | |",
        "calculate | everybody | | join('、', ${name}) |",
        "calculate | first | | indexed-repeat(${name}, ${people}, 1) |",
        "calculate | years | | sum(${age}) |", "calculate | mean | | round(${years} div count-non-empty(${age}), 1) |",
        "calculate | token | | substr(digest(${everybody}, 'SHA-256', 'hex'), 0, 8) |",
        "text | code | Code | | string-length(translate(., '0123456789', '')) = 0",
    ))  # fmt: skip
    assert said(draft, weight="warns") == []
    rows = [{"name": "甲", "age": 40}, {"name": "乙"}, {"name": "丙", "age": 5}]
    faults, answers = judge(draft, {"people": rows, "code": "0815"})
    assert faults == [] and answers["everybody"] == "甲、乙、丙" and answers["first"] == "甲"
    assert (answers["years"], answers["mean"]) == ("45", "22.5") and len(answers["token"]) == 8
    assert judge(draft, {"code": "08a5"})[0] == ["code"]


def test_names_that_cannot_be_keys_are_renamed_in_the_form_and_in_what_speaks_of_them():
    draft = read(sheet(
        "type | name | label | relevant",
        "begin group | g1 | One |",
        "text | other-name | Other |",
        "text | remark | Remark | ${other-name} = 'x'",
        "end group | | |",
        "begin group | g2 | Two |",
        "text | remark | Remark again |",
        "text | 姓名 | 姓名 |",
        "end group | | |",
    ))  # fmt: skip
    keys = list(draft.declaration.keys())
    assert keys == ["g1", "other_name", "remark", "g2", "g2_remark", "u59d3u540d"], keys
    assert judge(draft, {"remark": "y"})[0] == []
    assert judge(draft, {"other_name": "x", "remark": "y", "g2_remark": "z"})[1] == {
        "other_name": "x", "remark": "y", "g2_remark": "z"
    }  # fmt: skip
    again = read_form(draft.declaration.xform_xml, name="own_610927_x", version=1, keep_days=30)
    assert list(again.declaration.keys()) == keys and not again.refused
    assert "other-name" not in draft.declaration.xform_xml.replace("other-name:label", "")


def test_repeats_see_their_own_row_and_the_form_sees_them_all():
    draft = read(sheet(
        "type | name | label | calculation | constraint | relevant",
        "decimal | limit | Limit | | |",
        "begin repeat | people | People | | |",
        "text | name | Name | | |",
        "decimal | heat | Heat | | . <= ${limit} |",
        "text | note | Note | | | ${heat} > 37",
        "end repeat | | | | |",
        "begin repeat | rooms | Rooms | | |",
        "text | name | Name | | |",
        "end repeat | | | | |",
        "calculate | n | | count(${people}) | |",
        "calculate | hottest | | max(${heat}) | |",
    ))  # fmt: skip
    assert said(draft, weight="warns") == []
    body = {"limit": 38.5, "people": [{"name": "甲", "heat": 37.5, "note": "x"}, {"name": "乙", "heat": 36.0}]}
    faults, answers = judge(draft, body)
    assert faults == [] and (answers["n"], answers["hottest"]) == ("2", "37.5")
    assert judge(draft, {**body, "limit": 37})[0] == ["people.heat"]


def test_rows_in_rows_are_judged_as_on_the_phone():
    draft = read(sheet(
        "type | name | label | relevant | constraint | calculation | required",
        "integer | name | Limit | | | |",
        "begin repeat | homes | Homes | | | |",
        "text | door | Door | | | |",
        "begin repeat | members | Members | | | |",
        "text | who | Name | | | | yes",
        "integer | age | Age | | . <= 120 and . >= ../../../name | |",
        "text | school | School | ${age} < 18 and ${door} != '' | | |",
        "end repeat | | | | | |",
        "calculate | n | | | | count(${members}) |",
        "calculate | eldest | | | | max(${age}) |",
        "end repeat | | | | | |",
        "calculate | all | | | | count(${members}) |",
    ))  # fmt: skip
    assert draft.on_phones and said(draft, weight="warns") == [], said(draft)
    body = {
        "name": 1,
        "homes": [{"door": "1", "members": [{"who": "甲", "age": 9, "school": "x"}, {"who": "乙", "age": 30}]}, {}],
    }
    faults, answers = judge(draft, body)
    assert faults == [] and answers["all"] == "2"
    assert [home["n"] for home in answers["homes"]] == ["2", "0"] and answers["homes"][0]["eldest"] == "30"
    assert judge(draft, {"name": 10, "homes": [{"members": [{"age": 9}]}]})[0] == [
        "homes.members.age", "homes.members.who"
    ]  # fmt: skip
    assert draft.declaration.words["en"].label("homes.members.who") == "Name"


@pytest.mark.parametrize(
    ("row", "word"),
    [("audio | a | A", "record sound"), ("geotrace | a | A", "line on a map"), ("rank c | a | A", "ranking"),
     ("file | a | A", "attach a file")],
)  # fmt: skip
def test_what_our_app_cannot_draw_is_said_and_left_to_collect(row, word):
    draft = read(sheet("type | name | label", row, choices=("c | x | X", "c | y | Y")))
    assert not draft.refused and not draft.on_phones and any(word in w for w in said(draft, weight="warns"))


@pytest.mark.parametrize(
    ("rows", "word"),
    [(("type | name | label", "select_one_from_file a.csv | a | A"), "needs the file a.csv"),
     (("type | name | label", "select_one_from_file a.xml | a | A"), "only .csv"),
     (("type | name | label", "select_one_from_file areas.csv | a | A"), "list of this system"),
     (("type | name | label | calculation", "calculate | a | | pulldata('fruits', 'x', 'y', '1')"), "fruits.csv"),
     (("type | name | label | appearance", "select_one c | a | A | search('fruits')"), "select_one_from_file")],
)  # fmt: skip
def test_what_needs_a_file_says_which(rows, word):
    draft = read(sheet(*rows, choices=("c | x | X",)))
    assert draft.refused and any(word in one for one in said(draft, weight="refuses")), said(draft)
    assert draft.missing in ((), ("a.csv",), ("fruits.csv",))


MARKET = sheet(
    "type | name | label | choice_filter | calculation | constraint",
    "select_one towns | town | Town | | |",
    "select_one_from_file stalls.csv | stall | Stall | town = ${town} and kind != 'closed' | |",
    "select_multiple_from_file goods.csv | goods | Goods | | |",
    "calculate | keeper | | | pulldata('stalls', 'keeper', 'name', ${stall}) |",
    "calculate | also | | | instance('stalls')/list/item[name = ${stall}]/keeper |",
    "begin repeat | tables | Tables | | |",
    "select_one towns | from | From | | |",
    "select_one_from_file stalls.csv | spot | Spot | town = ${from} | |",
    "end repeat | | | | |",
    choices=("towns | a | A", "towns | b | B"),
)
STALLS = "name,label,town,kind,keeper\n1,一号,a,,王\n2,二号,b,,李\n3,三号,b,closed,赵\n"
GOODS = "name;label\nfish;鱼\ngame;野味\n"


def test_lists_beside_the_form_are_chosen_from_and_looked_up():
    draft = read(MARKET, files={"stalls.csv": STALLS.encode("gb18030"), "Goods.csv": GOODS.encode("utf-16")})
    assert said(draft, weight="warns") == [] and draft.on_phones and not draft.refused, said(draft)
    kind = draft.declaration
    assert kind.keys()["stall"].choices == ("1", "2", "3") and kind.words["zh_Hans"].choice("goods", "game") == "野味"
    assert kind.files["goods.csv"].decode() == "name,label\r\nfish,鱼\r\ngame,野味\r\n"
    faults, answers = judge(
        draft, {"town": "b", "stall": "2", "goods": ["fish"], "tables": [{"from": "a", "spot": "1"}]}
    )
    assert faults == [] and (answers["keeper"], answers["also"]) == ("李", "李")
    assert judge(draft, {"town": "a", "stall": "2"})[0] == ["stall"]  # another town's
    assert judge(draft, {"town": "b", "stall": "3"})[0] == ["stall"]
    assert judge(draft, {"town": "b", "stall": "4", "goods": ["meat"]})[0] == ["goods", "stall"]  # nobody's
    assert judge(draft, {"tables": [{"from": "a", "spot": "2"}]})[0] == ["tables.spot"]


def test_the_phone_gets_the_lists_within_the_form():
    kind = read(MARKET, files={"stalls.csv": STALLS.encode(), "goods.csv": GOODS.encode()}).declaration
    made = read_form(xform_of(kind, None), name="own_610927_x", version=1, keep_days=30)
    assert undrawable(xform_of(kind, None)) == [] and not made.refused
    assert made.declaration.tables["stalls"] == kind.tables["stalls"] and made.declaration.files == {}


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff\x00\x01", "UTF-8"), (b'name,label\n"1,a\n', "quote"), (b"name,label\n", "the list is empty"),
     (b"id,label\n1,a\n", "stalls.csv: there is no column “name” (there are: id、label)"),
     (b"name,la bel\n1,a\n", "stalls.csv, row 1: the column “la bel”"), (b"name,name\n1,a\n", "stands there twice"),
     (b"name,label,town,kind,keeper\n,a\n", "stalls.csv, row 2: “name” is empty"),
     (b"name,label,town,kind,keeper\n1,a,b,c,d,e\n", "stalls.csv, row 2: it has more cells"),
     (b"name,label,town,kind,keeper\n\n1,,b\n", "stalls.csv, row 3: “1” has no label")],
)  # fmt: skip
def test_what_is_wrong_with_a_list_is_told_row_by_row(content, words):
    draft = read(MARKET, files={"stalls.csv": content, "goods.csv": GOODS.encode()})
    told = said(draft, weight="refuses") + said(draft, weight="warns")
    assert any(words in one for one in told), told
    assert draft.refused == ("has no label" not in words)


def test_a_list_of_choices_says_each_value_once_and_without_blanks():
    goods = "name,label\nfish,鱼\nfish,鱼\nwild game,野味\n" + "eel,鳗\n" * 13
    told = said(read(MARKET, files={"stalls.csv": STALLS.encode(), "goods.csv": goods.encode()}))
    assert "goods.csv, row 3: “fish” stands in row 2 too" in told
    assert "goods.csv, row 4: “name” holds a blank: wild game; values of a multiple choice must not" in told
    assert "goods.csv: 3 more rows like that" in told
    left = said(read(MARKET, files={"stalls.csv": STALLS.encode(), "goods.csv": b"name,label\n1,a\n", "cat.png": b"x"}))
    assert any("cat.png cannot be uploaded with a form" in one for one in left)


def test_its_own_address_is_taken_out_and_encryption_refused():
    draft = read(
        sheet("type | name | label", "text | a | A", settings=("form_id | submission_url", "x | https://else/s"))
    )
    assert "https://else/s" not in draft.declaration.xform_xml and any("https://else/s" in w for w in said(draft))
    locked = read(sheet("type | name | label", "text | a | A", settings=("form_id | public_key", "x | MIIB")))
    assert locked.refused and locked.declaration is None


def test_choices_nobody_here_knows_are_taken_as_they_come():
    draft = read(sheet(
        "type | name | label", "begin repeat | people | People", "text | name | Name", "end repeat | |",
        "select_one ${name} | head | Head", "select_multiple c | things | Things", choices=("c | a | A", "c | b | B"),
    ))  # fmt: skip
    assert judge(draft, {"people": [{"name": "甲"}], "head": "甲", "things": ["a"]})[0] == []
    assert judge(draft, {"things": ["z"]})[0] == ["things"]


def test_an_xform_written_by_hand_with_relative_references():
    xml = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
    <h:head><h:title>手写</h:title><model><instance><house id="h" version="3"><area><door/><heat>36.5</heat></area></house>
    </instance><bind nodeset="/house/area/door" required="true()"/>
    <bind nodeset="/house/area/heat" type="xsd:decimal" constraint=". &lt; 43 and ../door != ''"/></model></h:head>
    <h:body><group ref="/house/area"><label>A</label><input ref="door"><label>Door</label></input>
    <select1 ref="heat"><label>Heat</label><item><label>normal</label><value>36.5</value></item></select1></group></h:body>
    </h:html>"""
    draft = read_form(xml, name="own_610927_h", version=1, keep_days=30)
    assert (draft.form_id, draft.label) == ("h", "3") and not draft.refused, said(draft)
    kind = draft.declaration
    assert [f.type for f in kind.fields[0].fields] == ["text", "select_one"]
    assert kind.keys()["heat"].default == "36.5" and 'id="own_610927_h"' in kind.xform_xml


@pytest.mark.parametrize("xml", ["", "no xml", "<a/>", "<!DOCTYPE a><a/>", "<h:html/>", "<html><head/><body/></html>"])
def test_what_is_no_form_is_refused_in_words(xml):
    draft = read_form(xml, name="own_610927_x", version=1, keep_days=30)
    assert draft.refused and all(said(draft, "zh_Hans"))


@given(st.text(alphabet="/.[]()'$ab*|@:-<>=,! 1", max_size=30))
def test_no_expression_is_too_strange(expression):
    escaped = expression.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    xml = f"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model>
    <instance><a id="x"><b/><c/></a></instance><bind nodeset="/a/b" relevant="{escaped}" constraint="{escaped}"/></model>
    </h:head><h:body><input ref="/a/b"><label>B</label></input></h:body></h:html>"""
    draft = read_form(xml, name="own_610927_x", version=1, keep_days=30)
    assert draft.declaration is not None and judge(draft, {})[0] in ([], ["b"])


def test_the_form_that_is_served_is_the_form_that_was_sent():
    draft = read(DAILY)
    assert undrawable(draft.declaration.xform_xml) == []
    assert draft.declaration.xform_xml.count("<bind") == xform(DAILY).count("<bind")


def test_a_new_version_is_compared():
    found = changes(read(DAILY).declaration, read(DAILY_2).declaration)
    assert [f.code for f in found] == ["perhaps renamed", "added"] and "pitches" in sentence(found[0], "zh_Hans")
    assert [f.code for f in changes(read(DAILY).declaration, read(DAILY).declaration)] == ["same"]
    other = DAILY.replace("| integer | stalls", "| text | stalls").replace("| open | no | 关闭 | Closed |", "")
    assert {f.code for f in changes(read(DAILY).declaration, read(other).declaration)} == {"retyped", "choices gone"}


def test_a_kind_of_the_program_may_not_be_left_open():
    from bulou.records.checks import faults_in
    from bulou.records.fields import Field

    kind = Kind("a", 1, ("area",), fields=(Field("B", "calculate"),), recorded_by=frozenset({"village"}))
    assert {"lower-case" in f or "calculation" in f or "words" in f for f in faults_in([kind])} == {True}


def test_a_required_film_cannot_be_recorded_in_the_office():
    form = DAILY.replace("| integer | stalls |", "| video | stalls |").replace("${market} = 'yes' | . >= 0", "|")
    draft = read_form(xform(form), name="own_610927_x", version=1, keep_days=30)
    assert "not in the office" in {finding.code for finding in draft.findings}, draft.findings


def test_a_repeat_of_names_of_which_nothing_is_demanded_is_judged():
    draft = read(sheet(
        "type | name | label",
        "begin repeat | also | 同行",
        "text | guest | 姓名",
        "end repeat | | ",
    ))  # fmt: skip
    assert judge(draft, {"also": [{"guest": "王小五"}]}) == ([], {"also": [{"guest": "王小五"}]})

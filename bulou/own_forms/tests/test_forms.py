"""A county's own form in the ledger: at once, in every process, each record by the version it was made with."""

import pytest

from bulou.core.divisions import code_of, county_area
from bulou.core.ids import new_id
from bulou.ledger.actions import Outcome, append
from bulou.ledger.rules import Entry
from bulou.own_forms import actions
from bulou.own_forms.queries import Kinds, OwnKinds, form_versions, kinds_in
from bulou.own_forms.rules import MOST_KEEP_DAYS, Problem, Refused
from bulou.own_forms.tests.county import COUNTY, NOW, VILLAGE
from bulou.records.display import shown
from bulou.records.law import find_kind, get_kind
from bulou.records.uploaded.tests.made import DAILY, DAILY_2, xform
from bulou.records.xforms import xform as served

pytestmark = pytest.mark.usefixtures("county")
NAME = "own_610927_market_daily"


def declare(markdown=DAILY, **other):
    said = {"area": COUNTY, "xform": xform(markdown), "form_id": "market-daily", "label": "1", "subject": "area",
            "file": b"the file", "file_name": "集市.xlsx", "by": "account:安娜", "at": NOW}  # fmt: skip
    return actions.declare_form(**(said | other))


def entry(body, version=1, area=COUNTY):
    return Entry(new_id(), NAME, f"area:{code_of(area)}", area, NOW, NOW, "system:test", body, version=version)


OPEN = {"day": "2020-02-03", "market": "yes", "stalls": 8, "keepers": [{"name": "王小五", "heat": 36.5}]}


def test_a_form_is_a_kind_at_once_and_a_record_is_judged_by_its_version():
    assert find_kind(NAME) is None
    declare()
    good, bad = append([entry(OPEN), entry(OPEN | {"stalls": -1})], at=NOW)
    assert (good.outcome, bad.outcome) == (Outcome.APPLIED, Outcome.HELD), (good, bad)
    assert "开放摊位数" in bad.detail
    declare(DAILY_2, at=NOW.replace(hour=5))
    new = {**OPEN, "pitches": 8}
    del new["stalls"]
    old_again, newer, wrong = append([entry(OPEN), entry(new, 2), entry(OPEN, 2)], at=NOW)
    assert [each.outcome for each in (old_again, newer, wrong)] == ["applied", "applied", "held"]
    assert "stalls" in wrong.detail
    kind = get_kind(NAME)
    assert [each.label for each in shown(kind.at(1), OPEN) if each.key == "stalls"] == ["开放摊位数"]
    assert kind.kind.version == 2 and "pitches" in set(kind.kind.keys())
    assert served(kind.kind, None).count('version="2"') == 1


def test_an_unknown_version_is_held_with_words():
    declare()
    (receipt,) = append([entry(OPEN, version=3)], at=NOW)
    assert receipt.outcome == Outcome.HELD and "第 3 版" in receipt.detail


def test_another_process_sees_a_new_form_and_a_new_version():
    other = OwnKinds()
    assert other.find(NAME) is None
    declare()
    other._batch = None  # its next transaction
    assert other.fresh()[NAME].current == 1
    declare(DAILY_2, at=NOW.replace(hour=5))
    other._batch = None  # its next transaction
    assert other.find(NAME, 2).current == 2
    assert other.fresh()[NAME].at(1).version == 1


def test_no_query_for_an_entry_of_a_known_form(django_assert_num_queries):
    declare()
    kinds = Kinds({})
    kinds[NAME].problems(entry(OPEN))
    with django_assert_num_queries(0):
        for _ in range(50):
            assert kinds.get(NAME).problems(entry(OPEN)) == []


def test_a_form_is_offered_in_its_area_only_until_it_is_withdrawn():
    declare()
    assert NAME in kinds_in(VILLAGE) and NAME not in kinds_in(county_area(610928))
    (held,) = append([entry(OPEN, area=county_area(610928))], at=NOW)
    assert held.outcome == Outcome.HELD
    actions.withdraw_form(county=610927, name=NAME, why="改用省里的表", by="account:安娜", at=NOW.replace(hour=6))
    assert NAME not in kinds_in(COUNTY) and form_versions(COUNTY)[0].withdrawn_why == "改用省里的表"
    assert append([entry(OPEN)], at=NOW)[0].outcome == Outcome.APPLIED  # a phone that had not heard
    assert NAME in kinds_in(VILLAGE, withdrawn=True) and NAME not in kinds_in(county_area(610928), withdrawn=True)
    actions.restore_form(county=610927, name=NAME, by="account:安娜", at=NOW.replace(hour=7))
    assert NAME in kinds_in(COUNTY)


def test_two_ids_that_would_be_one_name_are_refused():
    declare()
    with pytest.raises(Refused, match="form name"):
        declare(form_id="market_daily")
    with pytest.raises(Refused, match="form unusable"):
        declare(form_id="broken", xform="<html/>")


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"form_id": " "}, Problem.NO_ID),
        ({"keep_days": 0}, Problem.KEEP_DAYS),
        ({"keep_days": MOST_KEEP_DAYS + 1}, Problem.KEEP_DAYS),
    ],
)
def test_what_a_form_must_say(said, problem):
    with pytest.raises(Refused) as refused:
        declare(**said)
    assert refused.value.problem is problem and form_versions(COUNTY) == []


def test_a_form_of_another_area_is_nobodys_to_change():
    with pytest.raises(Refused) as refused:
        actions.withdraw_form(county=610927, name=NAME, why="错了", by="account:安娜", at=NOW)
    assert refused.value.problem is Problem.NO_FORM
    declare()
    with pytest.raises(Refused) as refused:
        declare(area=VILLAGE)
    assert refused.value.problem is Problem.ELSEWHERE
    with pytest.raises(Refused) as refused:
        actions.withdraw_form(county=610927, name=NAME, why=" ", by="account:安娜", at=NOW)
    assert refused.value.problem is Problem.NO_REASON

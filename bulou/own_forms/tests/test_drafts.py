"""What a form that was brought would become: the next version of which kind, with which lists, and what is said of it."""

import pytest

from bulou.own_forms import actions
from bulou.own_forms.queries import consider, form_versions
from bulou.own_forms.tests.county import COUNTY, NOW, VILLAGE
from bulou.records.uploaded.findings import Finding
from bulou.records.uploaded.tests.made import DAILY, DAILY_2, GRID, GRID_LISTS, xform
from bulou.records.uploaded.workbook import Converted

pytestmark = pytest.mark.usefixtures("county")
BY = {"by": "account:安娜", "at": NOW}


def brought(markdown, form_id):
    return Converted(xform(markdown), (), settings={"form_id": form_id})


def declare(markdown, form_id, **lists):
    actions.declare_form(area=COUNTY, xform=xform(markdown), form_id=form_id, label="1", subject="area", file=b"it",
                         file_name="it.xlsx", **lists, **BY)  # fmt: skip


def test_the_first_of_its_name_has_none_before_and_is_declared_by_nobody():
    form = consider(COUNTY, brought(DAILY, "market-daily"), subject="area", lists={})
    assert (form.name, form.form_id, form.before) == ("own_610927_market_daily", "market-daily", None)
    assert form.draft.declaration is not None and form_versions(COUNTY) == []


def test_the_next_version_says_what_it_changes():
    declare(DAILY, "market-daily")
    form = consider(COUNTY, brought(DAILY_2, "market-daily"), subject="area", lists={})
    assert form.before is not None and form.before.version == 1
    assert [each for each in form.findings if each.weight == "warns"]


def test_a_list_that_was_not_brought_again_is_that_of_the_version_before():
    declare(GRID, "grid", files=GRID_LISTS)
    form = consider(COUNTY, brought(GRID, "grid"), subject="area", lists={})
    assert form.lists == GRID_LISTS and form.draft.declaration is not None
    assert Finding("notes", "same file", "stalls.csv", "1") in form.findings
    elsewhere = consider(VILLAGE, brought(GRID, "grid"), subject="area", lists={})
    assert elsewhere.lists == {} and elsewhere.draft.declaration is None and elsewhere.draft.missing


def test_what_is_no_form_is_said_and_becomes_nothing():
    said = (Finding("refuses", "not a form", "", ""),)
    form = consider(COUNTY, Converted("", said), subject="area", lists={})
    assert (form.draft.declaration, form.name, form.findings) == (None, "", said)
    wrong = Converted(xform(DAILY), said, settings={"form_id": "market-daily"})
    assert consider(COUNTY, wrong, subject="area", lists={}).draft.declaration is None

"""A database from before own forms had a folder of their own opens unharmed: its forms, their lists, their withdrawal."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bulou.core.divisions import county_area
from bulou.own_forms import queries
from bulou.own_forms.models import CountyForm
from bulou.own_forms.queries import own_kinds
from bulou.records.uploaded.reading import read_form
from bulou.records.uploaded.tests.made import GRID, GRID_LISTS, xform

BEFORE = [("command", "0005_destruction"), ("own_forms", None)]
NAME, AT = "own_610927_grid", datetime(2026, 11, 30, 4, tzinfo=UTC)
FORM, WITHDRAWN = UUID(int=7), UUID(int=8)


@pytest.fixture
def before(transactional_db):
    """The models of the database as it was; whatever a test makes of it, it stands as it is now afterwards."""
    own_kinds.forget()
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    yield executor.loader.project_state([("command", "0005_destruction")]).apps
    _open()
    own_kinds.forget()


def _open() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_forms_of_a_database_from_before_are_there(before):
    assert {"command_countyform", "command_countyformfile"} <= set(connection.introspection.table_names())
    written = xform(GRID)
    draft = read_form(written, name=NAME, version=1, subject="area", keep_days=30, files=GRID_LISTS)
    assert draft.declaration is not None
    row = {
        "county": 610927, "area": county_area(610927), "name": NAME, "form_id": "grid", "title": "网格表",
        "subject": "area", "keep_days": 30, "file_name": "网格.xlsx", "file": b"as it came", "sha256": "0" * 64,
        "xform": draft.declaration.xform_xml, "by": "account:anna", "at": AT, "changed_at": AT,
    }  # fmt: skip
    forms, lists = before.get_model("command", "CountyForm"), before.get_model("command", "CountyFormFile")
    forms.objects.create(id=FORM, version=1, **row)
    forms.objects.create(
        id=WITHDRAWN, version=2, **row, withdrawn_at=AT, withdrawn_by="account:anna", withdrawn_why="改"
    )
    for form in (FORM, WITHDRAWN):
        for name in draft.declaration.files:
            content = GRID_LISTS[name]
            lists.objects.create(
                county=610927, form=form, name=name, content=content, sha256=sha256(content).hexdigest()
            )
    _open()
    assert not {"command_countyform", "command_countyformfile"} & set(connection.introspection.table_names())
    last, first = queries.form_versions(county_area(610927))
    assert (last.id, last.withdrawn_why, last.withdrawn_at) == (WITHDRAWN, "改", AT)
    assert (first.id, first.withdrawn_at, first.keep_days, first.title) == (FORM, None, 30, "网格表")
    assert queries.form_file(610927, FORM) == ("网格.xlsx", b"as it came")
    assert queries.form_lists(610927, FORM) == {name: GRID_LISTS[name] for name in draft.declaration.files}
    kind = own_kinds.find(NAME)
    assert kind is not None and kind.withdrawn and [each.version for each in kind.versions()] == [1, 2]
    assert set(kind.at(1).keys()) == set(draft.declaration.keys())


def test_one_version_is_still_one_row_and_what_changed_is_still_found_by_index(before):
    _open()
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, CountyForm._meta.db_table)
    names = {name: constraint["unique"] for name, constraint in found.items()}
    assert names["own_form_version"] is True and names["own_form_changed"] is False
    assert not [name for name in names if name.startswith("command_form")]

"""Areas, who answers for them, and the responsibility list."""

from datetime import timedelta

import pytest

from bulou.access.queries import audit_rows
from bulou.areas import queries as areas
from bulou.core.divisions import code_of
from bulou.core.moments import day_of
from bulou.core.scope import EVERYTHING, seeing
from bulou.exchange.rules.files import UPLOAD
from bulou.exchange.rules.sheets import read_sheets
from bulou.office.tests.made import COUNTY, TOWN, VILLAGE

pytestmark = pytest.mark.django_db


def address(area, more=""):
    return f"/areas/{code_of(area)}/{more}"


def test_the_tree_below_with_everybody_in_it(made, signed_in, django_assert_num_queries):
    client = signed_in("headquarters")
    assert client.get("/areas/").context["area"].number == COUNTY
    page = client.get(address(TOWN))
    assert [(row.area.name, row.households, row.persons) for row in page.context["rows"]] == [
        ("文彩村", 5, 10), ("鱼坪村", 4, 7)
    ]  # fmt: skip
    assert page.context["households"] == 9 and page.context["persons"] == 17
    village = client.get(address(VILLAGE))
    assert [row.answering.person for row in village.context["rows"]] == ["安*", "巴*"]
    assert "138****5678" in client.get(address(made.grids[0])).content.decode()
    assert "13812345678" not in client.get(address(made.grids[0])).content.decode()


def test_as_many_queries_for_a_county_as_for_a_village(made, signed_in, django_assert_max_num_queries):
    client = signed_in("headquarters")
    for area in (COUNTY, VILLAGE, made.grids[0]):
        with django_assert_max_num_queries(16):
            client.get(address(area))


def test_staff_is_held_against_a_template_and_the_role_is_named(made, signed_in):
    client = signed_in("headquarters")
    page = client.get(address(made.grids[0]) + "?template=weixin_group")
    assert any("乡村医生" in finding for finding in page.context["staffing"].findings)
    doctor = {"tier": "", "person": "白术", "role": "乡村医生", "since": str(day_of(made.at))}
    assert client.post(address(VILLAGE, "assign/"), doctor).status_code == 302
    page = client.get(address(made.grids[0]) + "?template=weixin_group")
    assert not any("乡村医生" in finding for finding in page.context["staffing"].findings)
    grid = made.grids[3]
    for role, person in (("村干部", "单一鸣"), ("小组长", "车前"), ("党员", "贺兰"), ("村民代表", "施雨")):
        sent = {"tier": "", "person": person, "role": role, "since": str(day_of(made.at))}
        assert client.post(address(grid, "assign/"), sent).status_code == 302
    page = client.get(address(grid))
    assert page.context["staffing"].template.name == "zhenping_rural" and not page.context["staffing"].findings
    assert "As the template asks" in page.content.decode()


def test_whoever_is_entered_owes_at_once_and_whoever_is_ended_no_more(made, signed_in):
    client, grid, today = signed_in("headquarters"), made.grids[3], day_of(made.at)
    assert client.get("/missing/").context["unowned"] == 6
    sent = {"tier": "3", "person": "施雨", "role": "网格员", "phone": "13812349999", "since": str(today)}
    page = client.post(address(grid, "assign/"), sent, follow=True)
    assert "施*" in page.content.decode() and "施雨" not in page.content.decode()
    assert client.get("/missing/").context["unowned"] == 0
    with seeing(EVERYTHING):
        (one,) = areas.standing_in(grid, on=today)
    assert client.post(address(VILLAGE, f"responsibility/{one.id}/end/"), {"until": str(today)}).status_code == 404
    assert client.post(address(grid, f"responsibility/{one.id}/end/"), {"until": "2019-01-01"}).status_code == 422
    assert client.post(address(grid, f"responsibility/{one.id}/end/"), {"until": str(today)}).status_code == 302
    assert client.get("/missing/").context["unowned"] == 6


def test_the_day_asked_about_decides_who_answers(made, signed_in):
    client = signed_in("headquarters")
    long_ago = client.get(address(made.grids[0]) + "?on=2019-01-01").context
    assert not long_ago["tiers"] and not long_ago["standing"]
    assert client.get(address(made.grids[0]) + "?on=nonsense").context["on"] == day_of(made.at)


def test_adding_renaming_and_closing_a_grid(made, signed_in):
    client = signed_in("headquarters")
    assert client.post(address(VILLAGE, "add/"), {"name": "", "kind": "网格"}).status_code == 422
    assert client.post(address(VILLAGE, "add/"), {"name": "三组网格", "kind": "网格"}).status_code == 302
    added = [row.area for row in client.get(address(VILLAGE)).context["rows"]][-1]
    assert added.name == "三组网格"
    assert client.post(address(added.number, "rename/"), {"name": "河西网格", "kind": "网格"}).status_code == 302
    assert client.get(address(added.number)).context["area"].name == "河西网格"
    assert client.post(address(added.number, "close/"), {"until": str(day_of(made.at))}).status_code == 302
    assert "河西网格" not in {row.area.name for row in client.get(address(VILLAGE)).context["rows"]}
    full = client.post(address(made.grids[0], "close/"), {"until": str(day_of(made.at))})
    assert full.status_code == 422 and "3 households are still registered" in full.content.decode()
    bad = client.post(address(VILLAGE, "add/"), {"name": "某地", "kind": "村", "code": "110000000000"})
    assert bad.status_code == 422 and "110000000000" in bad.content.decode()


def test_only_who_may_change_areas_can_and_only_their_own(made, signed_in):
    for name in ("village", "grid", "auditor"):
        client = signed_in(name)
        for more in ("add/", "rename/", "close/", "assign/"):
            assert client.get(address(VILLAGE, more)).status_code in (403, 404), (name, more)
    assert signed_in("village").get(address(TOWN)).status_code == 404
    assert "/assign/" not in signed_in("village").get(address(VILLAGE)).content.decode()


def test_the_responsibility_list_leaves_masked_with_a_purpose_and_on_record(made, signed_in, tmp_path):
    client = signed_in("headquarters", second_factor=True)
    where = address(COUNTY, "responsibility/export/")
    assert client.post(where, {"purpose": "  "}).status_code == 422
    for full, name in (("", "安*"), ("on", "安娜")):
        answer = client.post(
            where, {"purpose": "check_register", "full": full} if full else {"purpose": "check_register"}
        )
        assert answer.status_code == 200, answer.content
        file = tmp_path / f"list{full}.xlsx"
        file.write_bytes(b"".join(answer.streaming_content))
        text = [cell for sheet in read_sheets(file, "xlsx", UPLOAD) for row in sheet.rows for cell in row]
        assert name in text and ("何*长" in text) is not bool(full)
    rows = audit_rows(action="export").rows
    assert {row.purpose for row in rows} == {"check_register"} and len(rows) == 2
    assert signed_in("auditor").get(where).status_code in (302, 403)
    yesterday = day_of(made.at) - timedelta(days=400)
    assert client.get(f"{where}?on={yesterday}").status_code == 200

"""Adding to the registers and changing them on the screens; what stands over all households is owed at once."""

import pytest

from bulou.access.queries import audit_rows
from bulou.core.divisions import code_of
from bulou.core.scope import EVERYTHING, seeing
from bulou.office.tests.made import VILLAGE
from bulou.people import queries as people

pytestmark = pytest.mark.django_db
SOUND, WRONG = "11010519491231002X", "110105194912310028"  # the last digit fits; it does not


def address(area, more=""):
    return f"/areas/{code_of(area)}/households/{more}"


def total(client):
    return client.get("/missing/").context["total"]


def home_of(page):
    return page.context["home"]


def test_a_household_added_under_a_standing_order_is_missing_at_once(made, signed_in):
    client = signed_in("headquarters")
    before = total(client)
    sent = {"head": "柳如是", "number": "99", "address": "99号", "dwelling": "owner"}
    page = client.post(address(made.grids[0], "add/"), sent, follow=True)
    assert page.status_code == 200 and home_of(page).number == "99" and page.context["owed"]
    assert "柳*是" in page.content.decode() and "柳如是" not in page.content.decode()
    assert total(client) == before + 2  # the household and its head
    names = {line.about.name for line in client.get(f"/missing/{code_of(made.grids[0])}/").context["lines"]}
    assert "柳*是" in names


def test_a_person_added_to_a_household_is_missing_at_once_and_doubts_are_only_told(made, signed_in):
    client, home = signed_in("headquarters"), made.households[0]
    before = total(client)
    sent = {"name": "王小妹", "relation": "女儿", "id_number": WRONG, "phone": "12345"}
    page = client.post(f"/household/610927/{home}/add/", sent, follow=True)
    text = page.content.decode()
    assert "does not fit the others" in text and "neither a mobile number" in text
    assert WRONG not in text and "王小妹" not in text and "王*妹" in text
    assert total(client) == before + 1
    with seeing(EVERYTHING):
        kept = {p.name: p for p in people.household_page(610927, home, masked=False).members}["王小妹"]
    assert kept.id_number == WRONG and not kept.id_sure and kept.phone == "12345"
    told = client.get(f"/person/610927/{kept.id}/").content.decode()
    assert "Typed in on a screen" in told and "desk:" not in told
    assert WRONG not in told and "王小妹" not in told and "12345" not in told


def test_a_household_nobody_could_find_is_refused(made, signed_in):
    client = signed_in("headquarters")
    page = client.post(address(made.grids[0], "add/"), {"dwelling": "vacant"})
    assert page.status_code == 422 and "nobody could find it" in page.content.decode()
    assert client.post(address(VILLAGE, "add/"), {"number": "7"}).status_code == 422  # in which grid?
    sent = {"number": "7", "place": code_of(made.grids[1])}
    assert home_of(client.post(address(VILLAGE, "add/"), sent, follow=True)).area == made.grids[1]
    elsewhere = {"number": "8", "place": code_of(made.grids[2])}
    assert client.post(address(VILLAGE, "add/"), elsewhere).status_code == 422


def test_an_id_number_somebody_has_already_is_said_and_not_lost(made, signed_in):
    client, home = signed_in("headquarters"), made.households[0]
    assert client.post(f"/household/610927/{home}/add/", {"name": "王大妹", "id_number": SOUND}).status_code == 302
    twin = {"name": "王二妹", "id_number": SOUND}
    page = client.post(f"/household/610927/{home}/add/", twin)
    assert page.status_code == 422 and "has the same ID number" in page.content.decode()
    assert 'type="checkbox" name="without_id"' in page.content.decode()
    assert client.post(f"/household/610927/{home}/add/", twin | {"without_id": "on"}).status_code == 302
    with seeing(EVERYTHING):
        kept = {p.name: p for p in people.household_page(610927, home, masked=False).members}["王二妹"]
    assert kept.id_number == "" and SOUND in kept.note


def test_changing_a_person_shows_nothing_in_full_and_keeps_what_is_left_empty(made, signed_in):
    client, person = signed_in("headquarters"), made.persons[made.households[0]][1]
    where = f"/person/610927/{person}/change/"
    form = client.get(where).content.decode()
    assert "李秀英" not in form and "13800000001" not in form and "李*英" in form
    assert client.post(where, {"name": "李*英"}).status_code == 422
    assert client.post(where, {"relation": "妻子", "phone": "无", "sex": "female"}).status_code == 302
    with seeing(EVERYTHING):
        one = people.person_page(610927, person, masked=False).person
    assert (one.name, one.relation, one.phone, one.sex) == ("李秀英", "妻子", "", "female")


def test_changing_moving_and_ending_a_household(made, signed_in):
    client, home = signed_in("headquarters"), made.households[0]
    where = f"/household/610927/{home}/"
    page = client.post(where + "change/", {"number": "1", "address": "河边1号", "dwelling": "vacant"}, follow=True)
    assert home_of(page).address == "河边1号" and home_of(page).dwelling == "vacant"
    assert client.post(where + "move/", {"place": ""}).status_code == 422
    page = client.post(where + "move/", {"place": code_of(made.grids[3])}, follow=True)
    assert home_of(page).area == made.grids[3] and len(page.context["owed"]) == 4
    before = total(client)
    assert client.post(where + "end/", {"reason": " "}).status_code == 422
    assert home_of(client.post(where + "end/", {"reason": "重复登记"}, follow=True)).ended_at
    assert total(client) == before - 1  # its three people are still owed a visit
    assert client.get(where + "change/").status_code == 404


def test_two_persons_are_merged_and_are_two_again(made, signed_in):
    client = signed_in("headquarters")
    kept, home = made.persons[made.households[0]][0], made.households[5]
    assert client.post(f"/household/610927/{home}/add/", {"name": "王大勇", "phone": "13911112222"}).status_code == 302
    before, where = total(client), f"/person/610927/{kept}/merge/"
    page = client.get(where)
    assert len(page.context["others"]) == 1 and "王大勇" not in page.content.decode()
    other = page.context["others"][0][0]
    assert client.post(where, {"other": other, "stands": "this", "reason": ""}).status_code == 422
    page = client.post(where, {"other": other, "stands": "this", "reason": "同一身份证"}, follow=True)
    (merge,) = page.context["merges"]
    assert total(client) == before - 1
    assert client.post(f"/person/610927/{kept}/merge/{made.order}/undo/").status_code == 404
    assert client.post(f"/person/610927/{kept}/merge/{merge.id}/undo/").status_code == 302
    assert total(client) == before
    assert (
        "undone already" in client.post(f"/person/610927/{kept}/merge/{merge.id}/undo/", follow=True).content.decode()
    )


def test_the_other_can_be_searched_for_on_record(made, signed_in):
    client = signed_in("headquarters")
    kept, other = made.persons[made.households[0]][0], made.persons[made.households[5]][0]
    where = f"/person/610927/{kept}/merge/"
    page = client.post(where, {"search": "1", "text": "冯国强"})
    assert [key for key, _line in page.context["others"]] == [str(other)]
    assert len(audit_rows(action="search").rows) == 1
    sent = {"other": str(other), "stands": "other", "reason": "绰号"}
    page = client.post(where, sent, follow=True)
    assert page.context["merges"] and page.context["person"].id == other


def test_the_list_of_households_page_by_page(made, signed_in, monkeypatch, django_assert_max_num_queries):
    from bulou.office.views import registers

    monkeypatch.setattr(registers, "PAGE", 4)
    client, seen, after = signed_in("headquarters"), [], ""
    while True:
        with django_assert_max_num_queries(14):
            page = client.get(address(VILLAGE) + f"?after={after}")
        seen += [home.id for home, _place in page.context["rows"]]
        after = page.context["after"]
        if not after:
            break
    assert len(seen) == len(set(seen)) == 5
    assert not client.get(address(VILLAGE) + "?dwelling=vacant").context["rows"]


def test_only_who_may_change_the_registers_can_and_only_in_their_own_area(made, signed_in):
    home, person = made.households[2], made.persons[made.households[2]][0]  # in the other village
    for name, answer in (("grid", 403), ("auditor", 403), ("village", 404)):
        client = signed_in(name)
        for more in ("add/", "change/", "move/", "end/"):
            assert client.get(f"/household/610927/{home}/{more}").status_code == answer, (name, more)
        for more in ("change/", "end/", "merge/"):
            assert client.get(f"/person/610927/{person}/{more}").status_code == answer, (name, more)
    village = signed_in("village")
    mine = made.households[0]
    codes = {
        code for code, _name in village.get(f"/household/610927/{mine}/move/").context["form"].fields["place"].choices
    }
    assert codes == {"", code_of(made.grids[1])}
    assert village.get(address(made.grids[2])).status_code == 404


def test_the_register_leaves_masked_with_a_purpose_and_on_record(made, signed_in):
    client = signed_in("headquarters", second_factor=True)
    where = address(VILLAGE, "export/")
    assert client.post(where, {"purpose": "", "form": "csv"}).status_code == 422
    masked = b"".join(client.post(where, {"purpose": "check_register", "form": "csv"}).streaming_content).decode(
        "utf-8-sig"
    )
    assert "王*勇" in masked and "王大勇" not in masked and "吴长江" not in masked.replace("吴*江", "")
    full = client.post(where, {"purpose": "check_register", "form": "csv", "full": "on"})
    assert "王大勇" in b"".join(full.streaming_content).decode("utf-8-sig")
    assert [row.detail["masked"] for row in audit_rows(action="export").rows] == [False, True]

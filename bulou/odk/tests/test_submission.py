"""The questions ODK Central asks of its own /submission, and those it answers wrongly, asked of ours."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from django.test import Client

from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.field.queries.attachments import file_of
from bulou.odk import queries
from bulou.odk.actions import revoke_app_user
from bulou.odk.tests.conftest import BY, Phone, vacant
from bulou.odk.views.doors import forget_met

pytestmark = pytest.mark.unscoped  # the door binds what a phone may see
Read = Callable[[], list[Any]]


def test_a_head_is_answered_204_with_how_much_may_come(phone: Phone) -> None:
    answer = Client().head(f"/odk/{phone.token}/submission?deviceID=collect:abc")
    assert answer.status_code == 204
    assert answer.headers["X-OpenRosa-Accept-Content-Length"] == "10000000"
    assert answer.headers["X-OpenRosa-Version"] == "1.0" and answer.headers["Date"]


def test_a_visit_is_recorded_in_the_workers_name(phone: Phone, entries: Read, held: Read) -> None:
    answer = phone.post(phone.visit())
    assert (answer.status_code, held()) == (201, [])
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert '<message nature="applied">已收到' in answer.content.decode()
    [entry] = entries()
    assert (entry.by, entry.device) == (f"account:{phone.account}", f"odk:{phone.user.id}")
    assert entry.subject == f"household:{phone.household}"
    assert entry.body["established_by"] == ["neighbour", "meter"] and entry.body["look_back_date"] == "2020-01-10"
    assert entry.happened_at < entry.recorded_at < entry.received_at


def test_who_was_chosen_from_the_masked_list_is_recorded_by_the_id(phone: Phone, entries: Read, held: Read) -> None:
    form = phone.get("forms/household_visit.xml").content.decode()
    assert "person_name" not in form, "the form copies no masked name into the record"
    row = (
        f"<members><person>{phone.persons[1]}</person><presence>present</presence><identity>known_person</identity>"
        "<returned>no</returned><contacts>none</contacts><temperature>36.5</temperature><symptoms>none</symptoms></members>"
    )
    xml = phone.visit(more=row).replace("<outcome>vacant</outcome>", "<outcome>at_home</outcome>")
    assert phone.post(xml.replace("neighbour meter", "asked_here")).status_code == 201
    assert held() == []
    [entry] = entries()
    [member] = entry.body["members"]
    assert member["person"] == f"person:{phone.persons[1]}" and "name" not in member


def test_the_same_again_is_taken_quietly(phone: Phone, entries: Read, held: Read) -> None:
    xml = phone.visit()
    assert [phone.post(xml).status_code for _ in range(4)] == [201, 202, 202, 202]
    assert len(entries()) == 1 and held() == []


def test_other_content_under_the_same_id_is_refused_and_kept_once(phone: Phone, entries: Read, held: Read) -> None:
    instance = f"uuid:{new_id()}"
    first, other = phone.visit(instance=instance), phone.visit(instance=instance, note="其实有人")
    assert phone.post(first).status_code == 201
    for _ in range(3):
        answer = phone.post(other)
        assert answer.status_code == 409 and "编号" in answer.content.decode()
    assert [e.body["note"] for e in entries()] == ["门锁着"]
    [kept] = held()
    assert kept.reason == "clash of ids" and "其实有人" in kept.sent
    assert phone.post(first).status_code == 202


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ("<data id='household_visit'", "unreadable: not xml"),
        ("<data><meta/></data>", "unreadable: no form"),
        ("<!DOCTYPE data [<!ENTITY a 'b'>]><data id='household_visit'>&a;</data>", "unreadable: entities"),
        ("<!DOCTYPE data SYSTEM 'file:///etc/passwd'><data id='household_visit'/>", "unreadable: entities"),
        (b"\xff\xfe\x00nonsense", "unreadable: not xml"),
        ("<a>" * 200 + "</a>" * 200, "unreadable: too deep"),
        ("<data id='household_visit'>" + "<a>" * 200 + "</a>" * 200 + "</data>", "unreadable: too deep"),
        ("<data id='household_visit'>" + "<a/>" * 30_000 + "</data>", "unreadable: too big"),
        ("<data id='no_such_form' version='1'><a>1</a></data>", "unknown kind"),
        ("<data id='household_visit' version='nine'><a>1</a></data>", "unknown version"),
        ("<data id='household_visit' version='1-x'><outcome>vacant</outcome></data>", "no subject"),
    ],
)
def test_what_cannot_be_applied_is_kept_and_not_asked_for_again(
    phone: Phone, held: Read, sent: str | bytes, reason: str
) -> None:
    assert [phone.post(sent).status_code for _ in range(2)] == [202, 202]
    [one] = held()
    assert f"{one.reason}: {one.detail}".startswith(reason)
    assert one.by == phone.user.by


def test_what_the_kind_refuses_is_held_with_its_reason(phone: Phone, entries: Read, held: Read) -> None:
    answer = phone.post(phone.visit(look_back="yesterday"))
    assert answer.status_code == 202 and entries() == []
    assert held()[0].reason == "body" and held()[0].detail in answer.content.decode()


def test_a_newer_version_and_an_unknown_question_are_held_whole(phone: Phone, held: Read) -> None:
    assert phone.post(phone.visit(version="9")).status_code == 202
    assert phone.post(phone.visit(more="<weather>雪</weather>")).status_code == 202
    assert [one.reason for one in held()] == ["body", "body"]
    assert "雪" in held()[1].sent


def test_somebody_elses_household_is_held(phone: Phone, neighbour: Phone, entries: Read, held: Read) -> None:
    assert phone.post(vacant(f"household:{neighbour.household}")).status_code == 202
    assert phone.post(vacant(f"household:{new_id()}")).status_code == 202
    assert [one.reason for one in held()] == ["not permitted", "unknown subject"]


def test_a_revoked_phone_can_still_hand_in_what_it_has(phone: Phone, entries: Read, held: Read) -> None:
    revoke_app_user(user=phone.user, by=BY, at=now())
    forget_met()
    answer = phone.post(phone.visit())
    assert answer.status_code == 202 and entries() == [] and held()[0].reason == "not permitted"
    assert phone.get("formList").status_code == 403
    assert phone.get("lists/households.csv").status_code == 403


def test_a_record_without_an_id_counts_once(phone: Phone, entries: Read) -> None:
    xml = phone.visit().replace("orx:instanceID>", "orx:nothing>")
    assert [phone.post(xml).status_code for _ in range(2)] == [201, 202]
    assert len(entries()) == 1


def test_files_come_in_parts_and_the_record_counts_when_the_last_is_there(phone: Phone, entries: Read) -> None:
    xml = phone.visit()
    assert phone.post(xml, {"1.jpg": b"one"}, more=True).status_code == 201
    assert entries() == [] and queries.sent_by([phone.user])[phone.user.id].waiting == 1
    assert phone.post(xml, {"1.jpg": b"one"}, more=True).status_code == 201
    assert phone.post(xml, {"2.jpg": b"two"}).status_code == 201
    assert len(entries()) == 1 and queries.sent_by([phone.user])[phone.user.id].waiting == 0
    assert phone.post(xml, {"2.jpg": b"two"}).status_code == 202
    files = queries.files_of(610927, entries()[0].id)
    assert {name: file_of(610927, digest).read_bytes() for name, digest in files.items()} == {
        "1.jpg": b"one",
        "2.jpg": b"two",
    }


def test_files_that_come_later_are_added(phone: Phone, entries: Read) -> None:
    xml = phone.visit()
    assert phone.post(xml).status_code == 201
    assert phone.post(xml, {"late.jpg": b"late"}).status_code == 202
    assert list(queries.files_of(610927, entries()[0].id)) == ["late.jpg"]


def test_an_edit_becomes_a_correction(phone: Phone, entries: Read, held: Read) -> None:
    first, second, third = (f"uuid:{new_id()}" for _ in range(3))
    assert phone.post(phone.visit(instance=first)).status_code == 201
    assert phone.post(phone.visit(instance=second, replaces=first, note="有人照看")).status_code == 201
    assert [e.body["note"] for e in entries()] == ["有人照看"]
    assert phone.post(phone.visit(instance=third, replaces=second, note="水表没动")).status_code == 201
    [entry] = entries()
    assert entry.body["note"] == "水表没动" and f"uuid:{entry.id}" == first and held() == []


def test_an_edit_of_what_never_came_waits_in_the_tray(phone: Phone, held: Read) -> None:
    assert phone.post(phone.visit(replaces=f"uuid:{new_id()}")).status_code == 202
    assert held()[0].reason == "waits"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_an_edit_and_its_edit_may_come_before_what_they_edit(phone: Phone, entries: Read, held: Read, order) -> None:
    first, second, third = (f"uuid:{new_id()}" for _ in range(3))
    posts = [phone.visit(instance=first, ended="3"),
             phone.visit(instance=second, replaces=first, note="有人照看", ended="2"),
             phone.visit(instance=third, replaces=second, note="水表没动")]  # fmt: skip
    for place in order:
        phone.post(posts[place])
    [entry] = entries()
    assert entry.body["note"] == "水表没动" and f"uuid:{entry.id}" == first and held() == []


def test_an_edit_that_changes_the_household_moves_the_record(phone: Phone, entries: Read, held: Read) -> None:
    from bulou.core.scope import EVERYTHING, seeing
    from bulou.people.actions import register_household

    first = f"uuid:{new_id()}"
    assert phone.post(phone.visit(instance=first)).status_code == 201
    with seeing(EVERYTHING):
        other = register_household(area=phone.user.area, by=BY, at=now(), address="2号")
    assert phone.post(vacant(f"household:{other}", replaces=first)).status_code == 201
    assert [e.subject for e in entries()] == [f"household:{other}"] and held() == []


def test_entity_blocks_are_no_obstacle(phone: Phone, entries: Read) -> None:
    block = (
        '<entity xmlns="http://www.opendatakit.org/xforms/entities" dataset="households" update="1" baseVersion="1"'
        ' trunkVersion="" branchId="" id="x"><label>1号</label></entity></orx:meta>'
    )
    assert phone.post(phone.visit().replace("</orx:meta>", block)).status_code == 201
    assert len(entries()) == 1


def test_bare_xml_and_a_plain_field_are_taken(phone: Phone, entries: Read) -> None:
    url = f"/odk/{phone.token}/submission"
    assert Client().post(url, phone.visit(), content_type="text/xml").status_code == 201
    assert Client().post(url, {"xml_submission_file": phone.visit()}).status_code == 201
    assert len(entries()) == 2


def test_half_a_post_is_not_taken_for_a_whole_one(phone: Phone, entries: Read, held: Read) -> None:
    whole = (
        f'--b\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="a.xml"\r\n'
        f"Content-Type: text/xml\r\n\r\n{phone.visit()}\r\n--b--\r\n"
    ).encode()
    url, sort = f"/odk/{phone.token}/submission", "multipart/form-data; boundary=b"
    for length in (10, 200, len(whole) - 4):
        answer = Client().post(url, whole[:length], content_type=sort)
        assert answer.status_code == 400 and "OpenRosaResponse" in answer.content.decode()
    assert entries() == [] == held()
    assert Client().post(url, whole, content_type=sort).status_code == 201
    assert Client().post(url, b"", content_type=sort).status_code == 400
    assert Client().post(url, {"something": "else"}).status_code == 400


def test_unknown_tokens_and_methods(phone: Phone) -> None:
    answer = Client().post("/odk/nobodys/submission", {})
    assert answer.status_code == 404 and "OpenRosaResponse" in answer.content.decode()
    assert phone.get("submission").status_code == 405
    assert Client().post(f"/odk/{phone.token}/formList").status_code == 405

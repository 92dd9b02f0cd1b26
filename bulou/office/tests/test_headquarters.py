"""The incident, its level, the rules in force and who sits in headquarters."""

from datetime import timedelta

import pytest

from bulou.core.divisions import code_of
from bulou.core.moments import day_of
from bulou.office.tests.made import COUNTY, TOWN, VILLAGE

pytestmark = pytest.mark.django_db
BASIS = "镇坪县指挥部令第1号"


def address(more="", area=COUNTY):
    return f"/headquarters/{code_of(area)}/{more}"


@pytest.fixture
def client(made, signed_in):
    return signed_in("headquarters")


@pytest.fixture
def incident(made, client):
    sent = {
        "name": "新冠肺炎疫情",
        "disease": "新型冠状病毒感染的肺炎",
        "opened_on": str(day_of(made.at)),
        "basis": BASIS,
    }
    assert client.post(address("open/"), sent).status_code == 302
    return client.get(address()).context["incident"]


def test_an_incident_is_opened_its_level_declared_and_closed(made, client, incident):
    today = day_of(made.at)
    assert incident.name == "新冠肺炎疫情" and "Not declared" in client.get(address()).content.decode()
    where = address(f"{incident.id}/level/")
    assert client.post(where, {"level": "1", "since": str(today), "basis": " "}).status_code == 422
    assert client.post(where, {"level": "9", "since": str(today), "basis": BASIS}).status_code == 422
    assert client.post(where, {"level": "1", "since": str(today), "basis": BASIS}).status_code == 302
    assert client.get(address()).context["level"] == "Level I"
    assert client.get(address(area=VILLAGE)).context["level"] == "Level I"  # what the county declared holds below it
    early = {"closed_on": str(today - timedelta(days=9)), "basis": BASIS}
    page = client.post(address(f"{incident.id}/close/"), early)
    assert page.status_code == 422 and "cannot end before it began" in page.content.decode()
    assert client.post(address(f"{incident.id}/close/"), early | {"closed_on": str(today)}).status_code == 302
    assert client.get(address()).context["incident"].closed_on == today


def test_the_groups_are_set_up_named_and_led_and_missing_leads_listed(made, client, incident):
    assert client.post(address(f"{incident.id}/set-up/")).status_code == 302
    assert client.post(address(f"{incident.id}/set-up/"), follow=True).context["headquarters"].units
    found = client.get(address()).context["headquarters"]
    assert len(found.units) == len(found.missing_leads) == 9
    unit = found.units[1]
    assert client.post(address(f"{incident.id}/unit/{unit.id}/"), {"name": ""}).status_code == 422
    assert client.post(address(f"{incident.id}/unit/{unit.id}/"), {"name": "医疗救治组"}).status_code == 302
    sent = {"seat": "lead", "unit": str(unit.id), "person": "纪昌", "post": "副县长", "since": str(day_of(made.at))}
    where = address(f"{incident.id}/appoint/")
    page = client.get(f"{where}?unit={unit.id}")
    assert page.context["form"]["unit"].value() == str(unit.id) and page.context["form"]["seat"].value() == "lead"
    wrong = client.post(where, sent | {"unit": ""})
    assert wrong.status_code == 422 and "leads and members in one of its units" in wrong.content.decode()
    assert client.post(where, sent).status_code == 302
    assert client.post(where, sent | {"seat": "commander", "unit": "", "person": "何县长"}).status_code == 302
    page = client.get(address())
    found = page.context["headquarters"]
    assert len(found.missing_leads) == 8 and found.commander.person == "何县长"
    assert "医疗救治组" in page.content.decode() and "8 groups have no lead" in page.content.decode()
    ended = address(f"{incident.id}/appointment/{found.commander.id}/end/")
    assert client.post(ended, {"until": str(day_of(made.at))}).status_code == 302
    assert client.get(address()).context["headquarters"].commander is None


def test_every_value_in_force_stands_with_its_source(made, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        page = client.get("/headquarters/")
    values = {path: (value, unit) for path, value, unit, _source in page.context["values"]}
    assert values["fever.threshold_c"] == ("37.3", "℃")
    assert all(source for *_value, source in page.context["values"])
    today = day_of(made.at)
    where = address("rules/")
    early = {"name": "cn-2022-06-ninth-edition", "since": "2020-03-01", "basis": BASIS}
    assert client.post(where, early).status_code == 422
    assert client.post(where, early | {"since": str(today)}).status_code == 302
    assert client.get(address()).context["ruleset"].name == "cn-2022-06-ninth-edition"
    below = client.post(address("rules/", area=TOWN), early | {"since": str(today)})
    assert below.status_code == 422 and "whole county" in below.content.decode()


def test_everyone_reads_it_and_only_who_gives_orders_changes_it(made, signed_in, incident):
    assert signed_in("auditor").get("/headquarters/").status_code == 403
    for name in ("village", "grid"):
        client = signed_in(name)
        page = client.get("/headquarters/")
        assert page.context["incident"].id == incident.id and not page.context["orders"], name
        for more in ("open/", "rules/", f"{incident.id}/level/", f"{incident.id}/close/", f"{incident.id}/appoint/"):
            assert client.get(address(more)).status_code in (403, 404), (name, more)
    headquarters = signed_in("headquarters")
    assert headquarters.get(address(f"{incident.id}/level/", area=TOWN)).status_code == 404  # it is the county's

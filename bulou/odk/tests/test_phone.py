"""What a phone downloads: lists, hashes, entity lists of its own village only, and the ways to sign in."""

import base64
import csv
import io
import json
import re
import zlib
from hashlib import md5
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from django.conf import settings
from django.test import Client

from bulou.access.actions import disable_account
from bulou.access.tests.people import make_account, sign_in
from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from bulou.odk import queries
from bulou.odk.actions import consent_app_user
from bulou.odk.rules.passwords import password_of
from bulou.odk.tests.conftest import BY, COUNTY, VILLAGE, Phone, order_sweep
from bulou.odk.views.doors import forget_met
from bulou.people.actions import register_person

pytestmark = pytest.mark.unscoped
LIST, FILES = "{http://openrosa.org/xforms/xformsList}", "{http://openrosa.org/xforms/xformsManifest}"


def _listed(phone: Phone, query: str = "") -> list[dict[str, str]]:
    answer = phone.get(f"formList{query}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert answer.headers["X-OpenRosa-Version"] == "1.0"
    root = fromstring(answer.content)
    assert root.tag == f"{LIST}xforms"
    return [{node.tag.removeprefix(LIST): node.text or "" for node in one} for one in root]


def _manifest(phone: Phone, form: str) -> list[dict[str, str]]:
    answer = phone.get(f"forms/{form}/manifest")
    assert answer.status_code == 200 and answer.headers["X-OpenRosa-Version"] == "1.0"
    root = fromstring(answer.content)
    assert [one.get("type") for one in root] == ["entityList"] * len(root)
    return [{node.tag.removeprefix(FILES): node.text or "" for node in one} for one in root]


def _rows(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_every_form_is_listed_with_the_hash_of_what_is_served(phone: Phone) -> None:
    forms = _listed(phone)
    assert {"household_visit", "health_check", "symptom_report"} <= {form["formID"] for form in forms}
    assert "sweep_order" not in {form["formID"] for form in forms}, "a grid worker gives no orders"
    for form in forms:
        path = form["downloadUrl"].partition(phone.token)[2].lstrip("/")
        assert form["downloadUrl"].startswith("http://testserver/odk/") and form["name"] and form["version"]
        served = phone.get(path)
        assert form["hash"] == "md5:" + md5(served.content).hexdigest()
        assert phone.get(path, **{"If-None-Match": served.headers["ETag"]}).status_code == 304
    assert [f["formID"] for f in _listed(phone, "?formID=health_check&verbose=true")] == ["health_check"]
    assert phone.get("forms/sweep_order.xml").status_code == phone.get("forms/nothing/manifest").status_code == 404


def test_the_lists_hold_the_village_and_nothing_of_the_neighbour(phone: Phone, neighbour: Phone) -> None:
    files = {one["filename"]: one for one in _manifest(phone, "household_visit")}
    assert set(files) == {"households.csv", "persons.csv"}
    for name, one in files.items():
        served = phone.get(one["downloadUrl"].partition(phone.token)[2].lstrip("/"))
        assert one["hash"] == "md5:" + md5(served.content).hexdigest()
        assert "邻村" not in served.content.decode() and name
    [home] = _rows(phone.get("lists/households.csv"))
    assert home["name"] == str(phone.household) and home["label"] == "本**梅 · 7 · 本村1号" and home["__version"] == "1"
    persons = _rows(phone.get("lists/persons.csv"))
    assert {(p["name"], p["person_name"], p["household"]) for p in persons} == {
        (str(phone.persons[0]), "本**梅", str(phone.household)),
        (str(phone.persons[1]), "本***明", str(phone.household)),
    }
    assert len({p["label"] for p in persons}) == 2 and all("本村1号" in p["label"] for p in persons)
    assert [row["name"] for row in _rows(phone.get("lists/areas.csv"))] == ["610927100005"]
    assert phone.get("lists/secrets.csv").status_code == 404


def test_the_list_says_what_the_order_behind_a_visit_has_answered(phone: Phone, neighbour: Phone) -> None:
    with seeing(EVERYTHING):
        order_sweep(VILLAGE, look_back_date="2020-01-10", look_back_included="no")
    [home] = _rows(phone.get("lists/households.csv"))
    assert (home["look_back_date"], home["look_back_included"]) == ("2020-01-10", "no")
    [other] = _rows(neighbour.get("lists/households.csv"))
    assert (other["look_back_date"], other["look_back_included"]) == ("", ""), "no order: the rule set's default holds"
    assert phone.post(phone.visit()).status_code == 201
    [home] = _rows(phone.get("lists/households.csv"))
    assert home["look_back_date"] == "", "nothing is owed of it any more"


def test_a_list_has_a_new_version_when_it_has_changed_and_is_on_record(phone: Phone) -> None:
    from bulou.access.queries import audit_rows

    first = phone.get("lists/persons.csv").content
    assert phone.get("lists/persons.csv").content == first
    with seeing(EVERYTHING):
        register_person(name="新来的", by=BY, at=now(), household=phone.household, county=610927)
    forget_met()
    assert {row["__version"] for row in _rows(phone.get("lists/persons.csv"))} == {"2"}
    with seeing(EVERYTHING):
        taken = [row for row in audit_rows().rows if row.action == "odk_list"]
    assert len(taken) == 2 and {row.account for row in taken} == {phone.user.by}


def test_integrity_tells_what_is_gone(phone: Phone, neighbour: Phone) -> None:
    gone = new_id()
    answer = phone.get(f"lists/households/integrity?id={phone.household},{gone},{neighbour.household},<x>")
    told = {one.get("id"): one[0].text for one in fromstring(answer.content)[0]}
    assert told == {str(phone.household): "false", str(gone): "true", str(neighbour.household): "true", "<x>": "true"}


def test_a_closed_account_shuts_its_phones(phone: Phone) -> None:
    with seeing(EVERYTHING):
        disable_account(account=phone.account, by=BY, at=now())
    assert phone.get("formList").status_code == 403
    assert "期" in phone.get("formList").content.decode()


def _digest(username: str, password: str, method: str, uri: str, challenge: str) -> str:
    nonce = re.search('nonce="([^"]*)"', challenge)[1]  # type: ignore[index]
    hashed = [md5(text.encode()).hexdigest() for text in (f"{username}:Bulou:{password}", f"{method}:{uri}")]
    response = md5(f"{hashed[0]}:{nonce}:00000001:abc:auth:{hashed[1]}".encode()).hexdigest()
    return (
        f'Digest username="{username}", realm="Bulou", nonce="{nonce}", uri="{uri}", qop=auth, nc=00000001,'
        f' cnonce="abc", response="{response}", algorithm=MD5'
    )


def test_a_name_and_password_by_digest(phone: Phone) -> None:
    password = password_of(settings.SECRET_KEY, str(phone.user.id))
    uri = "/odk/formList?deviceID=collect%3Aabc"
    asked = Client().get(uri)
    challenge = asked.headers["WWW-Authenticate"]
    assert asked.status_code == 401 and challenge.startswith("Digest ") and 'qop="auth"' in challenge

    def ask(header: str, path: str = uri) -> int:
        return Client().get(path, headers={"Authorization": header}).status_code

    right = _digest(phone.user.username, password, "GET", uri, challenge)
    assert ask(right) == 200
    assert ask(right, "/odk/lists/households.csv") == 401, "a proof is for one address"
    assert ask(_digest(phone.user.username, "guess", "GET", uri, challenge)) == 401
    assert ask(right.replace(phone.user.username, "nobody")) == 401
    assert ask(right.replace('nonce="1', 'nonce="2')) == 401
    assert ask("Digest username=, nonce") == ask("Digest") == ask("Basic !!") == ask("Bearer x") == 401
    listed = Client().get(uri, headers={"Authorization": right}).content.decode()
    assert "http://testserver/odk/forms/household_visit.xml" in listed and phone.token not in listed


def test_a_name_and_password_by_basic_over_https_only(phone: Phone) -> None:
    password = password_of(settings.SECRET_KEY, str(phone.user.id))
    said = "Basic " + base64.b64encode(f"{phone.user.username}:{password}".encode()).decode()
    assert Client().get("/odk/formList", headers={"Authorization": said}).status_code == 401
    assert Client().get("/odk/formList", headers={"Authorization": said}, secure=True).status_code == 200
    head = Client().head("/odk/submission", secure=True)
    assert head.status_code == 401 and head.headers["WWW-Authenticate"].startswith("Basic ")
    wrong = "Basic " + base64.b64encode(f"{phone.user.username}:guess".encode()).decode()
    assert Client().get("/odk/formList", headers={"Authorization": wrong}, secure=True).status_code == 401


def test_the_office_makes_a_phone_shows_its_code_once_and_revokes_it(phone: Phone) -> None:
    client = sign_in(make_account("county_desk", COUNTY, username="desk", name="李强"), second_factor=True)
    page = client.get("/collect/new/")
    if page.status_code == 403:
        client = sign_in(make_account("headquarters", COUNTY, username="hq", name="王芳"), second_factor=True)
    said = {"username": f"worker-{VILLAGE}", "area": "610927100005", "name": "备用机", "language": "en", "days": "7"}
    made = client.post("/collect/new/", said)
    assert made.status_code == 200 and "data:image/svg+xml" in made.content.decode()
    token = re.search(r"/odk/([a-z0-9]{40})<", made.content.decode())[1]  # type: ignore[index]
    assert Client().get(f"/odk/{token}/formList").status_code == 403, "its worker has not said that it is theirs"
    with seeing(EVERYTHING):
        waiting = next(one for one in queries.app_users() if one.name == "备用机")
    consent_app_user(user=waiting.id, account=phone.account, at=now())
    forget_met()
    assert Client().get(f"/odk/{token}/formList").status_code == 200
    listing = client.get("/collect/").content.decode()
    assert "备用机" in listing and token not in listing
    with seeing(EVERYTHING):
        user = next(one for one in queries.app_users() if one.name == "备用机")
    assert client.post(f"/collect/{user.id}/revoke/").status_code == 302
    assert Client().get(f"/odk/{token}/formList").status_code == 403
    assert client.post("/collect/new/", said | {"area": "610927101201"}).status_code == 200
    assert client.post("/collect/new/", said | {"username": "nobody"}).content.decode().count("error") >= 1
    with seeing(EVERYTHING):
        assert len([one for one in queries.app_users() if one.name == "备用机"]) == 1


def test_the_code_is_what_collect_reads() -> None:
    from bulou.odk.rules.openrosa import settings_code

    said = json.loads(zlib.decompress(base64.b64decode(settings_code("https://h/odk/t", "不漏"))))
    assert said["general"]["server_url"] == "https://h/odk/t" and said["general"]["form_update_mode"] == "match_exactly"
    assert (said["admin"], said["project"]) == ({}, {"name": "不漏"})


def test_whoever_guesses_at_a_phones_password_is_slowed_down_and_the_phone_is_not(phone: Phone) -> None:
    def ask(name: str, password: str, **more: str) -> Any:
        said = "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()
        return Client().get("/odk/formList", headers={"Authorization": said}, secure=True, **more)

    for name in (phone.user.username, "nobody"):
        answers = [ask(name, f"guess-{i}") for i in range(6)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        assert int(answers[-1]["Retry-After"]) <= 2 and "请等几分钟" in answers[-1].content.decode()
        assert answers[-1].headers["X-OpenRosa-Version"] == "1.0"
    right = password_of(settings.SECRET_KEY, str(phone.user.id))
    assert ask(phone.user.username, right).status_code == 200
    uri = "/odk/formList"
    challenge = Client().get(uri).headers["WWW-Authenticate"]
    wrong = [
        Client().get(uri, headers={"Authorization": _digest("other", "guess", "GET", uri, challenge)}) for _ in "123456"
    ]
    assert [answer.status_code for answer in wrong] == [401] * 5 + [429]
    assert (
        Client()
        .get(uri, headers={"Authorization": _digest(phone.user.username, right, "GET", uri, challenge)})
        .status_code
        == 200
    )

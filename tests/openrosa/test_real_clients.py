"""Clients nobody here wrote fill in our forms and send them: ODK's engine for the web, and JavaRosa inside Collect."""

import json
import re
import shutil
import subprocess
import urllib.request
from hashlib import md5
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from tests.openrosa import javarosa
from tests.openrosa.conftest import ROOT, Server
from tests.openrosa.test_at_once import Phone, multipart

MODULES = ROOT / "web" / "node_modules"
Answers = list[list[Any]]


def of_the_web(server: Server, form: str, answers: Answers) -> dict[str, Any]:
    """Let ODK's engine for the web fetch, fill and send the form; return what it says of it."""
    node = shutil.which("node", path=str(ROOT / ".venv" / "bin")) or shutil.which("node")
    if node is None or not (MODULES / "@getodk" / "xforms-engine").is_dir():
        pytest.skip("node or ODK's engine is not installed here: make web brings both")
    done = subprocess.run(
        [node, Path(__file__).with_name("collect.mjs"), MODULES, server.odk, form, json.dumps(answers)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def of_collect(server: Server, form: str, answers: Answers) -> dict[str, Any]:
    """Let JavaRosa fill the form in as Collect does, with the lists that belong to it; send it twice."""
    xform, lists = fetched(server, form)
    rows = {path: value for path, value in answers if path[0] not in "+-"}
    said = {path: " ".join(value) if isinstance(value, list) else str(value) for path, value in rows.items()}
    [told] = javarosa.fill([javarosa.Filling(xform, said, lists)])
    assert (told["unasked"], told["refused"]) == ([], []), told
    with Phone(server) as phone:
        sent = [phone.post(multipart(told["xml"].partition("?>")[2])) for _ in range(2)]
    return {"violations": [told["wrong"]] if told["wrong"] else [], "answers": [204, *sent], "xml": told["xml"]}


def fetched(server: Server, form: str) -> tuple[str, dict[str, bytes]]:
    listed = fromstring(get(f"{server.odk}/formList?formID={form}"))[0]
    there = {node.tag.rpartition("}")[2]: node.text or "" for node in listed}
    xform = get(there["downloadUrl"])
    assert there["hash"] == f"md5:{md5(xform).hexdigest()}"
    manifest = fromstring(get(there["manifestUrl"])) if there.get("manifestUrl") else ()
    files = [{node.tag.rpartition("}")[2]: node.text or "" for node in one} for one in manifest]
    return xform.decode(), {one["filename"]: get(one["downloadUrl"]) for one in files}


def get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as answer:
        read: bytes = answer.read()
    return read


@pytest.fixture(params=[of_the_web, of_collect], ids=["web", "collect"])
def fill(request: pytest.FixtureRequest) -> Any:
    return request.param


def entry_of(server: Server, said: dict[str, Any]) -> dict[str, Any]:
    """Return what the ledger made of what was sent."""
    assert (said["violations"], said["answers"]) == ([], [204, 201, 202]), said
    key = said["xml"].partition("<instanceID>uuid:")[2][:36] or re.findall(r"instanceID>uuid:(.{36})", said["xml"])[0]
    [entry] = [one for one in server.ledger()["entries"] if one["id"] == key]
    return dict(entry)


def member(person: str, **said: Any) -> Answers:
    row = "/data/members[1]"
    answers = {"person": person, "presence": "present", "identity": "id_card", "returned": "no"} | said
    answers |= {"contacts": ["none"], "temperature": 36.5, "symptoms": ["none"]}
    return [[f"{row}/{name}", value] for name, value in answers.items()]


def test_a_visit_with_a_member_of_the_household(server: Server, fill: Any) -> None:
    home, person = server.made["household"], server.made["persons"][0]
    said = fill(server, "household_visit", [
        ["/data/_subject/_household", home], ["/data/outcome", "at_home"],
        ["/data/look_back_date", "2020-01-10"], ["/data/look_back_included", "yes"],
        *member(person), ["/data/nobody_returned", "yes"], ["/data/established_by", ["asked_here"]],
    ])  # fmt: skip
    entry = entry_of(server, said)
    [row] = entry["body"]["members"]
    assert row["person"] == f"person:{person}" and "name" not in row, "the name is looked up where it is shown"
    assert entry["subject"] == f"household:{home}" and row["temperature"] == 36.5


@pytest.mark.parametrize(("ordered", "counts"), [(True, 0), (False, 1)])
def test_a_visit_looks_back_to_the_day_of_its_order(server: Server, fill: Any, ordered: bool, counts: int) -> None:
    """Who came back on 8 January counts by the rule set, and not under an order that leaves that day out."""
    mark = ("web_" if fill is of_the_web else "collect_") if ordered else ""  # what is met is owed no more
    there = Server(server.address, {**server.made, "token": server.made[f"{mark}token"]}, server.environment)
    person = server.made[f"{mark}persons"][0]
    said = fill(there, "household_visit", [
        ["/data/_subject/_household", server.made[f"{mark}household"]], ["/data/outcome", "at_home"],
        *member(person, returned="yes", returned_on="2020-01-08", returned_from="武汉"),
        ["/data/nobody_returned", "no" if counts else "yes"],
        *([] if counts else [["/data/established_by", ["asked_here"]]]),
    ])  # fmt: skip
    body = entry_of(there, said)["body"]
    assert (body["look_back_date"], body["look_back_included"]) == ("2020-01-08", "no" if ordered else "yes")
    assert body["returned_count"] == counts


def test_a_visit_to_an_empty_house(server: Server, fill: Any) -> None:
    said = fill(server, "household_visit", [
        ["/data/_subject/_household", server.made["household"]], ["/data/outcome", "vacant"], ["-/data/members", ""],
        ["/data/look_back_date", "2020-01-10"], ["/data/look_back_included", "yes"], ["/data/nobody_returned", "yes"],
        ["/data/established_by", ["neighbour", "meter"]], ["/data/note", "门锁着"],
    ])  # fmt: skip
    assert "members" not in entry_of(server, said)["body"]


def test_every_form_offered_is_read_by_the_engine(server: Server) -> None:
    forms = re.findall(r"<formID>([^<]*)", get(f"{server.odk}/formList").decode())
    # Just what the law lets a grid worker write (site/tests/test_offers.py holds the two against each other).
    assert set(forms) >= {"household_visit", "person_noted", "health_check", "symptom_report", "assignment_done"}
    for form in forms:
        assert of_the_web(server, form, [])["answers"][0] == 204, form

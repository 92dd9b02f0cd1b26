"""Clients nobody here wrote fill in our forms and send them: ODK's engine for the web, and JavaRosa inside Collect."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.openrosa.conftest import ROOT, Server

MODULES = ROOT / "web" / "node_modules"


def fill(server: Server, form: str, answers: list[list[Any]]) -> dict[str, Any]:
    """Let ODK's engine fetch, fill and send the form; return what it says of it."""
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


def test_a_visit_with_a_member_of_the_household(server: Server) -> None:
    home, person = server.made["household"], server.made["persons"][0]
    row = "/data/members[1]"
    said = fill(server, "household_visit", [
        ["/data/_subject/_household", home], ["/data/outcome", "at_home"],
        ["/data/look_back_date", "2020-01-10"], ["/data/look_back_included", "yes"],
        [f"{row}/person", person], [f"{row}/presence", "present"], [f"{row}/identity", "id_card"],
        [f"{row}/returned", "no"], [f"{row}/contacts", ["none"]], [f"{row}/temperature", 36.5],
        [f"{row}/symptoms", ["none"]], ["/data/nobody_returned", "yes"], ["/data/established_by", ["asked_here"]],
    ])  # fmt: skip
    assert (said["violations"], said["answers"]) == ([], [204, 201, 202]), said["xml"]
    key = said["xml"].partition("<instanceID>uuid:")[2][:36]
    [entry] = [one for one in server.ledger()["entries"] if one["id"] == key]
    [member] = entry["body"]["members"]
    assert (member["person"], member["name"]) == (f"person:{person}", "本村李梅"), "the name came from the list"
    assert entry["subject"] == f"household:{home}" and member["temperature"] == 36.5


def test_a_visit_to_an_empty_house(server: Server) -> None:
    said = fill(server, "household_visit", [
        ["/data/_subject/_household", server.made["household"]], ["/data/outcome", "vacant"], ["-/data/members", ""],
        ["/data/look_back_date", "2020-01-10"], ["/data/look_back_included", "yes"], ["/data/nobody_returned", "yes"],
        ["/data/established_by", ["neighbour", "meter"]], ["/data/note", "门锁着"],
    ])  # fmt: skip
    assert (said["violations"], said["answers"]) == ([], [204, 201, 202]), said["xml"]


def test_every_form_offered_is_read_by_the_engine(server: Server) -> None:
    import re
    import urllib.request

    with urllib.request.urlopen(f"{server.odk}/formList", timeout=60) as answer:
        forms = re.findall(r"<formID>([^<]*)", answer.read().decode())
    assert len(forms) >= 6
    for form in forms:
        assert fill(server, form, [])["answers"][0] == 204, form

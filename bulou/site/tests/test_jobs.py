"""Reactions: each entry once in effect, whatever fails or is cut off, and every failure in sight."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from bulou.areas.actions import import_file
from bulou.areas.tests.lists import division_files
from bulou.core.divisions import county_area, number_of
from bulou.core.ids import new_id
from bulou.core.moments import parse_moment
from bulou.core.scope import EVERYTHING, seeing
from bulou.jobs.rules import Reaction
from bulou.ledger import queries as ledger
from bulou.ledger.actions import append
from bulou.ledger.rules import Entry
from bulou.people.tests.counting import count_persons
from bulou.rosters.actions import add_post
from bulou.rosters.queries import get_post
from bulou.rosters.rules.registers import NewPost
from bulou.site.jobs import Ran, declared_reactions, run_jobs

AT = parse_moment("2020-01-30 10:00")
COUNTY = 610927
ROOT = Path(__file__).parent.parent.parent.parent
VILLAGE, GATE = number_of("610927100005"), number_of("610927102000")
ORDER = {"type": "interprovincial", "road": "G541", "place": "东沟垭", "passage": "checked", "basis": "指挥部令第1号",
         "starts": "2020-01-24T18:00", "until": "2020-02-07", "hours": "00:00-24:00"}  # fmt: skip
LET_IN = {"vehicle": "car", "plate": "鄂A12345", "destination": "610927100005", "destination_address": "一组3号",
          "travel_minutes": 60, "people": [{"temperature": 36.4, "name": "安娜", "phone": "13800138000"}],
          "decision": "pass"}  # fmt: skip
SEEN = {"where": "here", "seen_by": "in_person", "seen_at": "2020-01-30T09:50", "follow": "no"}


@pytest.fixture
def post(db):
    with seeing(EVERYTHING):
        import_file(division_files()["zhenping"], by="system:test", at=AT)
        id_ = add_post(NewPost("东沟垭检查点", GATE, type="interprovincial"), by="system:test", at=AT)
        yield get_post(county_area(COUNTY), id_)


def write(kind: str, subject: str, area: int, body: dict, amends=None) -> Entry:
    entry = Entry(new_id(), kind, subject, area, AT, AT, "system:test", body, amends=amends)
    (receipt,) = append([entry], at=AT)
    assert receipt.outcome == "applied", receipt
    # A feed waits for the oldest transaction of the whole server, that of another worker's test too.
    given_up = time.monotonic() + 240
    while entry.id not in {e.id for _txid, _position, e in ledger.feed(0, 0)} and time.monotonic() < given_up:
        time.sleep(0.1)
    return entry


@pytest.mark.django_db(transaction=True)
def test_what_phones_wrote_reaches_the_registers_once(post) -> None:
    write("post_order", post.subject, GATE, ORDER)
    passed = write("vehicle_pass", post.subject, GATE, LET_IN)
    write("arrival_confirmed", f"arrival:610927100005.{passed.id}.1", VILLAGE, SEEN)
    assert run_jobs(at=AT) == Ran(done=2)
    assert get_post(county_area(COUNTY), post.id).open_at(AT) and count_persons(VILLAGE) == 1
    assert run_jobs(at=AT) == Ran()
    assert {ledger.cursor_of(reaction.name) for reaction in declared_reactions()} == {ledger.horizon()}


@pytest.mark.django_db(transaction=True)
def test_a_correction_is_acted_upon_like_what_it_corrects(post) -> None:
    order = write("post_order", post.subject, GATE, ORDER)
    run_jobs(at=AT)
    write("correction", post.subject, GATE, {"body": {**ORDER, "until": "2020-01-31"}, "reason": "写错了"}, order.id)
    assert run_jobs(at=AT).done == len(declared_reactions())  # each looks at it, and one is concerned
    assert not get_post(county_area(COUNTY), post.id).open_at(AT + timedelta(days=2))


@pytest.mark.django_db(transaction=True)
def test_one_that_fails_stops_no_other_is_shown_and_tried_again(post) -> None:
    entries = [write("vehicle_pass", post.subject, GATE, LET_IN) for _ in range(3)]
    sick, seen = {entries[1].id}, []

    def react(entry: Entry, *, at) -> None:
        if entry.id in sick:
            raise ValueError("no room in the book")
        seen.append(entry.id)

    ours = [Reaction("test.book", frozenset({"vehicle_pass"}), react)]
    assert run_jobs(at=AT, reactions=ours) == Ran(done=2, failed=1)
    assert seen == [entries[0].id, entries[2].id]
    (one,) = ledger.setbacks()
    assert (one.entry, one.why, one.tries) == (entries[1].id, "ValueError: no room in the book", 1)
    assert run_jobs(at=AT, reactions=ours) == Ran()  # not before it is due
    assert run_jobs(at=one.again_at, reactions=ours) == Ran(failed=1)
    (again,) = ledger.setbacks()
    assert (again.tries, again.since) == (2, AT) and again.again_at > one.again_at + timedelta(seconds=5)
    sick.clear()
    assert run_jobs(at=again.again_at, reactions=ours) == Ran(done=1)
    assert ledger.setbacks() == [] and seen[-1] == entries[1].id
    with seeing(()):
        assert ledger.setbacks() == []


@pytest.mark.django_db(transaction=True)
def test_what_a_reaction_wrote_before_it_failed_is_taken_back(post) -> None:
    write("vehicle_pass", post.subject, GATE, LET_IN)

    def half(entry: Entry, *, at) -> None:
        add_post(NewPost("写了一半", GATE), by="system:test", at=at)
        raise RuntimeError("half way")

    run_jobs(at=AT, reactions=[Reaction("test.half", frozenset({"vehicle_pass"}), half)])
    with seeing(EVERYTHING):
        from bulou.rosters.queries import posts

        assert [one.name for one in posts(county_area(COUNTY))] == ["东沟垭检查点"]


@pytest.mark.django_db(transaction=True)
def test_a_batch_of_other_kinds_is_not_read_twice(post, django_assert_num_queries) -> None:
    for _ in range(5):
        write("vehicle_pass", post.subject, GATE, LET_IN)
    run_jobs(at=AT)
    with django_assert_num_queries(
        1 + 2 * len(declared_reactions())
    ):  # the horizon; its cursor and what is to be tried again
        run_jobs(at=AT)


def _bulou(folder: Path, *arguments: str) -> tuple[int, str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "BULOU_SECRET_KEY")}
    environment |= {"BULOU_DATA": str(folder), "PYTHONPATH": str(ROOT)}
    asked = [sys.executable, *arguments]
    ran = subprocess.run(asked, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=200)
    return ran.returncode, ran.stdout or ran.stderr[-500:]


COUNTED = """
import os, signal, sys
from bulou.site.installation import prepare
prepare()
from django.core.management import call_command
from bulou.core.ids import new_id
from bulou.core.moments import now
from bulou.core.scope import EVERYTHING, seeing
from bulou.ledger import queries as ledger
from bulou.ledger.actions import append
from bulou.ledger.rules import Entry
from bulou.rosters.actions import add_post
from bulou.rosters.queries import posts
from bulou.rosters.rules.registers import NewPost
from bulou.jobs.rules import Reaction
from bulou.site.jobs import run_jobs

GATE, COUNTY = 610927102000000000, 610927000000000000
if sys.argv[1] == "make":
    from bulou.areas.actions import import_file
    from bulou.areas.tests.lists import division_files
    call_command("migrate", verbosity=0)
    with seeing(EVERYTHING):
        import_file(division_files()["zhenping"], by="system:test", at=now())
        post = add_post(NewPost("gate", GATE), by="system:test", at=now())
        for n in range(20):
            body = {"vehicle": "car", "plate": f"陕G{n:05d}", "people": [{"temperature": 36.5}], "decision": "pass"}
            append([Entry(new_id(), "vehicle_pass", f"post:{post}", GATE, now(), now(), "system:test", body)], at=now())
else:
    done = 0
    def react(entry, *, at):
        global done
        add_post(NewPost(entry.body["plate"], GATE), by="system:test", at=at)
        done += 1
        if sys.argv[1] == "killed" and done == 7:
            os.kill(os.getpid(), signal.SIGKILL)
    run_jobs(at=now(), reactions=[Reaction("test.killed", frozenset({"vehicle_pass"}), react)])
    with seeing(EVERYTHING):
        names = [one.name for one in posts(COUNTY)]
    print(len(names), len(set(names)))
"""


def test_a_process_killed_in_the_middle_of_one_repeats_it_and_leaves_none_out(tmp_path: Path) -> None:
    """Not even an idempotent reaction is needed here: its work and its cursor are one transaction."""
    script = tmp_path / "counted.py"
    script.write_text(COUNTED, "utf-8")
    data = tmp_path / "data"
    made, said = _bulou(data, str(script), "make")
    assert made == 0, said
    assert _bulou(data, str(script), "killed")[0] == -signal.SIGKILL
    assert _bulou(data, str(script), "again")[1].split() == ["21", "21"]  # the gate, and each of the twenty once

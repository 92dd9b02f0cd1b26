import json
import random
from datetime import timedelta
from uuid import UUID

import pytest

from bulou.access.actions import revoke_grant
from bulou.access.queries import grants_of
from bulou.core.divisions import county_of
from bulou.core.moments import now
from bulou.field import actions, queries
from bulou.field.actions.marking import unbroken_numbers
from bulou.field.queries.devices import find_phone
from bulou.field.rules import ranges, signing
from bulou.field.rules.reading import hash_of_link, text_of
from bulou.field.rules.signing import hash_of
from bulou.field.tests.phones import enrolled
from bulou.field.tests.world import COUNTY, VILLAGE
from bulou.ledger import queries as ledger
from bulou.ledger.tests.gaps import device_gaps

pytestmark = pytest.mark.django_db
DISTRICT = county_of(COUNTY)


def visits(village, phone, *which, at=None, **more):
    at = at or now()
    return [
        phone.record("household_visit", village.subject(i), village.grids[i % 2], at, village.visit(i), **more)
        for i in which
    ]


def reasons(phone, entries=None):
    return [receipt["reason"] for receipt in phone.push(entries)["receipts"]]


def test_visit_is_applied_and_meets_its_duty(village, anna):
    visits(village, anna, 0, 2)
    assert anna.outcomes() == ["applied", "applied"]
    owed = {duty.subject for duty in ledger.missing(VILLAGE, now=now()) if duty.name == "sweep.household"}
    assert village.subject(0) not in owed
    assert village.subject(4) in owed


def test_what_a_phone_counted_as_unsent_is_less_what_it_then_sent(village, anna):
    visits(village, anna, 0, 2)
    anna.push(status={"waiting": 3})
    assert find_phone(UUID(anna.device)).waiting == 1


def test_what_is_kept_proves_the_chain_for_ever(village, anna):
    visits(village, anna, 0, 2, 4)
    anna.record("household_visit", village.subject(6), village.grids[0], now(), village.visit(6, note="门锁着 36.50"))
    anna.push()
    links = sorted(ledger.chain([DISTRICT], anna.device), key=lambda link: link.seq)
    before = ""
    for link in links:
        text, signature = text_of(link)
        assert link.prev_hash == before
        assert signing.is_signed(text, signature, anna.public_key)
        before = hash_of_link(link)
    assert [link.seq for link in links] == [1, 2, 3, 4]


def test_body_is_kept_letter_by_letter(village, anna):
    body = '{ "outcome":"at_home",  "note":"\\u95e8" }'
    entry = anna.record("household_visit", village.subject(0), village.grids[0], now(), {})
    anna.kept.clear()
    entry["body"] = body
    entry["signature"] = anna.sign(anna.text(entry))
    assert anna.outcomes([entry]) == ["held"]  # answers are missing; what was said is kept as it was
    (link,) = ledger.chain([DISTRICT], anna.device)
    assert link.body == body
    assert signing.is_signed(*text_of(link), anna.public_key)


def test_replays_are_quiet(village, anna):
    visits(village, anna, 0, 2)
    kept = list(anna.kept)
    assert anna.outcomes(kept) == ["applied", "applied"]
    assert anna.outcomes(kept) == ["duplicate", "duplicate"]
    assert anna.outcomes(kept + kept) == ["duplicate"] * 4
    assert ledger.held(COUNTY) == []


def test_nothing_is_lost_however_batches_are_cut_shuffled_and_repeated(village, anna):
    """Nine entries in random pieces, some pieces twice, in random order: all are applied and none twice."""
    for seed in range(8):
        visits(village, anna, 0, 2, 4, 6, 8, 0, 2, 4, 6)
        entries, chance = list(anna.kept), random.Random(seed)
        anna.kept.clear()
        pieces = [entries[i : i + 3] for i in range(0, 9, 3)] + [[one] for one in chance.choices(entries, k=4)]
        chance.shuffle(pieces)
        outcomes: dict[str, list[str]] = {}
        for piece in pieces:
            chance.shuffle(piece)
            for receipt in anna.push(piece)["receipts"]:
                outcomes.setdefault(receipt["id"], []).append(receipt["outcome"])
        assert {said.count("applied") for said in outcomes.values()} == {1}
        assert {outcome for said in outcomes.values() for outcome in said} <= {"applied", "duplicate"}
    phone = queries.get_phone(UUID(anna.device))
    assert phone.received == [(1, 72)]
    assert device_gaps(DISTRICT, anna.device) == []


def test_exact_gaps_are_known(village, anna):
    entries = visits(village, anna, *[0] * 9)
    anna.push([entries[0], entries[1], entries[4], entries[5], entries[8]])
    phone = queries.get_phone(UUID(anna.device))
    assert ranges.gaps(phone.received) == device_gaps(DISTRICT, anna.device) == [(3, 4), (7, 8)]
    anna.push([entries[2]], lost=[[7, 8]])
    phone = queries.get_phone(UUID(anna.device))
    assert (ranges.gaps(phone.received), phone.lost) == ([(4, 4), (7, 8)], [(7, 8)])


def test_entry_that_was_changed_on_the_way_is_held_and_the_chain_goes_on(village, anna):
    first, second, third = visits(village, anna, 0, 2, 4)
    changed = {**second, "happened_at": "2020-01-01T00:00:00.000Z"}
    assert reasons(anna, [first, changed, third]) == ["", "bad signature", ""]
    assert reasons(anna, [second]) == [""]  # the genuine one, sent again
    assert [held.reason for held in ledger.held(COUNTY)] == ["bad signature"]


def test_chain_that_was_rewritten_is_held(village, anna):
    """A phone that makes its past anew: what follows does not fit what was sent before."""
    visits(village, anna, 0)
    anna.push()
    anna.prev_hash = "0" * 64
    (forged,) = visits(village, anna, 2)
    assert reasons(anna, [forged]) == ["broken chain"]


def test_missing_entry_that_comes_late_must_fit_what_came_after(village, anna):
    first, second, third = visits(village, anna, 0, 2, 4)
    anna.push([first, third])
    anna.seq, anna.prev_hash = 1, signing.hash_of(anna.text(first))
    (other,) = visits(village, anna, 6)
    assert reasons(anna, [other]) == ["broken chain"]
    assert reasons(anna, [second]) == [""]
    assert ledger.find_entry(DISTRICT, UUID(second["id"]))


@pytest.mark.parametrize("years", [-10, -1, 1, 10])
def test_clock_years_off_loses_nothing_and_is_flagged(village, anna, years):
    at = now() + timedelta(days=365 * years)
    visits(village, anna, 0, 2, at=at)
    said = anna.push()
    assert all(receipt["outcome"] in ("applied", "held") for receipt in said["receipts"])
    assert {len(list(ledger.chain([DISTRICT], anna.device)))} == {2}
    phone = queries.get_phone(UUID(anna.device))
    assert phone.suspect_entries == 2
    assert phone.clock_off * years > 0
    assert abs(phone.clock_off) > 360 * 86400 * abs(years)


def test_clock_a_little_off_is_not_flagged(village, anna):
    visits(village, anna, 0, at=now() + timedelta(minutes=5))
    assert anna.outcomes() == ["applied"]
    assert queries.get_phone(UUID(anna.device)).suspect_entries == 0


def test_revoked_phone_can_still_send_and_all_of_it_is_held(village, anna):
    visits(village, anna, 0)
    anna.push()
    actions.revoke(device=UUID(anna.device), reason="手机丢了", by="system:test", at=now())
    visits(village, anna, 2, at=now() - timedelta(hours=1))  # it can say any time it likes
    said = anna.push()
    assert [(r["outcome"], r["reason"]) for r in said["receipts"]] == [("duplicate", ""), ("held", "revoked")]
    assert "supervisor" in said["receipts"][1]["words"]["en"]
    assert anna.ask("GET", "work").json()["error"] == "revoked"
    anna.sign_in()
    visits(village, anna, 4)
    assert anna.outcomes() == ["duplicate", "held", "held"]


def test_what_an_expired_phone_sends_is_held_whatever_its_clock_says(village, anna):
    actions.renew(
        device=UUID(anna.device), days=1, areas=[village.grids[0]], by="system:test", at=now() - timedelta(hours=25)
    )
    visits(village, anna, 0, at=now() - timedelta(minutes=90))
    visits(village, anna, 2)
    assert reasons(anna) == ["expired", "expired"]
    assert anna.ask("GET", "work").json()["error"] == "expired"


def test_recorded_while_the_worker_was_moved_is_held(village, anna):
    visits(village, anna, 0)
    assert reasons(anna) == [""]
    anna.kept.clear()
    visits(village, anna, 1)
    grant = grants_of(village.accounts["anna"])[0].id
    revoke_grant(grant=grant, by="system:test", at=now())
    visits(village, anna, 2, at=now() + timedelta(minutes=1))
    assert reasons(anna) == ["not permitted", "not permitted"]


def test_two_phones_of_one_worker_count_for_themselves(village, anna):
    second = enrolled(village.accounts["anna"], [village.grids[0]], now())
    visits(village, anna, 0, 2)
    visits(village, second, 4)
    assert anna.outcomes() == ["applied", "applied"]
    assert second.outcomes() == ["applied"]
    assert second.sign_in()["me"]["seq"] == 1
    assert [anna.sign_in()["me"][name] for name in ("seq", "prev_hash")] == [2, anna.prev_hash]


@pytest.mark.parametrize(
    "broken",
    [
        '{"id": 5}',
        '"text"',
        "null",
        "[[[]]]",
        '{"id":"00000000-0000-7000-8000-000000000000","seq":1}',
        '{"id":"\\u0000","seq":-1,"kind":"\\u0000"}',
    ],
)
def test_what_is_no_entry_is_kept_once_and_said(village, anna, broken):
    (good,) = visits(village, anna, 0)
    body = f'{{"entries": [{broken}, {json.dumps(good)}]}}'.encode()
    for _ in range(2):
        answer = anna.ask("POST", "entries", body)
        assert answer.status_code == 200, answer.content
        assert [r["reason"] for r in answer.json()["receipts"]] == ["unreadable", ""]
    (held,) = ledger.held(COUNTY)
    assert held.sent == broken


def test_what_cannot_be_read_is_received_all_the_same(village, anna):
    """Or the phone would be told for ever to keep everything it has recorded since."""
    first, second, third, fourth = visits(village, anna, 0, 2, 4, 6)
    second["body"] = "{"
    second["signature"] = anna.sign(anna.text(second))
    third["prev_hash"] = hash_of(anna.text(second))  # as a phone chains on what it really sent
    third["signature"] = anna.sign(anna.text(third))
    fourth |= {"prev_hash": hash_of(anna.text(third)), "kind": "No Such!"}
    assert anna.outcomes([first, second, third, fourth]) == ["applied", "held", "applied", "held"]
    assert len(ledger.held(COUNTY)) == 2
    phone = find_phone(UUID(anna.device))
    assert (phone.received, phone.last_seq) == ([(1, 4)], 3)
    assert unbroken_numbers()[phone.id] == 4


def test_unreadable_with_a_wrong_signature_is_not_the_phones(village, anna):
    first, second = visits(village, anna, 0, 2)
    second["body"] = "{"
    assert anna.outcomes([first, second]) == ["applied", "held"]
    assert find_phone(UUID(anna.device)).received == [(1, 1)]


@pytest.mark.parametrize(
    "body",
    ["{", "[]", '{"a": NaN}', '{"a": 1, "a": 2}', '{"a": "\\u0000"}', '{"a": "\\ud800"}', '{"a": 1e999}', "[" * 5000],
)
def test_body_two_parsers_could_read_differently_is_held(village, anna, body):
    entry = anna.record("household_visit", village.subject(0), village.grids[0], now(), {})
    entry["body"] = body
    entry["signature"] = anna.sign(anna.text(entry))
    assert reasons(anna, [entry]) == ["unreadable"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b'{"entries": 5}'])
def test_batch_that_is_no_json_takes_nothing(village, anna, body):
    answer = anna.ask("POST", "entries", body)
    assert (answer.status_code, answer.json()["error"]) == (400, "unreadable")


def test_unknown_kind_and_unknown_subject_are_held(village, anna):
    anna.record("no_such_kind", village.subject(0), village.grids[0], now(), {})
    anna.record("household_visit", f"household:{UUID(int=9)}", village.grids[0], now(), village.visit(0))
    anna.record("household_visit", village.subject(2), village.grids[0], now(), {"outcome": "dancing"})
    said = anna.push()["receipts"]
    assert [receipt["reason"] for receipt in said] == ["unknown kind", "unknown subject", "body"]
    assert said[2]["words"]["en"] != said[2]["words"]["zh_Hans"]


def test_batch_costs_the_same_however_large(village, anna, django_assert_max_num_queries):
    visits(village, anna, *[0, 2, 4, 6, 8] * 20)
    with django_assert_max_num_queries(30):
        assert anna.outcomes() == ["applied"] * 100


def test_too_many_at_once_takes_nothing(village, anna):
    (entry,) = visits(village, anna, 0)
    assert anna.ask("POST", "entries", {"entries": [entry] * 501}).status_code == 400


def test_correction_sent_with_what_it_corrects(village, anna):
    (first,) = visits(village, anna, 0)
    anna.record(
        "correction",
        village.subject(0),
        village.grids[0],
        now(),
        {"withdrawn": True, "reason": "走错门"},
        amends=first["id"],
    )
    assert anna.outcomes() == ["applied", "applied"]
    owed = {duty.subject for duty in ledger.missing(VILLAGE, now=now()) if duty.name == "sweep.household"}
    assert village.subject(0) in owed


def test_new_life_of_the_database_is_heard_of_even_after_its_clock_was_set_back(village, anna):
    actions.begin_epoch(because="restored", at=now() + timedelta(days=400))
    second = actions.begin_epoch(because="restored", at=now())
    assert queries.find_epoch() == second
